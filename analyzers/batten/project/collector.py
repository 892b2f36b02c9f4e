"""When Python's garbage collector runs while files are judged.

An analysis makes many long-lived values and few cycles, and left to itself the collector walks the
values again and again: that costs as much as half of a scan. So during a run it is off, and
after every `EVERY` files one collection frees what cycles there are, and what has survived is
frozen, so that no later collection walks it again. The cost grows with the number of files and
not with its square, and memory stays bounded. After the run all stays frozen until the next one:
most processes end then, and a collection of everything would be for nothing.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeVar

    T = TypeVar("T")

EVERY = 500


@contextmanager
def sparing_collector() -> Iterator[None]:
    """Keep the collector off inside, but for the collections of `swept`."""
    was_on = gc.isenabled()
    gc.disable()
    gc.unfreeze()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def swept(items: Iterable[T]) -> Iterator[T]:
    """Yield the items, with a collection after every `EVERY` of them."""
    for count, item in enumerate(items, 1):
        yield item
        if count % EVERY == 0:
            gc.collect()
            gc.freeze()

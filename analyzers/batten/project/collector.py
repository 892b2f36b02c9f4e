"""Python's garbage collector, while files are judged.

An analysis makes many long-lived values, and left to itself the collector walks them again and
again: that costs as much as half of a scan. What is let go of holds no cycles, so there is
nothing to collect either. So during a run it is off. After the run all stays frozen until the
next one: most processes end then, and a collection of everything would be for nothing.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep the collector off inside."""
    was_on = gc.isenabled()
    gc.disable()
    gc.unfreeze()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()

"""Loading what the first edits and the first fix need, once nobody types, beside all else.

LibCST takes hundreds of milliseconds to load and can't be loaded piece by piece. It is loaded in
a thread of its own, so that who types meanwhile shares the processor with it, but need not wait.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import sys
import threading
from concurrent.futures import Future
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SHARE = 0.0005
"""Seconds that a thread works at most before another gets its turn, while there is loading."""

_MODULES = (
    "batten.summarize.bookmarks",
    "batten.syntax.mending",
    "batten.rewrite.concrete",
    "batten.rewrite.import_names",
    "batten.rewrite.move_query",
    "batten.rewrite.replaced",
    "batten.analysis.verify",
    "libcst.native",
)
_log = logging.getLogger(__name__)


class Loading:
    """Modules that are loaded once."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._done: Future[None] = Future()

    @property
    def is_over(self) -> bool:
        """Tell whether all is loaded."""
        return self._done.done()

    def begin(self, besides: Callable[[], None]) -> None:
        """Load what reads edited text and what makes fixes, then do more like it; only once."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=_load, args=(besides, self._done), name="batten-loading", daemon=True
            )
            self._thread.start()

    async def over(self) -> None:
        """Wait until all is loaded; no thread is kept from its work, and none loads it, too."""
        self.begin(_nothing)
        if not self.is_over:
            # Who waits may be cancelled; what is loaded is for others, too.
            await asyncio.shield(asyncio.wrap_future(self._done))


def _nothing() -> None:
    pass


@cache
def loading() -> Loading:
    """Return the loading of the process: modules are there for all its sessions."""
    return Loading()


def _load(besides: Callable[[], None], done: Future[None]) -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(SHARE)
    try:
        for name in _MODULES:
            importlib.import_module(name)
        besides()
    except Exception:
        _log.exception("What fixes need could not be loaded")
    finally:
        sys.setswitchinterval(interval)
        done.set_result(None)

"""A line on standard error that tells how far a run is; on a terminal only."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.project.examination import Progress

_PAUSE = 0.1
_CLEAR = "\r\x1b[K"


@contextmanager
def progress() -> Iterator[Progress]:
    """Give a function that shows progress, and clear the line in the end."""
    if not sys.stderr.isatty():
        yield _silent
        return
    due = time.monotonic() + _PAUSE  # a short run shows nothing
    is_shown = False

    def show(what: str, done: int, total: int) -> None:
        nonlocal due, is_shown
        now = time.monotonic()
        if now >= due:
            due, is_shown = now + _PAUSE, True
            sys.stderr.write(f"{_CLEAR}{what} {done} of {total} files")
            sys.stderr.flush()

    try:
        yield show
    finally:
        if is_shown:
            sys.stderr.write(_CLEAR)
            sys.stderr.flush()


def _silent(what: str, done: int, total: int) -> None:
    """Show nothing."""

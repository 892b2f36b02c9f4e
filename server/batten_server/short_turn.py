"""A short turn: the analysis after a key, done right where the key was read, in the event loop.

To hand it to the thread of the analysis and its outcome back wakes two threads, and what the
processor has at hand of the session goes from one of its cores to another: a quarter of all that
one waits for after a key. So what took little the last time is begun in the event loop. When it
takes more this time it is stopped at its next border, or before what takes long, and whoever
asked has it done in the thread, which goes on from there. It is stopped, too, when the client has
sent more: of a burst of keys the last one counts.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.link.border import Border

T = TypeVar("T")

PATIENCE = 0.005
"""Seconds that a turn may take, and that the last analysis may have taken."""
OVERRUN = 0.010
"""Seconds after which a turn has kept the editor waiting: there was no border for so long."""
REST = 20
"""So many analyses of its document are then left to the thread."""
LOOK = 0.0002
"""Seconds between two looks at whether there is more to read: each is a call of the system."""
MOST_STOPS = 20
"""So often turns are stopped since there is more to read, before one is done nevertheless."""


class TooLongError(BaseException):
    """A turn takes too long. It is no failure, and nobody who waits for those gets it."""


class MoreToReadError(BaseException):
    """The client has sent more, which may change what is asked. It is no failure either."""


class ShortTurn:
    """Takes turns of the analysis of documents, by their paths."""

    def __init__(self, is_more_there: Callable[[], bool] = lambda: False) -> None:
        self._is_more_there = is_more_there
        self._stops = 0
        self._took: dict[str, float] = {}
        self._left_to_thread: dict[str, int] = {}
        self._end = self._next_look = 0.0

    def suits(self, path: str) -> bool:
        """Tell whether an analysis of a document is likely to be short."""
        return path not in self._left_to_thread and self._took.get(path, PATIENCE) < PATIENCE

    def timed(self, path: str, job: Callable[[], T]) -> T:
        """Analyse a document, and take note of how long that takes."""
        left = self._left_to_thread.pop(path, 0)
        if left > 1:
            self._left_to_thread[path] = left - 1
        self._took[path] = PATIENCE  # unless it comes to its end
        begun = monotonic()
        done = job()
        self._took[path] = monotonic() - begun
        self._stops = 0
        return done

    def take(self, path: str, border: Border, job: Callable[[], T]) -> T:
        """Do a job that stops at a border.

        TooLongError when it is not done in a short time, MoreToReadError when there is more.
        """
        begun = monotonic()
        self._end, self._next_look = begun + PATIENCE, begun
        took = self._took.get(path)
        before = border.check, border.check_long
        border.check, border.check_long = self._check, _stop
        try:
            return job()
        except MoreToReadError:
            if took is not None:
                self._took[path] = took
            self._stops += 1
            raise
        finally:
            border.check, border.check_long = before
            if monotonic() > begun + OVERRUN:
                self._left_to_thread[path] = REST

    def forget(self, path: str) -> None:
        """Forget a document that is no longer open."""
        self._took.pop(path, None)
        self._left_to_thread.pop(path, None)

    def _check(self) -> None:
        now = monotonic()
        if now > self._end:
            _stop()
        if now >= self._next_look and self._stops < MOST_STOPS:
            self._next_look = now + LOOK
            if self._is_more_there():
                raise MoreToReadError


def _stop() -> None:
    raise TooLongError

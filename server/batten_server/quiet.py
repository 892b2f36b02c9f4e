"""What is done once nobody has typed for a while.

To set a timer anew would be on the way of every key. So a key only leaves the time, and the timer
looks at it when it is due.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

_SOON = 0.001
"""Seconds that are not worth another timer."""


class Quiet:
    """Calls back `seconds` after the last of the disturbances, and again after later ones."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, seconds: float, call_back: Callable[[], None]
    ) -> None:
        self._loop = loop
        self._seconds = seconds
        self._call_back = call_back
        self._last = 0.0
        self._is_timed = False

    def disturb(self) -> None:
        """Begin to wait from here."""
        self._last = self._loop.time()
        if not self._is_timed:
            self._is_timed = True
            self._loop.call_later(self._seconds, self._look)

    def _look(self) -> None:
        left = self._last + self._seconds - self._loop.time()
        if left > _SOON:
            self._loop.call_later(left, self._look)
        else:
            self._is_timed = False
            self._call_back()

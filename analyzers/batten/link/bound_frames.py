"""A function's frame, once for each of its callers: they decide what its parameters hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.entities import Frame
from batten.link.reads import Memo

if TYPE_CHECKING:
    from batten.link.callers import Callers

MAX_BOUND = 3
"""How many callers of one another a frame has at most."""
MAX_CALLERS = 256
MAX_CALLERS_OF_CALLERS = 64


class BoundFrames:
    """The frames of one program by their callers; remembers what it found."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self._bound = Memo(callers.resolver.index.reads, self._find_bound)

    def __call__(self, frame: Frame) -> tuple[Frame, ...]:
        """Return a frame once for each caller of its outermost function.

        A frame whose outermost function has no callers, or too many, or that is deep already,
        stays.
        """
        return self._bound(frame)

    def _find_bound(self, frame: Frame) -> tuple[Frame, ...]:
        bound = self._bind(frame) if frame.depth < MAX_BOUND else ()
        most = MAX_CALLERS if frame.caller is None else MAX_CALLERS_OF_CALLERS
        return bound if 0 < len(bound) <= most else (frame,)

    def _bind(self, frame: Frame) -> tuple[Frame, ...]:
        if frame.caller is not None:
            outer = self(frame.caller)
            return tuple(frame._replace(caller=each) for each in outer)
        key = frame.function
        return tuple(
            Frame(key, caller.call, Frame(caller.function), receiver)
            for caller in self._callers.callers(key)
            for receiver in self._callers.receivers(key, caller)
        )

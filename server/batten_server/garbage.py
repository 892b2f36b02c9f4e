"""When Python looks for garbage: while nobody types, and otherwise seldom.

What is known of large documents is some million objects that stay. A full collection looks at all
of them, for a tenth of a second or more, and by itself comes in the middle of a word. So

- up to the first findings there is no collection, since hardly anything that is made then is
  thrown away; that holds before anything is loaded (`command.py`) and makes the start a fifth
  shorter;
- what is there when the first findings are out is frozen: no collection looks at it again; from
  then on there is never one of older objects: that would take a tenth of a second for each large
  file;
- new objects are looked at when findings are out, if there are `SOME` of them, which takes less
  than a millisecond in which nobody waits; in the middle of an analysis only after `NEW` of them;
- what a session held is garbage once its client has left: where others may come, over a socket,
  everything is collected then;
- where memory has grown by `GROWN` nevertheless, as it does in a giant function, everything is
  thawed, collected and frozen again at the first `PAUSE`, and without one when it has grown by
  several times as much: many files that are opened grow it, too, and there is no garbage then;
- what a collection of new objects misses is little: once nothing has been asked for `IDLE` seconds
  after much work, everything is collected likewise, so that memory does not grow. Nobody is
  typing then, but the first key afterwards may have to wait.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from batten_server.memory_taken import memory_taken
from batten_server.quiet import Quiet

if TYPE_CHECKING:
    import asyncio

FIRST = 1_000_000_000
SOME = 2_500
NEW = 10_000
NEVER = 1_000_000_000
"""So many collections of new objects come before one of older ones."""
IDLE = 20.0
PAUSE = 1.0
LEFT = 1.0
"""Seconds in which the thread of the analysis finds out that its client has left."""
MUCH = 400
"""So many analyses are much work."""
LOOK = 10
"""So many analyses come before another look at how much memory is taken."""
GROWN = 100_000_000
"""Bytes: about what 65 open files of 1,000 lines take."""
TOO_MUCH = 4 * GROWN


def begin() -> None:
    """Take over from Python's own ways; for the whole process."""
    gc.set_threshold(FIRST, NEVER, NEVER)


def left(loop: asyncio.AbstractEventLoop) -> None:
    """Collect, soon, what a session held whose client has left."""
    loop.call_later(LEFT, _collect_all)


def _collect_all() -> None:
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class Garbage:
    """The collections of one session."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._done = 0
        self._taken = 0
        self._has_grown = False
        self._idle = Quiet(loop, IDLE, self._collect)
        self._pause = Quiet(loop, PAUSE, self._collect_grown)

    def settled(self) -> None:
        """Take note that an analysis is done and its findings are out."""
        self._done += 1
        if self._done == 1:
            gc.freeze()
            gc.set_threshold(NEW, NEVER, NEVER)
            self._taken = memory_taken()
        elif self._done % LOOK == 0:
            self._look_at_memory()
        elif gc.get_count()[0] > SOME:
            gc.collect(0)
        self._idle.disturb()
        self._pause.disturb()

    def _look_at_memory(self) -> None:
        grown = memory_taken() - self._taken
        self._has_grown = grown > GROWN
        if grown > TOO_MUCH:
            self._collect_now()

    def _collect(self) -> None:
        if self._done > MUCH:
            self._done = 1
            self._collect_now()

    def _collect_grown(self) -> None:
        if self._has_grown:
            self._collect_now()

    def _collect_now(self) -> None:
        _collect_all()
        self._taken = memory_taken()
        self._has_grown = False

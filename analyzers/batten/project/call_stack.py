"""Room for the frames of Python's functions in one piece.

CPython 3.11 and newer take that room 16 KiB at a time, and give a piece back as soon as the last
frame in it is left (`push_chunk` and `_PyThreadState_PopFrame` in Python/pystate.c). So who calls a
function again and again right at the end of a piece pays with two calls of the system and a page
fault each time: five percent of a scan's CPU time went there. A frame that asks for much room gets
a piece as large as that and more, and those above it have the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# In values of eight bytes; the piece is the next larger power of two: 1 MiB. It is address
# space: of memory, only what frames are put in is taken.
_ROOM = 70_000


def with_room(job: Callable[[], T]) -> T:
    """Do a job, at whose calls no more room is asked for up to a depth of some thousands."""
    return job()


with_room.__code__ = with_room.__code__.replace(co_stacksize=_ROOM)

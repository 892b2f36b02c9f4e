"""What is different between two texts: one range of bytes, as small as can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Change:
    """From `start` on, the bytes up to `old_end` have become those up to `new_end`.

    Before `start` and from the ends on, the texts are the same.
    """

    start: int
    old_end: int
    new_end: int

    @property
    def moved(self) -> int:
        """How far the bytes after the change have moved."""
        return self.new_end - self.old_end

    def then(self, later: Change) -> Change:
        """Return what this change and one of the text that it has made are together."""
        end = max(self.new_end, later.old_end)
        start = min(self.start, later.start)
        return Change(start, end - self.moved, end + later.moved)

    def narrowed(self, old: bytes, new: bytes) -> Change:
        """Return what is different between two texts that are the same outside of this change."""
        inner = change_between(old[self.start : self.old_end], new[self.start : self.new_end])
        start = self.start
        return Change(start + inner.start, start + inner.old_end, start + inner.new_end)


def change_between(old: bytes, new: bytes) -> Change:
    """Return what has to be changed to make `new` of `old`."""
    shorter = min(len(old), len(new))
    start = _longest(shorter, lambda low, high: old[low:high] == new[low:high])
    same = _longest(
        shorter - start,
        lambda low, high: (
            old[len(old) - high : len(old) - low] == new[len(new) - high : len(new) - low]
        ),
    )
    return Change(start, len(old) - same, len(new) - same)


_STEP = 65536


def _longest(limit: int, same: Callable[[int, int], bool]) -> int:
    """Return up to where, from 0 to `limit`, two texts are the same."""
    low = 0
    while low < limit and same(low, min(low + _STEP, limit)):
        low += _STEP
    high = min(low + _STEP, limit)
    low = min(low, limit)
    while low < high:
        middle = (low + high + 1) // 2
        if same(low, middle):
            low = middle
        else:
            high = middle - 1
    return low

"""What is different between two texts: one range of bytes, as small as can be."""

from __future__ import annotations

from dataclasses import dataclass


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


def change_between(old: bytes, new: bytes) -> Change:
    """Return what has to be changed to make `new` of `old`."""
    shorter = min(len(old), len(new))
    start = _common(old, new, shorter)
    rest = shorter - start
    same = _common(old[len(old) - rest :][::-1], new[len(new) - rest :][::-1], rest)
    return Change(start, len(old) - same, len(new) - same)


def _common(one: bytes, other: bytes, limit: int) -> int:
    """Return how many bytes, up to `limit`, two texts have in common from their starts on."""
    low = 0
    while low < limit and one[low : low + _STEP] == other[low : low + _STEP]:
        low += _STEP
    high = min(low + _STEP, limit)
    low = min(low, limit)
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


_STEP = 65536

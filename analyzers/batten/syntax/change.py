"""What is different between two texts: one range of bytes, as small as can be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.syntax.piece_table import PieceTable


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

    @property
    def is_none(self) -> bool:
        """Whether there is no byte in it."""
        return self.start == self.old_end == self.new_end

    def narrowed(self, old: PieceTable, new: PieceTable) -> Change:
        """Return what is different between two texts that are the same outside of this change."""
        inner = change_between(
            old.part(self.start, self.old_end), new.part(self.start, self.new_end)
        )
        start = self.start
        return Change(start + inner.start, start + inner.old_end, start + inner.new_end)


def change_between(old: bytes, new: bytes) -> Change:
    """Return what has to be changed to make `new` of `old`."""
    limit = min(len(old), len(new))
    start = _same_at_start(old, new, limit)
    same = _same_at_end(old, new, limit - start)
    return Change(start, len(old) - same, len(new) - same)


_STEP = 65536
_SHORT = 256
"""So many bytes are looked at as one number: to halve them further takes longer."""


def _same_at_start(old: bytes, new: bytes, limit: int) -> int:
    """Return how many of the first bytes of two texts are the same, at most `limit`."""
    low, high = 0, min(_STEP, limit)
    while old[low:high] == new[low:high]:
        if high == limit:
            return limit
        low, high = high, min(high + _STEP, limit)
    while high - low > _SHORT:
        middle = (low + high) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle
    different = int.from_bytes(old[low:high], "little") ^ int.from_bytes(new[low:high], "little")
    return low + ((different & -different).bit_length() - 1) // 8


def _same_at_end(old: bytes, new: bytes, limit: int) -> int:
    """Return how many of the last bytes of two texts are the same, at most `limit`."""
    ours, theirs = len(old), len(new)
    low, high = 0, min(_STEP, limit)
    while old[ours - high : ours - low] == new[theirs - high : theirs - low]:
        if high == limit:
            return limit
        low, high = high, min(high + _STEP, limit)
    while high - low > _SHORT:
        middle = (low + high) // 2
        if old[ours - middle : ours - low] == new[theirs - middle : theirs - low]:
            low = middle
        else:
            high = middle
    one, other = old[ours - high : ours - low], new[theirs - high : theirs - low]
    different = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return low + ((different & -different).bit_length() - 1) // 8

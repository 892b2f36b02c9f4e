"""Rising offsets in a text that changes: those behind a change move with it, at no cost.

What is behind the last change is kept as it was, with how far it has moved since. So a change
costs the distance from the one before it, and a key the next to nothing that people type.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Offsets(Sequence[int]):
    """Offsets in rising order; they do not change."""

    __slots__ = ("_from", "_known", "_moved")

    def __init__(self, offsets: Iterable[int]) -> None:
        self._known = array("q", offsets)
        # From index `_from` on, all are `_moved` further than `_known` tells.
        self._from = len(self._known)
        self._moved = 0

    def __len__(self) -> int:
        return len(self._known)

    @overload
    def __getitem__(self, index: int) -> int: ...

    @overload
    def __getitem__(self, index: slice) -> list[int]: ...

    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return list(self)[index]
        if index < 0:
            index += len(self._known)
        found = self._known[index]
        return found + self._moved if index >= self._from else found

    def __iter__(self) -> Iterator[int]:
        at, moved = self._from, self._moved
        return iter([*self._known[:at], *[each + moved for each in self._known[at:]]])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Offsets) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def up_to(self, offset: int) -> int:
        """Return how many are at or before `offset`."""
        known, at = self._known, self._from
        if at < len(known) and offset >= known[at] + self._moved:
            return bisect_right(known, offset - self._moved, at)
        return bisect_right(known, offset, 0, at)

    def replaced(self, first: int, last: int, new: Sequence[int], moved: int) -> Offsets:
        """Return offsets with `new` in place of those from `first` to `last`, the rest moved."""
        at, before = self._from, self._moved
        known = self._known[:]
        if at < first:
            known[at:first] = array("q", [each + before for each in known[at:first]])
        if last < at:
            known[last:at] = array("q", [each - before for each in known[last:at]])
        known[first:last] = array("q", new)
        changed = object.__new__(Offsets)
        changed._known = known
        changed._from = first + len(new)
        changed._moved = before + moved
        return changed

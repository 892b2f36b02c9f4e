"""Rising offsets in a text that changes: those behind a change move with it, at no cost.

What is behind the last change is kept as it was, with how far it has moved since. So a change
costs the distance from the one before it, and a key the next to nothing that people type: then
both share what they know.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from itertools import compress, count
from operator import ne
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Offsets(Sequence[int]):
    """Offsets in rising order; they do not change. Some may be equal."""

    __slots__ = ("_from", "_known", "_moved")

    def __init__(self, offsets: Iterable[int]) -> None:
        self._known = array("i", offsets)
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

    def common(self, other: Offsets) -> int:
        """Return how many from the first on are the same in both."""
        if self._known is not other._known:
            differ = map(ne, self, other)
            return next(compress(count(), differ), min(len(self), len(other)))
        one, another = (self, other) if self._from <= other._from else (other, self)
        if one._moved and one._from < another._from:
            return one._from
        return another._from if one._moved != another._moved else len(self)

    def are_moved(self, before: Offsets, index: int, moved: int) -> bool:
        """Tell whether they are those of `before`, from an index on so far moved."""
        if self._known is not before._known:
            offsets = list(before)
            return list(self) == [*offsets[:index], *[each + moved for each in offsets[index:]]]
        # Between these, all are moved as far.
        borders = {0, index, self._from, before._from} - {len(self._known)}
        return all(
            self[at] == (before[at] + moved if at >= index else before[at]) for at in borders
        )

    def replaced(self, first: int, last: int, new: Sequence[int], moved: int) -> Offsets:
        """Return offsets with `new` in place of those from `first` to `last`, the rest moved."""
        known, at, before = self._known, self._from, self._moved
        middle = array("i", new)
        if before and at < first:
            middle = array("i", [each + before for each in known[at:first]]) + middle
        elif before and at > last:
            middle += array("i", [each - before for each in known[last:at]])
        start, end = (min(first, at), max(last, at)) if before else (first, last)
        changed = object.__new__(Offsets)
        if known[start:end] != middle:
            known = known[:]
            known[start:end] = middle
        changed._known = known
        changed._from = first + len(new)
        changed._moved = before + moved
        return changed

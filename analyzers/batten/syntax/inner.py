"""Which regions of an outline are right inside of which."""

from __future__ import annotations

from array import array
from itertools import compress, count, takewhile
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.syntax.outline import Region


class Inner:
    """The regions right inside of each; they hold as long as none comes, goes or moves."""

    __slots__ = ("_found", "_regions")

    def __init__(self, regions: Sequence[Region]) -> None:
        self._regions = regions
        self._found: dict[int, array[int]] = {}

    def of(self, index: int) -> Sequence[int]:
        """Return the indices of the regions right inside of one."""
        following, regions = index + 1, self._regions
        if following == len(regions) or regions[following].owner != index:
            return ()  # what is inside comes next
        found = self._found.get(index)
        if found is None:
            behind = map(regions.__getitem__, range(following, len(regions)))
            owners: Iterator[int] = map(_OWNER, behind)
            inside = takewhile(index.__le__, owners) if index else owners
            found = array("i", compress(count(following), map(index.__eq__, inside)))
            self._found[index] = found
        return found


_OWNER = attrgetter("owner")

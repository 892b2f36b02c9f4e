"""Which regions of an outline are right inside of which."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.syntax.outline import Region


class Inner:
    """The regions right inside of each; they hold as long as none comes, goes or moves."""

    __slots__ = ("_found",)

    def __init__(self, regions: Sequence[Region]) -> None:
        self._found: dict[int, array[int]] = {}
        for index, region in enumerate(regions):
            if index:
                inside = self._found.get(region.owner)
                if inside is None:
                    inside = self._found[region.owner] = array("i")
                inside.append(index)

    def of(self, index: int) -> Sequence[int]:
        """Return the indices of the regions right inside of one."""
        return self._found.get(index, ())

"""The names of units with those of their classes: `Client.get`, and then `Client.get#2`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.syntax.outline import Kept, Outline, Region

_NOWHERE = 1 << 62


def qualified_names(outline: Outline) -> list[str]:
    """Return the names of all units in order; the module's is empty."""
    names = [""]
    seen: dict[str, int] = {}
    for region in outline.regions[1:]:
        name = _name(region, names)
        count = seen[name] = seen.get(name, 0) + 1
        names.append(_counted(name, count))
    return names


def qualified_names_after(
    outline: Outline, kept: Kept, before: Outline, numbers: Mapping[str, int]
) -> list[str] | None:
    """Return the names of units after a change that does not touch the names of those behind it.

    `numbers` are the units from before by their names, in order. None when it may touch them:
    when other classes are around these, or they have namesakes among those that come and go.
    """
    first, _, last, last_before = kept
    if first < 0 or not _have_same_owners(outline, before, kept):
        return None
    old_names = list(numbers)
    names = old_names[: first + 1]
    new = _Counts(first, numbers)
    for region in outline.regions[first + 1 : last]:
        name = _name(region, names)
        names.append(_counted(name, new.one_more(name)))
    old = _Counts(first, numbers)
    for region in before.regions[first + 1 : last_before]:
        old.one_more(_name(region, old_names))
    for name in new.counted | old.counted:
        count = old.of(name)
        if new.of(name) != count and _counted(name, count + 1) in numbers:
            return None
    names += old_names[last_before:]
    return names


class _Counts:
    """How often each name was seen, after those of the units up to the index `first`."""

    def __init__(self, first: int, numbers: Mapping[str, int]) -> None:
        self._first = first
        self._numbers = numbers
        self.counted: dict[str, int] = {}

    def of(self, name: str) -> int:
        """Return how often a name was seen."""
        count = self.counted.get(name)
        if count is None:
            count = 0
            while self._numbers.get(_counted(name, count + 1), _NOWHERE) <= self._first:
                count += 1
        return count

    def one_more(self, name: str) -> int:
        """Return how often a name was seen, now once more."""
        count = self.counted[name] = self.of(name) + 1
        return count


def _have_same_owners(outline: Outline, before: Outline, kept: Kept) -> bool:
    """Tell whether what is behind a change is inside of the same units, all in front of it."""
    if kept.last == len(outline.regions):
        return True
    new = _chain(outline.regions, kept.last)
    old = _chain(before.regions, kept.last_before)
    return new == old and all(owner <= kept.first for owner in new)


def _chain(regions: Sequence[Region], index: int) -> list[int]:
    """Return the units that one is inside of, the innermost first."""
    found: list[int] = []
    while index:
        index = regions[index].owner
        found.append(index)
    return found


def _name(region: Region, names: Sequence[str]) -> str:
    name = region.name.decode("utf-8", "surrogatepass")
    return f"{names[region.owner]}.{name}" if region.owner else name


def _counted(name: str, count: int) -> str:
    return name if count == 1 else f"{name}#{count}"

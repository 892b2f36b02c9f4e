"""A document as linking sees it, and what differs between two texts of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.keys import UnitKey
from batten.link.told import IndexedUnit
from batten.syntax.between import between
from batten.syntax.text import Span
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.keys import FunctionKey
    from batten.summarize.summary import Summary
    from batten.syntax.units import Content, Division


@immutable
class Document:
    """A document's units and their summaries, index for index; the units without places."""

    path: str
    division: Division
    summaries: tuple[Summary, ...]

    @property
    def units(self) -> tuple[Content, ...]:
        """The units of the document."""
        return self.division.contents

    def span(self, function: FunctionKey, site: int) -> Span:
        """Return the byte range in the document of a site of one of its functions."""
        division = self.division
        number = division.numbers[function.unit]
        start, end = self.summaries[number].sites[site]
        outline = division.outline
        if outline.regions[number].is_class:
            return division.to_document(number, Span(start, end))
        at = outline.starts[number]  # it is in one piece
        return Span(at + start, at + end)

    def is_ordered_as(self, other: Document, unit: UnitKey) -> bool:
        """Tell whether the sites of a unit are in the same order in another text, see `Ranges`."""
        here, there = self.division.numbers[unit.unit], other.division.numbers[unit.unit]
        return self.summaries[here].sites.are_ordered_as(other.summaries[there].sites)

    def indexed(self, number: int) -> IndexedUnit:
        """Return one of the units with its name."""
        content = self.units[number]
        key = UnitKey(self.path, content.qualified_name)
        return IndexedUnit(key, content, self.summaries[number].shape)


def differing(
    before: Document, after: Document
) -> Iterator[tuple[IndexedUnit | None, IndexedUnit | None]]:
    """Yield the units that are not the very same in two texts of a document."""
    if before.division.numbers is after.division.numbers:
        for number in after.division.changed_since(before.division):
            yield before.indexed(number), after.indexed(number)
        return
    if not _is_same(before, 0, after, 0):
        yield before.indexed(0), after.indexed(0)  # what is around a function that comes or goes
    inside_before, inside = between(before.units, after.units)
    gone = {before.units[number].qualified_name: number for number in inside_before}
    for number in inside:
        known = gone.pop(after.units[number].qualified_name, None)
        if known is None:
            yield None, after.indexed(number)
        elif not _is_same(before, known, after, number):
            yield before.indexed(known), after.indexed(number)
    for number in gone.values():
        yield before.indexed(number), None


def _is_same(before: Document, old: int, after: Document, new: int) -> bool:
    same_text = before.units[old] is after.units[new]
    return same_text and before.summaries[old] is after.summaries[new]

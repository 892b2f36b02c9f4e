"""The units of a document: its module body, its class bodies and its functions.

Each unit is parsed and summarized by itself, so that broken text in one of them can't take its
neighbours away and an edit costs one unit. They are found by indentation, never by a parse of
the whole file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from typing import TYPE_CHECKING

from batten.syntax.outline import outline, outline_after
from batten.syntax.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.syntax.outline import Kept, Outline, Region
    from batten.syntax.text import SourceText


class UnitKind(Enum):
    """What a unit is the text of."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of bytes that is the same in a unit's text and in the document."""

    unit_start: int
    document_start: int
    length: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A module body, a class body, or a function with everything nested in it.

    `text` is UTF-8: a function as it stands in the document, from its first decorator on; a
    module or class with `pass` in the place of every unit inside it. `owner` is the index of
    the enclosing unit. `qualified_name` is unique in the document: `Client.get`, then
    `Client.get#2`.

    The pieces of a unit, with a `pass` after each but the last, start at `unit_starts` in
    `text` and at `document_starts` in the document.
    """

    kind: UnitKind
    name: str
    owner: int | None
    qualified_name: str
    text: bytes
    unit_starts: tuple[int, ...]
    document_starts: tuple[int, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The runs of bytes that come from the document; it is not covered by anything else."""
        ends = [start - len(_PLACEHOLDER) for start in self.unit_starts[1:]]
        starts = zip(self.unit_starts, self.document_starts, [*ends, len(self.text)], strict=True)
        return tuple(
            Piece(unit_start, document_start, end - unit_start)
            for unit_start, document_start, end in starts
            if end > unit_start
        )

    def to_document(self, span: Span) -> Span:
        """Return the document's byte range for a byte range of `text`.

        A place in a `pass` that stands for another unit is the place of that unit's start.
        """
        if len(self.unit_starts) == 1 and span.end <= len(self.text):
            return Span(self.document_starts[0] + span.start, self.document_starts[0] + span.end)
        if span.end <= span.start:
            place = self._document_offset(span.start)
            return Span(place, place)
        return Span(self._document_offset(span.start), self._document_offset(span.end - 1) + 1)

    def to_unit(self, offset: int) -> int | None:
        """Return the place in `text` of a document's byte, None when it is in another unit."""
        index = bisect_right(self.document_starts, offset) - 1
        if index < 0:
            return None
        place = self.unit_starts[index] + offset - self.document_starts[index]
        return place if place < self._piece_end(index) else None

    def _document_offset(self, offset: int) -> int:
        index = max(bisect_right(self.unit_starts, offset) - 1, 0)
        inside = min(offset, self._piece_end(index)) - self.unit_starts[index]
        return self.document_starts[index] + inside

    def _piece_end(self, index: int) -> int:
        if index + 1 == len(self.unit_starts):
            return len(self.text)
        return self.unit_starts[index + 1] - len(_PLACEHOLDER)


@dataclass(frozen=True, slots=True)
class Division:
    """A document and its units in the order of their starts; the first is the module.

    `outline` is what the units of the document's next text are found by.
    """

    source: SourceText
    units: tuple[Unit, ...]
    outline: Outline


def units(source: SourceText) -> tuple[Unit, ...]:
    """Return the units of a document in the order of their starts; the first is the module."""
    return divided(source).units


def divided(source: SourceText, before: Division | None = None) -> Division:
    """Return a document with its units, at the cost of the change when one from before is given.

    The result is the same without; units that are the same as before are the same objects.
    """
    data = source.data
    if b"\r" in data:
        data = _LONE_CARRIAGE_RETURN.sub(b"\n", data)
    if before is None:
        new = outline(data)
        everything = range(len(new.regions))
        return Division(source, tuple(_built(new, _qualified_names(new), everything)), new)
    new, kept = outline_after(data, before.outline)
    return Division(source, tuple(_again(new, kept, before)), new)


# To Python a lone carriage return ends a line; tree-sitter knows only "\n" as the end of one.
_LONE_CARRIAGE_RETURN = re.compile(rb"\r(?!\n)")
_PLACEHOLDER = b"pass"


def _again(outline: Outline, kept: Kept, before: Division) -> list[Unit]:
    """Return the units of a changed text; what the change could not touch is not built again."""
    names = _names_again(outline, kept, before)
    result = list(before.units[: kept.first + 1])
    for index, unit in zip(kept.around, _built(outline, names, kept.around), strict=True):
        result[index] = unit
    result += _built(outline, names, range(kept.first + 1, kept.last))
    rest = before.units[kept.last_before :]
    regions = outline.regions[kept.last :]
    for unit, region, name in zip(rest, regions, names[kept.last :], strict=True):
        if not kept.moved and (unit.owner, unit.qualified_name) == (region.owner, name):
            result.append(unit)
            continue
        starts = tuple([start + kept.moved for start in unit.document_starts])
        result.append(
            Unit(unit.kind, unit.name, region.owner, name, unit.text, unit.unit_starts, starts)
        )
    return result


def _names_again(outline: Outline, kept: Kept, before: Division) -> list[str]:
    """Return the qualified names, counted anew only if one has come, gone or moved."""
    changed = slice(kept.first + 1, kept.last)
    if kept.last == kept.last_before and all(
        (old.name, old.owner) == (new.name, new.owner)
        for old, new in zip(before.outline.regions[changed], outline.regions[changed], strict=True)
    ):
        return [unit.qualified_name for unit in before.units]
    return _qualified_names(outline)


def _qualified_names(outline: Outline) -> list[str]:
    """Return the names of units with those of their classes; the module's is empty."""
    names = [""]
    seen: dict[str, int] = {}
    for region in outline.regions[1:]:
        name = region.name.decode("utf-8", "surrogatepass")
        if region.owner:
            name = f"{names[region.owner]}.{name}"
        count = seen[name] = seen.get(name, 0) + 1
        names.append(name if count == 1 else f"{name}#{count}")
    return names


def _built(outline: Outline, names: list[str], indices: Sequence[int]) -> Iterator[Unit]:
    """Yield the units of some regions."""
    inner: dict[int, list[Region]] = {index: [] for index in indices}
    for region in outline.regions[1:]:
        if region.owner in inner:
            inner[region.owner].append(region)
    for index in indices:
        region = outline.regions[index]
        kind = UnitKind.CLASS if region.is_class else UnitKind.FUNCTION
        starts = [region.start, *[unit.end for unit in inner[index]]]
        ends = [*[unit.start for unit in inner[index]], region.end]
        pieces = [outline.data[start:end] for start, end in zip(starts, ends, strict=True)]
        lengths = [len(piece) + len(_PLACEHOLDER) for piece in pieces[:-1]]
        yield Unit(
            kind if index else UnitKind.MODULE,
            region.name.decode("utf-8", "surrogatepass"),
            region.owner if index else None,
            names[index],
            _PLACEHOLDER.join(pieces),
            (0, *accumulate(lengths)),
            tuple(starts),
        )

"""The units of a document: its module body, its class bodies and its functions.

Each unit is parsed and summarized by itself, so that broken text in one of them can't take its
neighbours away and an edit costs one unit. They are found by a scan of indentation, never by a
parse of the whole file. The scan is a small lexer that knows strings, comments, brackets and
continued lines, so a line inside a string or a bracket neither begins nor ends a unit.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from batten.syntax.outline import outline
from batten.syntax.text import Span

if TYPE_CHECKING:
    from batten.syntax.outline import Region
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
    """

    kind: UnitKind
    name: str
    owner: int | None
    qualified_name: str
    text: bytes
    pieces: tuple[Piece, ...]

    def to_document(self, span: Span) -> Span:
        """Return the document's byte range for a byte range of `text`.

        A place in a `pass` that stands for another unit is the place of that unit's start.
        """
        if span.end <= span.start:
            place = self._document_offset(span.start)
            return Span(place, place)
        return Span(self._document_offset(span.start), self._document_offset(span.end - 1) + 1)

    def to_unit(self, offset: int) -> int | None:
        """Return the place in `text` of a document's byte, None when it is in another unit."""
        index = bisect_right(self.pieces, offset, key=_document_start) - 1
        if index < 0:
            return None
        piece = self.pieces[index]
        inside = offset - piece.document_start
        return piece.unit_start + inside if inside < piece.length else None

    def _document_offset(self, offset: int) -> int:
        pieces = self.pieces
        if len(pieces) == 1 and pieces[0].unit_start == 0:
            return offset + pieces[0].document_start
        index = bisect_right(pieces, offset, key=_unit_start) - 1
        if index < 0:
            return pieces[0].document_start if pieces else 0
        piece = pieces[index]
        return piece.document_start + min(offset - piece.unit_start, piece.length)


def units(source: SourceText) -> tuple[Unit, ...]:
    """Return the units of a document in the order of their starts; the first is the module."""
    data = source.data
    if b"\r" in data:
        data = _LONE_CARRIAGE_RETURN.sub(b"\n", data)
    return _assembled(data, outline(data).regions)


def _document_start(piece: Piece) -> int:
    return piece.document_start


def _unit_start(piece: Piece) -> int:
    return piece.unit_start


# To Python a lone carriage return ends a line; tree-sitter knows only "\n" as the end of one.
_LONE_CARRIAGE_RETURN = re.compile(rb"\r(?!\n)")


def _assembled(data: bytes, regions: list[Region]) -> tuple[Unit, ...]:
    inner: list[list[Region]] = [[] for _ in regions]
    for region in regions[1:]:
        inner[region.owner].append(region)
    seen: dict[str, int] = {}
    result: list[Unit] = []
    for index, region in enumerate(regions):
        text, pieces = _text(data, region, inner[index])
        if index == 0:
            result.append(Unit(UnitKind.MODULE, "", None, "", text, pieces))
            continue
        kind = UnitKind.CLASS if region.is_class else UnitKind.FUNCTION
        name = region.name.decode("utf-8", "surrogatepass")
        qualified = result[region.owner].qualified_name
        qualified = f"{qualified}.{name}" if qualified else name
        count = seen[qualified] = seen.get(qualified, 0) + 1
        if count > 1:
            qualified = f"{qualified}#{count}"
        result.append(Unit(kind, name, region.owner, qualified, text, pieces))
    return tuple(result)


def _text(data: bytes, region: Region, inner: list[Region]) -> tuple[bytes, tuple[Piece, ...]]:
    if not inner:
        text = data[region.start : region.end]
        return text, (Piece(0, region.start, len(text)),)
    texts: list[bytes] = []
    pieces: list[Piece] = []
    length = 0
    start = region.start
    for unit in [*inner, None]:
        end = unit.start if unit else region.end
        if end > start:
            texts.append(data[start:end])
            pieces.append(Piece(length, start, end - start))
            length += end - start
        if unit:
            texts.append(_PLACEHOLDER)
            length += len(_PLACEHOLDER)
            start = unit.end
    return b"".join(texts), tuple(pieces)


_PLACEHOLDER = b"pass"

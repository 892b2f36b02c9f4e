"""The units of a document: its module body, its class bodies and its functions.

Each unit is parsed and summarized by itself, so that broken text in one of them can't take its
neighbours away and an edit costs one unit. They are found by a scan of indentation, never by a
parse of the whole file. The scan is a small lexer that knows strings, comments, brackets and
continued lines, so a line inside a string or a bracket neither begins nor ends a unit.

Text that is being typed is often broken. An opening bracket or triple quote without its closing
partner is then ignored, as if it were not there:

- `def name`, `async def` and `class Name` can't stand at the start of a line inside brackets.
  Brackets open at such a line, or at the end of the text, are ignored.
- A triple-quoted string without an end is ignored.
- When a document has such a string, some opening quotes were read as closing ones or the other
  way round. In it a string that swallows a line that looks like the header of a unit, not
  deeper than the statement that opens the string, is ignored too, if its closing quotes look
  like opening ones.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from batten.syntax.text import Span

if TYPE_CHECKING:
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
    return _assembled(data, _regions(data))


def _document_start(piece: Piece) -> int:
    return piece.document_start


def _unit_start(piece: Piece) -> int:
    return piece.unit_start


# To Python a lone carriage return ends a line; tree-sitter knows only "\n" as the end of one.
_LONE_CARRIAGE_RETURN = re.compile(rb"\r(?!\n)")

_SPACE = rb"(?:[ \t\f]|\\\r?\n)"
_HEADER = re.compile(
    rb"(?:(?:async%b+)?def|(class))%b+([A-Za-z_\x80-\xff][0-9A-Za-z_\x80-\xff]*)" % (_SPACE, _SPACE)
)
_HEADER_AFTER_INDENT = re.compile(rb"[ \t\f]*" + _HEADER.pattern)
_INDENT = re.compile(rb"[ \t\f]*")
_TOKEN = re.compile(
    rb"""
    [^"'\#()\[\]{}\\\n]+
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | \#[^\n]*
    | \\(?:\r?\n|.)?
    | (?P<triple>\"{3}|'{3})
    | "[^"\\\n]*(?:\\(?:\r?\n|.)[^"\\\n]*)*"?
    | '[^'\\\n]*(?:\\(?:\r?\n|.)[^'\\\n]*)*'?
    | (?P<newline>\n)
    """,
    re.VERBOSE,
)


@dataclass(slots=True)
class _Region:
    kind: UnitKind
    name: bytes
    owner: int
    column: int
    start: int
    end: int


class _Line(NamedTuple):
    """A line as Python sees it: brackets, strings and backslashes make one of several."""

    start: int
    column: int
    end: int


def _regions(data: bytes) -> list[_Region]:
    """Return the ranges of the units, each with everything inside it."""
    regions = [_Region(UnitKind.MODULE, b"", 0, -1, 0, len(data))]
    open_units = [0]
    decorators: _Line | None = None
    for line in _lines(data):
        if data[line.start] == _HASH:
            owner = next(i for i in reversed(open_units) if regions[i].column < line.column)
            regions[owner].end = max(regions[owner].end, line.end)
            continue
        while regions[open_units[-1]].column >= line.column:
            closed = regions[open_units.pop()]
            outer = regions[open_units[-1]]
            outer.end = max(outer.end, closed.end)
        inner = regions[open_units[-1]]
        inner.end = max(inner.end, line.end)
        if inner.kind is UnitKind.FUNCTION:
            continue
        if data[line.start] == _AT:
            if decorators is None or decorators.column != line.column:
                decorators = line
            continue
        header = _HEADER.match(data, line.start)
        if header:
            decorated = decorators is not None and decorators.column == line.column
            start = decorators.start if decorators and decorated else line.start
            kind = UnitKind.CLASS if header[1] else UnitKind.FUNCTION
            open_units.append(len(regions))
            owner = open_units[-2]
            regions.append(_Region(kind, header[2], owner, line.column, start, line.end))
        decorators = None
    while len(open_units) > 1:
        closed = regions[open_units.pop()]
        outer = regions[open_units[-1]]
        outer.end = max(outer.end, closed.end)
    return regions


_HASH = ord("#")
_AT = ord("@")


def _lines(data: bytes) -> list[_Line]:
    scan = _Scan(data, wary=False)
    lines = scan.lines()
    if scan.unclosed_string:
        lines = _Scan(data, wary=True).lines()
    return lines


class _Scan:
    """One reading of a document's lines."""

    def __init__(self, data: bytes, wary: bool) -> None:
        self._data = data
        self._wary = wary
        self._ignored: set[int] = set()
        self._endless: set[bytes] = set()

    @property
    def unclosed_string(self) -> bool:
        return bool(self._endless)

    def lines(self) -> list[_Line]:
        data = self._data
        lines: list[_Line] = []
        offset = 0
        while offset < len(data):
            indent = _INDENT.match(data, offset)
            assert indent
            start = indent.end()
            if data.startswith((b"\n", b"\r\n"), start) or start == len(data):
                offset = data.find(b"\n", start) + 1 or len(data)
                continue
            column = _column(indent[0])
            if data[start] == _HASH:
                end = data.find(b"\n", start)
                end = len(data) if end < 0 else end
            else:
                end = self._line_end(start, column)
            offset = end + 1
            if data[end - 1 : end] == b"\r":
                end -= 1
            lines.append(_Line(start, column, end))
        return lines

    def _line_end(self, start: int, column: int) -> int:
        data = self._data
        offset = start
        brackets: list[int] = []
        while True:
            token = _TOKEN.match(data, offset)
            kind = token.lastgroup if token else "end"
            at = offset
            offset = token.end() if token else offset
            if kind is None:
                continue
            if kind == "open":
                if at not in self._ignored:
                    brackets.append(at)
            elif kind == "close":
                if brackets:
                    brackets.pop()
            elif kind == "triple":
                offset = self._string_end(at, column)
            elif not brackets:
                return at
            elif kind == "end" or _HEADER_AFTER_INDENT.match(data, offset):
                self._ignored.update(brackets)
                brackets.clear()
                offset = start

    def _string_end(self, opening: int, column: int) -> int:
        """Return the end of a triple-quoted string, or of its quotes when they are ignored."""
        data = self._data
        inside = opening + 3
        if opening in self._ignored:
            return inside
        quotes = data[opening:inside]
        closing = -1 if quotes in self._endless else _closing(data, inside, quotes)
        if closing < 0:
            self._endless.add(quotes)
            self._ignored.add(opening)
            return inside
        if (
            self._wary
            and _holds_header(data, inside, closing, column)
            and _looks_like_opening(data, closing)
        ):
            self._ignored.add(opening)
            return inside
        return closing + 3


def _closing(data: bytes, start: int, quotes: bytes) -> int:
    closing = data.find(quotes, start)
    while closing >= 0:
        before = closing
        while before > start and data[before - 1] == _BACKSLASH:
            before -= 1
        if (closing - before) % 2 == 0:
            return closing
        closing = data.find(quotes, closing + 1)
    return -1


_BACKSLASH = ord("\\")
_HEADER_LINE = re.compile(
    rb"\n([ \t\f]*)(?:(?:async[ \t]+)?def|class)[ \t]+"
    rb"[A-Za-z_\x80-\xff][0-9A-Za-z_\x80-\xff]*\s*[(:\[]"
)
_AFTER_CLOSING = re.compile(
    rb"[ \t]*(?:[\r\n#)\]}.,;:%+*/=!<>|&^@\\-]|(?:if|else|for|in|and|or|not|is|as)\b|\Z)"
)
_BEFORE_OPENING = re.compile(rb"(?:[=(\[{,:+%]|\breturn|\bprint)[ \t]*[A-Za-z]{0,2}\Z")
_FIRST_ON_LINE = re.compile(rb"[ \t\f]*[A-Za-z]{0,2}\Z")


def _holds_header(data: bytes, start: int, end: int, column: int) -> bool:
    return any(_column(header[1]) <= column for header in _HEADER_LINE.finditer(data, start, end))


def _looks_like_opening(data: bytes, quotes: int) -> bool:
    """Tell whether triple quotes that are read as the end of a string look like its beginning."""
    if not _AFTER_CLOSING.match(data, quotes + 3):
        return True
    line_start = data.rfind(b"\n", 0, quotes) + 1
    before = data[line_start:quotes]
    if _FIRST_ON_LINE.match(before):
        return data[:line_start].rstrip()[-1:] == b":"
    return _BEFORE_OPENING.search(before) is not None


def _column(indent: bytes) -> int:
    """Return the column after `indent`: tabs go to multiples of 8, a form feed to 0."""
    return len(indent.rpartition(b"\f")[2].expandtabs(8))


def _assembled(data: bytes, regions: list[_Region]) -> tuple[Unit, ...]:
    inner: list[list[_Region]] = [[] for _ in regions]
    for region in regions[1:]:
        inner[region.owner].append(region)
    seen: dict[str, int] = {}
    result: list[Unit] = []
    for index, region in enumerate(regions):
        text, pieces = _text(data, region, inner[index])
        name = region.name.decode("utf-8", "replace")
        if index == 0:
            result.append(Unit(region.kind, name, None, name, text, pieces))
            continue
        qualified = result[region.owner].qualified_name
        qualified = f"{qualified}.{name}" if qualified else name
        count = seen[qualified] = seen.get(qualified, 0) + 1
        if count > 1:
            qualified = f"{qualified}#{count}"
        result.append(Unit(region.kind, name, region.owner, qualified, text, pieces))
    return tuple(result)


def _text(data: bytes, region: _Region, inner: list[_Region]) -> tuple[bytes, tuple[Piece, ...]]:
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

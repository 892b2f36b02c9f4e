r"""The text of one document and the places in it.

Inside the engine a place is a byte offset into the UTF-8 form of the text, because that is
what tree-sitter speaks. People and protocols count lines and columns: `SourceText` converts,
once, at the edge. Lines end where the Language Server Protocol ends them (`\n`, `\r\n`,
`\r`) and nowhere else: a form feed, NEL or U+2028 is an ordinary character.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import Enum


class Encoding(Enum):
    """What one column counts: UTF-8 bytes, UTF-16 code units or code points."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of UTF-8 byte offsets."""

    start: int
    end: int

    def shifted(self, by: int) -> Span:
        """Return the same range `by` bytes later."""
        return Span(self.start + by, self.end + by)

    def contains(self, other: Span) -> bool:
        """Tell whether `other` lies wholly inside this range."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two ranges share at least one byte."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A line and a column, both 0-based; the column's unit is the `Encoding` it was asked in."""

    line: int
    column: int


_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class SourceText:
    """The immutable text of a document, without a byte order mark.

    `data` is its UTF-8 form; lone surrogates, which an editor may send, are kept
    ("surrogatepass") and are broken text to the parser.
    """

    text: str
    data: bytes = field(init=False, repr=False, compare=False)
    _line_starts: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _ascii: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        data = self.text.encode("utf-8", "surrogatepass")
        starts = (0, *(match.end() for match in _LINE_END.finditer(data)))
        object.__setattr__(self, "data", data)
        object.__setattr__(self, "_line_starts", starts)
        object.__setattr__(self, "_ascii", len(data) == len(self.text))

    @property
    def line_count(self) -> int:
        """The number of lines; text that ends in a line end has an empty last line."""
        return len(self._line_starts)

    def line_span(self, line: int) -> Span:
        """Return the range of 0-based `line` without its line end.

        IndexError when there is no such line.
        """
        if line < 0:
            raise IndexError(line)
        start = self._line_starts[line]
        if line + 1 == len(self._line_starts):
            return Span(start, len(self.data))
        end = self._line_starts[line + 1] - 1
        if end > start and self.data[end - 1 : end + 1] == b"\r\n":
            end -= 1
        return Span(start, end)

    def slice(self, span: Span) -> str:
        """Return the text of a byte range that begins and ends between characters."""
        return self.data[span.start : span.end].decode("utf-8", "surrogatepass")

    def position(self, offset: int, encoding: Encoding = Encoding.UTF32) -> Position:
        """Return the place of a byte offset; offsets past the end are the end."""
        offset = min(max(offset, 0), len(self.data))
        line = bisect_right(self._line_starts, offset) - 1
        start = self._line_starts[line]
        if self._ascii or encoding is Encoding.UTF8:
            return Position(line, offset - start)
        before = self.data[start:offset].decode("utf-8", "surrogatepass")
        return Position(line, _width(before, encoding))

    def offset(self, position: Position, encoding: Encoding = Encoding.UTF32) -> int:
        """Return the byte offset of a place.

        As the protocol asks, a column past the end of its line is the end of the line, and a
        line past the end of the text is the end of the text. A column inside a character is
        the start of it.
        """
        if position.line < 0:
            return 0
        if position.line >= len(self._line_starts):
            return len(self.data)
        span = self.line_span(position.line)
        if self._ascii:
            return min(span.start + max(position.column, 0), span.end)
        text = self.slice(span)
        column = 0
        offset = span.start
        for character in text:
            width = _width(character, encoding)
            if column + width > position.column:
                break
            column += width
            offset += _width(character, Encoding.UTF8)
        return offset

    def replaced(self, span: Span, text: str) -> SourceText:
        """Return a document whose byte range `span` reads `text`."""
        data = self.data
        new = text.encode("utf-8", "surrogatepass")
        changed = data[: span.start] + new + data[span.end :]
        return SourceText(changed.decode("utf-8", "surrogatepass"))


def _width(text: str, encoding: Encoding) -> int:
    if encoding is Encoding.UTF32:
        return len(text)
    if encoding is Encoding.UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(1 for character in text if character > "\uffff")

r"""The text of one document and the places in it.

Inside the engine a place is a byte offset into the UTF-8 form of the text, because that is
what tree-sitter speaks. People and protocols count lines and columns: `SourceText` converts,
once, at the edge. Lines end where the Language Server Protocol ends them (`\n`, `\r\n`,
`\r`) and nowhere else: a form feed, NEL or U+2028 is an ordinary character.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from typing import TYPE_CHECKING
from weakref import ref

from batten.syntax.change import Change, change_between
from batten.syntax.offsets import Offsets
from batten.syntax.piece_table import PieceTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    Earlier = tuple["ref[SourceText]", Change]


class Encoding(Enum):
    """What one column counts: UTF-8 bytes, UTF-16 code units or code points."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


# Thousands are made with every key, and a guard of the fields would triple the price of each.
@dataclass(slots=True, order=True, unsafe_hash=True)
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


class SourceText:
    """The immutable text of a document, without a byte order mark.

    `data` is its UTF-8 form; while somebody types, to have it in `pieces` is quicker. Lone
    surrogates, which an editor may send, are kept ("surrogatepass") and are broken text to the
    parser; the two halves of one character, which an editor may send one after the other, are
    joined.
    """

    __slots__ = (
        "__weakref__",
        "_earlier",
        "_is_ascii",
        "_is_sound",
        "_since",
        "_starts",
        "_text",
        "pieces",
    )

    pieces: PieceTable

    def __init__(self, text: str) -> None:
        is_sound = True
        try:
            data = text.encode()
        except UnicodeEncodeError:
            text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
            data = text.encode("utf-8", "surrogatepass")
            is_sound = _is_sound(data)
        self._fill(PieceTable(data), None, is_sound, data.isascii())

    def _fill(
        self, pieces: PieceTable, starts: Offsets | None, is_sound: bool, is_ascii: bool
    ) -> None:
        self.pieces = pieces
        self._starts = starts
        self._is_ascii = is_ascii
        self._is_sound = is_sound  # there are no lone surrogates
        self._text: str | None = None
        # Texts that this one was made of, while somebody has them, and what was changed since.
        self._earlier: Sequence[Earlier] = ()
        self._since: Earlier | None = None  # what was told last: several ask about the same text

    def _take(self, other: SourceText) -> None:
        """Be the same text as another."""
        self._fill(other.pieces, other._starts, other._is_sound, other._is_ascii)

    @property
    def data(self) -> bytes:
        """All bytes of it."""
        return self.pieces.whole

    def put_together(self) -> None:
        """Have all bytes ready for who asks for them."""
        self.pieces.put_together()

    @property
    def _lines(self) -> Offsets:
        """Where lines start; most files of a scan are never asked for it."""
        starts = self._starts
        if starts is None:
            starts = self._starts = Offsets(_line_starts(self.data, 0))
        return starts

    @property
    def text(self) -> str:
        """The text itself."""
        if self._text is None:
            self._text = self.data.decode("utf-8", "surrogatepass")
        return self._text

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SourceText) or len(self.pieces) != len(other.pieces):
            return False
        change = self._change_since(other) or other._change_since(self)
        return self.pieces == other.pieces if change is None else change.is_none

    def __hash__(self) -> int:
        return hash(self.data)

    def __repr__(self) -> str:
        return f"SourceText({self.text!r})"

    @property
    def line_count(self) -> int:
        """The number of lines; text that ends in a line end has an empty last line."""
        return len(self._lines)

    def line_span(self, line: int) -> Span:
        """Return the range of 0-based `line` without its line end.

        IndexError when there is no such line.
        """
        if line < 0:
            raise IndexError(line)
        start = self._lines[line]
        if line + 1 == len(self._lines):
            return Span(start, len(self.pieces))
        end = self._lines[line + 1] - 1
        if end > start and self.pieces.part(end - 1, end + 1) == b"\r\n":
            end -= 1
        return Span(start, end)

    def slice(self, span: Span) -> str:
        """Return the text of a byte range that begins and ends between characters."""
        return self.pieces.part(span.start, span.end).decode("utf-8", "surrogatepass")

    def position(self, offset: int, encoding: Encoding = Encoding.UTF32) -> Position:
        """Return the place of a byte offset.

        Offsets outside the text are its nearest end, one inside a character is the start of
        it, one inside a line end is the end of the line.
        """
        offset = min(max(offset, 0), len(self.pieces))
        line = self._lines.up_to(offset) - 1
        start = self._lines[line]
        before = self.pieces.part(start, offset)
        if before.isascii() and before[-1:] not in _LINE_ENDS and offset < len(self.pieces):
            return Position(line, offset - start)
        span = self.line_span(line)
        offset = self._character_start(min(offset, span.end))
        if encoding is Encoding.UTF8 or self._is_ascii:
            return Position(line, offset - span.start)
        written = self.slice(Span(span.start, offset))
        if encoding is Encoding.UTF32:
            return Position(line, len(written))
        return Position(line, len(written.encode("utf-16-le", "surrogatepass")) // 2)

    def line_and_byte(self, offset: int) -> tuple[int, int]:
        """Return the line of a byte of the text, and which byte of the line it is."""
        line = self._lines.up_to(offset) - 1
        return line, offset - self._lines[line]

    def columns(self, span: Span) -> tuple[int, int, int] | None:
        """Return the line and the columns of a range, which are the same in each encoding.

        None for a range in more than one line, or behind characters that are not ASCII.
        """
        line = self._lines.up_to(span.start) - 1
        if line < 0 or span.end >= len(self.pieces):
            return None
        start = self._lines[line]
        text = self.pieces.part(start, span.end)
        if not text.isascii() or b"\n" in text or b"\r" in text:
            return None
        return line, span.start - start, span.end - start

    def offset(self, position: Position, encoding: Encoding = Encoding.UTF32) -> int:
        """Return the byte offset of a place.

        As the protocol asks, a column past the end of its line is the end of the line, and a
        line past the end of the text is the end of the text. A column inside a character is
        the start of it.
        """
        if position.line < 0:
            return 0
        if position.line >= len(self._lines):
            return len(self.pieces)
        span = self.line_span(position.line)
        column = max(position.column, 0)
        if self._is_ascii:
            return min(span.start + column, span.end)
        if encoding is Encoding.UTF8:
            return self._character_start(min(span.start + column, span.end))
        if encoding is Encoding.UTF32:
            before = self.slice(span)[:column]
        else:
            units = self.slice(span).encode("utf-16-le", "surrogatepass")
            before = units[: 2 * column].decode("utf-16-le", "surrogatepass")
            if _is_high_half(before[-1:]) and _is_low_half(units[2 * column : 2 * column + 2]):
                before = before[:-1]
        return span.start + len(before.encode("utf-8", "surrogatepass"))

    def replaced(self, span: Span, text: str) -> SourceText:
        """Return a document whose byte range `span` reads `text`.

        This costs less than a new document: only the lines around the change are looked for.
        """
        new = text.encode("utf-8", "surrogatepass")
        before = self.pieces
        if not (self._is_sound and _is_sound(new) and 0 <= span.start <= span.end <= len(before)):
            data = b"".join((self.data[: span.start], new, self.data[span.end :]))
            return SourceText(data.decode("utf-8", "surrogatepass"))
        pieces = before.replaced(span.start, span.end, new)
        # The line end before the change is looked at again: "\r" and "\n" may have met.
        starts = self._lines
        first = max(starts.up_to(span.start) - 2, 0)
        last = starts.up_to(span.end)
        grown = len(pieces) - len(before)
        end = starts[last] + grown if last < len(starts) else len(pieces)
        around = _line_starts(pieces.part(starts[first], end), starts[first])
        if last < len(starts):
            around.pop()
        changed = object.__new__(SourceText)
        is_ascii = self._is_ascii and new.isascii()
        if not self._is_ascii and not before.part(span.start, span.end).isascii():
            is_ascii = pieces.whole.isascii()  # what was not may be gone
        changed._fill(pieces, starts.replaced(first, last, around, grown), True, is_ascii)
        change = Change(span.start, span.end, span.start + len(new))
        known = [each for each in self._earlier if each[0]() is not None][:MAX_EARLIER]
        changed._earlier = [(ref(self), change), *[(one, c.then(change)) for one, c in known]]
        return changed

    def change_since(self, earlier: SourceText) -> Change:
        """Return what is different from another text; that is known when this was made of it."""
        change = self._change_since(earlier)
        return change_between(earlier.data, self.data) if change is None else change

    def _change_since(self, earlier: SourceText) -> Change | None:
        known = self._since
        if known is not None and known[0]() is earlier:
            return known[1]
        for one, change in self._earlier:
            if one() is earlier:
                narrowed = change.narrowed(earlier.pieces, self.pieces)
                self._since = one, narrowed
                return narrowed
        return None

    def _character_start(self, offset: int) -> int:
        start = max(offset - _LONGEST_CHARACTER + 1, 0)
        around = self.pieces.part(start, offset + 1)
        at = offset - start
        while at < len(around) and around[at] & 0b1100_0000 == 0b1000_0000:
            at -= 1
        return start + at


MAX_EARLIER = 8
"""So many texts that one was made of are remembered, besides the last."""
_LINE_ENDS = (b"\r", b"\n")
_LONGEST_CHARACTER = 4
"""Bytes."""


def _is_sound(data: bytes) -> bool:
    """Tell whether there are no lone surrogates in what was encoded with them."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _line_starts(data: bytes, offset: int) -> list[int]:
    """Return where lines start in `data`, which stands at `offset` and at the start of a line."""
    # Of all the places where str.splitlines would split, bytes.splitlines knows only ours.
    lines = data.splitlines(keepends=True)
    if not lines or lines[-1].endswith((b"\n", b"\r")):
        lines.append(b"")
    lengths = map(len, lines[:-1])
    return list(accumulate(lengths, initial=offset))


def _is_high_half(text: str) -> bool:
    return "\ud800" <= text <= "\udbff"


def _is_low_half(unit: bytes) -> bool:
    return b"\xdc" <= unit[1:] <= b"\xdf"

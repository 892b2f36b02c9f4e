"""The rows of a text: what ends where a comment could stand.

A row is a line, or several where one goes on in the next: inside a string, behind a backslash.
A statement is one row, or several inside brackets. So a comment about something in a row can
stand nowhere but at the end of that row.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.syntax.carriage_returns import as_line_feeds
from batten.syntax.strings import triple_strings
from batten.syntax.text import Span
from batten.syntax.tokens import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.syntax.strings import Strings
    from batten.syntax.text import SourceText


@dataclass(frozen=True, slots=True)
class Row:
    """A row without its line end; `comment` is the one that ends it.

    `is_first` and `is_last` tell whether a statement begins with it and ends with it.
    """

    span: Span
    comment: Span | None
    is_first: bool
    is_last: bool
    is_empty: bool
    """Whether it holds no code."""


def rows_of(source: SourceText) -> Rows:
    """Return the rows of a text."""
    data = as_line_feeds(source.data)
    return Rows(data, triple_strings(data))


class Rows:
    """Looks up the rows of one text, reading as little of it as that takes.

    The text is cut where a statement begins for sure, whatever stands before; pieces are known
    by where they begin. What is said of a row depends on its piece, the next one, and the line
    that ends that.
    """

    def __init__(self, data: bytes, strings: Strings) -> None:
        """Make those of a text without lone carriage returns, with its triple-quoted strings."""
        self._data = data
        self._strings = strings
        self._pieces: list[_Piece] = []
        self._starts: list[int] = []

    def at(self, offset: int) -> Row:
        """Return the row that holds a byte; its line end belongs to it."""
        piece = self._piece(offset)
        return piece.rows[piece.index(offset)]

    def statement(self, offset: int) -> Span:
        """Return the range of the statement around a byte; of a compound one, of its header."""
        piece = self._piece(offset)
        index = piece.index(offset)
        return Span(piece.first[index].span.start, piece.last[index].span.end)

    def next_code(self, row: Row) -> Row | None:
        """Return the first row behind one that holds code; None at the end."""
        piece = self._piece(row.span.start)
        found = piece.next_code[piece.index(row.span.start)]
        if found is None and piece.stop < len(self._data):
            return self._piece(piece.stop).rows[0]
        return found

    def _piece(self, offset: int) -> _Piece:
        """Return the piece that holds a byte."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self._pieces[index].stop:
            return self._pieces[index]
        start, stop = self.beginning_before(offset), self.beginning_after(offset)
        piece = _Piece(self._read(start, stop), stop)
        self._starts.insert(index + 1, start)
        self._pieces.insert(index + 1, piece)
        return piece

    def beginning_before(self, offset: int) -> int:
        """Return the last sure beginning up to a byte; the text begins with one."""
        line = self._data.rfind(b"\n", 0, offset) + 1
        while line and not self._is_sure(line):
            line = self._data.rfind(b"\n", 0, line - 1) + 1
        return line

    def beginning_after(self, offset: int) -> int:
        """Return the first sure beginning after a byte, or one more than the length."""
        line = self._data.find(b"\n", offset) + 1
        while line and not self._is_sure(line):
            line = self._data.find(b"\n", line) + 1
        return line or len(self._data) + 1

    def _is_sure(self, line: int) -> bool:
        found = _SURE_BEGINNING.match(self._data, line)
        return found is not None and self._strings.end_around(line) is None

    def _read(self, start: int, stop: int) -> Iterator[Row]:
        """Yield the rows that begin from `start`, where a statement does, up to `stop`."""
        data = self._data
        at = start
        depth = 0
        is_first, is_empty = True, True
        comment: Span | None = None
        while start < stop:
            token = TOKEN.match(data, at)
            kind = token.lastgroup if token else "end"
            if token is None or kind == "newline":
                is_last = depth == 0 or token is None or at + 1 >= stop
                end = at - 1 if data[start:at].endswith(b"\r") else at
                yield Row(Span(start, end), comment, is_first, is_last, is_empty)
                if token is None:
                    return
                is_first, is_empty, comment = is_last, True, None
                at = start = at + 1
                continue
            if kind == "comment":
                end = token.end() - 1 if token[0].endswith(b"\r") else token.end()
                comment = Span(at, end)
            elif kind == "open":
                depth += 1
            elif kind == "close":
                depth = max(depth - 1, 0)
            is_empty = is_empty and (kind == "comment" or not token[0].strip())
            at = (self._strings.end_around(at) if kind == "triple" else None) or token.end()


class _Piece:
    """The rows from one sure beginning to `stop`, the next, and for each what belongs to it.

    `first` and `last` are those of its statement, `next_code` is what follows it in the piece.
    """

    def __init__(self, rows: Iterable[Row], stop: int) -> None:
        self.stop = stop
        self.rows = tuple(rows)
        self._starts = [row.span.start for row in self.rows]
        self.first = list(self.rows)
        self.last = list(self.rows)
        self.next_code: list[Row | None] = [None] * len(self.rows)
        for index in range(1, len(self.rows)):
            if not self.rows[index].is_first:
                self.first[index] = self.first[index - 1]
        for index in range(len(self.rows) - 2, -1, -1):
            after = self.rows[index + 1]
            self.next_code[index] = self.next_code[index + 1] if after.is_empty else after
            if not self.rows[index].is_last:
                self.last[index] = self.last[index + 1]

    def index(self, offset: int) -> int:
        """Return the index of the row that holds a byte."""
        return max(bisect_right(self._starts, offset) - 1, 0)


_SURE_BEGINNING = re.compile(
    rb"[ \t]*(?:assert|break|class|continue|def|del|global|import|nonlocal|pass|raise|return|try"
    rb"|while|with)\b"
)
"""Words that begin a statement whatever stands before them, even a bracket that is not closed."""

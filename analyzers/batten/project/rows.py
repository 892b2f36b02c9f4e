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

from batten.syntax.strings import triple_strings
from batten.syntax.text import Span
from batten.syntax.tokens import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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


class Rows:
    """Looks up the rows of one text, reading as little of it as that takes."""

    def __init__(self, source: SourceText) -> None:
        # To Python a lone carriage return ends a line as well.
        self._data = re.sub(rb"\r(?!\n)", b"\n", source.data)
        self._strings = triple_strings(self._data)
        sure = (match.start() for match in _SURE_BEGINNING.finditer(self._data))
        self._sure = [at for at in sure if self._strings.end_around(at) is None]
        self._pieces: dict[int, _Piece] = {}

    def at(self, offset: int) -> Row:
        """Return the row that holds a byte; its line end belongs to it."""
        piece = self._piece(self._number(offset))
        return piece.rows[piece.index(offset)]

    def statement(self, offset: int) -> Span:
        """Return the range of the statement around a byte; of a compound one, of its header."""
        piece = self._piece(self._number(offset))
        index = piece.index(offset)
        return Span(piece.first[index].span.start, piece.last[index].span.end)

    def next_code(self, row: Row) -> Row | None:
        """Return the first row behind one that holds code; None at the end."""
        number = self._number(row.span.start)
        piece = self._piece(number)
        found = piece.next_code[piece.index(row.span.start)]
        if found is None and number < len(self._sure):
            return self._piece(number + 1).rows[0]
        return found

    def _number(self, offset: int) -> int:
        """Return which piece holds a byte: number 0 is what stands before the first beginning."""
        return bisect_right(self._sure, offset)

    def _piece(self, number: int) -> _Piece:
        found = self._pieces.get(number)
        if found is None:
            start = self._sure[number - 1] if number else 0
            end = self._sure[number] if number < len(self._sure) else len(self._data) + 1
            found = self._pieces[number] = _Piece(self._read(start, end))
        return found

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
    """The rows from one sure beginning to the next, and for each what belongs to it.

    `first` and `last` are those of its statement, `next_code` is what follows it in the piece.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
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
    rb"^[ \t]*(?:assert|break|class|continue|def|del|global|import|nonlocal|pass"
    rb"|raise|return|try|while|with)\b",
    re.MULTILINE,
)
"""Words that begin a statement whatever stands before them, even a bracket that is not closed."""

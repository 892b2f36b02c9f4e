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
    from collections.abc import Iterator

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
        self._sure = [
            match.start()
            for match in _SURE_BEGINNING.finditer(self._data)
            if self._strings.end_around(match.start()) is None
        ]

    def at(self, offset: int) -> Row:
        """Return the row that holds a byte; its line end belongs to it."""
        return next(row for row in self._from(offset) if offset <= row.span.end)

    def after(self, row: Row) -> Iterator[Row]:
        """Yield the rows that follow one."""
        return (other for other in self._from(row.span.start) if other.span.start > row.span.start)

    def statement(self, offset: int) -> tuple[Row, ...]:
        """Return the rows of the statement around a byte; of a compound one, of its header."""
        rows: list[Row] = []
        for row in self._from(offset):
            if row.is_first:
                rows.clear()
            rows.append(row)
            if row.is_last and offset <= row.span.end:
                break
        return tuple(rows)

    def _from(self, offset: int) -> Iterator[Row]:
        """Yield rows from the last sure beginning of a statement before `offset`."""
        data = self._data
        before = bisect_right(self._sure, offset) - 1
        at = start = self._sure[before] if before >= 0 else 0
        depth = 0
        is_first, is_empty = True, True
        comment: Span | None = None
        while True:
            token = TOKEN.match(data, at)
            kind = token.lastgroup if token else "end"
            if token is None or kind == "newline":
                is_last = depth == 0 or token is None or self._is_sure(at + 1)
                end = at - 1 if data[start:at].endswith(b"\r") else at
                yield Row(Span(start, end), comment, is_first, is_last, is_empty)
                if token is None:
                    return
                depth = 0 if is_last else depth
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

    def _is_sure(self, offset: int) -> bool:
        before = bisect_right(self._sure, offset) - 1
        return before >= 0 and self._sure[before] == offset


_SURE_BEGINNING = re.compile(
    rb"^[ \t]*(?:assert|break|class|continue|def|del|global|import|nonlocal|pass"
    rb"|raise|return|try|while|with)\b",
    re.MULTILINE,
)
"""Words that begin a statement whatever stands before them, even a bracket that is not closed."""

"""The lines of a text, and what can be told of one without reading all before it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from batten.syntax.reading import Reading
from batten.syntax.tokens import HEADER, column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.syntax.strings import Strings


class Line(NamedTuple):
    """A line: the place of the line feed before it, of its first character, and its column.

    The line feed before the first line is at -1.
    """

    before: int
    first: int
    column: int


class Written(NamedTuple):
    """A line that is not blank: its column, its end, its text without white space around."""

    column: int
    end: int
    text: bytes
    is_comment: bool


class Lines:
    """The lines of a text, and `reach`: how far it was looked at since that was set to 0.

    Only what is looked at ahead of the line in question counts.
    """

    def __init__(self, data: bytes, strings: Strings) -> None:
        self.data = data
        self.strings = strings
        self.reach = 0

    def note(self, offset: int) -> None:
        """Remember that the byte at `offset` was looked at."""
        self.reach = max(self.reach, offset + 1)

    def reading(self, start: int) -> Reading:
        """Return a reading of the tokens from `start` on."""
        return Reading(self.data, self.strings, start)

    def header(self, offset: int) -> re.Match[bytes] | None:
        """Return the first words of a unit when they are at `offset`."""
        words = HEADER.match(self.data, offset)
        if words:
            blanks = _BLANKS.match(self.data, words.end())
            self.note(blanks.end() if blanks else words.end())
        else:
            almost = _PERHAPS_HEADER.match(self.data, offset)
            self.note(almost.end() if almost else offset + _LONGEST_FIRST_WORD)
        return words

    def after(self, newline: int) -> Line | None:
        """Return the next line of code behind a line feed."""
        blank = _BLANK_LINES.match(self.data, newline)
        if blank is None or blank.end() == len(self.data):
            self.note(len(self.data))
            return None
        self.note(blank.end())
        return Line(blank.start(1) - 1, blank.end(), column(blank[1]))

    def back(self, end: int, start: int) -> Iterator[Written]:
        """Yield the lines between two places that are not blank, the last one first."""
        data = self.data
        while end > start:
            line_start = data.rfind(b"\n", start, end) + 1 or start
            text = data[line_start:end].strip()
            if text:
                indent = data.find(text[:1], line_start, end)
                is_comment = (
                    text[0] == _HASH
                    and line_start > start
                    and self.strings.end_around(line_start) is None
                )
                line_end = end - 1 if data[end - 1] == _CARRIAGE_RETURN else end
                yield Written(column(data[line_start:indent]), line_end, text, is_comment)
            elif line_start > start:
                # There may be many blank lines.
                some = max(start, line_start - _SOME)
                line_start = data.find(b"\n", some + len(data[some:line_start].rstrip())) + 1
            end = line_start - 1

    def follows_backslash(self, line: Line, start: int) -> bool:
        """Tell whether a backslash, no earlier than `start`, is the end of the line before."""
        return self.data.endswith((b"\\\n", b"\\\r\n"), start, line.before + 1)


def lines_up_to(depth: int) -> re.Pattern[bytes]:
    """Return what finds lines of code up to a column, and perhaps some that are deeper."""
    return _shallow_lines(depth) if depth <= _DEEPEST else _ALL_LINES


_DEEPEST = 100
_ALL_LINES = re.compile(rb"\n([ \t]*)(?=[^ \t\r\n#])")


@lru_cache(maxsize=_DEEPEST + 1)
def _shallow_lines(depth: int) -> re.Pattern[bytes]:
    return re.compile(rb"\n([ \t]{0,%d})(?=[^ \t\r\n#])" % depth)


_SOME = 1024
_HASH = ord("#")
_CARRIAGE_RETURN = ord("\r")
_BLANKS = re.compile(rb"[ \t\f]*")
_BLANK_LINES = re.compile(rb"(?:\n[ \t\r]*(?:#[^\n]*)?(?=\n))*\n([ \t]*)")
_LONGEST_FIRST_WORD = len("async")
_PERHAPS_HEADER = re.compile(rb"(?:async|def|class)(?:[ \t\f\w\x80-\xff]|\\\r?\n)*")

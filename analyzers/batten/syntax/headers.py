"""The headers of units: where classes and functions begin, decorators included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from batten.syntax.lines import Line
from batten.syntax.strings import token_border
from batten.syntax.tokens import column

if TYPE_CHECKING:
    from batten.syntax.lines import Lines
    from batten.syntax.reading import Reading


class Header(NamedTuple):
    """The header of a unit: its first line, a decorator perhaps, and its own first words."""

    line: Line
    words: re.Match[bytes]


class Headers:
    """The headers in the lines of a text."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def next(self, after: int) -> Header | None:
        """Return the next header of a unit, which is in no string."""
        data = self._lines.data
        first = _FIRST_LINE.match(data) if after == 0 else None
        if first:
            header, after = self._read(Line(-1, first.end(1), column(first[1])))
            if header:
                return header
        while match := _HEADER_LINE.search(data, after):
            line = Line(match.start(), match.end(1), column(match[1]))
            string_end = self._lines.strings.end_around(line.before)
            if string_end is None and self._lines.follows_backslash(line, after):
                known = max(after, self._lines.strings.end_before(line.before))
                # No expression goes on with `def`; a string does, and with "@" an expression too.
                place = line.before if data[line.first] == _AT else line.first
                if token_border(data, known, place) > place:
                    string_end = line.first
            if string_end:
                after = string_end
                continue
            header, after = self._read(line)
            if header:
                return header
        return None

    def _read(self, line: Line) -> tuple[Header | None, int]:
        """Return the header that begins at a line, and how far the text was read for it."""
        if self._lines.data[line.first] == _AT:
            words, after = self._decorated(line)
        else:
            words, after = self._lines.header(line.first), line.first
        return (Header(line, words) if words else None), after

    def at(self, line: Line) -> Header | None:
        """Return the header that begins at a line."""
        return self._read(line)[0]

    def _decorated(self, line: Line) -> tuple[re.Match[bytes] | None, int]:
        """Return the header that a decorator belongs to, and how far the text was read."""
        data = self._lines.data
        first = line.first
        while data[first] == _AT:
            reading = self._lines.reading(first)
            line_end = self._decorator_end(reading, line.column)
            self._lines.note(reading.offset)
            after = max(reading.offset - 1, first)
            following = self._lines.after(line_end) if line_end else None
            if following is None or following.column != line.column:
                return None, after
            first = following.first
        return self._lines.header(first), after

    def _decorator_end(self, reading: Reading, depth: int) -> int | None:
        """Return the line feed after a decorator; None when it is none."""
        data = self._lines.data
        dedented = False
        while reading.step():
            if reading.kind != "newline":
                continue
            if reading.surplus:
                return None
            if not reading.open_brackets:
                return reading.offset - 1
            indent = _INDENT.match(data, reading.offset)
            assert indent
            if data.startswith(b"@", indent.end()) or self._lines.header(indent.end()):
                return None if dedented else reading.offset - 1
            if column(indent[0]) <= depth and data[indent.end() : indent.end() + 1] not in _FREE:
                dedented = True
        return None


_AT = ord("@")
_FREE = (b"", b"\r", b"\n", b"#", b")", b"]", b"}")
_HEADER_LINE = re.compile(rb"\n([ \t]*)(?:@|(?:async|def|class)[ \t\f\\])")
_FIRST_LINE = re.compile(rb"([ \t]*)(?:@|(?:async|def|class)[ \t\f\\])")
_INDENT = re.compile(rb"[ \t]*")

"""The borders of units: the line before which a class or function ends.

That is the next line that is no deeper than the header. Lines inside strings and brackets and
lines continued by a backslash have no depth of their own. Reading all brackets of a text would
cost more than everything else, so they are read only where a line could be inside one: most
lines can't, because no expression goes on from the line before to this one.

Broken text keeps its units. A bracket without a partner is ignored: `def name`, `async def` and
`class Name` are never inside brackets, and a line that can't go on an expression isn't either.
A statement at a depth that the lines after it do not fit was put there a moment ago, and ends
nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from batten.syntax.lines import Line, lines_up_to
from batten.syntax.mistyped import opens_class
from batten.syntax.tokens import column

if TYPE_CHECKING:
    from batten.syntax.headers import Header, Headers
    from batten.syntax.lines import Lines
    from batten.syntax.reading import Reading


class Border(NamedTuple):
    """The line before which a unit ends, and the header that begins there, if one does."""

    line: Line
    header: Header | None


class Borders:
    """The borders in the lines of a text."""

    def __init__(self, lines: Lines, headers: Headers) -> None:
        self._lines = lines
        self._headers = headers

    def next(
        self, deepest: int, clean: int, after: int, limit: Header | None = None
    ) -> Border | None:
        """Return the line that ends a unit at column `deepest`; None without one up to `limit`.

        Brackets are known to be closed at `clean`; the line is sought from `after` on.
        """
        data = self._lines.data
        pattern = lines_up_to(deepest)
        stop = limit.line.first + 1 if limit else len(data)
        reading: Reading | None = None  # of most units nothing has to be read
        in_brackets: list[Line] = []
        found: Border | None = None
        while match := pattern.search(data, after, stop):
            line = Line(match.start(), match.end(), column(match[1]))
            after = line.first
            string_end = self._lines.strings.end_around(line.before)
            if string_end:
                after = string_end
                continue
            if line.column > deepest or data[after] in _CLOSING_BRACKETS:
                continue
            header = limit if limit and limit.line == line else self._headers.at(line)
            if header is None or self._lines.follows_backslash(line, clean):
                if not self.begins_statement(line, clean):
                    reading = reading or self._lines.reading(clean)
                    reading.read_to(line.before)
                    if reading.offset > line.before and (
                        header is None or reading.kind == "string"
                    ):
                        continue
                    if reading.open_brackets and header is None:
                        in_brackets.append(line)
                        continue
                if header is None and self._is_stray(line):
                    continue
            found = Border(line, header)
            break
        if in_brackets and reading is not None:
            reading.read_to(found.line.before if found else stop)
            line_end = data.find(b"\n", found.line.first) if found else -1
            self._lines.note(line_end if line_end >= 0 else len(data))
            partnerless = reading.open_brackets[0] if reading.open_brackets else len(data)
            for line in in_brackets:
                if line.before > partnerless:
                    return Border(line, None)
        return found

    def _is_stray(self, line: Line) -> bool:
        """Tell whether a statement can't stand where it does: the lines after it don't fit.

        It was put there a moment ago, and what is around it still belongs together.
        """
        data = self._lines.data
        reading = self._lines.reading(line.first)
        last = b""
        start = line.first
        while reading.step():
            if reading.kind == "newline":
                body = self._lines.after(start)
                if body is None:
                    break
                if not reading.open_brackets or self._lines.header(body.first):
                    if body.column <= line.column:
                        return False
                    if last == b":":
                        return self._is_left_halfway(line, body)
                    return not opens_class(self._lines, line, body)
            elif reading.kind != "comment":
                last = data[start : reading.offset].strip()[-1:] or last
            start = reading.offset
        self._lines.note(reading.offset)
        return False

    def _is_left_halfway(self, line: Line, body: Line) -> bool:
        """Tell whether the block of `line` ends at a line that is deeper than `line`."""
        data = self._lines.data
        reading = self._lines.reading(body.first)
        after = body.first
        while match := lines_up_to(body.column - 1).search(data, after):
            after = match.end()
            self._lines.note(after)
            depth = column(match[1])
            if (
                depth >= body.column
                or data[after] in _CLOSING_BRACKETS
                or self._lines.strings.end_around(match.start())
            ):
                continue
            if depth <= line.column or self._lines.header(after):
                return depth > line.column
            reading.read_to(match.start())
            if reading.offset == match.start() and not reading.open_brackets:
                return True
        self._lines.note(len(data))
        return False

    def begins_statement(self, line: Line, clean: int) -> bool:
        """Tell whether no expression can go on from the line before to this one."""
        if not STATEMENT.match(self._lines.data, line.first):
            return False
        if self._lines.follows_backslash(line, clean):
            return False
        for earlier in self._lines.back(line.before, clean):
            if not earlier.is_comment:
                return b"#" not in earlier.text and not UNFINISHED.search(earlier.text)
        return True


_CLOSING_BRACKETS = frozenset(b")]}")
STATEMENT = re.compile(
    rb"""
    (?!(?:and|async|else|for|if|in|is|not|or)\b)
    [A-Za-z_\x80-\xff][0-9A-Za-z_\x80-\xff]*(?![0-9A-Za-z_\x80-\xff"'])
    """,
    re.VERBOSE,
)
UNFINISHED = re.compile(
    rb"""
    (?: [^0-9A-Za-z_\x80-\xff)\]}"'`]
      | \b(?:and|async|await|else|for|from|if|in|is|lambda|not|or|yield)
    )\Z
    """,
    re.VERBOSE,
)

"""The outline of a text: where each class and function begins and ends, told by indentation.

A unit ends before the next line that is no deeper than its header. Lines inside strings and
brackets and lines continued by a backslash have no depth of their own. Reading all brackets of
a text would cost more than everything else, so they are read only where a line could be inside
one: most lines can't, because no expression goes on from the line before to this one.

Where a bracket has no partner, it is ignored: `def name`, `async def` and `class Name` are never
inside brackets, and a line that can't go on an expression isn't either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from batten.syntax.strings import token_border, triple_strings
from batten.syntax.tokens import HEADER, TOKEN, column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.syntax.strings import Strings


@dataclass(slots=True)
class Region:
    """The place of a class or function; of the whole text, which has column -1 and no name.

    `owner` is the index of the region around it. Functions have no regions inside.
    """

    name: bytes
    is_class: bool
    owner: int
    column: int
    start: int
    end: int


def outline(data: bytes) -> list[Region]:
    """Return the regions of a text in the order of their starts; the first is the whole text."""
    # The first line has a line feed before it like all others, which shifts every place by one.
    regions = _Outline(b"\n" + _without_form_feeds(data)).regions
    for region in regions:
        region.start -= 1
        region.end -= 1
    regions[0].start = 0
    return regions


_LEADING_FORM_FEED = re.compile(rb"(?<![^\n])[ \t\f]*\f")


def _without_form_feeds(data: bytes) -> bytes:
    """Make a form feed at the start of a line the end of an empty one.

    To Python, too, the column after it is 0.
    """
    if b"\f" not in data:
        return data
    return _LEADING_FORM_FEED.sub(lambda feed: b"\n" * len(feed[0]), data)


_AT = ord("@")
_HASH = ord("#")
_CARRIAGE_RETURN = ord("\r")
_FREE = (b"", b"\r", b"\n", b"#", b")", b"]", b"}")
_CLOSING_BRACKETS = frozenset(b")]}")
_HEADER_LINE = re.compile(rb"\n([ \t]*)(?:@|(?:async|def|class)[ \t\f\\])")
_INDENT = re.compile(rb"[ \t]*")
_BLANK_LINES = re.compile(rb"(?:\n[ \t\r]*(?:#[^\n]*)?(?=\n))*\n([ \t]*)")
_STATEMENT = re.compile(
    rb"""
    (?!(?:and|async|else|for|if|in|is|not|or)\b)
    [A-Za-z_\x80-\xff][0-9A-Za-z_\x80-\xff]*(?![0-9A-Za-z_\x80-\xff"'])
    """,
    re.VERBOSE,
)
_UNFINISHED = re.compile(
    rb"""
    (?: [^0-9A-Za-z_\x80-\xff)\]}"'`]
      | \b(?:and|async|await|else|for|from|if|in|is|lambda|not|or|yield)
    )\Z
    """,
    re.VERBOSE,
)


def _lines_up_to(depth: int) -> re.Pattern[bytes]:
    """Return what finds lines of code up to a column, and perhaps some that are deeper."""
    return _shallow_lines(depth) if depth <= _DEEPEST else _ALL_LINES


_DEEPEST = 100
_ALL_LINES = re.compile(rb"\n([ \t]*)(?=[^ \t\r\n#])")


@lru_cache(maxsize=_DEEPEST + 1)
def _shallow_lines(depth: int) -> re.Pattern[bytes]:
    return re.compile(rb"\n([ \t]{0,%d})(?=[^ \t\r\n#])" % depth)


class _Line(NamedTuple):
    """A line: the place of the line feed before it, of its first character, and its column."""

    before: int
    first: int
    column: int


class _Written(NamedTuple):
    """A line that is not blank: its column, its end, its text without white space around."""

    column: int
    end: int
    text: bytes
    is_comment: bool


class _Header(NamedTuple):
    """The header of a unit: its first line, a decorator perhaps, and its own first words."""

    line: _Line
    words: re.Match[bytes]


class _Border(NamedTuple):
    """The line that ends a unit, and the header that begins there, if one does."""

    line: _Line
    header: _Header | None


class _Reading:
    """The tokens from a place on that is between two of them, and the brackets they open."""

    __slots__ = ("_data", "_strings", "kind", "offset", "open_brackets", "surplus")

    def __init__(self, data: bytes, strings: Strings, start: int) -> None:
        self._data = data
        self._strings = strings
        self.offset = start
        self.kind: str | None = None
        self.open_brackets: list[int] = []
        self.surplus = False

    def step(self) -> bool:
        """Read one token and keep its kind; False at the end of the text."""
        start = self.offset
        token = TOKEN.match(self._data, start)
        if token is None:
            return False
        self.offset = token.end()
        self.kind = token.lastgroup
        if self.kind == "open":
            self.open_brackets.append(start)
        elif self.kind == "close":
            if self.open_brackets:
                self.open_brackets.pop()
            else:
                self.surplus = True
        elif self.kind == "triple":
            self.offset = self._strings.end_around(start) or self.offset
        return True

    def read_to(self, offset: int) -> None:
        """Read on until `offset`, or behind it when it is inside a token."""
        while self.offset < offset and self.step():
            pass


class _Outline:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._strings = triple_strings(data)
        self.regions = [Region(b"", True, 0, -1, 0, len(data))]
        self._open = [self.regions[0]]
        self._open_indices = [0]
        self._read()

    def _read(self) -> None:
        clean = after = 0  # a place between statements; where to go on
        header = self._next_header(after)
        while True:
            border = self._border(clean, after, header)
            if border:
                self._close(border.line)
                clean = after = border.line.before
                continue
            if header is None:
                break
            self._enter(header)
            clean, after = header.words.span()
            header = None
            if not self._open[-1].is_class:
                border = self._border(clean, after, None)
                if border is None:
                    break
                self._close(border.line)
                clean = after = border.line.before
                header = border.header
            header = header or self._next_header(after)
        end = len(self._data)
        self._close(_Line(end, end, 0))
        self.regions[0].end = end

    def _enter(self, header: _Header) -> None:
        line, words = header
        is_class = words[1] is not None
        owner = self._open_indices[-1]
        region = Region(words[2], is_class, owner, line.column, line.first, words.end())
        self._open_indices.append(len(self.regions))
        self._open.append(region)
        self.regions.append(region)

    def _close(self, border: _Line) -> None:
        """End the open units that the line `border` is no deeper than.

        Comments before that line are theirs as far as they are indented more than the header.
        """
        closed: list[Region] = []
        while self._open[-1].column >= border.column:
            closed.append(self._open.pop())
            self._open_indices.pop()
        if not closed:
            return
        known_end = closed[0].end
        lines = self._lines_back(border.before, known_end)
        last = next(lines, None)
        for region in reversed(closed):
            while last and last.is_comment and last.column <= region.column:
                last = next(lines, None)
            region.end = last.end if last else known_end
        outer = self._open[-1]
        outer.end = max(outer.end, closed[-1].end)

    def _lines_back(self, end: int, start: int) -> Iterator[_Written]:
        """Yield the lines between two places that are not blank, the last one first."""
        data = self._data
        while end > start:
            line_start = data.rfind(b"\n", start, end) + 1 or start
            text = data[line_start:end].strip()
            if text:
                indent = data.find(text[:1], line_start, end)
                is_comment = (
                    text[0] == _HASH
                    and line_start > start
                    and self._strings.end_around(line_start) is None
                )
                line_end = end - 1 if data[end - 1] == _CARRIAGE_RETURN else end
                yield _Written(column(data[line_start:indent]), line_end, text, is_comment)
            end = line_start - 1

    def _border(self, clean: int, after: int, limit: _Header | None) -> _Border | None:
        """Return the line that ends the innermost open unit; None without one up to `limit`.

        Brackets are known to be closed at `clean`; the line is sought from `after` on.
        """
        data = self._data
        deepest = self._open[-1].column
        if deepest < 0:
            return None
        pattern = _lines_up_to(deepest)
        stop = limit.line.first + 1 if limit else len(data)
        reading = _Reading(data, self._strings, clean)
        in_brackets: list[_Line] = []
        found: _Border | None = None
        while match := pattern.search(data, after, stop):
            line = _Line(match.start(), match.end(), column(match[1]))
            after = line.first
            string_end = self._strings.end_around(line.before)
            if string_end:
                after = string_end
                continue
            if line.column > deepest or data[after] in _CLOSING_BRACKETS:
                continue
            header = limit if limit and limit.line == line else self._header_at(line)[0]
            if header is None or _follows_backslash(data, clean, line):
                if not self._begins_statement(line, clean):
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
            found = _Border(line, header)
            break
        if in_brackets:
            reading.read_to(found.line.before if found else stop)
            partnerless = reading.open_brackets[0] if reading.open_brackets else len(data)
            for line in in_brackets:
                if line.before > partnerless:
                    return _Border(line, None)
        return found

    def _is_stray(self, line: _Line) -> bool:
        """Tell whether a statement can't stand where it does: the lines after it don't fit.

        It was put there a moment ago, and what is around it still belongs together.
        """
        data = self._data
        reading = _Reading(data, self._strings, line.first)
        last = b""
        start = line.first
        while reading.step():
            if reading.kind == "newline":
                following = _BLANK_LINES.match(data, start)
                if following is None or following.end() == len(data):
                    return False
                if not reading.open_brackets or HEADER.match(data, following.end()):
                    body = _Line(start, following.end(), column(following[1]))
                    if body.column <= line.column:
                        return False
                    return last != b":" or self._is_left_halfway(line, body)
            elif reading.kind != "comment":
                last = data[start : reading.offset].strip()[-1:] or last
            start = reading.offset
        return False

    def _is_left_halfway(self, line: _Line, body: _Line) -> bool:
        """Tell whether the block of `line` ends at a line that is deeper than `line`."""
        data = self._data
        reading = _Reading(data, self._strings, body.first)
        after = body.first
        while match := _lines_up_to(body.column - 1).search(data, after):
            after = match.end()
            depth = column(match[1])
            if (
                depth >= body.column
                or data[after] in _CLOSING_BRACKETS
                or self._strings.end_around(match.start())
            ):
                continue
            if depth <= line.column or HEADER.match(data, after):
                return depth > line.column
            reading.read_to(match.start())
            if reading.offset == match.start() and not reading.open_brackets:
                return True
        return False

    def _begins_statement(self, line: _Line, clean: int) -> bool:
        """Tell whether no expression can go on from the line before to this one."""
        if not _STATEMENT.match(self._data, line.first):
            return False
        if _follows_backslash(self._data, clean, line):
            return False
        for earlier in self._lines_back(line.before, clean):
            if not earlier.is_comment:
                return b"#" not in earlier.text and not _UNFINISHED.search(earlier.text)
        return True

    def _next_header(self, after: int) -> _Header | None:
        """Return the next header of a unit, which is in no string."""
        data = self._data
        while match := _HEADER_LINE.search(data, after):
            line = _Line(match.start(), match.end(1), column(match[1]))
            string_end = self._strings.end_around(line.before)
            if string_end is None and _follows_backslash(data, after, line):
                known = max(after, self._strings.end_before(line.before))
                # No expression goes on with `def`; a string does, and with "@" an expression too.
                place = line.before if data[line.first] == _AT else line.first
                if token_border(data, known, place) > place:
                    string_end = line.first
            if string_end:
                after = string_end
                continue
            header, after = self._header_at(line)
            if header:
                return header
        return None

    def _header_at(self, line: _Line) -> tuple[_Header | None, int]:
        """Return the header that begins at a line, and how far the text was read for it."""
        words = HEADER.match(self._data, line.first)
        after = line.first
        if self._data[after] == _AT:
            words, after = self._decorated(line)
        return (_Header(line, words) if words else None), after

    def _decorated(self, line: _Line) -> tuple[re.Match[bytes] | None, int]:
        """Return the header that a decorator belongs to, and how far the text was read."""
        data = self._data
        first = line.first
        while data[first] == _AT:
            reading = _Reading(data, self._strings, first)
            line_end = self._decorator_end(reading, line.column)
            after = max(reading.offset - 1, first)
            blank = _BLANK_LINES.match(data, line_end) if line_end else None
            if blank is None or column(blank[1]) != line.column or blank.end() == len(data):
                return None, after
            first = blank.end()
        return HEADER.match(data, first), after

    def _decorator_end(self, reading: _Reading, depth: int) -> int | None:
        """Return the line feed after a decorator; None when it is none."""
        data = self._data
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
            if data.startswith(b"@", indent.end()) or HEADER.match(data, indent.end()):
                return None if dedented else reading.offset - 1
            if column(indent[0]) <= depth and data[indent.end() : indent.end() + 1] not in _FREE:
                dedented = True
        return None


def _follows_backslash(data: bytes, start: int, line: _Line) -> bool:
    """Tell whether a backslash, no earlier than `start`, stands at the end of the line before."""
    return data.endswith((b"\\\n", b"\\\r\n"), start, line.before + 1)

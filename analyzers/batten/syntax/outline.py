"""The outline of a text: where each class and function begins and ends, told by indentation.

A unit ends before the next line that is no deeper than its header. Lines inside strings and
brackets and lines continued by a backslash have no depth of their own. Reading all brackets of
a text would cost more than everything else, so they are read only where a line could be inside
one: most lines can't, because no expression goes on from the line before to this one.

Broken text keeps its units. A bracket without a partner is ignored: `def name`, `async def` and
`class Name` are never inside brackets, and a line that can't go on an expression isn't either.
A statement at a depth that the lines after it do not fit was put there a moment ago, and ends
nothing.

After a change, only what the change could touch is outlined again. Each region remembers how
far the text was read to come to it, so everything up to the last one that was found without
reading the change stays; and from the first header behind the change at which the same units
are open as before, all is the same again. The result is that of an outline from scratch.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from batten.syntax.change import change_between
from batten.syntax.reading import Reading
from batten.syntax.strings import reread, token_border, triple_strings
from batten.syntax.tokens import HEADER, column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.syntax.change import Change
    from batten.syntax.strings import Strings


@dataclass(slots=True)
class Region:
    """The place of a class or function; of the whole text, which has column -1 and no name.

    `owner` is the index of the region around it. Functions have no regions inside. `words` is
    where `def` or `class` stands and `named` the end of the name, `reach` how far the text was
    read until the region began.
    """

    name: bytes
    is_class: bool
    owner: int
    column: int
    start: int
    words: int
    named: int
    reach: int
    end: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The regions of a text in the order of their starts; the first is the whole text."""

    data: bytes
    strings: Strings
    regions: list[Region]


class Kept(NamedTuple):
    """What an outline has in common with that of the text before a change.

    Up to index `first` the regions are the same, but for those `around` the change, which may
    end elsewhere. From index `last` on they are those that were `last_before` and on, `moved`
    bytes further.
    """

    first: int
    around: tuple[int, ...]
    last: int
    last_before: int
    moved: int


def outline(data: bytes) -> Outline:
    """Return the outline of a text."""
    plain = _without_form_feeds(data)
    scan = _Scan(plain, triple_strings(plain))
    scan.read()
    return Outline(data, scan.strings, scan.regions)


def outline_after(data: bytes, before: Outline) -> tuple[Outline, Kept]:
    """Return the outline of a changed text, at the cost of the change, and what was kept."""
    if b"\f" not in data and b"\f" not in before.data:
        change = change_between(before.data, data)
        strings_again = reread(data, before.strings, change)
        if strings_again:
            strings, same_from = strings_again
            scan = _Scan(data, strings)
            kept = scan.read_again(before.regions, change, same_from)
            return Outline(data, strings, scan.regions), kept
    new = outline(data)
    return new, Kept(-1, (), len(new.regions), len(before.regions), 0)


def _without_form_feeds(data: bytes) -> bytes:
    """Make form feeds at the start of a line empty lines: to Python the column is 0 after one."""
    if b"\f" not in data:
        return data
    return _FORM_FEEDS.sub(lambda feed: b"\n" * len(feed[0]), b"\n" + data)[1:]


_FORM_FEEDS = re.compile(rb"\n[ \t\f]*\f")

_AT = ord("@")
_HASH = ord("#")
_CARRIAGE_RETURN = ord("\r")
_FREE = (b"", b"\r", b"\n", b"#", b")", b"]", b"}")
_CLOSING_BRACKETS = frozenset(b")]}")
_HEADER_LINE = re.compile(rb"\n([ \t]*)(?:@|(?:async|def|class)[ \t\f\\])")
_FIRST_LINE = re.compile(rb"([ \t]*)(?:@|(?:async|def|class)[ \t\f\\])")
_INDENT = re.compile(rb"[ \t]*")
_BLANKS = re.compile(rb"[ \t\f]*")
_LONGEST_FIRST_WORD = len("async")
_PERHAPS_HEADER = re.compile(rb"(?:async|def|class)(?:[ \t\f\w\x80-\xff]|\\\r?\n)*")
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


class _Scan:
    """One reading of a text, from its start or from the header of a unit on."""

    def __init__(self, data: bytes, strings: Strings) -> None:
        self.strings = strings
        self.regions = [Region(b"", True, 0, -1, 0, 0, 0, 0, len(data))]
        self._data = data
        self._open = [0]
        self._reach = 0

    def read(self) -> None:
        """Read the whole text."""
        self._read_on(_Rejoining([], 0, 0, len(self._data)))

    def read_again(self, before: list[Region], change: Change, same_from: int) -> Kept:
        """Read what a change could touch; strings are as before from `same_from` on."""
        reaches = list(accumulate((region.reach for region in before), max))
        first = bisect_right(reaches, change.start) - 1
        self.regions = before[: first + 1]
        self._open = _chain(before, first)
        around = tuple(self._open)
        for index in around:
            region = before[index]
            self.regions[index] = replace(region, end=region.named)
        self._reach = 0
        rejoining = _Rejoining(before, first, change.moved, same_from)
        last_before = self._read_on(rejoining)
        last = len(self.regions)
        self._append(before, last_before, change.moved)
        return Kept(first, around, last, last_before, change.moved)

    def _append(self, before: list[Region], index: int, moved: int) -> None:
        """Take over the regions from `index` on; the same units are open there and here."""
        if index == len(before):
            return
        owners = dict(zip(_chain(before, before[index].owner), self._open, strict=True))
        for old, new in owners.items():
            self.regions[new].end = before[old].end + moved
        shifted = len(self.regions) - index
        reach = self._reach
        for region in before[index:]:
            owner = region.owner
            self.regions.append(
                Region(
                    region.name,
                    region.is_class,
                    owner + shifted if owner >= index else owners[owner],
                    region.column,
                    region.start + moved,
                    region.words + moved,
                    region.named + moved,
                    max(region.reach + moved, reach),
                    region.end + moved,
                )
            )
            reach = 0

    def _read_on(self, rejoining: _Rejoining) -> int:
        """Read from the header of the last region on, and return the index to rejoin at."""
        begun = self.regions[-1]
        clean, after = begun.words, begun.named  # a place between statements; where to go on
        while True:
            header: _Header | None = None
            if not self._innermost.is_class:
                border = self._border(clean, after, None)
                if border is None:
                    break
                self._close(border.line)
                clean = after = border.line.before
                header = border.header
            header = header or self._next_header(after)
            while border := self._border(clean, after, header):
                self._close(border.line)
                clean = after = border.line.before
            if header is None:
                break
            index = rejoining.index(header, self._columns)
            if index is not None:
                return index
            self._enter(header)
            clean, after = header.words.span()
        end = len(self._data)
        self._close(_Line(end, end, 0))
        self.regions[0].end = end
        return len(rejoining.before)

    def _columns(self) -> list[int]:
        return [self.regions[index].column for index in self._open]

    @property
    def _innermost(self) -> Region:
        return self.regions[self._open[-1]]

    def _enter(self, header: _Header) -> None:
        line, words = header
        region = Region(
            name=words[2],
            is_class=words[1] is not None,
            owner=self._open[-1],
            column=line.column,
            start=line.first,
            words=words.start(),
            named=words.end(),
            reach=self._reach,
            end=words.end(),
        )
        self._open.append(len(self.regions))
        self.regions.append(region)
        self._reach = 0

    def _close(self, border: _Line) -> None:
        """End the open units that the line `border` is no deeper than.

        Comments before that line are theirs as far as they are indented more than the header.
        """
        closed: list[Region] = []
        while self._innermost.column >= border.column:
            closed.append(self._innermost)
            self._open.pop()
        if not closed:
            return
        known_end = closed[0].end
        lines = self._lines_back(border.before, known_end)
        last = next(lines, None)
        for region in reversed(closed):
            while last and last.is_comment and last.column <= region.column:
                last = next(lines, None)
            region.end = last.end if last else known_end
        outer = self._innermost
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
                    and self.strings.end_around(line_start) is None
                )
                line_end = end - 1 if data[end - 1] == _CARRIAGE_RETURN else end
                yield _Written(column(data[line_start:indent]), line_end, text, is_comment)
            end = line_start - 1

    def _border(self, clean: int, after: int, limit: _Header | None) -> _Border | None:
        """Return the line that ends the innermost open unit; None without one up to `limit`.

        Brackets are known to be closed at `clean`; the line is sought from `after` on.
        """
        data = self._data
        deepest = self._innermost.column
        if deepest < 0:
            return None
        pattern = _lines_up_to(deepest)
        stop = limit.line.first + 1 if limit else len(data)
        reading = Reading(data, self.strings, clean)
        in_brackets: list[_Line] = []
        found: _Border | None = None
        while match := pattern.search(data, after, stop):
            line = _Line(match.start(), match.end(), column(match[1]))
            after = line.first
            string_end = self.strings.end_around(line.before)
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
            line_end = data.find(b"\n", found.line.first) if found else -1
            self._note(line_end if line_end >= 0 else len(data))
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
        reading = Reading(data, self.strings, line.first)
        last = b""
        start = line.first
        while reading.step():
            if reading.kind == "newline":
                following = _BLANK_LINES.match(data, start)
                if following is None or following.end() == len(data):
                    break
                self._note(following.end())
                if not reading.open_brackets or self._words(following.end()):
                    body = _Line(start, following.end(), column(following[1]))
                    if body.column <= line.column:
                        return False
                    return last != b":" or self._is_left_halfway(line, body)
            elif reading.kind != "comment":
                last = data[start : reading.offset].strip()[-1:] or last
            start = reading.offset
        self._note(reading.offset)
        return False

    def _is_left_halfway(self, line: _Line, body: _Line) -> bool:
        """Tell whether the block of `line` ends at a line that is deeper than `line`."""
        data = self._data
        reading = Reading(data, self.strings, body.first)
        after = body.first
        while match := _lines_up_to(body.column - 1).search(data, after):
            after = match.end()
            self._note(after)
            depth = column(match[1])
            if (
                depth >= body.column
                or data[after] in _CLOSING_BRACKETS
                or self.strings.end_around(match.start())
            ):
                continue
            if depth <= line.column or self._words(after):
                return depth > line.column
            reading.read_to(match.start())
            if reading.offset == match.start() and not reading.open_brackets:
                return True
        self._note(len(data))
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
        first = _FIRST_LINE.match(data) if after == 0 else None
        if first:
            header, after = self._header_at(_Line(-1, first.end(1), column(first[1])))
            if header:
                return header
        while match := _HEADER_LINE.search(data, after):
            line = _Line(match.start(), match.end(1), column(match[1]))
            string_end = self.strings.end_around(line.before)
            if string_end is None and _follows_backslash(data, after, line):
                known = max(after, self.strings.end_before(line.before))
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
        if self._data[line.first] == _AT:
            words, after = self._decorated(line)
        else:
            words, after = self._words(line.first), line.first
        return (_Header(line, words) if words else None), after

    def _words(self, offset: int) -> re.Match[bytes] | None:
        """Return the first words of a unit when they are at `offset`."""
        words = HEADER.match(self._data, offset)
        if words:
            blanks = _BLANKS.match(self._data, words.end())
            self._note(blanks.end() if blanks else words.end())
        else:
            almost = _PERHAPS_HEADER.match(self._data, offset)
            self._note(almost.end() if almost else offset + _LONGEST_FIRST_WORD)
        return words

    def _note(self, offset: int) -> None:
        """Remember that the byte at `offset` was looked at."""
        self._reach = max(self._reach, offset + 1)

    def _decorated(self, line: _Line) -> tuple[re.Match[bytes] | None, int]:
        """Return the header that a decorator belongs to, and how far the text was read."""
        data = self._data
        first = line.first
        while data[first] == _AT:
            reading = Reading(data, self.strings, first)
            line_end = self._decorator_end(reading, line.column)
            after = max(reading.offset - 1, first)
            blank = _BLANK_LINES.match(data, line_end) if line_end else None
            self._note(reading.offset)
            if blank is None or blank.end() == len(data):
                self._note(len(data))
                return None, after
            first = blank.end()
            self._note(first)
            if column(blank[1]) != line.column:
                return None, after
        return self._words(first), after

    def _decorator_end(self, reading: Reading, depth: int) -> int | None:
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
            if data.startswith(b"@", indent.end()) or self._words(indent.end()):
                return None if dedented else reading.offset - 1
            if column(indent[0]) <= depth and data[indent.end() : indent.end() + 1] not in _FREE:
                dedented = True
        return None


def _follows_backslash(data: bytes, start: int, line: _Line) -> bool:
    """Tell whether a backslash, no earlier than `start`, stands at the end of the line before."""
    return data.endswith((b"\\\n", b"\\\r\n"), start, line.before + 1)


@dataclass(frozen=True, slots=True)
class _Rejoining:
    """Where an outline from before goes on like the one that is being made."""

    before: list[Region]
    first: int
    moved: int
    same_from: int

    def index(self, header: _Header, columns: Callable[[], list[int]]) -> int | None:
        """Return the index of the region that begins with `header`, if all is as before then.

        `columns` are those of the units that are open there.
        """
        if header.line.before < self.same_from:
            return None
        start = header.line.first - self.moved
        index = bisect_left(self.before, start, lo=self.first + 1, key=_start)
        if index == len(self.before) or self.before[index].start != start:
            return None
        chain = _chain(self.before, self.before[index].owner)
        return index if [self.before[outer].column for outer in chain] == columns() else None


def _start(region: Region) -> int:
    return region.start


def _chain(regions: list[Region], index: int) -> list[int]:
    """Return the indices of a region and those around it, from the outermost on."""
    chain = [index]
    while index:
        index = regions[index].owner
        chain.append(index)
    return chain[::-1]

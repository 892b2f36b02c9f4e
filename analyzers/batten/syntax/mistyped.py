"""Classes whose head is mistyped or half typed: `clas A(B):`, `A(B):`, `class:`, or `cl` so far.

In sound text it is a keyword that begins the head of a block. So a line that may become the head of
a class, with a deeper block in which a method comes first, is read as that head. It is looked for
only where such a method is found, and there between it and the unit before.
"""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

from batten.syntax.headers import Header
from batten.syntax.lines import Line, lines_up_to
from batten.syntax.tokens import column

if TYPE_CHECKING:
    from batten.syntax.borders import Borders
    from batten.syntax.lines import Lines


class MistypedClasses:
    """The heads of classes in the lines of a text that are not typed well."""

    def __init__(self, lines: Lines, borders: Borders) -> None:
        self._lines = lines
        self._borders = borders

    def before(self, header: Header, outer: int, clean: int, after: int) -> Header | None:
        """Return the head of the class that the unit of a header is the first in, if it has one.

        The innermost class around begins in the column `outer`. Brackets are known to be closed
        at `clean`; the head is sought from `after` on.
        """
        if header.line.before <= after or header.line.column <= outer + 1:
            return None  # so it is with most of them
        data, end = self._lines.data, header.line.before
        found: Header | None = None
        first = _FIRST_LINE.match(data, 0, end) if after == 0 else None
        pattern = lines_up_to(header.line.column - 1)
        match = first or pattern.search(data, after, end)
        while match:
            line = Line(match.start(1) - 1, match.end(1), column(match[1]))
            if outer < line.column < header.line.column:
                words = mistyped_class(data, line.first, end)
                if words and self._lines.strings.end_around(line.before) is None:
                    found = Header(line, words)
            match = pattern.search(data, line.first, end)
        if found and self._is_member(header) and self._is_around(found, header.line, clean):
            return found
        return None

    def _is_member(self, header: Header) -> bool:
        """Tell whether a unit looks as if it stood in a class."""
        data = self._lines.data
        first = _FIRST_PARAMETER.match(data, header.words.end())
        assert first
        self._lines.note(first.end())
        return (
            header.words[1] is not None
            or first[1] in _OWN
            or _BOUND.search(data, header.line.first, header.words.start()) is not None
        )

    def _is_around(self, head: Header, member: Line, clean: int) -> bool:
        """Tell whether a line is a statement of its own, with a block that goes on to a member."""
        data, line = self._lines.data, head.line
        if self._lines.follows_backslash(line, clean):
            return False
        if not self._borders.begins_statement(line, clean):
            reading = self._lines.reading(clean)
            reading.read_to(line.before)
            if reading.offset > line.before or reading.open_brackets:
                return False
        reading = self._lines.reading(line.first)
        end, last, start = data.find(b"\n", line.first), b"", line.first
        while reading.step() and reading.offset <= member.before + 1:
            if reading.kind == "newline" and not reading.open_brackets:
                end = start
                break
            if reading.kind not in ("newline", "comment"):
                last = data[start : reading.offset].strip()[-1:] or last
            start = reading.offset
        if last != b":" and half_a_class(data, line.first, end) is None:
            return False
        return not any(
            column(match[1]) < member.column
            and data[match.end()] not in b")]}"
            and self._lines.strings.end_around(match.start()) is None
            for match in lines_up_to(member.column - 1).finditer(data, end, member.before)
        )


def mistyped_class(data: bytes, offset: int, end: int) -> re.Match[bytes] | None:
    """Return what may be the first words of a class, not typed well, as those of a header."""
    return half_a_class(data, offset, end) or _NAMED.match(data, offset, end)


def half_a_class(data: bytes, offset: int, end: int) -> re.Match[bytes] | None:
    """Return the first words of a line that are almost `class`, alone or before a name."""
    return _BEGUN.match(data, offset, end) or _ALONE.match(data, offset, end)


def opens_class(lines: Lines, line: Line, body: Line) -> bool:
    """Tell whether a line begins as the head of a class, and its block with `body` has a method."""
    data, end = lines.data, len(lines.data)
    if half_a_class(data, line.first, end) is None:
        return False
    for match in lines_up_to(body.column - 1).finditer(data, body.first):
        if column(match[1]) < body.column and lines.strings.end_around(match.start()) is None:
            end = match.end()
            break
    lines.note(end)
    return any(
        column(match[1]) == body.column and lines.strings.end_around(match.start()) is None
        for match in _METHOD.finditer(data, body.before, end)
    )


_NO_KEYWORD = rb"(?!(?:%b)(?![\w\x80-\xff]))" % b"|".join(map(str.encode, keyword.kwlist))
_NAME = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
# A letter less, two that have changed places, or one that is another or too much.
_ALMOST = (
    rb"(?:c(?:la?|las)?|lass|cass|clss|lcass|calss|clsas"
    rb"|[a-z]class|[a-z]lass|c[a-z]l?ass|cl[a-z]a?ss|cla[a-z]s?s|clas[a-z]s?|class[a-z])"
)
_BEGUN = re.compile(
    rb"()(?:class(?:[ \t]+|(?=_*[A-Z]\w*[ \t]*[(:]))|%b[ \t]+(?=%b[ \t]*(?:[(\[:\r\n#]|\Z)))%b(%b)"
    % (_ALMOST, _NAME, _NO_KEYWORD, _NAME)
)
_ALONE = re.compile(rb"()(class(?=[ \t]*(?:[(:\r\n#]|\Z))|%b(?=[ \t]*(?:[:\r\n#]|\Z)))" % _ALMOST)
_NAMED = re.compile(
    rb"()(?!(?:case|match)[ \t])(?:%b%b[ \t]+){0,2}%b(_*[A-Z]\w*)(?=[ \t]*[(\[:])"
    % (_NO_KEYWORD, _NAME, _NO_KEYWORD)
)
_FIRST_LINE = re.compile(rb"([ \t]*)(?=[^ \t\r\n#])")
_FIRST_PARAMETER = re.compile(rb"[ \t]*\(?[ \t\r\n]*([\w\x80-\xff]*)")
_OWN = (b"self", b"cls")
_BOUND = re.compile(rb"@(?:static|class)method\b")
_METHOD = re.compile(
    rb"\n([ \t]*)(?:(?:async[ \t]+)?def[ \t]+%b[ \t]*\([ \t\r\n]*(?:self|cls)\b|class[ \t]+%b)"
    % (_NAME, _NAME)
)

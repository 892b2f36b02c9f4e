"""Where the triple-quoted strings of a text are.

A line inside one of them neither begins nor ends a unit. (All other strings end with their
line, unless a backslash continues it.)

While a triple-quoted string is being typed it has no end, and it turns the strings after it
inside out: documentation reads as code and code as text. A triple quote without a partner is
therefore ignored. Counting does not tell which one that is. In a text that has one, a string is
a mistake when it swallows a line that looks like the header of a unit, and the quotes that would
end it look as if they began one (words follow them, or they stand where a docstring or an
argument begins) or those that begin it look as if they ended one (words come before them).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.syntax.tokens import HEADER, TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Strings:
    """The triple-quoted strings of a text: where each begins, quotes included, and ends."""

    starts: list[int]
    ends: list[int]

    def end_around(self, offset: int) -> int | None:
        """Return the end of the string that holds the byte at `offset`; None outside of all."""
        index = bisect_right(self.starts, offset) - 1
        if index >= 0 and offset < self.ends[index]:
            return self.ends[index]
        return None

    def end_before(self, offset: int) -> int:
        """Return the end of the last string that ends at or before `offset`; 0 without one."""
        index = bisect_right(self.ends, offset) - 1
        return self.ends[index] if index >= 0 else 0


def triple_strings(data: bytes) -> Strings:
    """Return the triple-quoted strings of a text, sound or broken."""
    strings, sound = _read(data, _believed)
    if not sound:
        strings, _ = _read(data, _plausible)
    return strings


def token_border(data: bytes, known: int, offset: int) -> int:
    """Return the first border of tokens at or after `offset`: behind it in a comment or string."""
    start = data.rfind(b"\n", known, offset) + 1
    while start and data.endswith((b"\\\n", b"\\\r\n"), known, start):
        start = data.rfind(b"\n", known, start - 1) + 1
    start = start or known
    if data[start:offset].isspace():
        return offset
    while start < offset:
        token = TOKEN.match(data, start)
        assert token
        start = token.end()
    return start


def _read(data: bytes, is_string: Callable[[bytes, int, int], bool]) -> tuple[Strings, bool]:
    """Return the strings, and whether all of them begin and end as strings do."""
    strings = Strings([], [])
    sound = True
    endless: set[bytes] = set()
    known = 0  # a place between two tokens, outside of strings
    double = data.find(_DOUBLE)
    single = data.find(_SINGLE)
    while True:
        if 0 <= double < known:
            double = data.find(_DOUBLE, known)
        if 0 <= single < known:
            single = data.find(_SINGLE, known)
        if double < 0 and single < 0:
            return strings, sound
        opening = max(double, single) if double < 0 or single < 0 else min(double, single)
        known = token_border(data, known, opening)
        if known > opening:
            continue
        known = opening + 3
        quotes = data[opening:known]
        closing = -1 if quotes in endless else _closing(data, known, quotes)
        if closing < 0:
            endless.add(quotes)
            sound = False
        elif is_string(data, opening, closing):
            known = closing + 3
            sound = sound and _begins_well(data, opening) and _ends_well(data, closing)
            strings.starts.append(opening)
            strings.ends.append(known)


_DOUBLE = b'"""'
_SINGLE = b"'''"
_BACKSLASH = ord("\\")


def _closing(data: bytes, start: int, quotes: bytes) -> int:
    """Return where the quotes are that end a string; -1 when there are none."""
    closing = data.find(quotes, start)
    while closing >= 0:
        before = closing
        while before > start and data[before - 1] == _BACKSLASH:
            before -= 1
        if (closing - before) % 2 == 0:
            return closing
        closing = data.find(quotes, closing + 1)
    return -1


def _believed(_data: bytes, _opening: int, _closing: int) -> bool:
    return True


def _plausible(data: bytes, opening: int, closing: int) -> bool:
    """Tell whether a string of a text with odd quotes is one."""
    if _begins_well(data, opening) and not _ends_like_a_beginning(data, closing):
        return True
    return _HEADER_LINE.search(data, opening + 3, closing) is None


_HEADER_LINE = re.compile(rb"\n[ \t]*" + HEADER.pattern)
_PREFIX = rb"(?:[bfrtu]|br|fr|rb|rf|rt|tr|ur)"
_BEFORE_STRING = re.compile(
    rb"""
    (?: ^ | [=(\[{,:;+%%*/<>|&^~@"'\\!-]
      | \b(?:and|assert|await|elif|else|except|exec|for|from|if|in|is|not|or|print|raise|return
          |while|with|yield)
    )[ \t\f]*(?:\b%b)?\Z
    """
    % _PREFIX,
    re.VERBOSE | re.IGNORECASE,
)
_AFTER_STRING = re.compile(
    rb"""
    [ \t]*(?: [\r\n#)\[\]}.,;:%%+*/=!<>|&^@\\-] | (?:and|as|else|for|if|in|is|not|or)\b | \Z )
    | [ \t]+%b?["']
    """
    % _PREFIX,
    re.VERBOSE | re.IGNORECASE,
)
_BEFORE_ARGUMENT = re.compile(
    rb"(?:[=(\[{,:+%%]|\breturn|\bprint)[ \t]*%b?\Z" % _PREFIX, re.IGNORECASE
)
_FIRST_ON_LINE = re.compile(rb"[ \t]*%b?\Z" % _PREFIX, re.IGNORECASE)
_END_OF_HEADER = re.compile(rb":[ \t]*(?:#.*)?\Z")


def _begins_well(data: bytes, opening: int) -> bool:
    line_start = data.rfind(b"\n", 0, opening) + 1
    return _BEFORE_STRING.search(data[line_start:opening]) is not None


def _ends_well(data: bytes, closing: int) -> bool:
    return _AFTER_STRING.match(data, closing + 3) is not None


def _ends_like_a_beginning(data: bytes, closing: int) -> bool:
    if not _ends_well(data, closing):
        return True
    line_start = data.rfind(b"\n", 0, closing) + 1
    before = data[line_start:closing]
    if not _FIRST_ON_LINE.match(before):
        return _BEFORE_ARGUMENT.search(before) is not None
    while line_start:
        earlier_end = line_start - 1
        line_start = data.rfind(b"\n", 0, earlier_end) + 1
        earlier = data[line_start:earlier_end].strip()
        if earlier and not earlier.startswith(b"#"):
            return _END_OF_HEADER.search(earlier) is not None
    return True

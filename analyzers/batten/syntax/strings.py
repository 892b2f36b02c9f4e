"""Where the triple-quoted strings of a text are.

A line inside one of them neither begins nor ends a unit. (All other strings end with their
line, unless a backslash continues it.)

While a triple-quoted string is being typed it has no end, and it turns the strings after it
inside out: documentation reads as code and code as text. A triple quote without a partner is
therefore ignored. Counting does not tell which one that is. In a text with odd quotes, a string
is a mistake when it swallows a line that looks like the header of a unit, and the quotes that
would end it look as if they began one (words follow them, or they stand where a docstring or an
argument begins) or those that begin it look as if they ended one (words come before them).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.syntax.tokens import HEADER, TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.syntax.change import Change


@dataclass(frozen=True, slots=True)
class Strings:
    """The triple-quoted strings of a text: where each begins, quotes included, and ends.

    `sound` tells whether all quotes have a partner and stand where strings begin and end.
    """

    starts: list[int]
    ends: list[int]
    sound: bool

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
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _strings(data, 0, _believed):
        if not _well_placed(data, start, end):
            break
        starts.append(start)
        ends.append(end)
    else:
        return Strings(starts, ends, sound=True)
    plausible = [span for span in _strings(data, 0, _plausible) if span[1] >= 0]
    return Strings([start for start, _ in plausible], [end for _, end in plausible], sound=False)


def reread(data: bytes, before: Strings, change: Change) -> tuple[Strings, int] | None:
    """Return the strings of a changed text, and from where on they are those of `before`.

    None when the text is unsound or was: then a change may touch any of them.
    """
    if not before.sound:
        return None
    kept = bisect_right(before.ends, change.start)
    while kept and data.find(b"\n", before.ends[kept - 1], change.start) < 0:
        kept -= 1  # what follows it on its line has changed
    starts = before.starts[:kept]
    ends = before.ends[:kept]
    rest = bisect_left(before.starts, change.old_end)
    moved = change.moved
    for start, end in _strings(data, ends[-1] if ends else 0, _believed):
        if not _well_placed(data, start, end):
            return None
        while rest < len(before.starts) and before.starts[rest] + moved < start:
            rest += 1
        if rest < len(before.starts) and before.starts[rest] + moved == start:
            break
        starts.append(start)
        ends.append(end)
    else:
        rest = len(before.starts)
    same_from = max(
        ends[-1] if len(ends) > kept else change.new_end,
        before.ends[rest - 1] + moved if rest else change.new_end,
        change.new_end,
    )
    starts.extend([start + moved for start in before.starts[rest:]])
    ends.extend([end + moved for end in before.ends[rest:]])
    return Strings(starts, ends, sound=True), same_from


def token_border(data: bytes, known: int, offset: int) -> int:
    """Return the first border of tokens at or after `offset`: behind it in a comment or string.

    `known` is an earlier border of tokens, with no triple-quoted string up to `offset`.
    """
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


def _strings(
    data: bytes, known: int, is_string: Callable[[bytes, int, int], bool]
) -> Iterator[tuple[int, int]]:
    """Yield where strings start and end from `known` on, a border of tokens; end -1 for none."""
    endless: set[bytes] = set()
    while (start := _next_quotes(data, known)) >= 0:
        known = token_border(data, known, start)
        if known > start:
            continue
        known = start + 3
        quotes = data[start:known]
        closing = -1 if quotes in endless else _closing(data, known, quotes)
        if closing < 0:
            endless.add(quotes)
            yield start, -1
        elif is_string(data, start, closing):
            known = closing + 3
            yield start, known


_DOUBLE = b'"""'
_SINGLE = b"'''"
_BACKSLASH = ord("\\")
_NEAR = 4096


def _next_quotes(data: bytes, known: int) -> int:
    """Return where the next triple quotes of either kind are; -1 when there are none."""
    near = _NEAR
    while True:
        end = known + near
        double = data.find(_DOUBLE, known, end)
        single = data.find(_SINGLE, known, end if double < 0 else double)
        if double >= 0 or single >= 0:
            return single if single >= 0 else double
        if end >= len(data):
            return -1
        near *= 4


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


def _believed(_data: bytes, _start: int, _closing: int) -> bool:
    return True


def _plausible(data: bytes, start: int, closing: int) -> bool:
    """Tell whether a string of a text with odd quotes is one."""
    return (
        _begins_well(data, start) and not _ends_like_a_beginning(data, closing)
    ) or _HEADER_LINE.search(data, start + 3, closing) is None


def _well_placed(data: bytes, start: int, end: int) -> bool:
    return end >= 0 and _begins_well(data, start) and _AFTER_STRING.match(data, end) is not None


_HEADER_LINE = re.compile(rb"\n[ \t]*" + HEADER.pattern)
_PREFIX = rb"(?:[bfrtu]|br|fr|rb|rf|rt|tr|ur)"
_BEFORE_STRING = re.compile(
    rb"""
    (?: \A | [=(\[{,:;+%%*/<>|&^~@"'\\!-]
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
_LOOK_BACK = 80  # bytes: enough for what can stand before a string, and bounded on any line


def _begins_well(data: bytes, start: int) -> bool:
    return _BEFORE_STRING.search(_line_before(data, start)) is not None


def _ends_like_a_beginning(data: bytes, closing: int) -> bool:
    if not _AFTER_STRING.match(data, closing + 3):
        return True
    before = _line_before(data, closing)
    if not _FIRST_ON_LINE.match(before):
        return _BEFORE_ARGUMENT.search(before) is not None
    end = data.rfind(b"\n", 0, closing)
    while end > 0:
        earlier = _line_before(data, end).strip()
        if earlier and not earlier.startswith(b"#"):
            return _END_OF_HEADER.search(earlier) is not None
        end = data.rfind(b"\n", 0, end)
    return True


def _line_before(data: bytes, offset: int) -> bytes:
    """Return what stands before `offset` on its line, the end of it when that is long."""
    start = max(offset - _LOOK_BACK, 0)
    return data[max(data.rfind(b"\n", start, offset) + 1, start) : offset]

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
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from batten.syntax.offsets import Offsets
from batten.syntax.tokens import HEADER, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.syntax.change import Change


class Flaw(NamedTuple):
    """Quotes that are not read as the beginning of a sound string: where they are, and where
    the string would end that they would begin; -1 when nothing would end it.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Strings:
    """The triple-quoted strings of a text: where each begins, quotes included, and ends.

    These are the `borders`, in turn. The text is `sound` when all quotes have a partner and stand
    where strings begin and end. Else `flaws` are those of which that is not true. `plausible`
    tells that all are known to be strings in a text with odd quotes, too.
    """

    borders: Offsets
    sound: bool
    flaws: list[Flaw] = field(default_factory=list)
    plausible: bool = field(default=False, compare=False)

    def __len__(self) -> int:
        return len(self.borders) // 2

    def at(self, number: int) -> tuple[int, int] | None:
        """Return where a string starts and ends; None when there are not as many."""
        if number >= len(self):
            return None
        return self.borders[2 * number], self.borders[2 * number + 1]

    def __iter__(self) -> Iterator[tuple[int, int]]:
        borders = iter(self.borders)
        return zip(borders, borders, strict=True)

    def end_around(self, offset: int) -> int | None:
        """Return the end of the string that holds the byte at `offset`; None outside of all."""
        index = self.borders.up_to(offset)
        return self.borders[index] if index % 2 else None

    def end_before(self, offset: int) -> int:
        """Return the end of the last string that ends at or before `offset`; 0 without one."""
        return self.end_of(self.ended(offset) - 1)

    def ended(self, offset: int) -> int:
        """Return how many strings end at or before `offset`."""
        return self.borders.up_to(offset) // 2

    def begun(self, offset: int) -> int:
        """Return how many strings start before `offset`."""
        return (self.borders.up_to(offset - 1) + 1) // 2

    def end_of(self, number: int) -> int:
        """Return where a string ends; 0 for number -1."""
        return self.borders[2 * number + 1] if number >= 0 else 0


def triple_strings(data: bytes) -> Strings:
    """Return the triple-quoted strings of a text, sound or broken."""
    borders: list[int] = []
    for start, end in _strings(data, 0):
        if not _well_placed(data, start, end):
            break
        borders += (start, end)
    else:
        return Strings(Offsets(borders), sound=True)
    flaws: list[Flaw] = []
    borders = []
    for start, end in _strings(data, 0, flaws):
        borders += (start, end)
    return Strings(Offsets(borders), False, flaws, True)


class Reread(NamedTuple):
    """The strings of a changed text: up to `same_to` they are those before, from `same_from` too.

    `same_to` is before the change where quotes found or lost a partner.
    """

    strings: Strings
    same_to: int
    same_from: int


def reread(data: bytes, before: Strings, change: Change) -> Reread | None:
    """Return the strings of a changed text, at the cost of the change.

    None when that can't be told from the change and what is near it.
    """
    kept = _kept(data, before, change)
    if before.sound:
        found = _spliced(data, before, change, kept, None)
        if found is not None:
            return found
    found = _spliced(data, before, change, kept, [])
    if found is None or found.strings.sound:
        return found
    strings = found.strings
    if not strings.plausible:
        if not all(_plausible(data, start, end - 3) for start, end in strings):
            return None
        found = found._replace(strings=replace(strings, plausible=True))
    return None if _is_sound_after_all(data, strings) else found


def _kept(data: bytes, before: Strings, change: Change) -> int:
    """Return how many strings a change can't touch that comes behind them."""

    def is_apart(end: int) -> bool:
        """Tell whether what ends there is on a line before that of the change."""
        return 0 <= end <= change.start and data.find(b"\n", end, change.start) >= 0

    kept = before.ended(change.start)
    while kept and not is_apart(before.end_of(kept - 1)):
        kept -= 1
    touched = next((flaw for flaw in before.flaws if not is_apart(flaw.end)), None)
    return kept if touched is None else min(kept, before.ended(touched.start))


def _spliced(
    data: bytes, before: Strings, change: Change, kept: int, flaws: list[Flaw] | None
) -> Reread | None:
    """Read on behind the strings that are kept, up to one that was there before.

    Without a list of flaws: as long as the text is sound, else None.
    """
    moved = change.moved
    known = before.end_of(kept - 1)
    fresh: list[int] = []
    rest = before.begun(change.old_end)
    rest_start: int | None = None
    old = before.at(rest)
    for start, end in _strings(data, known, flaws):
        if flaws is None and not _well_placed(data, start, end):
            return None
        while old and old[0] + moved < start:
            rest += 1
            old = before.at(rest)
        if old and old[0] + moved == start:
            rest_start = start
            break
        fresh += (start, end)
    else:
        rest = len(before)
    same_from = max(
        fresh[-1] if fresh else change.new_end,
        before.end_of(rest - 1) + moved if rest else change.new_end,
        change.new_end,
    )
    borders = before.borders.replaced(2 * kept, 2 * rest, fresh, moved)
    all_flaws = [flaw for flaw in before.flaws if flaw.start < known]
    if rest_start is not None:
        # What stands before the one that was found again may have changed.
        all_flaws += flaws or ()
        all_flaws += [
            Flaw(flaw.start + moved, flaw.end + moved if flaw.end >= 0 else -1)
            for flaw in before.flaws
            if flaw.start + moved > rest_start
        ]
    else:
        all_flaws += flaws or ()
    plausible = before.plausible
    if plausible:
        near = _on_the_line(data, before, change, rest)
        if flaws is None:
            near += zip(fresh[::2], fresh[1::2], strict=True)
        plausible = all(_plausible(data, start, end - 3) for start, end in near)
    strings = Strings(borders, not all_flaws, all_flaws, plausible)
    return Reread(strings, _same_to(before, strings, change, kept), same_from)


def _on_the_line(data: bytes, before: Strings, change: Change, rest: int) -> list[tuple[int, int]]:
    """Return where those strings are, of the last from number `rest` on, that follow a change on
    its line.
    """
    found = []
    while old := before.at(rest):
        start, end = old[0] + change.moved, old[1] + change.moved
        if data.find(b"\n", change.new_end, start) >= 0:
            break
        found.append((start, end))
        rest += 1
    return found


def _same_to(before: Strings, after: Strings, change: Change, kept: int) -> int:
    """Return up to where strings are the same; those that the change is in count as that."""
    behind = (change.start, 0)
    for number in range(kept, max(len(before), len(after))):
        start, end = before.at(number) or behind
        new_start, new_end = after.at(number) or behind
        if min(start, new_start) >= change.start:
            break
        if start != new_start or new_end not in (end, end + change.moved):
            return min(start, new_start)
    return change.start


def _is_sound_after_all(data: bytes, strings: Strings) -> bool:
    """Tell whether all quotes of a text fit when none is ignored."""
    known = strings.end_before(strings.flaws[0].start)
    return all(_well_placed(data, start, end) for start, end in _strings(data, known))


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


def _strings(data: bytes, known: int, flaws: list[Flaw] | None = None) -> Iterator[tuple[int, int]]:
    """Yield where strings start and end from `known` on, a border of tokens; end -1 for none.

    With a list of flaws, what is not plausible is put there, and no string.
    """
    endless: set[bytes] = set()
    while (start := _next_quotes(data, known)) >= 0:
        known = token_border(data, known, start)
        if known > start:
            continue
        known = start + 3
        quotes = data[start:known]
        closing = -1 if quotes in endless else _closing(data, known, quotes)
        end = closing + 3 if closing >= 0 else -1
        if closing < 0:
            endless.add(quotes)
        if flaws is None:
            known = max(known, end)
            yield start, end
            continue
        if not _well_placed(data, start, end):
            flaws.append(Flaw(start, end))
        if closing >= 0 and _plausible(data, start, closing):
            known = end
            yield start, end
        elif not flaws or flaws[-1].start != start:
            flaws.append(Flaw(start, end))


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

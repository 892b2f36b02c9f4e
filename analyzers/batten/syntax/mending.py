"""Half-typed text with its brackets and strings ended, so that it can be read.

Who types `get(` or opens a string leaves it open for a while. A parser then takes what follows for
a part of it, or gives up what is around it. But where a statement ends is told by its lines: one
that is no deeper, or to which no expression can go on, begins another. There the brackets are
ended. A triple quote without a partner is left out where an expression follows it, else it is an
empty text, with the lines that do not look like code; what is added (`+`) is left out, too. So is
a bracket that closes nothing. What else a statement needs is told by `unfinished`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from batten.syntax.borders import STATEMENT, UNFINISHED
from batten.syntax.strings import triple_strings
from batten.syntax.text import Span
from batten.syntax.tokens import TOKEN, column
from batten.syntax.unfinished import (
    OPERATOR,
    Edit,
    Statement,
    Unfinished,
    ended_in_brackets,
    ended_in_fields,
    is_operand,
)

if TYPE_CHECKING:
    from batten.syntax.strings import Strings

LONGEST = 65536
"""Bytes: longer texts are not mended."""


class Mended(NamedTuple):
    """A text that was mended; each place of `put_in` is that of a byte which was put in.

    `broken` are ranges of the text as it was: what was left open, or closed nothing.
    """

    text: bytes
    put_in: tuple[int, ...]
    broken: tuple[Span, ...]

    def before(self, offset: int) -> int:
        """Return where a place is in the text as it was."""
        return offset - bisect_left(self.put_in, offset)


def mended(text: bytes, start: int = 0) -> Mended | None:
    """Return a text with its brackets and strings ended; None when there is nothing to mend.

    Up to `start`, where a statement begins, nothing is mended. If that can't be so for the rest,
    nothing is mended at all.
    """
    if len(text) > LONGEST:
        return None
    strings = triple_strings(text)
    quotes = _open_quotes(text, strings)
    if quotes and quotes[0].span.start < start:
        return None
    for quote in reversed(quotes):
        text = text[: quote.span.start] + quote.instead + text[quote.span.end :]
    brackets = _Brackets(text, strings, [quote.span.start for quote in quotes])
    brackets.read(start)
    broken = sorted([*(quote.span for quote in quotes), *brackets.broken])
    if not broken:
        return None
    pieces: list[bytes] = []
    put_in: list[int] = []
    done = length = 0
    for at, left_out, more in sorted(brackets.edits, key=_place):
        pieces += (text[done:at], more)
        length += at - done
        put_in += range(length, length + len(more) - left_out)
        length += len(more)
        done = at + left_out
    return Mended(b"".join((*pieces, text[done:])), tuple(put_in), tuple(broken))


_place = itemgetter(0, 1)
"""By place; what is put in where something is left out comes before it."""


class _Quote(NamedTuple):
    """A triple quote without a partner, with what it makes text, and what to read instead."""

    span: Span
    instead: bytes


def _open_quotes(text: bytes, strings: Strings) -> list[_Quote]:
    found: list[_Quote] = []
    done = 0
    for start, _ in strings.flaws[:_MOST_QUOTES]:
        if start < done or strings.end_around(start) is not None:
            continue
        done = start + 3
        begun = text[max(text.rfind(b"\n", 0, start) + 1, start - _LOOK_BACK) : start]
        is_apart = not _PREFIXED.search(begun)
        if is_apart and _WORD.search(begun):
            instead = b"   "  # it ends a string that has no beginning
        elif is_apart and begun.strip() and _EXPRESSION.match(text, done):
            instead = b"   "
        else:
            prose = _PROSE.match(text, done)
            assert prose
            done = prose.end()
            quotes = text[start : start + 1] * 2
            if added := _ADDED.search(begun):
                start -= len(added[0])
                quotes = b""
            instead = quotes + _LETTER.sub(b" ", text[start + len(quotes) : done])
        found.append(_Quote(Span(start, done), instead))
    return found


_MOST_QUOTES = 16
_LOOK_BACK = 80
_PREFIXED = re.compile(rb"(?<![\w\x80-\xff])(?:[bfrtu]|br|fr|rb|rf|rt|tr)\Z", re.IGNORECASE)
_WORD = re.compile(rb"[\w\x80-\xff)\]}.!?]\Z")
_EXPRESSION = re.compile(rb"[ \t]*[\w\"'(\[{\x80-\xff]")
_ADDED = re.compile(rb"(?<=[\w\x80-\xff)\]}\"'])[ \t]*[+%][ \t]*[bfrtuBFRTU]{0,2}\Z")
_LETTER = re.compile(rb"[^\r\n]")
_PROSE = re.compile(
    rb"""
    [^\n]*
    (?: \n (?! [ \t]* (?:
        (?:async|class|def|elif|else|except|finally|if|try|while|with)\b [^\n]{0,200} :[ \t\r]*$
      | for\b [^\n]{0,200} \bin\b [^\n]{0,200} :[ \t\r]*$
      | (?:assert|await|break|continue|del|from|global|import|nonlocal|pass|raise|return|yield)\b
        (?! [ \t]+ (?!(?:await|lambda|not)\b) [A-Za-z']+
            [ \t]+ (?!(?:and|as|else|for|from|if|import|in|is|not|or)\b) [A-Za-z'] )
      | [\w.]+ (?: [ \t]* (?: :[^\n]{0,80} | ,[\w.,* \t]{0,80} | [(\[][^\n]{0,80}[)\]] ) )?
        [ \t]* (?: [-+*/|&%@]|//|\*\* )? = [^=]
      | [\w.]+ \( (?: [^\n]{0,200} [\[({,)] )? [ \t\r]*$
      | @[\w.]+
      | [^\n]{0,200} (?: \"{3} | '{3} )
      ) )
      [^\n]*
    )*
    """,
    re.VERBOSE | re.MULTILINE,
)
"""The rest of a line, and the lines behind it that do not look like code."""


class _Brackets:
    """One reading of a text for brackets that are left open, or close nothing."""

    def __init__(self, data: bytes, strings: Strings, quotes: list[int]) -> None:
        self.edits: list[Edit] = []
        self.broken: list[Span] = []
        self._data = data
        self._strings = strings
        # Quotes without a partner: their statements are left as they are.
        self._quotes = quotes
        self._open: list[int] = []
        # The first byte of the statement, and the end of the last token.
        self._statement: int | None = None
        self._end = 0
        # Its code outside of brackets and strings.
        self._outside: list[bytes] = []
        self._unfinished = Unfinished(data, strings)

    def read(self, offset: int) -> None:
        """Read the text from a statement on."""
        data = self._data
        looked_at = 0
        while token := TOKEN.match(data, offset):
            start, offset = offset, token.end()
            kind = token.lastgroup
            if kind == "newline":
                if self._open and looked_at < self._end:
                    looked_at = self._end
                    if self._is_before_argument(offset):
                        self._end_argument(self._open[-1])
                    elif self._is_over(offset):
                        self._close(0)
                if not self._open:
                    self._end_statement(start)
                continue
            if kind == "comment":
                continue
            end = offset
            if kind is None:
                text = token[0].strip()
                if not self._open:
                    self._outside.append(token[0])
                if not text:
                    continue
                start = data.find(text[:1], start)
                end = start + len(text)
            if kind == "close" and not self._found_closing(start):
                continue
            if self._statement is None:
                self._statement = start
            if kind == "open":
                if not self._open:
                    self._outside.append(data[start:end])
                self._open.append(start)
            elif kind == "triple":
                if not self._open:
                    self._outside.append(b'""')
                end = offset = self._strings.end_around(start) or offset
            elif kind == "string" and not _ENDED.search(data, start, offset):
                if self._open:
                    self.edits.append(Edit(offset, 0, data[start : start + 1]))
                    self.broken.append(Span(start, offset))
                else:
                    end = offset = start + 1
                    self._quotes.append(start)
            elif kind == "string":
                self._end_field(start, offset)
                if not self._open:
                    self._outside.append(b'""')
            self._end = end
        if self._open:
            self._close(0)
        self._end_statement(len(data))

    def _end_statement(self, end: int) -> None:
        """Put in what a statement needs."""
        begun, outside = self._statement, b"".join(self._outside).strip()
        self._outside.clear()
        self._statement = None
        if (
            begun is None
            or not outside
            or any(begun <= each <= end for each in self._quotes[-_MOST_QUOTES:])
        ):
            return
        is_whole = not self.edits or self.edits[-1].at < begun
        found = self._unfinished.edits(Statement(begun, self._end, outside, is_whole))
        if found:
            self.edits += found
            self.broken.append(Span(begun, self._end))

    def _found_closing(self, at: int) -> bool:
        """End what a bracket closes; tell whether there was anything. Else a blank is read."""
        wanted = _PARTNERS[self._data[at]]
        least = max(len(self._open) - _DEEPEST, 0)
        for number in range(len(self._open) - 1, least - 1, -1):
            if self._data[self._open[number]] == wanted:
                if number + 1 < len(self._open):
                    self._close(number + 1)
                else:
                    self._end_inside(self._open[-1])
                self._open.pop()
                if not self._open:
                    self._outside.append(self._data[at : at + 1])
                return True
        self.edits.append(Edit(at, 1, b" "))
        self.broken.append(Span(at, at + 1))
        if not self._open:
            self._outside.append(b" ")
        return False

    def _end_field(self, start: int, end: int) -> None:
        """End a field of an f-string."""
        data = self._data
        if b"{" in data[start:end] and _FORMATTED.search(data, max(start - 3, 0), start):
            found = ended_in_fields(end - 1, data[start + 1 : end - 1])
            if found:
                self.edits += found
                self.broken.append(Span(start, end))

    def _end_inside(self, opened: int) -> None:
        """Put in what is missing before a closing bracket."""
        data, end = self._data, self._end
        if opened + 1 == end:
            before = data[max(opened - _LOOK_BACK, 0) : opened]
            is_index = data[opened] == _SQUARE and is_operand(before)
            found = [Edit(end, 0, b"...")] if is_index else []
        elif data[opened] == _CURLY and data[end - 1] == _COLON:
            found = [Edit(end, 0, b'""')]
        else:
            found = ended_in_brackets(end, data[max(opened, end - _LOOK_BACK) : end])
        if found:
            self.edits += found
            self.broken.append(Span(opened, end))

    def _is_before_argument(self, newline: int) -> bool:
        """Tell whether an argument lacks its comma, as the next line gives one by name."""
        data, begun = self._data, self._statement or 0
        if data[self._open[-1]] != _ROUND or data[self._end - 1] in _BEFORE_ARGUMENTS:
            return False
        argument = _ARGUMENT.match(data, newline)
        if argument is None or _COMPOUND.match(data, begun):
            return False
        return column(argument[1]) > column(data[data.rfind(b"\n", 0, begun) + 1 : begun])

    def _end_argument(self, opened: int) -> None:
        data, end = self._data, self._end
        self.edits += ended_in_brackets(end, data[max(opened + 1, end - _LOOK_BACK) : end])
        self.edits.append(Edit(end, 0, b","))
        self.broken.append(Span(opened, end))

    def _is_over(self, newline: int) -> bool:
        """Tell whether the statement can't go on behind the end of a line."""
        data, begun = self._data, self._statement or 0
        blank = _BLANK_LINES.match(data, newline)
        assert blank
        first = blank.end()
        if first == len(data) or _NEVER_INSIDE.match(data, first):
            return True
        if data[self._end - 1] == _COLON and data[self._open[-1]] == _ROUND:
            return _COMPOUND.match(data, begun) is not None
        if column(blank[1]) <= column(data[data.rfind(b"\n", 0, begun) + 1 : begun]):
            return data[first] == _AT or _AT_DEPTH.match(data, first) is not None
        is_text = _TEXT.match(data, first) is not None
        if not is_text and not STATEMENT.match(data, first):
            return False
        line = data[max(data.rfind(b"\n", 0, self._end) + 1, self._end - _LOOK_BACK) : self._end]
        return UNFINISHED.search(line) is None and not (is_text and line[-1] in _QUOTES)

    def _close(self, number: int) -> None:
        """End the brackets from a number on behind the last token."""
        data, place = self._data, self._end
        if (
            not number
            and data[place - 1] == _COLON
            and self._statement is not None
            and _COMPOUND.match(data, self._statement)
        ):
            place -= 1  # that of `if`, not of a slice
        last = self._open[-1]
        before = data[max(place - _LOOK_BACK, last + 1) : place]
        missing = b""
        if last + 1 == place:
            is_call = _CALLED.search(data, max(last - _LOOK_BACK, 0), last)
            missing = b'""' if data[last] == _ROUND and not is_call else b""
        elif OPERATOR.search(before) or (data[last] == _CURLY and before.endswith(b":")):
            missing = b'""'
        ends = bytes([_ENDS[data[each]] for each in reversed(self._open[number:])])
        self.edits.append(Edit(place, 0, missing + ends))
        self.broken.append(Span(self._open[number], place))
        del self._open[number:]
        if not number:
            self._outside.append(ends[-1:])
            if place < self._end:
                self._outside.append(b":")


_DEEPEST = 16
_ROUND, _SQUARE, _CURLY, _AT, _COLON = b"([{@:"
_PARTNERS = dict(zip(b")]}", b"([{", strict=True))
_ENDS = {begin: end for end, begin in _PARTNERS.items()}
_ENDED = re.compile(rb"""(?<=.)["']\Z""", re.DOTALL)
_BLANK_LINES = re.compile(rb"(?:[ \t\r\f]*(?:#[^\n]*)?\n)*([ \t]*)(?:#[^\n]*\Z)?")
_BEFORE_ARGUMENTS = frozenset(b"(,")
_ARGUMENT = re.compile(rb"(?:[ \t\r\f]*(?:#[^\n]*)?\n)*([ \t]*)[A-Za-z_]\w*=[^=\s]")
_NEVER_INSIDE = re.compile(
    rb"""
    (?: assert|break|class|continue|def|del|elif|except|finally|global|import|nonlocal|pass|raise
      | return|try|while|with
    )\b(?![ \t]*[=,)\]}])
    | (?:if|for)\b[^\n]{0,200}:[ \t\r]*$
    """,
    re.VERBOSE | re.MULTILINE,
)
_AT_DEPTH = re.compile(rb"(?:async|for|if)\b|" + STATEMENT.pattern, re.VERBOSE)
_TEXT = re.compile(rb"[A-Za-z]{0,2}[\"']")
_QUOTES = frozenset(b"\"'")
_COMPOUND = re.compile(rb"(?:async|case|class|def|elif|except|for|if|match|while|with)\b")
_FORMATTED = re.compile(rb"(?<![\w\x80-\xff])[rR]?[fFtT][rR]?\Z")
_CALLED = re.compile(rb"[\w\x80-\xff)\]}\"'][ \t]*\Z")

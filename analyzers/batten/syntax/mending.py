"""Half-typed text with its brackets and strings ended, so that it can be read.

Who types `get(` or opens a string leaves it open for a while. A parser then takes what follows for
a part of it, or gives up what is around it. But where a statement ends is told by its lines: one
that is no deeper, or to which no expression can go on, begins another. There the brackets are
ended. A triple quote without a partner is left out where an expression follows it, else it is an
empty text, with the lines that do not look like code; what is added (`+`) is left out, too. So is
a bracket that closes nothing. A block whose head has no word that can begin one (`defx get(self):`)
is that of a method, or of `if`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from batten.syntax.borders import STATEMENT, UNFINISHED
from batten.syntax.strings import triple_strings
from batten.syntax.text import Span
from batten.syntax.tokens import TOKEN, column

if TYPE_CHECKING:
    from collections.abc import Callable

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
    brackets = _Brackets(text, strings)
    brackets.read(start)
    broken = sorted([*(quote.span for quote in quotes), *brackets.broken])
    if not broken:
        return None
    pieces: list[bytes] = []
    put_in: list[int] = []
    done = length = 0
    for at, left_out, more in brackets.edits:
        pieces += (text[done:at], more)
        length += at - done
        put_in += range(length, length + len(more) - left_out)
        length += len(more)
        done = at + left_out
    return Mended(b"".join((*pieces, text[done:])), tuple(put_in), tuple(broken))


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


class _Edit(NamedTuple):
    """What is to be read at a place, instead of so many bytes that are left out."""

    at: int
    left_out: int
    more: bytes


class _Brackets:
    """One reading of a text for brackets that are left open, or close nothing."""

    def __init__(self, data: bytes, strings: Strings) -> None:
        self.edits: list[_Edit] = []
        self.broken: list[Span] = []
        self._data = data
        self._strings = strings
        self._open: list[int] = []
        # The first byte of the statement, and the end of the last token.
        self._statement: int | None = None
        self._end = 0

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
                    if self._is_over(offset):
                        self._close(0)
                if not self._open:
                    self._end_statement(offset)
                    self._statement = None
                continue
            if kind == "comment":
                continue
            end = offset
            if kind is None:
                text = token[0].strip()
                if not text:
                    continue
                start = data.find(text[:1], start)
                end = start + len(text)
            if self._statement is None:
                self._statement = start
            if kind == "close":
                self._found_closing(start)
            elif kind == "open":
                self._open.append(start)
            elif kind == "triple":
                end = offset = self._strings.end_around(start) or offset
            elif kind == "string" and not _ENDED.search(data, start, offset):
                if self._open:
                    self.edits.append(_Edit(offset, 0, data[start : start + 1]))
                    self.broken.append(Span(start, offset))
                else:
                    end = offset = start + 1
            self._end = end
        if self._open:
            self._close(0)

    def _end_statement(self, newline: int) -> None:
        """Read the head of a block whose word is not there yet as that of a method, or of `if`."""
        data, begun = self._data, self._statement
        if begun is None or data[self._end - 1] != _COLON or _HEAD.match(data, begun):
            return
        blank = _BLANK_LINES.match(data, newline)
        assert blank
        line = data.rfind(b"\n", 0, begun) + 1
        own = column(data[line:begun])
        if blank.end() == len(data) or column(blank[1]) <= own:
            return
        before = _before(own, data, line)
        if before is None or (self.edits and self.edits[-1].at >= begun):
            return  # it begins nothing there, or more is missing
        found = self._word(begun, before, partial(_behind, own, data, blank.end()))
        if found is not None:
            end, word = found
            self.edits.append(_Edit(begun, end - begun, word.ljust(end - begun)))
            self.broken.append(Span(begun, end))

    def _word(
        self, begun: int, before: bytes, behind: Callable[[], bytes]
    ) -> tuple[int, bytes] | None:
        """Return what to read instead of the first bytes of a head, up to an end.

        `before` and `behind` it and its block are the next lines that are no deeper. None leaves a
        statement with a stray colon as it is: what it calls is read nevertheless.
        """
        data = self._data
        if method := _METHOD.match(data, begun):
            return method.end(), b"def "
        if _TRY.match(before) or (_HANDLER.match(before) and _CLAUSE.match(behind())):
            return self._end, b"except:"
        if _WITH.match(data, begun, self._end) and (word := _FIRST.match(data, begun)):
            return word.end(), b"with"
        if word := _FOR.match(data, begun, self._end):
            return word.end(1), b"for"
        return (self._end, b"if 1:") if _NEW_HEAD.match(data, begun) else None

    def _found_closing(self, at: int) -> None:
        wanted = _PARTNERS[self._data[at]]
        least = max(len(self._open) - _DEEPEST, 0)
        for number in range(len(self._open) - 1, least - 1, -1):
            if self._data[self._open[number]] == wanted:
                if number + 1 < len(self._open):
                    self._close(number + 1)
                self._open.pop()
                return
        self.edits.append(_Edit(at, 1, b" "))
        self.broken.append(Span(at, at + 1))

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
            return data[first] == _AT or STATEMENT.match(data, first) is not None
        if not STATEMENT.match(data, first):
            return False
        line = data[max(data.rfind(b"\n", 0, self._end) + 1, self._end - _LOOK_BACK) : self._end]
        return UNFINISHED.search(line) is None

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
        elif _OPERATOR.search(before) or (data[last] == _CURLY and before.endswith(b":")):
            missing = b'""'
        ends = bytes([_ENDS[data[each]] for each in reversed(self._open[number:])])
        self.edits.append(_Edit(place, 0, missing + ends))
        self.broken.append(Span(self._open[number], place))
        del self._open[number:]


def _before(own: int, data: bytes, line: int) -> bytes | None:
    """Return the code before a line that is no deeper than a column, empty for none.

    None if no statement may begin in that column.
    """
    is_next = True
    while line:
        end, line = line - 1, data.rfind(b"\n", 0, line - 1) + 1
        code = data[line:end].strip()
        if code and not code.startswith(b"#"):
            depth = _depth(data[line:end])
            if depth <= own:
                return code if depth == own or (is_next and code.endswith(b":")) else None
            is_next = False
    return b""


def _behind(own: int, data: bytes, start: int) -> bytes:
    """Return the first code from a line on that is no deeper than a column, empty for none."""
    end = data.find(b"\n", start)
    while end >= 0:
        line, end = end + 1, data.find(b"\n", end + 1)
        found = data[line : end if end >= 0 else len(data)]
        if found.strip() and _depth(found) <= own:
            return found.strip()
    return b""


def _depth(line: bytes) -> int:
    return column(line[: len(line) - len(line.lstrip())])


_DEEPEST = 16
_ROUND, _CURLY, _AT, _COLON = b"({@:"
_PARTNERS = dict(zip(b")]}", b"([{", strict=True))
_ENDS = {begin: end for end, begin in _PARTNERS.items()}
_ENDED = re.compile(rb"""(?<=.)["']\Z""", re.DOTALL)
_BLANK_LINES = re.compile(rb"(?:[ \t\r\f]*(?:#[^\n]*)?\n)*([ \t]*)(?:#[^\n]*\Z)?")
_NEVER_INSIDE = re.compile(
    rb"""
    (?: assert|break|class|continue|def|del|elif|except|finally|global|import|nonlocal|pass|raise
      | return|try|while|with
    )\b(?![ \t]*[=,)\]}])
    | (?:if|for)\b[^\n]{0,200}:[ \t\r]*$
    """,
    re.VERBOSE | re.MULTILINE,
)
_HEAD = re.compile(
    rb"(?:async[ \t]+(?:def|for|with)|case|class|def|elif|else|except|finally|for|if|match|try"
    rb"|while|with)\b"
)
_METHOD = re.compile(rb"(?:\w+[ \t]+){0,3}(?=\w+[ \t]*\([ \t\r\n]*(?:self|cls)\b)")
_TRY, _HANDLER = re.compile(rb"try\b"), re.compile(rb"(?:except|else)\b")
_CLAUSE = re.compile(rb"(?:except|else|finally)\b")
# A word of its own, or one before an operand or a bracket: no statement with a stray colon.
_NEW_HEAD = re.compile(
    rb"(?!(?:assert|await|del|from|global|import|nonlocal|raise|return|yield)\b)"
    rb"(?:[\w\x80-\xff]+[ \t]*(?:[:(]|(?<=[ \t])[\w\x80-\xff\"'\[{])|[\"'])"
)
_FIRST = re.compile(rb"(?:async[ \t]+)?\w+(?:[ \t]+with\b)?(?=[ \t])")
_WITH = re.compile(rb"(?!from\b|import\b)(?:\w+[ \t]+){1,3}[^ \t:=].*[ \t]as[ \t]+[\w(]", re.DOTALL)
_FOR = re.compile(
    rb"((?:async[ \t]+)?(?:fo?r?|or|for\w|f\wor|fo\wr)(?:[ \t]+for\b)?)[ \t]+"
    rb"[\w., \t()\[\]*]+[ \t)\]]in\b"
)
_COMPOUND = re.compile(rb"(?:async|case|class|def|elif|except|for|if|match|while|with)\b")
_CALLED = re.compile(rb"[\w\x80-\xff)\]}\"'][ \t]*\Z")
_OPERATOR = re.compile(rb"(?:[-=+*/%|&^<>~@]|\b(?:and|await|else|if|in|is|not|or))[ \t]*\Z")

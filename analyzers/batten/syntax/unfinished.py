"""Statements that are not typed to their end, and heads of blocks whose word or colon is missing.

Who types `if name == 1:` letter by letter has a statement in each state that no parser knows, often
above the block that will be its own. Here the least is put in that makes one of it: an operand
(`x = ...`), a colon, the head of a block that has none. A word behind an operand (`a i`) is the
beginning of an operator: it is left out, as is a dot without a name. What holds nothing yet
(`import `) is read as `pass`.
"""

from __future__ import annotations

import keyword
import re
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from batten.syntax.mistyped import half_a_class, mistyped_class
from batten.syntax.tokens import HEADER, column

if TYPE_CHECKING:
    from batten.syntax.strings import Strings


class Edit(NamedTuple):
    """What is to be read at a place, instead of so many bytes that are left out."""

    at: int
    left_out: int
    more: bytes


class Statement(NamedTuple):
    """A statement as it was typed: its range, its code outside of brackets and strings.

    `is_whole` tells that no bracket or string in it had to be ended.
    """

    start: int
    end: int
    outside: bytes
    is_whole: bool


class _Ending(NamedTuple):
    """How many of the last bytes are left out, and what is put in."""

    left_out: int
    more: bytes


class Unfinished:
    """What the statements of a text need to be read."""

    def __init__(self, data: bytes, strings: Strings) -> None:
        self._data = data
        self._strings = strings

    def edits(self, statement: Statement) -> list[Edit]:
        """Return what is to be edited in a statement, in the order of places."""
        start, end, code, is_whole = statement
        if not start and (found := self._class(statement)):
            return found
        if head := _HEAD.match(code):
            return self._head(statement, head[0])
        if code.endswith(b":") and not _LAMBDA.search(code):
            return self._mistyped(statement) if is_whole and not _IN_BRACKETS.match(code) else []
        has_block = is_whole and not code.startswith(b"@") and self._levels.has_block(start, end)
        if has_block and (mistyped := self._mistyped(statement)):
            return mistyped
        if is_whole and _NOTHING_YET.fullmatch(code):
            found = [Edit(start, end - start, b"pass".ljust(end - start))]
        else:
            found = _ended(end, b"" if _ALL_NAMES.match(code) else code)
        if is_whole and code.startswith(b"@") and not found and not self._is_decorator(end):
            return [Edit(start, 1, b"+")]  # an expression that begins in the same column
        if has_block and self._levels.before(start) is not None:
            line = self._data.rfind(b"\n", 0, start) + 1
            found.append(Edit(end, 0, b"\n" + self._data[line:start] + b"if _:"))
        return found

    def _class(self, statement: Statement) -> list[Edit]:
        """Return what the head needs that makes a text that of a class, if it is not typed well."""
        start, end, code, _ = statement
        words = mistyped_class(self._data, start, end)
        if not words or HEADER.match(self._data, start) or not self._levels.has_block(start, end):
            return []
        name, name_end = words.span(2)
        word, stop = b"class ", name
        if name == start and half_a_class(self._data, start, end):
            word, stop = b"class _", name_end
        found = [Edit(start, stop - start, word.ljust(stop - start))]
        if more := _BEHIND_NAME.match(self._data, name_end, end):
            found.append(Edit(name_end, len(more[0]), b" " * len(more[0])))
        return found if code.endswith(b":") else [*found, Edit(end, 0, b":")]

    def _head(self, statement: Statement, word: bytes) -> list[Edit]:
        """Return what the head of a block needs: operands, a colon, what it goes on with."""
        start, end, code, is_whole = statement
        has_colon = code.endswith(b":")
        if not has_colon and b":" in _COLONS_WITHIN.sub(b"", code):
            return _ended(end, code[code.rfind(b":") + 1 :])  # its block is on the same line
        if word in _SOFT and (has_colon or not self._levels.has_block(start, end)):
            return []
        if is_whole and word in _GOES_ON and self._is_stray(start, word):
            if word == b"elif":
                return [Edit(start, 4, b"if  "), *([] if has_colon else [Edit(end, 0, b":")])]
            is_head = has_colon or self._levels.has_block(start, end)
            return [Edit(start, end - start, (b"if _:" if is_head else b"pass").ljust(end - start))]
        rest = code[len(word) : len(code) - has_colon].rstrip()
        typed = self._data[start : end - has_colon].rstrip()
        if not _CLOSED.search(code, 0, len(code) - has_colon):
            typed = typed.rstrip(b" \t)]}")  # what closes nothing
        place = start + len(typed)
        if word in _ALONE:
            return [] if has_colon else [Edit(start + len(word), 0, b":")]
        found = _ended(place, rest)
        if found:
            rest = rest[: len(rest) - found[0].left_out] + found[0].more
        if operand := _operand(word, rest.strip()):
            found.append(Edit(place, 0, operand))
        if not has_colon:
            found.append(Edit(end, 0, b":"))
        return found

    def _mistyped(self, statement: Statement) -> list[Edit]:
        """Read the head of a block whose word is not there yet as that of a method, or of `if`."""
        start, end = statement.start, statement.end
        before = self._levels.before(start) if self._levels.has_block(start, end) else None
        if before is None:
            return []  # it begins nothing there
        has_colon = statement.outside.endswith(b":")
        found = self._word(start, end, before, has_colon)
        if found is None:
            return []
        stop, word = found
        edits = [Edit(start, stop - start, word.ljust(stop - start))]
        if not has_colon and stop < end:
            edits.append(Edit(end, 0, b":"))
        return edits

    def _word(
        self, start: int, end: int, before: bytes, has_colon: bool
    ) -> tuple[int, bytes] | None:
        """Return what to read instead of the first bytes of a head, up to an end.

        `before` it is the last code that is no deeper. None leaves a statement with a stray colon
        as it is: what it calls is read nevertheless.
        """
        data = self._data
        if method := _METHOD.match(data, start):
            return method.end(), b"def "
        if _TRY.match(before) or (
            _HANDLER.match(before) and _CLAUSE.match(self._levels.behind(start))
        ):
            return end, b"except:"
        if _WITH.match(data, start, end) and (word := _FIRST.match(data, start)):
            return word.end(), b"with"
        if word := _FOR.match(data, start, end):
            return word.end(1), b"for"
        return (end, b"if _:") if has_colon and _NEW_HEAD.match(data, start) else None

    def _is_decorator(self, end: int) -> bool:
        return _DECORATED.match(self._levels.next(end)) is not None

    def _is_stray(self, start: int, word: bytes) -> bool:
        """Tell whether a clause goes on with nothing that is before it."""
        before = self._levels.before(start)
        if before is None or _GOES_ON[word].match(before):
            return False
        return self._levels.is_next(start) or _HEAD.match(before) is not None

    @cached_property
    def _levels(self) -> _Levels:
        return _Levels(self._data, self._strings)


class _Levels:
    """The lines of code of a text with their depths, those inside strings left out."""

    def __init__(self, data: bytes, strings: Strings) -> None:
        self._data = data
        self._starts: list[int] = []
        self._depths: list[int] = []
        for line in _CODE_LINE.finditer(data):
            if strings.end_around(line.start() - 1) is None:
                self._starts.append(line.end(1))
                self._depths.append(column(line[1]))
        self._numbers = {start: number for number, start in enumerate(self._starts)}
        # Of each line the last before and the first behind it that is no deeper.
        self._before = _no_deeper(self._depths)
        last = len(self._depths) - 1
        self._behind = [
            last - each if each >= 0 else -1 for each in _no_deeper(self._depths[::-1])
        ][::-1]

    def before(self, start: int) -> bytes | None:
        """Return the code before a line that is no deeper, empty for none.

        None if no statement may begin in that column.
        """
        number = self._numbers.get(start)
        if number is None:
            return None
        found = self._before[number]
        if found < 0:
            return b""
        code = self._code(found)
        if self._depths[found] == self._depths[number]:
            return code
        return code if found == number - 1 and code.endswith(b":") else None

    def behind(self, start: int) -> bytes:
        """Return the first code behind a line that is no deeper, empty for none."""
        found = self._behind[self._numbers[start]] if start in self._numbers else -1
        return self._code(found) if found >= 0 else b""

    def next(self, end: int) -> bytes:
        """Return the code of the line behind a place, empty for none."""
        number = bisect_left(self._starts, end)
        return self._code(number) if number < len(self._starts) else b""

    def is_next(self, start: int) -> bool:
        """Tell whether the code before a line that is no deeper is that of the last line."""
        number = self._numbers.get(start)
        return number is not None and self._before[number] == number - 1

    def has_block(self, start: int, end: int) -> bool:
        """Tell whether the line behind a statement is deeper."""
        number, following = self._numbers.get(start), bisect_left(self._starts, end)
        if number is None or following == len(self._depths):
            return False
        return self._depths[following] > self._depths[number]

    def _code(self, number: int) -> bytes:
        start = self._starts[number]
        end = self._data.find(b"\n", start)
        return self._data[start : end if end >= 0 else len(self._data)].strip()


def _no_deeper(depths: list[int]) -> list[int]:
    """Return of each depth the place of the last one before that is not greater; -1 for none."""
    found: list[int] = []
    open_: list[int] = []
    for number, depth in enumerate(depths):
        while open_ and depths[open_[-1]] > depth:
            open_.pop()
        found.append(open_[-1] if open_ else -1)
        open_.append(number)
    return found


def ended_in_brackets(place: int, code: bytes) -> list[Edit]:
    """Return what is to be edited at a place before a closing bracket; `code` is before it."""
    if _ALL_NAMES.search(code):
        return []
    if (each := _EACH.search(code)) and not (each[1] and _IN.search(each[1])):
        return [Edit(place, 0, b" in ()" if each[1] else b" _ in ()")]
    ending = _ending(code)
    if ending is None:
        return []
    left_out, more = ending
    return [Edit(place - left_out, left_out, more.replace(b"...", b'""'))]


def is_operand(code: bytes) -> bool:
    """Tell whether code ends with a value, and not with the word of an operator."""
    end = _OPERAND.search(code[-_LOOK_BACK:])
    return end is not None and end[1] not in _KEYWORDS


def ended_in_fields(place: int, code: bytes) -> list[Edit]:
    """Return what is to be edited at the end of the `code` of an f-string, before its quote."""
    depth = opened = 0
    for brace in _BRACES.finditer(code):
        if depth or len(brace[0]) == 1:
            opened = opened if depth else brace.start()
            depth = max(depth + len(brace[0]) * (1 if brace[0][:1] == b"{" else -1), 0)
    if depth != 1:
        return []
    field = code[opened + 1 :]
    if not field.strip():
        return [Edit(place - len(field) - 1, 1, b" ")]
    return [*ended_in_brackets(place, field), Edit(place, 0, b"}")]


def _ended(place: int, code: bytes) -> list[Edit]:
    """Return what is to be edited at the end of a statement."""
    left_out, more = _stuck(code) or _ending(code) or _Ending(0, b"")
    choice = _CHOICE.findall(code, 0, len(code) - left_out)
    if choice and choice[-1] == b"if":
        more += b' else ""'
    return [Edit(place - left_out, left_out, more)] if more else []


def _stuck(code: bytes) -> _Ending | None:
    """Return that a word is too much which stands right behind a bracket or a string.

    Behind `)` the grammar reads another statement, which does no harm.
    """
    word = _STUCK.search(code)
    if word is None or word[0] in _OPERATORS:
        return None
    return _Ending(len(word[0]), b" " * len(word[0]))


def _ending(code: bytes) -> _Ending | None:
    """Return what is missing or too much at the end of an expression."""
    left_out = 0
    code = code[-_LOOK_BACK:]
    if _NAMELESS.search(code):
        left_out = 1
    elif (word := _WORDS.search(code)) and word[1] not in _KEYWORDS and word[2] not in _OPERATORS:
        left_out = 0 if word[1] in _COMMANDS and not word.start() else len(word[2])
    code = code[: len(code) - left_out].rstrip()
    more = b""
    if _LAMBDA.search(code):
        more = b' ""' if code.endswith(b":") else b': ""'
    elif OPERATOR.search(code):
        more = b" ..." if _GIVEN.search(code) else b' ""'
    return _Ending(left_out, b" " * left_out + more) if left_out or more else None


def _operand(word: bytes, rest: bytes) -> bytes:
    """Return what is missing behind the word of a head."""
    kind = word.split()[-1]
    if kind == b"for":
        return b" _ in ()" if not rest else b"" if _IN.search(rest) else b" in ()"
    if kind == b"def":
        return b" _()" if not rest else b"" if b"(" in rest else b"()"
    if kind == b"class":
        return b"" if rest else b" _"
    return b"" if rest or kind == b"except" else b" ..."


_HEAD = re.compile(
    rb"(?:async[ \t]+(?:def|for|with)|(?:case|match)(?=[ \t]*[^ \t=.,(\[:])|class|def|elif|else"
    rb"|except|finally|for|if|try|while|with)\b"
)
_BEHIND_NAME = re.compile(rb"[^(\[:)\]]*[^(\[:)\] \t]")
_LOOK_BACK = 200
_CLOSED = re.compile(rb"[)\]}][ \t]*\Z")
_SOFT = frozenset((b"case", b"match"))
_ALONE = frozenset((b"else", b"finally", b"try"))
_GOES_ON = {
    b"elif": re.compile(rb"(?:el)?if\b"),
    b"else": re.compile(rb"(?:(?:el)?if|(?:async[ \t]+)?for|while|try|except)\b"),
    b"except": re.compile(rb"(?:try|except)\b"),
    b"finally": re.compile(rb"(?:try|except|else)\b"),
}
"""What is before a clause of a statement."""
_CODE_LINE = re.compile(rb"^([ \t]*)[^\s#)\]}]", re.MULTILINE)
_DECORATED = re.compile(rb"(?:async|class|def)\b|@")
_NOTHING_YET = re.compile(
    rb"@|assert|async(?:[ \t]+\w+)?|del|from(?:[ \t]+[.\w]+(?:[ \t]+\w+)?)?|global|import|nonlocal"
)
_ALL_NAMES = re.compile(rb"from\b.*\*\Z|[(,][ \t\r\n]*[*/]\Z", re.DOTALL)
"""`import *`, and what stands for itself among parameters."""
_BRACES = re.compile(rb"\{\{?|\}\}?")
_COLONS_WITHIN = re.compile(rb"\blambda\b[^:]{0,200}:|:=")
_NAMELESS = re.compile(rb"(?:(?<![.\d])\.|[A-Za-z_]\w*\d\.|!|\)[ \t]*-)\Z")
_OPERAND = re.compile(rb"(?:([\w\x80-\xff]+)|[)\]}\"'])[ \t]*\Z")
_WORDS = re.compile(rb"(?:([\w\x80-\xff]+)|[)\]}\"'])[ \t]+([A-Za-z_]\w*)\Z")
_STUCK = re.compile(rb"(?<=[\]}\"'])[A-Za-z_]\w*\Z")
_KEYWORDS = frozenset(word.encode() for word in keyword.kwlist) - {b"None", b"True", b"False"}
_OPERATORS = frozenset((b"and", b"else", b"if", b"in", b"is", b"or"))
_COMMANDS = frozenset((b"exec", b"match", b"print", b"type"))
_LAMBDA = re.compile(rb"\blambda\b[\w \t,*=]{0,200}:?\Z")
OPERATOR = re.compile(
    rb"(?:[-=+*/%|&^<>~@]|\b(?:and|await|else|if|in|is|not|or|yield[ \t]+from))[ \t]*\Z"
)
_GIVEN = re.compile(rb"(?<![-=+*/%|&^<>~@!:])=\Z")
_CHOICE = re.compile(rb"\b(?:if|else)\b")
_EACH = re.compile(rb"\bfor(?:[ \t]+(\w[\w., \t]*?)(?:[ \t]+i?)?)?\Z")
_IN = re.compile(rb"\bin\b")
_IN_BRACKETS = re.compile(rb"(?:case|match)[ \t]+[(\[]")
"""Sound heads that may be calls, too, without their colon."""
_METHOD = re.compile(rb"(?:\w+[ \t]+){0,3}(?=\w+[ \t]*\([ \t\r\n]*(?:self|cls)\b(?![ \t]*[.(\[]))")
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

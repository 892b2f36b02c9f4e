"""Which units of a document may have a say in what names mean, told by their text alone.

To read a unit takes far longer than to look for words in it. So whoever asks about a few names
reads the units that are found here, and no others.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from re import Pattern

    from batten.syntax.units import Division


def may_declare_globals(text: bytes) -> bool:
    """Tell whether a text may declare a name `global`."""
    return _GLOBAL.search(text) is not None


def declaring_globals(division: Division) -> set[int]:
    """Return the indices of the units that may declare a name `global`."""
    data, found = division.outline.data, set()
    at = data.find(b"global")
    while at >= 0:
        end = at + len(b"global ")
        # In a line of words, as of a comment, it does not begin a statement.
        if data[end - 1 : end] in _BLANKS and data[at - 1 : at] in _BEFORE:
            line = data.rfind(b"\n", 0, at) + 1
            if _GLOBAL.search(data, line, end):
                found.add(division.index_at(at))
        at = data.find(b"global", at + 1)
    return found


def with_a_say(division: Division, words: Collection[str]) -> set[int]:
    """Return the indices of the units that may bind one of the words, or tell of Python 2.

    Where a star import may bind any name, those that only mention one of the words are among them.
    """
    data = division.outline.data
    stars = _units(division, b"import", _STAR)
    found = stars | _units(division, b"print", _PRINT)
    imports = () if stars else _places(data, b"import", _IMPORT)
    importing = {division.index_at(at) for at in imports if not _is_told_of(division, at)}
    for word in map(str.encode, words):
        whole = re.compile(rb"\b%b\b" % re.escape(word))
        if stars:
            found |= _units(division, word, whole)
        else:
            places = _places(data, word, whole)
            found.update(
                division.index_at(at)
                for at in places
                if _may_bind(data, at, len(word)) and not _is_told_of(division, at)
            )
            found.update(
                index for index in importing if whole.search(division.contents[index].text)
            )
    return found


@lru_cache(maxsize=2)
def mentioning(division: Division, words: frozenset[str]) -> tuple[bytes, ...]:
    """Return the texts of the units that mention one of the words, and of what is around them."""
    found: set[int] = set()
    for word in map(str.encode, words):
        found |= _units(division, word, re.compile(rb"\b%b\b" % re.escape(word)))
    regions = division.outline.regions
    for number in tuple(found):
        while number:
            number = regions[number].owner
            found.add(number)
    return tuple(division.contents[number].text for number in sorted(found))


def _units(division: Division, word: bytes, pattern: Pattern[bytes]) -> set[int]:
    """Return the indices of the units with a text of a pattern that begins with a word."""
    return set(map(division.index_at, _places(division.outline.data, word, pattern)))


def _places(data: bytes, word: bytes, pattern: Pattern[bytes]) -> Iterator[int]:
    """Yield where a pattern that begins with a word fits: words alone are found much faster."""
    at = data.find(word)
    while at >= 0:
        if pattern.match(data, at):
            yield at
        at = data.find(word, at + 1)


def _may_bind(data: bytes, at: int, length: int) -> bool:
    """Tell whether a word may be bound where it stands, other than by an import.

    An attribute never is, nor is what an attribute is asked of, or what is called.
    """
    if data[at - 1 : at] == b".":
        return False
    behind = data[at + length : at + length + 1]
    if behind == b"(":
        before = data[max(at - _NEAR, 0) : at].rstrip(_BLANKS_AND_LINE_ENDS)
        return not before or before.endswith((b"def", b"class"))
    return behind != b"."


def _is_told_of(division: Division, at: int) -> bool:
    """Tell whether a place is for sure in a comment or in documentation."""
    data, strings = division.outline.data, division.outline.strings
    if strings.sound and (number := strings.begun(at)) > strings.ended(at):
        start = strings.borders[2 * number - 2]
        return data[start - 2 : start].translate(None, b"fFtT") == data[start - 2 : start]
    line = data.rfind(b"\n", 0, at) + 1
    begins = data[line:at].lstrip(_BLANKS).startswith(b"#")
    return begins and not data.endswith(_GOES_ON, 0, line)  # a string may go on there


_GOES_ON = (b"\\\n", b"\\\r\n")
_BLANKS_AND_LINE_ENDS = b" \t\f\\\r\n"
# Of the functions that escape a URL.
USUAL_WORDS = frozenset({"parse", "quote", "six", "urlencode", "urllib"})
_NEAR = 40
_BLANKS = b" \t\f\\"
_BEFORE = b" \t\f\n:;"
_GLOBAL = re.compile(rb"(?:^|[:;])[ \t\f]*global[ \t\f\\]", re.MULTILINE)
_IMPORT = re.compile(rb"\bimport\b")
# What may bind any name, or tell of Python 2.
_STAR = re.compile(rb"\bimport[ \t(]*\*")
_PRINT = re.compile(rb"\bprint[ \t]+[^=(\s]")

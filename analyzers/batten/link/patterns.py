"""Which regular expressions match only text that is harmless in a URL."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from string import ascii_letters, digits
from typing import TYPE_CHECKING

try:
    from re import _constants as constants  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_constants as constants
    import sre_parse as parser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Item = tuple[object, object]

_UNRESERVED = frozenset(ascii_letters + digits + "-._~")  # RFC 3986, section 2.3
_HARMLESS_CATEGORIES = ("CATEGORY_DIGIT", "CATEGORY_WORD")


@lru_cache(maxsize=1024)
def proves_harmless(function: str, pattern: str) -> bool:
    """Tell whether a text that passes `re.FUNCTION(pattern, text)` is harmless.

    It is when the pattern spans the whole text (`match` does not look at its end, `search` at
    neither end) and matches unreserved characters only. A broken pattern proves nothing.
    """
    tree = _parsed(pattern)
    starts = function != "search" or _is_at(tree[:1], constants.AT_BEGINNING)
    ends = function == "fullmatch" or _is_at(tree[-1:], constants.AT_END)
    return starts and ends and matches_harmless(pattern)


def passes(function: str, pattern: str, text: str) -> bool:
    """Tell whether a short text passes `re.FUNCTION(pattern, text)`; False if it is broken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(re, function)(pattern, text) is not None
    except (re.error, OverflowError, RecursionError):
        return False


@lru_cache(maxsize=1024)
def matches_harmless(pattern: str) -> bool:
    """Tell whether every text that `pattern` matches consists of unreserved characters."""
    tree = _parsed(pattern)
    return bool(tree) and all(_harmless(item, 0) for item in tree)


@lru_cache(maxsize=1024)
def group_harmless(pattern: str, group: object) -> bool:
    """Tell whether a group of `pattern`, by name or number, holds only unreserved characters."""
    found = list(_groups(_parsed(pattern), 0))
    wanted = [body for number, names, body in found if group == number or group in names]
    return bool(wanted) and all(_harmless(item, 0) for body in wanted for item in body)


@lru_cache(maxsize=1024)
def fixes_host(function: str, pattern: str) -> bool:
    """Tell whether an address that passes `re.FUNCTION(pattern, address)` has a known host.

    Its text, or the end of it with a dot, is written out and followed by a slash.
    """
    tree = _parsed(pattern)
    anchored = function in ("match", "fullmatch") or _is_at(tree[:1], constants.AT_BEGINNING)
    if not anchored:
        return False
    scheme, authority = "", None
    for item in tree:
        operator, argument = item
        literal = chr(argument) if str(operator) == "LITERAL" else ""  # type: ignore[arg-type]
        if authority is None:
            scheme += literal
            authority = "" if scheme.endswith("://") else None
        elif literal == "/":
            return "." in authority and any(map(str.isalpha, authority))
        elif literal and literal in _UNRESERVED | {":"}:
            authority += literal
        elif str(operator) != "LITERAL" and _harmless(item, 0):
            authority = ""
        else:
            return False
    return False


@lru_cache(maxsize=1024)
def excludes_harmful(pattern: str) -> bool:
    """Tell whether `pattern` is found in every text with a character that is not unreserved.

    It is when it is a negated set of unreserved characters, such as `[^a-z0-9]`.
    """
    tree = _parsed(pattern)
    if len(tree) != 1:
        return False
    operator, argument = tree[0]
    if str(operator) == "MAX_REPEAT":
        low, _, inner = argument  # type: ignore[misc]
        if low > 1 or len(inner) != 1:  # type: ignore[has-type]
            return False
        operator, argument = inner[0]  # type: ignore[has-type]
    if str(operator) == "NOT_LITERAL":
        return False
    items = list(argument) if str(operator) == "IN" else []  # type: ignore[call-overload]
    if items and str(items[0][0]) == "NEGATE":
        return all(_harmless(item, 0) or _is_blank(item) for item in items[1:])
    # `\W` and `\D` are negated sets themselves, wherever they stand.
    return any(str(item[1]) in ("CATEGORY_NOT_WORD", "CATEGORY_NOT_DIGIT") for item in items)


def _is_blank(item: Item) -> bool:
    """Tell whether an item is a blank or any white space, which clients escape."""
    return item == (constants.LITERAL, ord(" ")) or str(item[1]) == "CATEGORY_SPACE"


def _parsed(pattern: str) -> list[Item]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(parser.parse(pattern))
    except (re.error, OverflowError, RecursionError):
        return []


def _groups(items: Iterable[Item], depth: int) -> Iterator[tuple[int, tuple[str, ...], list[Item]]]:
    if depth > 40:
        return
    for operator, argument in items:
        match str(operator):
            case "SUBPATTERN":
                number, _, _, body = argument  # type: ignore[misc]
                named = getattr(getattr(body, "state", None), "groupdict", {})  # type: ignore[has-type]
                names = tuple(name for name, index in named.items() if index == number)  # type: ignore[has-type]
                yield number or 0, names, list(body)  # type: ignore[has-type]
                yield from _groups(body, depth + 1)  # type: ignore[has-type]
            case "BRANCH":
                for branch in argument[1]:  # type: ignore[index]
                    yield from _groups(branch, depth + 1)
            case "MAX_REPEAT" | "MIN_REPEAT":
                yield from _groups(argument[2], depth + 1)  # type: ignore[index]


def _range(argument: object) -> range:
    low, high = argument  # type: ignore[misc]
    return range(low, min(high, low + 128) + 1)  # type: ignore[has-type]


def _is_at(items: list[Item], anchor: object) -> bool:
    ends = (
        anchor,
        constants.AT_END_STRING if anchor is constants.AT_END else constants.AT_BEGINNING_STRING,
    )
    return bool(items) and items[0][0] is constants.AT and items[0][1] in ends


def _harmless(item: Item, depth: int) -> bool:
    operator, argument = item
    if depth > 40:
        return False
    match str(operator):
        case "LITERAL":
            return chr(argument) in _UNRESERVED  # type: ignore[arg-type]
        case "RANGE":
            return all(chr(c) in _UNRESERVED for c in _range(argument))
        case "CATEGORY":
            return str(argument) in _HARMLESS_CATEGORIES
        case "IN":
            return all(_harmless(each, depth + 1) for each in argument)  # type: ignore[attr-defined]
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return all(_harmless(each, depth + 1) for each in argument[2])  # type: ignore[index]
        case "SUBPATTERN":
            return all(_harmless(each, depth + 1) for each in argument[3])  # type: ignore[index]
        case "ATOMIC_GROUP":
            return all(_harmless(each, depth + 1) for each in argument)  # type: ignore[attr-defined]
        case "BRANCH":
            return all(
                _harmless(each, depth + 1)
                for branch in argument[1]  # type: ignore[index]
                for each in branch
            )
        case "AT" | "ASSERT" | "ASSERT_NOT" | "GROUPREF":
            return True
        case _:
            return False

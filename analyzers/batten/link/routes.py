"""What the path of a route says of the parameters that it fills.

The spellings of the frameworks: `<int:number>`, `<number:int>`, `{number}`, `{number:int}` and
the named groups of a regular expression.
"""

from __future__ import annotations

import re
from functools import lru_cache

from batten.link.patterns import group_harmless

TEXT = "str"
"""The class of text of which nothing is known."""

TOKEN = "batten.Token"
"""The class of text of letters, digits and a few harmless characters."""

PATH = "path"
"""The class of text in which slashes are meant: the rest of a path."""

_PLACEHOLDER = re.compile(
    r"<(?P<angle>[^<>]+)>|\{(?P<brace>\w+)(?::(?P<type>\w+)(?:\([^)]*\))?)?\}"
)
_GROUP = re.compile(r"\(\?P<(\w+)>")
_CLASSES = {
    "int": "int",
    "integer": "int",
    "number": "int",
    "float": "float",
    "uuid": "uuid.UUID",
    "slug": TOKEN,
    "hash": TOKEN,
    "ymd": TOKEN,
    "dt": TOKEN,
    "alpha": TOKEN,
    "any": TOKEN,
    "path": PATH,
    "filepath": PATH,
}
_LEADING = frozenset("int float uuid str string path default slug any".split())
_TRAILING = _LEADING | frozenset("re regex alpha filepath ymd".split())


@lru_cache(maxsize=4096)
def placeholders(path: str) -> dict[str, str]:
    """Return the names that a path has, each with the class of what it takes."""
    groups = _GROUP.findall(path)
    if groups:
        return {name: TOKEN if group_harmless(path, name) else TEXT for name in groups}
    found: dict[str, str] = {}
    for match in _PLACEHOLDER.finditer(path):
        if match["brace"]:
            found[match["brace"]] = _CLASSES.get(match["type"] or "", TEXT)
        else:
            name, kind = _angle(match["angle"])
            found[name] = kind
    return found


def _angle(inside: str) -> tuple[str, str]:
    """Read `int:number`, `any(a, b):kind`, `number:int` and `name:re:[a-z]+`."""
    first, _, rest = inside.partition(":")
    second, _, pattern = rest.partition(":")
    before, after = first.partition("(")[0], second.partition("(")[0]
    if not rest:
        return first, TEXT
    if after in _TRAILING and before not in _LEADING:
        harmless = after in ("re", "regex") and _matches_token(pattern)
        return first, TOKEN if harmless else _CLASSES.get(after, TEXT)
    return rest, _CLASSES.get(before, TEXT)


def groups(path: str) -> list[str]:
    """Return the classes of what the groups without a name in a regular expression take."""
    try:
        count = re.compile(path).groups
    except (re.error, OverflowError, RecursionError):
        return []
    return [TOKEN if group_harmless(path, number + 1) else TEXT for number in range(count)]


def matched(key: object) -> str:
    """Return the class of what a key matches: a regular expression, or a kind such as `int`."""
    text = str(key)
    return _CLASSES.get(text) or (TOKEN if _matches_token(text) else TEXT)


def _matches_token(pattern: str) -> bool:
    return group_harmless(f"({pattern})", 1)

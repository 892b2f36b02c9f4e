"""The text of string literals."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPE = re.compile(
    r"\\(?:(?P<simple>[\\'\"abfnrtv])|(?P<line>\r\n|\n|\r)|x(?P<hex>[0-9a-fA-F]{2})"
    r"|(?P<octal>[0-7]{1,3})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|N\{(?P<name>[^}]*)\})"
)
_SIMPLE = {
    "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b",
    "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip


def prefix(start: Node, text: bytes) -> str:
    """Return the lower-case prefix letters of a string token, such as `rb` or `f`."""
    return text[start.start_byte : start.end_byte].decode("ascii", "replace").rstrip("'\"").lower()


def unescaped(raw: str, prefix: str) -> str:
    """Return the text that the inside of a literal stands for."""
    if "r" in prefix or "\\" not in raw:
        return raw
    return _ESCAPE.sub(_one, raw)


def _one(match: re.Match[str]) -> str:
    if match["simple"]:
        return _SIMPLE[match["simple"]]
    if match["line"]:
        return ""
    if match["octal"]:
        return chr(int(match["octal"], 8))
    if match["name"]:
        try:
            return unicodedata.lookup(match["name"])
        except KeyError:
            return match[0]
    number = int(match["hex"] or match["u"] or match["U"], 16)
    return chr(number) if number < 0x110000 else match[0]

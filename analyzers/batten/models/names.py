"""Qualified names: short forms in model files, and other names of the same thing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def expand(pattern: str) -> list[str]:
    """Return the names that a pattern stands for, in order: `a.{b,c}` is `a.b` and `a.c`.

    Raises ValueError when a brace has no partner, a group is nested, or a name that comes out
    is not dotted identifiers (the last part may be `*`).
    """
    names = [""]
    for group, text in _PIECE.findall(pattern):
        choices = group[1:-1].split(",") if group else [text]
        names = [name + choice.strip() for name in names for choice in choices]
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{pattern!r} is not a qualified name")
    return names


def canonical(name: str, aliases: Mapping[str, str]) -> str:
    """Return `name` with prefixes that are aliases replaced, the longest first, to the end."""
    while True:
        head, tail = name, ""
        while head not in aliases:
            head, dot, last = head.rpartition(".")
            tail = dot + last + tail
            if not head:
                return name
        name = aliases[head] + tail


_PIECE = re.compile(r"(\{[^{}]*\})|([^{}]+|[{}])")
_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*(\.\*)?")

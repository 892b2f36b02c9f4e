"""Letters that the program names, and whether text of them is harmless in a URL."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from batten.link.entities import External, Known, Open
from batten.values.combine import plain
from batten.values.terms import Bag, Const, Hole, Sequence, Template

if TYPE_CHECKING:
    from batten.link.entities import Frame
    from batten.link.resolve import Resolver
    from batten.values.terms import Value

HARMLESS = frozenset(string.ascii_letters + string.digits + "-._~ ")
"""Unreserved characters, and the blank, which clients escape."""

_MAX_DEPTH = 6
_NAMED = frozenset({"ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits", "hexdigits"})


def are_harmless(value: Value, frame: Frame, resolver: Resolver) -> bool:
    """Tell whether a text, or a collection of texts, is known and of harmless letters only."""
    return _are_harmless(value, frame, resolver, 0)


def _are_harmless(value: Value, frame: Frame, resolver: Resolver, depth: int) -> bool:
    if depth > _MAX_DEPTH:
        return False
    passed = resolver.results.passed(value, frame)
    if passed:
        return all(_are_harmless(each, at, resolver, depth + 1) for each, at in passed)
    entities = resolver.resolve(value, frame)
    for entity in entities:
        match entity:
            case External(name) if name.startswith("string.") and name[7:] in _NAMED:
                continue
            case Known(Const(str(text))) if HARMLESS.issuperset(text):
                continue
            case Known(Template(parts), at):
                items: tuple[str | Hole | Value, ...] = parts
            case Known(Sequence(items) | Bag(items, ()), at):
                pass
            case Open(inner, at) if (inner, at) != (value, frame):
                items = (inner,)
            case _:
                return False
        for item in items:
            term = Const(item) if isinstance(item, str) else plain(item)
            if not _are_harmless(term, at, resolver, depth + 1):
                return False
    return bool(entities)

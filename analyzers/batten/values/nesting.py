"""How deep values stand in one another, and the bound on it.

A value grows by a level with each line `text = "%s" % text`. Python can't follow one of some
hundred levels, neither to hash nor to compare it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.values.combine import holes
from batten.values.immutable import Compound
from batten.values.terms import UNKNOWN, Hole, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_NESTING = 64
"""So many values may stand in one another in what a name holds; a text in a text is two."""
MAX_KEPT = 8
"""So many may stand in one another in a hole that is kept of a value beyond the bound."""


def shallow(value: Value) -> Value:
    """Return a value; beyond the bound on nesting, only the innermost holes that are in it."""
    if not isinstance(value, Compound) or nesting(value) <= MAX_NESTING:
        return value
    return Unknown(tuple(sorted(_innermost(value), key=lambda hole: (hole.site, hole.spec))))


def nesting(value: Compound) -> int:
    """Return how many values stand in one another at most: 1 for one that holds no others."""
    waiting = [value]
    while waiting:
        last = waiting[-1]
        deepest = 0
        unknown = []
        for inner in _inside(last):
            depth = getattr(inner, "_nesting", 0)
            if depth > deepest:
                deepest = depth
            elif not depth:
                unknown.append(inner)
        if unknown:
            waiting += unknown
        else:
            last._nesting = deepest + 1
            waiting.pop()
    return value._nesting


def _innermost(value: Compound) -> Iterator[Hole]:
    """Yield the holes that hold none, each once."""
    waiting = [value]
    seen: set[int] = set()
    found: set[Hole] = set()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if not isinstance(each, Hole) or next(holes((each.value,)), None) is not None:
            waiting += _inside(each)
            continue
        hole = each if nesting(each) <= MAX_KEPT else Hole(each.site, UNKNOWN, each.spec, each.name)
        if hole not in found:
            found.add(hole)
            yield hole


def _inside(value: Compound) -> Iterator[Compound]:
    """Yield the values of which one is made itself."""
    waiting: list[Any] = [getattr(value, name) for name in type(value).__slots__]
    for each in waiting:
        if isinstance(each, tuple):
            waiting += each
        elif isinstance(each, Compound):
            yield each

"""How deep values stand in one another, and the bound on it.

A value grows by a level with each line `text = "%s" % text`. Python can't follow one of some
hundred levels, neither to hash nor to compare it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.values.immutable import Compound
from batten.values.terms import UNKNOWN, Hole, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_NESTING = 128
"""So many values may stand in one another in what a name holds; a text in a text is two."""
MAX_FILLED = 13
"""So many in what fills a template that is not known: it is read once for each place in it."""
MAX_KEPT = 8
"""So many may stand in one another in a hole that is kept of a value beyond the bound."""
MAX_LOOKED_AT = 64
"""So many values are looked at for holes to keep: else each line would cost all those before it."""


def shallow(value: Value, most: int = MAX_NESTING) -> Value:
    """Return a value; beyond the bound on nesting, only the innermost holes that are in it.

    Of many values those are looked at which stand in the fewest others.
    """
    if not isinstance(value, Compound) or nesting(value) <= most:
        return value
    return Unknown(tuple(sorted(_innermost(value), key=lambda hole: (hole.site, hole.spec))))


def nesting(value: Compound) -> int:
    """Return how many values stand in one another at most: 1 for one that holds no others."""
    waiting = [value]
    while waiting:
        last = waiting[-1]
        if getattr(last, "_nesting", 0):
            waiting.pop()  # it stands in several
            continue
        inside = _inside(last)
        try:
            depths = [inner._nesting for inner in inside]
        except AttributeError:
            waiting += [inner for inner in inside if not hasattr(inner, "_nesting")]
            continue
        last._nesting = max(depths, default=0) + 1
        waiting.pop()
    return value._nesting


def _innermost(value: Compound) -> Iterator[Hole]:
    """Yield the holes that hold none, each once, of those that are looked at.

    What stands in several is looked at in each: which values share it depends on what they were
    compared with before.
    """
    looked_at = [value]
    inside: list[range] = []
    for outer in looked_at:
        first = len(looked_at)
        looked_at += _inside(outer)[: MAX_LOOKED_AT - first]
        inside.append(range(first, len(looked_at)))
    holding: set[int] = set()  # what is a hole or has one in it
    found: dict[Hole, None] = {}
    for number in reversed(range(len(looked_at))):  # what is in another is behind it
        each = looked_at[number]
        is_outer = not holding.isdisjoint(inside[number])
        if is_outer or isinstance(each, Hole):
            holding.add(number)
        if isinstance(each, Hole) and not is_outer:
            is_deep = nesting(each) > MAX_KEPT
            found[Hole(each.site, UNKNOWN, each.spec, each.name) if is_deep else each] = None
    yield from found


def _inside(value: Compound) -> list[Compound]:
    """Return the values of which one is made itself."""
    parts: list[Any] = [getattr(value, name) for name in type(value).__slots__]
    for each in parts:
        if each.__class__ is tuple:
            parts += each
    return [each for each in parts if each.__class__ in _COMPOUND]


_COMPOUND = frozenset(Compound.__subclasses__())

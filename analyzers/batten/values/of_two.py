"""One of two values, as two branches give it: mostly that is told without a table."""

from __future__ import annotations

from batten.values.terms import Bag, Choice, Mapping, Refined, Sequence, Unknown, Value

MAX_LONG = 8
"""So many values are one of a few."""


def of_two(first: Value, second: Value) -> Value | None:
    """Return what `choice` does of two values; None where one may take the other in."""
    if _TAKING.isdisjoint((first.__class__, second.__class__)):
        return _one_of(first, second)
    if isinstance(first, Choice) and second.__class__ not in _APART and _is_short(first):
        known = first.alternatives
        return first if second in known else Choice((*known, second))
    if isinstance(second, Choice) and first.__class__ not in _APART and _is_short(second):
        return Choice((first, *[each for each in second.alternatives if each != first]))
    return None


# One of these takes others in, or is made one with others; what is proved of a value may be lost.
_TAKING = frozenset({Choice, Mapping, Sequence, Bag, Unknown})
_APART = _TAKING | {Refined}


def _one_of(first: Value, second: Value) -> Value:
    if first == second:
        return first
    one, other = _bare(first), _bare(second)
    if (one is first and other is second) or one != other:
        return Choice((first, second))
    if one is first or other is second:
        return one if one is first else other
    # Of each something is proved: if it is more of one, that may be the other, too.
    facts, more = set(first.facts), set(second.facts)  # type: ignore[union-attr]
    if facts > more:
        return second
    return first if more > facts else Choice((first, second))


def _bare(value: Value) -> Value:
    return value.value if isinstance(value, Refined) else value


def _is_short(several: Choice) -> bool:
    """Tell whether one more may be put to some values as it is."""
    known = several.alternatives
    return len(known) < MAX_LONG and _APART.isdisjoint(map(type, known))

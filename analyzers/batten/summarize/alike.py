"""Whether what was interpreted again has come to the same, and which objects stand for which.

Values are compared strictly: to Python `True` and `1` are equal, to a reader of text they are not.
"""

from __future__ import annotations

from itertools import compress
from operator import is_not
from typing import TYPE_CHECKING

from batten.summarize.environment import others
from batten.values.immutable import Compound, immutable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.summarize.environment import Environment, Key


def is_same(one: object, other: object) -> bool:
    """Tell whether two immutable values are the same, down to the type of each constant.

    Tables of them are if they have the same entries in the same order.
    """
    waiting = [(one, other)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        one, other = waiting.pop()
        if one is other:
            continue
        if type(one) is not type(other):
            return False
        if isinstance(one, tuple) and isinstance(other, tuple):
            if len(one) != len(other):
                return False
            waiting.extend(compress(zip(one, other, strict=True), map(is_not, one, other)))
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            waiting.append((tuple(one), tuple(other)))
            waiting.append((tuple(one.values()), tuple(other.values())))
            continue
        fields = getattr(one, "__match_args__", None)
        if fields is None:
            if one != other:
                return False
            continue
        pair = id(one), id(other)
        if pair in seen:
            continue
        seen.add(pair)
        if isinstance(one, Compound) and hash(one) != hash(other):
            return False
        waiting.extend((getattr(one, name), getattr(other, name)) for name in fields)
    return True


@immutable
class Likeness:
    """How two environments that are alike differ.

    Under the keys `apart` they hold other values. All else is the same; `instead` has the object
    of the second for that of the first with an `id`, where these are two.
    """

    apart: frozenset[Key]
    instead: Mapping[int, object]


def likeness(one: Environment, other: Environment) -> Likeness | None:
    """Return how two environments differ; None where it could be seen in what follows.

    What is one object in the first has to be one in the second, too: some is asked for by identity.
    """
    truths = other.truths
    if one.truths.keys() != truths.keys():
        return None
    pairs: list[tuple[object, object]] = []
    for name, truth in one.truths.items():
        if truths[name] is not truth:
            if not is_same(truth, truths[name]):
                return None
            pairs.append((truth, truths[name]))
    differ = list(others(other, one))
    if not differ and not pairs and len(one) == len(other) and list(one) == list(other):
        return _NO_DIFFERENCE
    apart: set[Key] = (
        set(other.keys() - one.keys()) if len(other) > len(one) - len(differ) else set()
    )
    for key, now, value in differ:
        if now is not None and is_same(value, now):
            pairs.append((value, now))
        else:
            apart.add(key)
        if len(apart) > MAX_APART:
            return None
    if not _have_same_order(one, other, apart):
        return None
    if not pairs:
        return Likeness(frozenset(apart), {})
    not_one = frozenset((*apart, *(key for key, _, _ in differ)))
    return _paired(one, not_one, pairs, frozenset(apart))


def _have_same_order(one: Environment, other: Environment, apart: set[Key]) -> bool:
    """Tell whether two environments have the same keys in the same order, but for a few."""
    mine, yours = list(one), list(other)
    for key in apart:
        if key in one:
            mine.remove(key)
        if key in other:
            yours.remove(key)
    return mine == yours


def _paired(
    one: Environment,
    not_one: frozenset[Key],
    pairs: list[tuple[object, object]],
    apart: frozenset[Key],
) -> Likeness | None:
    """Return the likeness of environments in which each of some pairs is one and the same thing.

    Under all keys but some that are `not_one`, both have one object.
    """
    instead: dict[int, object] = {}
    back: dict[int, object] = {}
    for mine, yours in pairs:
        if instead.setdefault(id(mine), yours) is not yours:
            return None
        if back.setdefault(id(yours), mine) is not mine:
            return None
    kept = {id(value) for key, value in one.items() if key not in not_one}
    kept.update(id(truth) for truth in one.truths.values() if id(truth) not in instead)
    if kept.isdisjoint(instead) and kept.isdisjoint(back):
        return Likeness(apart, instead)
    return None


MAX_APART = 16
_NO_DIFFERENCE = Likeness(frozenset(), {})

"""Methods of collections that change nothing, on collections that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.values.combine import MAX_ITEMS, bag, choice, element, plain
from batten.values.terms import NONE, UNKNOWN, Bag, Const, Element, Item, Mapping, Sequence, Unknown

if TYPE_CHECKING:
    from batten.values.terms import Hole, Value


OF_COLLECTIONS = frozenset({"get", "values", "items", "keys", "copy", "pop"})
"""The methods that have a result."""


def method_result(base: Value, method: str, given: tuple[Hole, ...]) -> Value | None:
    """Return what `base.method(...)` gives, or None when `base` is no collection with it."""
    if isinstance(base, Mapping):
        if method == "get" and given:
            default = given[1].value if len(given) > 1 else NONE
            return choice((item(base, given[0].value), default))
        if method == "values":
            return bag((plain(value) for _, value in base.entries), map(Element, base.spread))
        if method == "items" and not base.spread and len(base.entries) > MAX_ITEMS:
            keys, values = zip(*base.entries, strict=True)
            return bag((Sequence((choice(keys), choice(map(plain, values)))),))
        if method == "items" and not base.spread:
            return bag(Sequence((key, plain(value))) for key, value in base.entries)
        if method in ("keys", "copy"):
            return base
    if isinstance(base, (Sequence, Bag)):
        if method == "copy":
            return base
        if method == "pop":
            return element(base)
    return None


def item(base: Value, key: Value) -> Value:
    """Return `base[key]` as far as both are known."""
    if isinstance(base, Mapping) and isinstance(key, Const):
        found = [plain(value) for known, value in base.entries if known == key]
        if found and not base.spread:
            return found[-1]
        if found:
            return choice((found[-1], *(Item(more, key) for more in base.spread)))
        if len(base.spread) == 1:
            return Item(base.spread[0], key)
    if isinstance(base, Mapping) and not base.spread and base.entries:
        return choice(plain(value) for _, value in base.entries)
    if isinstance(base, Sequence) and isinstance(key, Const) and isinstance(key.value, int):
        if -len(base.items) <= key.value < len(base.items):
            return plain(base.items[key.value])
        return UNKNOWN
    if isinstance(base, (Sequence, Bag)):
        return element(base)
    return base if isinstance(base, Unknown) else Item(base, key)

"""Parts of parameters: `args.user.name`, `body["name"]`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.values.terms import Attribute, Item, Param

if TYPE_CHECKING:
    from batten.values.terms import Value

MAX_STEPS = 4


def root(value: Value) -> Param | None:
    """Return the parameter of which a term is a part; None when it is none, or too deep."""
    for _ in range(MAX_STEPS):
        if isinstance(value, Param):
            return value
        if not isinstance(value, (Attribute, Item)):
            return None
        value = value.base
    return None


def rooted(value: Value, other: Value) -> Value:
    """Return the same part of another value than the parameter."""
    if isinstance(value, (Attribute, Item)):
        return replace(value, base=rooted(value.base, other))
    return other

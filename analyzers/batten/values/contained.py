"""What terms are made of."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from batten.values.immutable import Compound
from batten.values.terms import Result

if TYPE_CHECKING:
    from collections.abc import Iterable


def results_in(values: Iterable[object]) -> set[int]:
    """Return the numbers of the calls whose results are parts of some terms, however deep."""
    found: set[int] = set()
    seen: set[Compound] = set()
    waiting = list(values)
    while waiting:
        value: Any = waiting.pop()
        if isinstance(value, Result):
            found.add(value.call)
        elif isinstance(value, tuple):
            waiting += value
        elif isinstance(value, Compound) and value not in seen:
            seen.add(value)
            waiting += [getattr(value, field.name) for field in fields(value)]  # type: ignore[arg-type]
    return found

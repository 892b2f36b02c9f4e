"""Classes of immutable values, at the price of plain ones.

An analysis makes terms by the hundred thousand and looks them up in tables. To the type checker
these classes are frozen dataclasses. At run time nothing guards their fields: the guard would
triple the price of making one. What is made of other values remembers its hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import dataclass_transform

    T = TypeVar("T")

    @dataclass_transform(frozen_default=True)
    def immutable(cls: type[T]) -> type[T]:
        """Make a class one of immutable values, equal when their fields are."""

else:

    def immutable(cls):
        """Make a class one of immutable values, equal when their fields are."""
        made = dataclass(slots=True, unsafe_hash=True)(cls)
        if issubclass(made, Compound):
            made.__hash__ = _remembered(made.__hash__)
        return made


class Compound:
    """A base of values that are made of others: their hash is worked out once."""

    __slots__ = ("_hash",)
    _hash: int


def _remembered(hash_of: Callable[[Compound], int]) -> Callable[[Compound], int]:
    def remembered(value: Compound) -> int:
        try:
            return value._hash
        except AttributeError:
            value._hash = found = hash_of(value)
            return found

    return remembered

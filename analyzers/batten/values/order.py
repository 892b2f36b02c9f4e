"""An order of values that is the same in every run, for where one of several has to be taken.

It is the order of how values are written. But they are not written out: a value may hold others
many times over, as a text does that grows on some branches, and would be longer than any memory. So
two values are followed side by side to where they differ first.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass


class Order:
    """The place of a value, or of a tuple of values, among others."""

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        """Tell whether both are the place of equal values."""
        return isinstance(other, Order) and bool(self._value == other._value)

    def __lt__(self, other: Order) -> bool:
        """Tell whether this one comes first."""
        one, another = _first_difference(self._value, other._value)
        return one < another

    __hash__ = None  # type: ignore[assignment]


def _first_difference(one: object, other: object) -> tuple[str, str]:
    """Return how two values go on to be written from where they differ first."""
    while one is not other and one != other:
        begins = _beginning(one), _beginning(other)
        if begins[0] != begins[1]:
            return begins
        parts, others = _parts(one), _parts(other)
        for part, another in zip(parts, others, strict=False):
            if part is not another and part != another:
                one, other = part, another
                break
        else:
            return _behind(parts, len(others)), _behind(others, len(parts))
    return "", ""


def _beginning(value: object) -> str:
    """Return how a value is written up to its first part, if it has parts."""
    if isinstance(value, tuple):
        return "(" if type(value) is tuple else f"{type(value).__name__}("
    return f"{type(value).__qualname__}(" if is_dataclass(value) else repr(value)


def _parts(value: object) -> tuple[object, ...]:
    if isinstance(value, tuple):
        return value
    if is_dataclass(value):
        return tuple(getattr(value, field.name) for field in fields(value))
    return ()


def _behind(parts: tuple[object, ...], number: int) -> str:
    """Return how a tuple goes on behind as many parts as another one has."""
    if len(parts) > number:
        return ", " if number else _beginning(parts[0])
    return ",)" if len(parts) == 1 else ")"

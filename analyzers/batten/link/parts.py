"""The parts of a unit's summary: who reads one of them is not concerned when another one changes.

Most edits are inside of one call of a function. What its parameters are, what it returns, and
its other calls are the same then, and so is all that is made of these.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from batten.summarize.summary import Call, Function, Parameter, Shape
    from batten.values.terms import Value

ANY = -1
"""All parts together."""
WHOLE = 1
"""Anything: it differs whenever a unit does."""
HEAD = 2
RETURNS = 4
_FIRST_CALL = 3
_MANY = 56
"""Behind these, some calls next to each other are one part."""
_TOGETHER = 8
_CALLS = tuple(1 << _FIRST_CALL + number for number in range(_MANY))


class Decorated(Protocol):
    """What is made of a function."""

    @property
    def decorators(self) -> tuple[Value, ...]:
        """What is put around it."""


class Head(Decorated, Protocol):
    """What a function is called, what it takes, and what is made of it."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What it takes."""

    @property
    def owner(self) -> int | None:
        """The number of the function around it in its unit."""


class Returned(Decorated, Protocol):
    """What a function gives to who calls it."""

    @property
    def returns(self) -> Value:
        """What it returns."""

    @property
    def yields(self) -> Value | None:
        """What it yields, if it is a generator."""


def part_of_call(number: int) -> int:
    """Return the part that a call of a unit's own function is."""
    if number < _MANY:
        return _CALLS[number]
    return 1 << _FIRST_CALL + _MANY + (number - _MANY) // _TOGETHER


def differing_parts(before: Shape, after: Shape) -> int:
    """Return the parts that are not the same in two shapes of a unit, which differ.

    The functions nested in that of a unit are no parts.
    """
    old, new = before.functions[0], after.functions[0]
    found = WHOLE
    if _head(old) != _head(new):
        found |= HEAD | RETURNS
    elif (old.returns, old.yields) != (new.returns, new.yields):
        found |= RETURNS
    return found | _differing_calls(old.calls, new.calls)


def _head(function: Function) -> tuple[object, ...]:
    return (function.name, function.parameters, function.decorators, function.owner)


def _differing_calls(old: tuple[Call, ...], new: tuple[Call, ...]) -> int:
    found = 0
    for number, (before, after) in enumerate(zip_longest(old, new)):
        if before is not after and before != after:
            found |= part_of_call(number)
    return found

"""How classes, functions and calls are named: so that a name survives edits elsewhere.

A unit is named by its document's path and its qualified name, which is unique in the document.
What comes, goes or moves in a file renames nothing else but its namesakes further down.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class UnitKey(NamedTuple):
    """A unit: the document's path, its qualified name there ("" for the module's body)."""

    path: str
    unit: str


class FunctionKey(NamedTuple):
    """A function: the document's path, the name of its unit, its number in the unit."""

    path: str
    unit: str
    number: int


class ClassKey(NamedTuple):
    """A class: the document's path, the name of its unit, its number in the unit."""

    path: str
    unit: str
    number: int


class CallKey(NamedTuple):
    """A call: the function it stands in, and its number there."""

    function: FunctionKey
    call: int


# Made by the ten thousand: `CallKey(key, call)` takes thrice as long.
unit_key: Callable[[tuple[str, str]], UnitKey] = partial(tuple.__new__, UnitKey)
"""Makes a key of a path and the name of a unit."""
function_key: Callable[[tuple[str, str, int]], FunctionKey] = partial(tuple.__new__, FunctionKey)
"""Makes a key of a path, the name of a unit and a number."""
call_key: Callable[[tuple[FunctionKey, int]], CallKey] = partial(tuple.__new__, CallKey)
"""Makes a key of a function and a number."""


def in_order(units: Iterable[UnitKey]) -> list[UnitKey]:
    """Sort units in an order that does not depend on where they stand; `f` is before `f#2`."""
    return sorted(units, key=lambda key: (key.path, len(key.unit), key.unit))

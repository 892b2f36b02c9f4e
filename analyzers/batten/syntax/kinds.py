"""Tables keyed by tree-sitter's kind numbers, the quickest way to tell what a node is."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from batten.syntax.parse import PYTHON

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")


def kind(name: str) -> int:
    """Return the kind number of the nodes of a name; ValueError unless there is just one."""
    (number,) = kind_table({name: None})
    return number


def kind_table(by_name: Mapping[str, T]) -> dict[int, T]:
    """Return `by_name` keyed by kind number; several numbers share a name, each is entered.

    Raises KeyError for a name that the grammar does not have.
    """
    numbers = _numbers()
    missing = sorted(by_name.keys() - numbers)
    if missing:
        raise KeyError(f"not in the grammar: {missing}")
    return {number: value for name, value in by_name.items() for number in numbers[name]}


@lru_cache(maxsize=1)
def _numbers() -> Mapping[str, list[int]]:
    """Return the kind numbers of all names of the grammar: it is gone through once."""
    numbers: dict[str, list[int]] = {}
    for number in range(PYTHON.node_kind_count):
        name = PYTHON.node_kind_for_id(number)
        if name is not None and PYTHON.node_kind_is_named(number):
            numbers.setdefault(name, []).append(number)
    return numbers

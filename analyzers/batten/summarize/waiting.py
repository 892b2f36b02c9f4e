"""Functions and classes that wait to be interpreted, without their nodes: found in another tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.builder import Nested
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from batten.values.terms import Value

Place = tuple[int, int, int]
"""The kind of a node, and its range."""


@immutable
class Waiting:
    """A function or class that waits to be interpreted, with the place of its node."""

    place: Place
    number: int
    owner: int | None
    decorators: tuple[Value, ...]


def place(node: Node, start: int = 0) -> Place:
    """Return the place of a node in a text that begins at `start`."""
    return node.kind_id, node.start_byte - start, node.end_byte - start


def waiting(nested: Iterable[Nested], start: int = 0) -> tuple[Waiting, ...]:
    """Return what waits, with its places in a text that begins at `start`."""
    return tuple(
        [
            Waiting(place(each.node, start), each.number, each.owner, each.decorators)
            for each in nested
        ]
    )


def found(root: Node, known: tuple[Waiting, ...], start: int = 0) -> list[Nested] | None:
    """Return what waits, with the nodes of a tree; None if one of them is not in it."""
    nested = []
    for each in known:
        kind, low, high = each.place
        node = root.descendant_for_byte_range(start + low, start + high)
        while node is not None and node.kind_id != kind:
            node = node.parent
        if node is None or place(node, start) != each.place:
            return None
        nested.append(Nested(node, each.number, each.owner, each.decorators))
    return nested

"""Holes and items with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.nodes import IDENTIFIER, last_name
from batten.values.terms import (
    Attribute,
    Choice,
    Const,
    Element,
    Hole,
    Imported,
    Item,
    Name,
    Param,
    Refined,
    Result,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.summarize.scope import Scope


def hole(scope: Scope, node: Node, spec: str, value: Value | None = None) -> Hole:
    """Return the hole that the expression `node` makes."""
    if value is None:
        if node.kind_id == IDENTIFIER:  # half of all
            name = scope.slice(node)
            value = scope.read(name)
            return Hole(scope.site(node), value, spec, "" if isinstance(value, Const) else name)
        value = scope.evaluate(node)
    name = "" if isinstance(value, Const) else last_name(scope, node)
    return Hole(scope.site(node), value, spec, name)


def placed_item(scope: Scope, node: Node) -> Value:
    """Return an item of a collection: with its place, unless it is text or structure itself."""
    value = scope.evaluate(node)
    return with_place(hole(scope, node, "s", value))


def with_place(made: Hole) -> Value:
    """Return an item as a collection keeps it: with its place, unless it is text or structure."""
    return made if isinstance(made.value, _OPEN) else made.value


_OPEN = (Param, Name, Imported, Attribute, Item, Element, Result, Refined, Choice, Unknown)

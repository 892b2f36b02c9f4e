"""Evaluating what is inside a node of no interest itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.nodes import MAX_STEPS, operands
from batten.values.terms import UNKNOWN, Value

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.summarize.scope import Scope


def inner_value(scope: Scope, node: Node) -> Value:
    """Return the value of the expression that `node` wraps (parentheses, await, splats)."""
    inner = operands(node)
    while inner and inner[0].type == "parenthesized_expression":
        inner = operands(inner[0])  # in a loop: their depth says nothing
    return scope.evaluate(inner[0]) if inner else UNKNOWN


def others(scope: Scope, node: Node) -> Value:
    """Evaluate all children, so that no call in them is missed; what `node` is is unknown."""
    if scope.depth >= MAX_STEPS:
        scope.builder.skip(node)
        return UNKNOWN
    scope.depth += 1
    for child in node.named_children:
        scope.evaluate(child)
    scope.depth -= 1
    return UNKNOWN

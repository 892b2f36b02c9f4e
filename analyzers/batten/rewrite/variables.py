"""Who reads a variable: an edit of what it holds reaches all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.names import bindings_at
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import (
    ancestors,
    descendants,
    outside_parentheses,
    without_parentheses,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.rewrite.names import Bindings
    from batten.syntax.text import SourceText, Span


def mentions(names: Bindings, assigned: Node) -> list[Node]:
    """Return where the function around an assigned name mentions it, in order of the text."""
    within = next((n for n in ancestors(assigned) if n.type in _SCOPES), names.syntax.root)
    text = names.syntax.text(assigned)
    return [node for node in descendants(within) if _is_variable(names, node, text)]


def is_shared(source: SourceText, value: Span) -> bool:
    """Tell whether a value is put as it is into a collection that is read more than once."""
    names = bindings_at(source, value.start)
    node = None if isinstance(names, Refusal) else names.syntax.node(value)
    if node is None or isinstance(names, Refusal):
        return False
    inner = outside_parentheses(node)
    for outer in ancestors(inner):
        if outer.type == "assignment":
            name = outer.child_by_field_name("left")
            if name is None or name.type != "identifier":
                return True
            return len(mentions(names, name)) > len(("assigned", "read"))
        if outer.type not in _DISPLAYS:
            return False
    return False


def sole_value(names: Bindings, node: Node) -> Node:
    """Return the expression that a variable of a function holds, if it is read here only.

    It is assigned once, too. Every other node is returned as it is.
    """
    node = without_parentheses(node)
    scope = next((outer for outer in ancestors(node) if outer.type in _SCOPES), None)
    if node.type != "identifier" or scope is None or scope.type != "function_definition":
        return node
    uses = mentions(names, node)
    if len(uses) != len(("assigned", "read")) or uses[1] != node:
        return node
    assignment = uses[0].parent
    if assignment is None or assignment.type != "assignment":
        return node
    value = assignment.child_by_field_name("right")
    if value is None or assignment.child_by_field_name("left") != uses[0]:
        return node
    return node if value.type == "assignment" else without_parentheses(value)


def _is_variable(names: Bindings, node: Node, name: str) -> bool:
    """Tell whether a node is a variable of a name, and no keyword of a call."""
    if node.type != "identifier" or names.syntax.text(node) != name:
        return False
    parent = node.parent
    if parent is None:
        return True
    if parent.type == "keyword_argument":
        return parent.child_by_field_name("name") != node
    return parent.type != "attribute" or parent.child_by_field_name("object") == node


_SCOPES = frozenset({"class_definition", "function_definition", "lambda"})
_DISPLAYS = frozenset({"dictionary", "list", "pair", "tuple"})

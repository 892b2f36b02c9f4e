"""Which nodes of the tree are expressions, and what can be told of one by its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import without_parentheses

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.rewrite.tree import Syntax


def not_a_value(node: Node) -> Refusal | None:
    """Return why a call can't stand in the place of a node."""
    parent = node.parent
    if node.type not in EXPRESSIONS or parent is None:
        return Refusal("it is not the expression of a value")
    if parent.type in _UNPACKING:
        return Refusal("several values are unpacked from it")
    if parent.type == "concatenated_string":
        return Refusal("it is a part of a literal")
    if parent.type == "format_expression":
        return Refusal("it says how a value is formatted")
    if parent.type in _BINDING:
        return Refusal("it is a name that is bound here")
    for field in _NAMING.get(parent.type, ()):
        if parent.child_by_field_name(field) == node:
            return Refusal("it is not the expression of a value")
    return None


def is_text(syntax: Syntax, node: Node) -> bool:
    """Tell whether an expression gives a `str` whatever its parts are."""
    node = without_parentheses(node)
    while node.type == "binary_operator":
        operator, left = node.child_by_field_name("operator"), node.child_by_field_name("left")
        if left is None or operator is None or operator.type not in ("%", "+"):
            return False
        node = without_parentheses(left)
    if node.type == "call":
        function = node.named_children[0]
        if syntax.text(function) == "str":
            return True
        method, owner = (function.child_by_field_name(name) for name in ("attribute", "object"))
        if method is None or owner is None or syntax.text(method) not in _TEXT_METHODS:
            return False
        node = without_parentheses(owner)
    if node.type == "concatenated_string":
        node = node.named_children[0]
    return node.type == "string" and "b" not in syntax.text(node.children[0]).lower()


def is_assembled(node: Node) -> bool:
    """Tell whether an expression puts text together from pieces."""
    node = without_parentheses(node)
    if node.type in ("binary_operator", "concatenated_string"):
        return True
    if node.type == "call":
        function = node.child_by_field_name("function")
        owner = function and function.child_by_field_name("object")
        return owner is not None and owner.type in ("string", "concatenated_string")
    return node.type == "string" and any(n.type == "interpolation" for n in node.named_children)


def without_comments(node: Node) -> list[Node]:
    """Return the named children of a node but for comments."""
    return [child for child in node.named_children if child.type != "comment"]


EXPRESSIONS = frozenset(
    {
        "attribute",
        "await",
        "binary_operator",
        "boolean_operator",
        "call",
        "comparison_operator",
        "concatenated_string",
        "conditional_expression",
        "dictionary",
        "dictionary_comprehension",
        "ellipsis",
        "expression_list",
        "false",
        "float",
        "generator_expression",
        "identifier",
        "integer",
        "lambda",
        "list",
        "list_comprehension",
        "named_expression",
        "none",
        "not_operator",
        "parenthesized_expression",
        "set",
        "set_comprehension",
        "string",
        "subscript",
        "true",
        "tuple",
        "unary_operator",
        "yield",
    }
)

_TEXT_METHODS = frozenset({"format", "join", "lower", "replace", "strip", "upper"})
_UNPACKING = frozenset({"dictionary_splat", "list_splat", "parenthesized_list_splat"})
_BINDING = frozenset(
    {
        "aliased_import",
        "as_pattern_target",
        "case_pattern",
        "delete_statement",
        "dictionary_splat_pattern",
        "dotted_name",
        "global_statement",
        "lambda_parameters",
        "list_pattern",
        "list_splat_pattern",
        "nonlocal_statement",
        "parameters",
        "pattern_list",
        "tuple_pattern",
        "type",
        "typed_parameter",
    }
)
_NAMING = {
    "assignment": ("left",),
    "attribute": ("attribute",),
    "augmented_assignment": ("left",),
    "call": ("function", "arguments"),
    "class_definition": ("name",),
    "default_parameter": ("name",),
    "for_in_clause": ("left",),
    "for_statement": ("left",),
    "function_definition": ("name",),
    "keyword_argument": ("name",),
    "named_expression": ("name",),
    "typed_default_parameter": ("name",),
}

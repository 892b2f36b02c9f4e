"""A name for one of several things, from the name of them all: `trait` for `self.traits`."""

from __future__ import annotations

import builtins
import keyword
from typing import TYPE_CHECKING

from batten.rewrite.tree import without_parentheses

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.rewrite.tree import Syntax


def one_of(syntax: Syntax, several: Node) -> str | None:
    """Return a name for one item of what an expression gives; None when no good one shows."""
    name = _name(syntax, several)
    singular = None if name is None else _singular(name.strip("_"))
    if singular is None or keyword.iskeyword(singular) or hasattr(builtins, singular):
        return None
    return singular if singular.isidentifier() and len(singular) > 1 else None


def _name(syntax: Syntax, node: Node) -> str | None:
    """Return the name that tells what the items are."""
    node = without_parentheses(node)
    if node.type == "identifier":
        return syntax.text(node)
    if node.type == "attribute":
        return _field_text(syntax, node, "attribute")
    if node.type == "boolean_operator":
        return _of_field(syntax, node, "left")
    if node.type in ("await", "conditional_expression"):
        return _name(syntax, node.named_children[0])
    if node.type == "subscript":
        index = node.child_by_field_name("subscript")
        if index is not None and index.type == "string":
            return syntax.text(index).strip("\"'")
        return _of_field(syntax, node, "value")
    if node.type == "call":
        return _of_call(syntax, node)
    return None


def _of_call(syntax: Syntax, call: Node) -> str | None:
    function = call.child_by_field_name("function")
    arguments = call.child_by_field_name("arguments")
    if function is None or arguments is None:
        return None
    if syntax.text(function) in _SAME_ITEMS:
        last = [child for child in arguments.named_children if child.type != "keyword_argument"]
        return _name(syntax, last[-1]) if last else None
    name = _name(syntax, function)
    return None if name is None else name.removeprefix("get_")


def _of_field(syntax: Syntax, node: Node, field: str) -> str | None:
    child = node.child_by_field_name(field)
    return None if child is None else _name(syntax, child)


def _field_text(syntax: Syntax, node: Node, field: str) -> str | None:
    child = node.child_by_field_name(field)
    return None if child is None else syntax.text(child)


def _singular(name: str) -> str | None:
    if name.isupper():
        name = name.lower()
    for ending in ("_list", "_set", "_tuple"):
        if name.endswith(ending):
            stem = name.removesuffix(ending)
            return _singular(stem) or stem
    if name in _IRREGULAR:
        return _IRREGULAR[name]
    if name.endswith(_NO_PLURAL):
        return None
    if name.endswith("ies") and len(name) > 4:
        return f"{name[:-3]}y"
    if name.endswith(("sses", "shes", "ches", "xes", "zes")):
        return name[:-2]
    return name[:-1] if name.endswith("s") else None


_SAME_ITEMS = frozenset(
    {"filter", "frozenset", "iter", "list", "map", "reversed", "set", "sorted", "tuple"}
)
_IRREGULAR = {"children": "child", "people": "person", "indices": "index"}
_NO_PLURAL = ("ss", "us", "is", "series", "species", "news")

"""Looking at tree-sitter nodes: operands without comments, and the name of an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.summarize.scope import Scope

MAX_STEPS = 200
SAME_TEXT = frozenset(
    """
    strip lstrip rstrip lower upper title capitalize casefold encode decode replace removeprefix
    removesuffix split rsplit
    """.split()
)
"""Methods of text whose result holds the same text, or parts of it."""

TAKES_ENTRY = frozenset({"get", "pop", "setdefault", "getlist", "getone"})
"""Methods that take an entry out of a mapping."""

_SHOWN = frozenset({"str", "text_type", "unicode", "sorted", "set", "list", "tuple"})


def is_key(text: str) -> bool:
    """Tell whether a text is the name of an entry, and no path that a client is to get."""
    return text.replace("-", "_").isidentifier()


def operands(node: Node) -> list[Node]:
    """Return the named children that are not comments, which may stand anywhere."""
    return [child for child in node.named_children if child.type != "comment"]


def last_name(scope: Scope, node: Node) -> str:
    """Return the last identifier that names the value of `node`, or an empty string."""
    for _ in range(MAX_STEPS):
        kind = node.type
        if kind == "identifier":
            return scope.builder.slice(node)
        if kind == "attribute":
            found = node.child_by_field_name("attribute")
        elif kind == "subscript":
            found = node.child_by_field_name("subscript")
            if found is not None and found.type == "string":
                return scope.builder.slice(found).lstrip("rbuRBU").strip("'\"")
            found = node.child_by_field_name("value")
        elif kind == "call":
            found = node.child_by_field_name("function")
            arguments = node.child_by_field_name("arguments")
            plain = found is not None and found.type == "identifier"
            inner = arguments.named_children if arguments is not None else []
            if found is not None and found.type == "attribute":
                method = found.child_by_field_name("attribute")
                name = scope.builder.slice(method) if method is not None else ""
                if name in SAME_TEXT:
                    found = found.child_by_field_name("object")
                elif name in TAKES_ENTRY and inner and inner[0].type == "string":
                    key = scope.builder.slice(inner[0]).strip("'\"")
                    if is_key(key):
                        return key
            elif plain and len(inner) == 1 and scope.builder.slice(found) in _SHOWN:  # type: ignore[arg-type]
                found = inner[0]
            if found is not None and inner and scope.builder.slice(found).endswith("quote"):
                found = inner[0]
        elif kind in ("parenthesized_expression", "await"):
            found = next((c for c in node.named_children if c.type != "comment"), None)
        else:
            return ""
        if found is None:
            return ""
        node = found
    return ""

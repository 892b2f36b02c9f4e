"""Text that is escaped by hand, character by character: `name.replace("/", "%2F")`.

It escapes too little, and `quote` around it would escape its `%` or `+` again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.rewrite.edit import Edit
from batten.rewrite.names import bindings_at
from batten.rewrite.quote import quote_value
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import without_parentheses
from batten.rewrite.variables import mentions, sole_value
from batten.syntax.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.rewrite.names import Bindings
    from batten.rewrite.quote import Coercion
    from batten.syntax.text import SourceText


def is_escaped_by_hand(source: SourceText, value: Span) -> bool:
    """Tell whether a value, or what a variable is assigned, replaces characters by escapes."""
    names = bindings_at(source, value.start)
    node = None if isinstance(names, Refusal) else names.syntax.node(value)
    if node is None or isinstance(names, Refusal):
        return False
    node = without_parentheses(node)
    assigned = [node]
    if node.type == "identifier":
        assigned += (use.parent for use in mentions(names, node) if use.parent is not None)
    return any(_replaced_in(names, _assigned(each)) is not None for each in assigned)


def quote_instead(
    source: SourceText, value: Span, *, safe: str, coercion: Coercion
) -> tuple[Edit, ...] | Refusal:
    """Return the edits that put `quote` in the place of all such replacements of a value."""
    names = bindings_at(source, value.start)
    if isinstance(names, Refusal):
        return names
    node = names.syntax.node(value)
    node = None if node is None else sole_value(names, node)
    owner = None if node is None else _replaced_in(names, node)
    if node is None or owner is None:
        return Refusal("its escapes come from `replace()`, and would be escaped again")
    while (inner := _replaced_in(names, owner)) is not None:
        owner = inner
    span = Span(owner.start_byte, owner.end_byte)
    edits = quote_value(source, span, safe=safe, coercion=coercion)
    if isinstance(edits, Refusal):
        return edits
    return tuple(sorted((*edits, Edit(Span(span.end, node.end_byte), ""))))


def _assigned(node: Node) -> Node:
    right = node.child_by_field_name("right") if node.type == "assignment" else None
    return node if right is None else without_parentheses(right)


def _replaced_in(names: Bindings, node: Node) -> Node | None:
    """Return the text in which a call of `replace` puts an escape, None for any other node."""
    function = node.child_by_field_name("function") if node.type == "call" else None
    arguments = node.child_by_field_name("arguments")
    if function is None or arguments is None or function.type != "attribute":
        return None
    method, owner = (function.child_by_field_name(field) for field in ("attribute", "object"))
    if method is None or names.syntax.text(method) != "replace":
        return None
    return owner if _ESCAPE.search(names.syntax.text(arguments)) else None


# `replace(" ", "+")` is how a form writes a space.
_ESCAPE = re.compile(r"""["']%[0-9A-Fa-f]{2}["']|,\s*["']\+["']\s*,?\s*\)$""")

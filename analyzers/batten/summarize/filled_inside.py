"""Collections of a function that functions inside it fill (`def add(x): parts.append(x)`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.values.terms import Bag, Sequence

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.summarize.scope import Scope

GROWING = frozenset({"append", "add", "appendleft", "insert", "extend"})
"""Methods that put something into a collection."""


def filled_inside(scope: Scope, node: Node) -> set[str]:
    """Return the names of collections that are filled somewhere in a function inside."""
    held = {key for key, value in scope.environment.items() if isinstance(value, (Sequence, Bag))}
    found: set[str] = set()
    waiting = [node] if held else []
    while waiting:
        at = waiting.pop()
        waiting.extend(at.named_children)
        function = at.child_by_field_name("function") if at.type == "call" else None
        if function is None or function.type != "attribute":
            continue
        base = function.child_by_field_name("object")
        method = function.child_by_field_name("attribute")
        if base is not None and method is not None and base.type == "identifier":
            name = scope.slice(base)
            if name in held and scope.slice(method) in GROWING:
                found.add(name)
    return found

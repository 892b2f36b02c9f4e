"""What the definition of a function or a class inside of a function does to its scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.filled_inside import filled_inside
from batten.summarize.nodes import operands
from batten.values.terms import Local, LocalClass, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from batten.summarize.scope import Scope


def decorated(scope: Scope, node: Node) -> None:
    """Interpret a definition with decorators."""
    decorators = tuple(
        scope.evaluate(operands(child)[0])
        for child in node.named_children
        if child.type == "decorator" and operands(child)
    )
    definition = node.child_by_field_name("definition")
    if definition is None:
        return
    _define(scope, definition, decorators)


def definition(scope: Scope, node: Node) -> None:
    """Interpret a definition without any."""
    _define(scope, node, ())


def _define(scope: Scope, node: Node, decorators: tuple[Value, ...]) -> None:
    """Bind a nested function or class, to be interpreted when the scope around it is done."""
    name = node.child_by_field_name("name")
    if name is None:
        return
    value: Value
    if node.type == "function_definition":
        value = Local(scope.builder.nest(node, scope.number, decorators))
    else:
        value = LocalClass(scope.builder.nest_class(node, scope.number, decorators))
    scope.write(scope.slice(name), value)
    if b"nonlocal" in scope.builder.text:
        scope.share(_names_of_outer_functions(scope, node))
    scope.share_lists(filled_inside(scope, node))


def _names_of_outer_functions(scope: Scope, node: Node) -> Iterator[str]:
    """Yield the names that a definition, or one inside it, takes from a function around it."""
    waiting = [node]
    while waiting:
        at = waiting.pop()
        if at.type == "nonlocal_statement":
            yield from (scope.slice(child) for child in operands(at))
        elif at.child_count and not at.type.endswith("expression"):
            waiting.extend(at.named_children)

"""Which names a guard speaks of: the subject of a condition, and what was taken out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.values.combine import choice
from batten.values.terms import Choice, Name, Param, Refined, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from batten.summarize.environment import Key
    from batten.summarize.scope import Scope

_SAME_LETTERS = frozenset({"lower", "upper", "casefold", "strip"})


def key_of(scope: Scope, node: Node) -> Key | None:
    """Return the name whose text is compared; `x.lower()` is as good as `x`."""
    if node.type == "call":
        callee = node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        bare = arguments is not None and not arguments.named_child_count
        if callee is not None and callee.type == "attribute" and bare:
            name = callee.child_by_field_name("attribute")
            subject = callee.child_by_field_name("object")
            if name is not None and subject is not None:
                same = scope.builder.slice(name) in _SAME_LETTERS
                return key_of(scope, subject) if same else None
    return plain_key(scope, node)


def plain_key(scope: Scope, node: Node) -> Key | None:
    """Return the name or attribute that an expression reads, `str(x)` included."""
    while node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = node.named_children[0]
    if node.type == "identifier":
        return scope.builder.slice(node)
    if node.type == "named_expression":
        name = node.child_by_field_name("name")
        return scope.builder.slice(name) if name is not None else None
    if node.type == "call":
        # str(x): what is proved of the text is proved of x.
        arguments = node.child_by_field_name("arguments")
        callee = node.child_by_field_name("function")
        if arguments is None or callee is None or callee.type != "identifier":
            return None
        if scope.builder.slice(callee) == "str" and arguments.named_child_count == 1:
            return plain_key(scope, arguments.named_children[0])
        return None
    if node.type == "attribute":
        base = node.child_by_field_name("object")
        name = node.child_by_field_name("attribute")
        if base is None or name is None or base.type != "identifier":
            return None
        value = scope.evaluate(base)
        if isinstance(value, (Param, Name)):
            return (value, scope.builder.slice(name))
    return None


def keys_holding(scope: Scope, value: Value) -> Iterator[Key]:
    """Yield the names that hold a value now, whatever is proved of it already."""
    value = unrefined(value)
    for key, held in scope.environment.items():
        if unrefined(held) == value:
            yield key
    if isinstance(value, Param) and value.name not in scope.environment:
        yield value.name


def unrefined(value: Value) -> Value:
    """Return a value without what guards have proved of it."""
    if isinstance(value, Choice):
        if any(isinstance(each, Refined) for each in value.alternatives):
            return choice(map(unrefined, value.alternatives))
        return value
    return value.value if isinstance(value, Refined) else value

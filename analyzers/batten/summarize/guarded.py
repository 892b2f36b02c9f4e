"""Which names a guard speaks of: the subject of a condition, and what was taken out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.nodes import (
    ATTRIBUTE,
    CALL,
    IDENTIFIER,
    PARENTHESIZED,
    attribute_parts,
    call_parts,
)
from batten.syntax.kinds import kind as kind_number
from batten.values.combine import choice
from batten.values.terms import Choice, Name, Param, Refined, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from batten.summarize.environment import Key
    from batten.summarize.scope import Scope

_NAMED_EXPRESSION = kind_number("named_expression")
_SAME_LETTERS = frozenset({"lower", "upper", "casefold", "strip"})


def key_of(scope: Scope, node: Node) -> Key | None:
    """Return the name whose text is compared; `x.lower()` is as good as `x`."""
    if node.kind_id == CALL:
        callee, arguments = call_parts(node)
        bare = arguments is not None and not arguments.named_child_count
        if callee is not None and callee.kind_id == ATTRIBUTE and bare:
            subject, name = attribute_parts(callee)
            if name is not None and subject is not None:
                same = scope.slice(name) in _SAME_LETTERS
                return key_of(scope, subject) if same else None
    return plain_key(scope, node)


def plain_key(scope: Scope, node: Node) -> Key | None:
    """Return the name or attribute that an expression reads, `str(x)` included."""
    kind = node.kind_id
    while kind == PARENTHESIZED and node.named_child_count == 1:
        node = node.named_children[0]
        kind = node.kind_id
    if kind == IDENTIFIER:
        return scope.slice(node)
    if kind == _NAMED_EXPRESSION:
        name = node.child_by_field_name("name")
        return scope.slice(name) if name is not None else None
    if kind == CALL:
        # str(x): what is proved of the text is proved of x.
        callee, arguments = call_parts(node)
        if arguments is None or callee is None or callee.kind_id != IDENTIFIER:
            return None
        if scope.slice(callee) == "str" and arguments.named_child_count == 1:
            return plain_key(scope, arguments.named_children[0])
        return None
    if kind == ATTRIBUTE:
        base, name = attribute_parts(node)
        if base is None or name is None or base.kind_id != IDENTIFIER:
            return None
        value = scope.evaluate(base)
        if isinstance(value, (Param, Name)):
            return (value, scope.slice(name))
    return None


def keys_holding(scope: Scope, value: Value) -> Iterator[Key]:
    """Yield the names that hold a value now, whatever is proved of it already."""
    value = unrefined(value)
    for key, held in scope.holdings(value):
        if held is value or is_refined_from(held, value):
            yield key
    if isinstance(value, Param) and value.name not in scope.environment:
        yield value.name


def is_refined_from(held: Value, value: Value) -> bool:
    """Tell whether a value is another one of which things may be proved."""
    if isinstance(held, Refined):
        return held.value == value
    if isinstance(held, Choice):
        # One of several is rarely what is asked for, and soon told from the first of them.
        if not isinstance(value, Choice):
            return all(is_refined_from(each, value) for each in held.alternatives)
        return unrefined(held) == value
    return held == value


def unrefined(value: Value) -> Value:
    """Return a value without what guards have proved of it."""
    if isinstance(value, Choice):
        for each in value.alternatives:
            if isinstance(each, Refined):
                return choice(map(unrefined, value.alternatives))
        return value
    return value.value if isinstance(value, Refined) else value

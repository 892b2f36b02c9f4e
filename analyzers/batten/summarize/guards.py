"""What a condition proves of the names in it, where it is true and where it is false."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.values.combine import plain
from batten.values.terms import (
    NONE,
    Attribute,
    Bag,
    Const,
    Fact,
    Name,
    Param,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.summarize.scope import Key, Scope


@dataclass(frozen=True, slots=True)
class Proof:
    """A fact about the value under `key`, or, with `value`, the value itself."""

    key: Key
    fact: Fact
    value: Value | None = None


def proved(scope: Scope, node: Node) -> tuple[list[Proof], list[Proof]]:
    """Return what holds where the condition `node` is true, and where it is false."""
    kind = node.type
    inner = [child for child in node.named_children if child.type != "comment"]
    if kind == "parenthesized_expression" and inner:
        return proved(scope, inner[0])
    if kind == "not_operator" and inner:
        true, false = proved(scope, inner[0])
        return false, true
    if kind == "boolean_operator" and len(inner) == 2:
        left, right = (proved(scope, part) for part in inner)
        operator = node.child_by_field_name("operator")
        if operator is not None and operator.type == "and":
            return left[0] + right[0], _perhaps(left[1] + right[1])
        return _perhaps(left[0] + right[0]), left[1] + right[1]
    if kind == "comparison_operator" and len(inner) == 2:
        return _comparison(scope, node, inner)
    if kind == "call":
        return _predicate(scope, node), []
    if kind == "named_expression" and len(inner) == 2:
        return proved(scope, inner[1])
    if kind in ("identifier", "attribute"):
        key = _key(scope, node)
        return ([], [Proof(key, Fact("empty", NONE))]) if key is not None else ([], [])
    return [], []


def _perhaps(proofs: list[Proof]) -> list[Proof]:
    """Weaken what one of two conditions proves to what was looked at: a check, not its result."""
    return [
        Proof(proof.key, Fact("checked", proof.fact.value))
        for proof in proofs
        if proof.fact.kind in ("predicate", "checked")
    ]


def converted(scope: Scope, call: Node) -> list[Proof]:
    """Return what holds after a call for its error alone: its argument could be converted."""
    callee, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
    if callee is None or arguments is None or arguments.named_child_count != 1:
        return []
    if callee.type not in ("identifier", "attribute"):
        return []
    key = _key(scope, arguments.named_children[0])
    return [Proof(key, Fact("converted", scope.evaluate(callee)))] if key is not None else []


def _comparison(scope: Scope, node: Node, operands: list[Node]) -> tuple[list[Proof], list[Proof]]:
    operators = [child.type for child in node.children if not child.is_named]
    operator = " ".join(operators)
    left, right = operands
    key = _key(scope, left)
    if operator in ("is", "==", "is not", "!=", "<>"):
        if key is None:
            key, right = _key(scope, right), left
        if key is None or right.type not in ("none", "string", "integer", "true", "false"):
            return _fullmatch_result(scope, left, operator, right)
        known = scope.evaluate(right)
        same, other = [Proof(key, Fact("equal", NONE), known)], _undotted(key, known)
        return (same, other) if operator in ("is", "==") else (other, same)
    if key is None:
        inside = _key(scope, right)
        other = _undotted(inside, scope.evaluate(left)) if inside is not None else []
        return (
            ([], other) if operator == "in" else (other, []) if operator == "not in" else ([], [])
        )
    if operator in ("in", "not in"):
        collection = scope.evaluate(right)
        literal = isinstance(collection, (Sequence, Name, Attribute, Param)) or right.type in (
            "set",
            "dictionary",
        )
        if not literal:
            return [], []
        same, other = [Proof(key, Fact("member", collection))], _undotted(key, collection)
        return (same, other) if operator == "in" else (other, same)
    return [], []


def _undotted(key: Key, refused: Value) -> list[Proof]:
    """Return what holds where a value differs from `..`, or from all items of a collection."""
    items = refused.items if isinstance(refused, (Sequence, Bag)) else (refused,)
    dotted = any(plain(item) == Const("..") for item in items)
    return [Proof(key, Fact("undotted", NONE))] if dotted else []


def _fullmatch_result(
    scope: Scope, left: Node, operator: str, right: Node
) -> tuple[list[Proof], list[Proof]]:
    """Read `pattern.match(x) is None` as `not pattern.match(x)`."""
    if right.type != "none" or left.type != "call":
        return [], []
    true = _predicate(scope, left)
    return ([], true) if operator in ("is", "==") else (true, [])


def _predicate(scope: Scope, node: Node) -> list[Proof]:
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if callee is None or arguments is None or arguments.type != "argument_list":
        return []
    given = [child for child in arguments.named_children if child.type != "comment"]
    if len(given) == 2 and scope.builder.slice(callee) == "isinstance":
        key = _key(scope, given[0])
        return [Proof(key, Fact("type", scope.evaluate(given[1])))] if key else []
    if any(child.type == "call" for child in callee.named_children):
        return []
    function = scope.evaluate(callee)
    if not given:
        # x.isdigit()
        if callee.type != "attribute":
            return []
        subject = callee.child_by_field_name("object")
        key = _key(scope, subject) if subject is not None else None
        return [Proof(key, Fact("predicate", _method_name(function)))] if key else []
    proofs = []
    for argument in given:
        key = _key(scope, argument)
        if key is not None:
            proofs.append(Proof(key, Fact("predicate", _applied(function, given, scope))))
    return proofs


def _method_name(function: Value) -> Value:
    return Const(f".{function.name}") if isinstance(function, Attribute) else function


def _applied(function: Value, given: list[Node], scope: Scope) -> Value:
    """Return the predicate; for `re.match(pattern, x)` it is a pair with the pattern."""
    if len(given) >= 2 and given[0].type in (
        "string",
        "identifier",
        "attribute",
        "concatenated_string",
    ):
        return Sequence((function, scope.evaluate(given[0])))
    return function


def _key(scope: Scope, node: Node) -> Key | None:
    while node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = node.named_children[0]
    if node.type == "identifier":
        return scope.builder.slice(node)
    if node.type == "named_expression":
        name = node.child_by_field_name("name")
        return scope.builder.slice(name) if name is not None else None
    if node.type == "call":
        # str(x), x.lower(): what is proved of the text is proved of x.
        arguments = node.child_by_field_name("arguments")
        callee = node.child_by_field_name("function")
        if arguments is None or callee is None or callee.type != "identifier":
            return None
        if scope.builder.slice(callee) == "str" and arguments.named_child_count == 1:
            return _key(scope, arguments.named_children[0])
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

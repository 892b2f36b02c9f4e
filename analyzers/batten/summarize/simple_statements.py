"""What simple statements do to a scope: assignments, ways out, imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize import location
from batten.summarize.binding import assume, bind, condition, keep
from batten.summarize.guards import proved
from batten.summarize.nodes import IDENTIFIER, operands
from batten.summarize.places import hole, with_place
from batten.summarize.promises import returned
from batten.summarize.texts import add, percent
from batten.syntax.kinds import kind
from batten.syntax.parse import PYTHON
from batten.values.combine import refined
from batten.values.terms import (
    NONE,
    UNKNOWN,
    Computed,
    Const,
    Division,
    Fact,
    Imported,
    Mapping,
    Sequence,
    Template,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from batten.summarize.guards import Proofs
    from batten.summarize.scope import Scope

    Handler = Callable[[Scope, Node], None]

_ASSIGNMENTS = frozenset((kind("assignment"), kind("augmented_assignment")))
_EQUALS = PYTHON.id_for_node_kind("=", False)


def _assignment(scope: Scope, node: Node) -> None:
    parts = node.children
    if len(parts) == 3 and parts[1].kind_id == _EQUALS and parts[2].kind_id not in _ASSIGNMENTS:
        _assign(scope, parts[:1], parts[2], scope.evaluate(parts[2]))
        return
    targets: list[Node] = []
    annotation: Node | None = None
    at: Node | None = node
    value: Value | None = None
    while at is not None and at.type == "assignment":
        left = at.child_by_field_name("left")
        if not at.has_error:  # half an annotation says nothing
            annotation = annotation or at.child_by_field_name("type")
        if left is not None:
            targets.append(left)
        at = at.child_by_field_name("right")
    if at is not None and at.type == "augmented_assignment":
        _augmented(scope, at)
        left = at.child_by_field_name("left")
        value = scope.evaluate(left) if left is not None else UNKNOWN
    elif at is not None:
        value = scope.evaluate(at)
    if annotation is not None:
        noted = scope.evaluate(annotation)
        for target in targets:
            if target.type == "identifier":
                scope.annotate(scope.slice(target), noted)
        if value is not None and not isinstance(value, (Const, Template, Sequence, Mapping)):
            value = refined(value, Fact("type", noted))
    if value is not None:
        _assign(scope, targets, at, value)


def _assign(scope: Scope, targets: list[Node], at: Node | None, value: Value) -> None:
    """Bind all targets to the value of `at`."""
    for target in targets:
        if target.kind_id == IDENTIFIER and at is not None:
            keep(scope, target, value, at)
            continue
        if at is not None and target.type in ("subscript", "attribute"):
            location.assigned(scope, target, at, value)
        if target.type == "subscript" and at is not None:
            bind(scope, target, with_place(hole(scope, at, "s", value)))
        elif at is not None:
            keep(scope, target, value, at)


def _augmented(scope: Scope, node: Node) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return
    before = scope.evaluate(left)
    value = scope.evaluate(right)
    if operator.type == "+=":
        bind(scope, left, _grown(scope, left, before, right, value))
    elif operator.type == "%=":
        bind(scope, left, percent(scope, before, right))
    elif operator.type == "/=":
        bind(scope, left, Division(hole(scope, left, "s", before), hole(scope, right, "s", value)))
    elif operator.type == "|=":
        bind(scope, left, before)
    else:
        bind(scope, left, Computed("int"))


def _grown(scope: Scope, left: Node, before: Value, right: Node, value: Value) -> Value:
    return add(scope, (left, before), (right, value))


def _return(scope: Scope, node: Node) -> None:
    inner = operands(node)
    value = scope.evaluate(inner[0]) if inner else NONE
    scope.returns.append(value)
    location.returned(scope, node, value)
    proofs: Proofs = proved(scope, inner[0]) if inner and scope.parameters else ([], [])
    scope.leave(returned(scope, value, proofs))


def _leave(scope: Scope, node: Node) -> None:
    for child in operands(node):
        scope.evaluate(child)
    scope.alive = False


def _jump(scope: Scope, _node: Node) -> None:
    if scope.loop_exits is not None:
        scope.loop_exits.append(scope.fork())
    scope.alive = False


def _assert(scope: Scope, node: Node) -> None:
    inner = operands(node)
    if inner:
        true, _ = condition(scope, inner[0])
        assume(scope, true)
    for message in inner[1:]:
        scope.evaluate(message)


def _delete(scope: Scope, node: Node) -> None:
    for child in operands(node):
        if child.type == "identifier":
            scope.drop(scope.slice(child))


def _global(scope: Scope, node: Node) -> None:
    scope.global_names.update(scope.slice(child) for child in operands(node))


def _nonlocal(scope: Scope, node: Node) -> None:
    scope.outer_names.update(dict.fromkeys(map(scope.slice, operands(node))))


def _nothing(_scope: Scope, _node: Node) -> None:
    return


# Imports


def _import(scope: Scope, node: Node) -> None:
    for child in operands(node):
        if child.type == "aliased_import":
            name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
            if name is not None and alias is not None:
                scope.write(scope.slice(alias), Imported(_dotted(scope, name)))
        elif child.type == "dotted_name":
            dotted = _dotted(scope, child)
            first = dotted.split(".")[0]
            scope.write(first, Imported(first))


def _import_from(scope: Scope, node: Node) -> None:
    module = node.child_by_field_name("module_name")
    if module is None:
        return
    source = _dotted(scope, module)
    for child in node.children_by_field_name("name"):
        name, alias = child, child
        if child.type == "aliased_import":
            name = child.child_by_field_name("name") or child
            alias = child.child_by_field_name("alias") or child
        imported = _dotted(scope, name)
        target = source + imported if source.endswith(".") else f"{source}.{imported}"
        scope.write(scope.slice(alias), Imported(target))
    if any(child.type == "wildcard_import" for child in node.children):
        scope.builder.star_imports.append(source)


def _dotted(scope: Scope, node: Node) -> str:
    return "".join(scope.slice(node).split())


def _print(scope: Scope, node: Node) -> None:
    for child in operands(node):
        scope.evaluate(child)


SIMPLE: dict[str, Handler] = {
    "assignment": _assignment,
    "augmented_assignment": _augmented,
    "return_statement": _return,
    "raise_statement": _leave,
    "break_statement": _jump,
    "continue_statement": _jump,
    "assert_statement": _assert,
    "delete_statement": _delete,
    "global_statement": _global,
    "nonlocal_statement": _nonlocal,
    "pass_statement": _nothing,
    "import_statement": _import,
    "import_from_statement": _import_from,
    "future_import_statement": _nothing,
    "print_statement": _print,
    "comment": _nothing,
}
"""What interprets each kind of statement."""

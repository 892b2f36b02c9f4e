"""Giving names, attributes and items new values, and noting what guards prove of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.environment import MAX_PROOFS, TRUE, Told, Truth, proven
from batten.summarize.guards import proved
from batten.summarize.nodes import ATTRIBUTE, IDENTIFIER, attribute_parts, operands
from batten.syntax.kinds import kind_table
from batten.values.combine import bag, merged_mappings, plain
from batten.values.methods import item
from batten.values.terms import (
    Attribute,
    Bag,
    Const,
    Mapping,
    Name,
    Param,
    Refined,
    Result,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from batten.summarize.environment import Proof
    from batten.summarize.scope import Scope

MAX_ENTRIES = 64
MAX_REPLACED = 1024
"""In a larger dict, what is put in under a key stands beside what was there before."""


def bind(scope: Scope, target: Node, value: Value) -> None:
    """Bind an assignment target, however nested, to `value`."""
    if target.kind_id == IDENTIFIER:
        scope.write(scope.slice(target), value)
        return
    kind = target.type
    if kind == "attribute":
        base_node, name = attribute_parts(target)
        base = scope.evaluate(base_node or target)
        if name is not None:
            scope.write_attribute(base, scope.slice(name), value, target)
    elif kind == "subscript":
        _bind_item(scope, target, value)
    elif kind in ("pattern_list", "tuple_pattern", "list_pattern", "expression_list", "tuple"):
        _bind_each(scope, operands(target), value)
    elif kind in (
        "list_splat_pattern",
        "list_splat",
        "parenthesized_expression",
        "as_pattern_target",
    ):
        for child in operands(target):
            bind(scope, child, value)


def update(scope: Scope, node: Node, value: Value) -> None:
    """Give the variable or attribute that `node` reads a changed value."""
    if node.kind_id == IDENTIFIER:
        name = scope.slice(node)
        if name in scope.environment or name in scope.parameters:
            scope.put(name, value)
            scope.environment.truths.pop(name, None)
    elif node.kind_id == ATTRIBUTE:
        base_node, name_node = attribute_parts(node)
        base = scope.evaluate(base_node or node)
        if name_node is not None:
            scope.write_attribute(base, scope.slice(name_node), value, node)


def fill(scope: Scope, node: Node, value: Value) -> None:
    """Give what `node` reads one more item: from now on it is not empty."""
    update(scope, node, value)
    if node.type == "identifier":
        scope.environment.tell(scope.slice(node), TRUE)


def assume(scope: Scope, proofs: Iterable[Proof]) -> None:
    """Note what a guard has proved of names."""
    if scope.builder.is_spent:
        return  # it would hold on all ways
    for proof in proofs:
        scope.environment[proof.key] = proven(scope.held(proof.key), proof)


def condition(scope: Scope, node: Node) -> tuple[list[Proof], list[Proof]]:
    """Evaluate a condition; return what holds where it is true, and where it is false."""
    scope.evaluate(node)
    return proved(scope, node)


def keep(scope: Scope, target: Node, value: Value, source: Node) -> None:
    """Bind a variable to the value of `source`, and keep what its truth proves then."""
    if target.kind_id != IDENTIFIER:
        bind(scope, target, value)
        return
    name = scope.slice(target)
    if source.kind_id not in _CONDITIONS or not scope.builder.is_tested(name):
        scope.write(name, value)
        return
    true, false = proved(scope, source)
    if max(len(true), len(false)) > MAX_PROOFS:
        true, false = [], []
    held = tuple(tuple(Told(each, scope.held(each.key)) for each in side) for side in (true, false))
    scope.write(name, value)
    if true or false:
        scope.environment.tell(name, Truth(*held))


_CONDITIONS = kind_table(
    dict.fromkeys(
        """
        comparison_operator boolean_operator not_operator call parenthesized_expression identifier
        named_expression
        """.split()
    )
)


def _bind_each(scope: Scope, targets: list[Node], value: Value) -> None:
    if isinstance(value, Sequence) and len(value.items) == len(targets):
        for target, each in zip(targets, value.items, strict=True):
            bind(scope, target, plain(each))
        return
    if isinstance(value, Result) and value in scope.mapped:
        value = bag((scope.mapped[value],))
    for index, target in enumerate(targets):
        bind(scope, target, item(value, Const(index)))


def _bind_item(scope: Scope, target: Node, value: Value) -> None:
    base_node = target.child_by_field_name("value")
    keys = target.children_by_field_name("subscript")
    if base_node is None or len(keys) != 1:
        return
    base, key = merged_mappings(scope.evaluate(base_node)), scope.evaluate(keys[0])
    if isinstance(base, Mapping):
        if len(base.entries) >= MAX_ENTRIES and not isinstance(key, Const):
            return
        kept = base.entries
        if len(kept) <= MAX_REPLACED:
            kept = tuple(entry for entry in kept if entry[0] != key)
        fill(scope, base_node, Mapping((*kept, (key, value)), base.spread))
    elif isinstance(base, (Sequence, Bag)):
        update(scope, base_node, bag((*base.items, value)))
    elif isinstance(base, Name) and not scope.is_local(base.id):
        scope.fill_global(base.id, Mapping(((key, value),)))
    elif isinstance(base, Attribute):
        scope.fill_attribute(base, Mapping(((key, value),)), target)
    elif isinstance(base, (Param, Refined)) or base_node.type == "identifier":
        update(scope, base_node, Mapping(((key, value),), (base,)))

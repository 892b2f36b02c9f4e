"""Lists, sets, dicts and comprehensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.binding import assume, bind, condition
from batten.summarize.nodes import operands, pair_parts
from batten.summarize.places import hole, placed_item, with_place
from batten.summarize.traversal import inner_value
from batten.values.combine import added, bag, element, extended, mapping
from batten.values.terms import (
    UNKNOWN,
    Attribute,
    Bag,
    Const,
    Element,
    Item,
    Mapping,
    Result,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.summarize.scope import Scope

MAX_LITERAL_ITEMS = 64


def sequence(scope: Scope, node: Node) -> Value:
    """Return a list or tuple that is written out."""
    inner = operands(node)
    if len(inner) > MAX_LITERAL_ITEMS:
        return bag(placed_item(scope, child) for child in inner)
    collection: Value = Sequence(())
    for child in inner:
        if child.type == "list_splat":
            more = inner_value(scope, child)
            for inside in operands(child):
                more = with_places(scope, inside, more)
            collection = extended(collection, more)
        else:
            collection = added(collection, placed_item(scope, child))
    return collection


def set_display(scope: Scope, node: Node) -> Value:
    """Return a set that is written out."""
    return bag(placed_item(scope, child) for child in operands(node))


def dictionary(scope: Scope, node: Node) -> Value:
    """Return a dict that is written out."""
    entries: list[tuple[Value, Value]] = []
    spread: list[Value] = []
    merges = False
    for child in operands(node):
        if child.type == "pair":
            key, value = pair_parts(child)
            if key is not None and value is not None:
                entries.append((scope.evaluate(key), placed_item(scope, value)))
        elif child.type == "dictionary_splat":
            merges = True
            more = inner_value(scope, child)
            if isinstance(more, Mapping):
                entries += more.entries
                spread += more.spread
            else:
                spread.append(more)
    if merges:
        return mapping(entries, spread)
    return Mapping(tuple(entries))


def with_places(scope: Scope, node: Node, made: Value) -> Value:
    """Return what a comprehension makes for a list that has other items too: with its place."""
    body = node.child_by_field_name("body")
    if node.type != "list_comprehension" or body is None or not isinstance(made, Bag):
        return made
    return bag(with_place(hole(scope, body, "s", item)) for item in made.items)


def bind_clauses(scope: Scope, node: Node) -> None:
    """Give the names of a comprehension their values, as far as its conditions let them."""
    for child in node.named_children:
        if child.type == "for_in_clause":
            target, source = child.child_by_field_name("left"), child.child_by_field_name("right")
            if target is not None and source is not None:
                bind(scope, target, element(scope.evaluate(source)))
        elif child.type == "if_clause":
            for test in operands(child):
                assume(scope, condition(scope, test)[0])


def comprehension(scope: Scope, node: Node) -> Value:
    """Return what a comprehension or a generator makes; its names are its own."""
    before = scope.fork()
    body = node.child_by_field_name("body")
    bind_clauses(scope, node)
    result: Value = UNKNOWN
    if body is not None and body.type == "pair":
        key, value = body.child_by_field_name("key"), body.child_by_field_name("value")
        if key is not None and value is not None:
            entry = scope.evaluate(key), scope.evaluate(value)
            result = _same_entries(scope, *entry) or Mapping((entry,))
    elif body is not None:
        result = bag((scope.evaluate(body),))
    scope.environment = before
    return result


def _same_entries(scope: Scope, key: Value, value: Value) -> Value | None:
    """Return the mapping whose entries a comprehension only picks from; None for any other.

    `{k: v for k, v in d.items() if v}` has no entry that `d` has not.
    """
    match key, value:
        case Item(Element(Result() as items), Const(0)), Item(Element(same), Const(1)) if (
            items == same
        ):
            function = scope.called(items).function
            if isinstance(function, Attribute) and function.name == "items":
                return function.base
    return None

"""The values of expressions, kind by kind: `Scope.evaluate` looks a node's kind up here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.binding import assume, condition, keep
from batten.summarize.calls import call
from batten.summarize.displays import comprehension, dictionary, sequence, set_display
from batten.summarize.environment import Environment
from batten.summarize.filled_inside import filled_inside
from batten.summarize.guards import proved
from batten.summarize.nodes import attribute_parts, operands
from batten.summarize.places import hole
from batten.summarize.texts import add, concatenated_string, percent, string
from batten.summarize.traversal import inner_value, others
from batten.syntax.kinds import kind_table
from batten.values.combine import bag, choice, element
from batten.values.methods import item
from batten.values.nesting import shallow
from batten.values.terms import (
    NONE,
    UNKNOWN,
    Bag,
    Computed,
    Const,
    Division,
    Item,
    Local,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from batten.summarize.scope import Scope

MAX_DIGITS = 1000
_TRUE, _FALSE = Const(True), Const(False)


def _true(_scope: Scope, _node: Node) -> Value:
    return _TRUE


def _false(_scope: Scope, _node: Node) -> Value:
    return _FALSE


def _none(_scope: Scope, _node: Node) -> Value:
    return NONE


def _integer(scope: Scope, node: Node) -> Value:
    text = scope.slice(node).rstrip("lLjJ").replace("_", "")
    if len(text) > MAX_DIGITS:
        return Computed("int")  # Python refuses to write so long a number as text
    try:
        return Const(int(text, 0))
    except ValueError:
        return Computed("int")


def _float(_scope: Scope, _node: Node) -> Value:
    return Computed("float")


def _binary(scope: Scope, node: Node) -> Value:
    operators: list[tuple[Node, Node, Node]] = []
    while node.type == "binary_operator" and len(operators) < 20_000:
        left = node.child_by_field_name("left")
        operator = node.child_by_field_name("operator")
        right = node.child_by_field_name("right")
        if left is None or operator is None or right is None:
            return others(scope, node)
        operators.append((node, operator, right))
        node = left
    at: tuple[Node, Value] = (node, scope.evaluate(node))
    for whole, operator, right in reversed(operators):
        at = (whole, _operate(scope, operator.type, at, right))
    return at[1]


def _operate(scope: Scope, operator: str, left: tuple[Node, Value], right: Node) -> Value:
    if operator == "+":
        return add(scope, left, (right, scope.evaluate(right)))
    if operator == "%":
        return shallow(percent(scope, left[1], right))
    value = scope.evaluate(right)
    if operator == "/":
        over = hole(scope, left[0], "s", left[1])
        return shallow(Division(over, hole(scope, right, "s", value)))
    if operator == "*" and isinstance(left[1], (Sequence, Bag)):
        return bag(left[1].items)
    if operator == "|" and isinstance(left[1], Const) and left[1].value is None:
        return choice((left[1], value))
    if operator in ("|", "-", "&", "^") and not isinstance(left[1], (Const, Computed)):
        # Sets keep their items; numbers don't care.
        return left[1] if operator in ("-", "&") else choice((left[1], value))
    return Computed("int" if operator != "//" else "number")


def _boolean(scope: Scope, node: Node) -> Value:
    operands = _boolean_operands(scope, node)
    return others(scope, node) if operands is None else choice(operands)


def _boolean_operands(scope: Scope, node: Node) -> tuple[Value, ...] | None:
    """Return what an operator may give: of `a or b` what `a` is when it is true, and `b`."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return None
    first = _when_true(scope, left) if operator.type == "or" else scope.evaluate(left)
    true, false = proved(scope, left)
    before = scope.fork()
    assume(scope, true if operator.type == "and" else false)
    second = scope.evaluate(right)
    scope.environment = before
    if operator.type == "or" and isinstance(first, Const) and not first.value:
        return (second,)
    return first, second


def _when_true(scope: Scope, node: Node) -> Value:
    """Return what an expression is if it is true: of `a and b` that is `b`."""
    inner = node
    while inner.type == "parenthesized_expression" and inner.named_child_count == 1:
        inner = inner.named_children[0]
    operator = inner.child_by_field_name("operator") if inner.type == "boolean_operator" else None
    if operator is None or operator.type != "and":
        return scope.evaluate(node)
    operands = _boolean_operands(scope, inner)
    return others(scope, inner) if operands is None else operands[-1]


def _conditional(scope: Scope, node: Node) -> Value:
    parts = [child for child in node.named_children if child.type != "comment"]
    if len(parts) != 3:
        return others(scope, node)
    true, false = condition(scope, parts[1])
    before = scope.fork()
    assume(scope, true)
    first = scope.evaluate(parts[0])
    scope.environment = Environment(before)
    assume(scope, false)
    second = scope.evaluate(parts[2])
    scope.environment = before
    return choice((first, second))


def _boolean_result(scope: Scope, node: Node) -> Value:
    others(scope, node)
    return Computed("bool")


def _unary(scope: Scope, node: Node) -> Value:
    others(scope, node)
    return Computed("int")


def _named(scope: Scope, node: Node) -> Value:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None or value is None:
        return others(scope, node)
    result = scope.evaluate(value)
    keep(scope, name, result, value)
    return result


def _yield(scope: Scope, node: Node) -> Value:
    inner = operands(node)
    value = scope.evaluate(inner[0]) if inner else NONE
    from_other = any(child.type == "from" for child in node.children)
    scope.yields.append(element(value) if from_other else value)
    return UNKNOWN


def _attribute(scope: Scope, node: Node) -> Value:
    base, name = attribute_parts(node)
    if base is None or name is None:
        return others(scope, node)
    value = scope.read_attribute(scope.evaluate(base), scope.slice(name))
    scope.note_read(value, node)
    return value


def _subscript(scope: Scope, node: Node) -> Value:
    base_node = node.child_by_field_name("value")
    if base_node is None:
        return others(scope, node)
    base = scope.evaluate(base_node)
    keys = node.children_by_field_name("subscript")
    if len(keys) == 1 and keys[0].type == "slice":
        others(scope, keys[0])
        return base if not isinstance(base, (Const, Sequence)) else _sliced(scope, base, keys[0])
    if len(keys) == 1:
        key = scope.evaluate(keys[0])
    else:
        key = Sequence(tuple(scope.evaluate(each) for each in keys))
    value = item(base, key)
    scope.note_read(value, node)
    return value


def _generic(scope: Scope, node: Node) -> Value:
    """Return an annotation such as `Optional[int]` as the subscript that it is."""
    parts = operands(node)
    if len(parts) != 2:
        return others(scope, node)
    keys = tuple(scope.evaluate(key) for key in operands(parts[1]))
    return Item(scope.evaluate(parts[0]), keys[0] if len(keys) == 1 else Sequence(keys))


def _sliced(scope: Scope, base: Const | Sequence, node: Node) -> Value:
    if isinstance(base, Sequence):
        return bag(base.items)
    if not isinstance(base.value, str):
        return UNKNOWN
    bounds: list[int | None] = [None]
    for child in node.children:
        if child.type == ":":
            bounds.append(None)
            continue
        known = scope.evaluate(child)
        if not isinstance(known, Const) or not isinstance(known.value, int):
            return UNKNOWN
        bounds[-1] = known.value
    return Const(base.value[slice(*bounds[:3])]) if len(bounds) <= 3 else UNKNOWN


def _lambda(scope: Scope, node: Node) -> Value:
    scope.share_lists(filled_inside(scope, node))
    return Local(scope.builder.nest(node, scope.number))


def _ignored(_scope: Scope, _node: Node) -> Value:
    return UNKNOWN


EXPRESSIONS: dict[int, Callable[[Scope, Node], Value]] = kind_table(
    {
        "true": _true,
        "false": _false,
        "none": _none,
        "integer": _integer,
        "float": _float,
        "string": string,
        "concatenated_string": concatenated_string,
        "binary_operator": _binary,
        "boolean_operator": _boolean,
        "not_operator": _boolean_result,
        "comparison_operator": _boolean_result,
        "unary_operator": _unary,
        "conditional_expression": _conditional,
        "named_expression": _named,
        "parenthesized_expression": inner_value,
        "await": inner_value,
        "yield": _yield,
        "attribute": _attribute,
        "subscript": _subscript,
        "generic_type": _generic,
        "call": call,
        "list": sequence,
        "tuple": sequence,
        "expression_list": sequence,
        "set": set_display,
        "dictionary": dictionary,
        "list_comprehension": comprehension,
        "set_comprehension": comprehension,
        "dictionary_comprehension": comprehension,
        "generator_expression": comprehension,
        "lambda": _lambda,
        "type": inner_value,
        "comment": _ignored,
    }
)
"""What works out the value of a node, by its kind number; identifiers are read by the scope."""

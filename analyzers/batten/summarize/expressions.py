"""The value of an expression.

`evaluate` looks each kind of node up in a table by tree-sitter's kind number (several numbers
share a name, all are entered). A kind that is not in the table has its children evaluated, so
that no call inside it is missed, and is `UNKNOWN`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.summarize.guards import proved
from batten.summarize.strings import prefix, unescaped
from batten.syntax.kinds import kind_table
from batten.values.combine import (
    added,
    bag,
    choice,
    element,
    extended,
    plain,
    refined,
    template,
)
from batten.values.formatting import brace_spec, filled
from batten.values.methods import item, method_result
from batten.values.terms import (
    NONE,
    UNKNOWN,
    Arguments,
    Attribute,
    Bag,
    Choice,
    Computed,
    Const,
    Division,
    Element,
    Format,
    Hole,
    Imported,
    Item,
    Joined,
    Local,
    Mapping,
    Name,
    Param,
    Refined,
    Result,
    Sequence,
    Template,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

    from batten.summarize.guards import Proof
    from batten.summarize.scope import Scope

MAX_DEPTH = 200
MAX_LITERAL_ITEMS = 64


def evaluate(scope: Scope, node: Node) -> Value:
    """Return the value of an expression and record the calls in it."""
    handler = _HANDLERS.get(node.kind_id)
    if handler is None:
        return _other(scope, node)
    if scope.depth >= MAX_DEPTH:
        return UNKNOWN
    scope.depth += 1
    try:
        return handler(scope, node)
    finally:
        scope.depth -= 1


def hole(scope: Scope, node: Node, spec: str, value: Value | None = None) -> Hole:
    """Return the hole that the expression `node` makes."""
    if value is None:
        value = evaluate(scope, node)
    return Hole(scope.site(node), value, spec, last_name(scope, node))


def last_name(scope: Scope, node: Node) -> str:
    """Return the last identifier that names the value of `node`, or an empty string."""
    for _ in range(MAX_DEPTH):
        kind = node.type
        if kind == "identifier":
            return scope.builder.slice(node)
        if kind == "attribute":
            found = node.child_by_field_name("attribute")
        elif kind == "subscript":
            found = node.child_by_field_name("subscript")
            if found is not None and found.type == "string":
                return scope.builder.slice(found).strip("rbuRBU'\"")
            found = node.child_by_field_name("value")
        elif kind == "call":
            found = node.child_by_field_name("function")
            arguments = node.child_by_field_name("arguments")
            plain = found is not None and found.type == "identifier"
            inner = arguments.named_children if arguments is not None else []
            if found is not None and found.type == "attribute":
                method = found.child_by_field_name("attribute")
                if method is not None and scope.builder.slice(method) in SAME_TEXT:
                    found = found.child_by_field_name("object")
            elif plain and len(inner) == 1 and scope.builder.slice(found) in _SHOWN:  # type: ignore[arg-type]
                found = inner[0]
        elif kind in ("parenthesized_expression", "await"):
            found = next((c for c in node.named_children if c.type != "comment"), None)
        else:
            return ""
        if found is None:
            return ""
        node = found
    return ""


def assume(scope: Scope, proofs: Iterable[Proof]) -> None:
    """Note what a guard has proved of names."""
    for proof in proofs:
        before = (
            scope.read(proof.key)
            if isinstance(proof.key, str)
            else scope.read_attribute(*proof.key)
        )
        scope.environment[proof.key] = (
            proof.value if proof.value is not None else refined(before, proof.fact)
        )


def condition(scope: Scope, node: Node) -> tuple[list[Proof], list[Proof]]:
    """Evaluate a condition; return what holds where it is true, and where it is false."""
    evaluate(scope, node)
    return proved(scope, node, evaluate)


def bind(scope: Scope, target: Node, value: Value) -> None:
    """Bind an assignment target, however nested, to `value`."""
    kind = target.type
    if kind == "identifier":
        scope.write(scope.builder.slice(target), value)
    elif kind == "attribute":
        base = evaluate(scope, target.child_by_field_name("object") or target)
        name = target.child_by_field_name("attribute")
        if name is not None:
            scope.write_attribute(base, scope.builder.slice(name), value)
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
    if node.type == "identifier":
        name = scope.builder.slice(node)
        if name in scope.environment or name in scope.parameters:
            scope.environment[name] = value
    elif node.type == "attribute":
        base = evaluate(scope, node.child_by_field_name("object") or node)
        name_node = node.child_by_field_name("attribute")
        if name_node is not None:
            scope.write_attribute(base, scope.builder.slice(name_node), value)


def add(scope: Scope, left: tuple[Node, Value], right: tuple[Node, Value]) -> Value:
    """Return `left + right`: text, a longer list, or a number."""
    a, b = left[1], right[1]
    if isinstance(a, Const) and isinstance(b, Const):
        return _add_constants(a, b)
    if isinstance(a, (Sequence, Bag)) or isinstance(b, (Sequence, Bag)):
        return extended(a, b)
    if isinstance(a, Computed) and isinstance(b, (Computed, Const)):
        return a
    return template((*_text(scope, *left), *_text(scope, *right)))


def _text(scope: Scope, node: Node, value: Value) -> tuple[str | Hole, ...]:
    if isinstance(value, Template):
        return value.parts
    if isinstance(value, Const) and isinstance(value.value, str):
        return (value.value,)
    return (hole(scope, node, "+", value),)


def _add_constants(a: Const, b: Const) -> Value:
    if isinstance(a.value, str) and isinstance(b.value, str):
        return Const(a.value + b.value)
    if isinstance(a.value, bytes) and isinstance(b.value, bytes):
        return Const(a.value + b.value)
    return Computed("int")


# Names and literals


def _identifier(scope: Scope, node: Node) -> Value:
    return scope.read(scope.builder.slice(node))


def _true(_scope: Scope, _node: Node) -> Value:
    return Const(True)


def _false(_scope: Scope, _node: Node) -> Value:
    return Const(False)


def _none(_scope: Scope, _node: Node) -> Value:
    return NONE


def _integer(scope: Scope, node: Node) -> Value:
    text = scope.builder.slice(node).rstrip("lLjJ").replace("_", "")
    try:
        return Const(int(text, 0))
    except ValueError:
        return Computed("int")


def _float(_scope: Scope, _node: Node) -> Value:
    return Computed("float")


def _string(scope: Scope, node: Node) -> Value:
    return _template_of(_string_parts(scope, node))


def _concatenated(scope: Scope, node: Node) -> Value:
    parts: list[str | bytes | Hole] = []
    for child in node.named_children:
        if child.type == "string":
            parts += _string_parts(scope, child)
    return _template_of(parts)


def _template_of(parts: list[str | bytes | Hole]) -> Value:
    if parts and all(isinstance(part, bytes) for part in parts):
        return Const(b"".join(part for part in parts if isinstance(part, bytes)))
    return template(part for part in parts if not isinstance(part, bytes))


def _string_parts(scope: Scope, node: Node) -> list[str | bytes | Hole]:
    parts: list[str | bytes | Hole] = []
    children = node.children
    if not children:
        return [""]
    letters = prefix(children[0], scope.builder.text)
    formatted = "f" in letters or "t" in letters
    for child in children:
        if child.type == "string_content":
            raw = scope.builder.slice(child)
            if formatted:
                raw = raw.replace("{{", "{").replace("}}", "}")
            text = unescaped(raw, letters)
            parts.append(text.encode("utf-8", "replace") if "b" in letters else text)
        elif child.type == "interpolation":
            parts += _interpolation(scope, child)
    return parts or ([b""] if "b" in letters else [""])


def _interpolation(scope: Scope, node: Node) -> list[str | bytes | Hole]:
    expression = node.child_by_field_name("expression")
    if expression is None:
        inner = operands(node)
        if not inner:
            return []
        expression = inner[0]
    conversion = spec = None
    shows_itself = False
    for child in node.children:
        if child.type == "type_conversion":
            conversion = scope.builder.slice(child).lstrip("!")
        elif child.type == "format_specifier":
            spec = scope.builder.slice(child).lstrip(":")
            for part in child.named_children:
                evaluate(scope, part)
        elif child.type == "=":
            shows_itself = True
    made = hole(scope, expression, brace_spec(spec or "", "r" if shows_itself else conversion))
    literal = made.value
    if isinstance(literal, Const) and made.spec == "s" and isinstance(literal.value, (str, int)):
        return [str(literal.value)]
    return [f"{scope.builder.slice(expression)}=", made] if shows_itself else [made]


# Operators


def _binary(scope: Scope, node: Node) -> Value:
    operators: list[tuple[Node, Node]] = []
    while node.type == "binary_operator" and len(operators) < 20_000:
        left = node.child_by_field_name("left")
        operator = node.child_by_field_name("operator")
        right = node.child_by_field_name("right")
        if left is None or operator is None or right is None:
            return _other(scope, node)
        operators.append((operator, right))
        node = left
    at: tuple[Node, Value] = (node, evaluate(scope, node))
    for operator, right in reversed(operators):
        whole = right.parent or right
        at = (whole, _operate(scope, operator.type, at, right))
    return at[1]


def _operate(scope: Scope, operator: str, left: tuple[Node, Value], right: Node) -> Value:
    if operator == "+":
        return add(scope, left, (right, evaluate(scope, right)))
    if operator == "%":
        return _percent(scope, left[1], right)
    value = evaluate(scope, right)
    if operator == "/":
        return Division(hole(scope, left[0], "s", left[1]), hole(scope, right, "s", value))
    if operator == "*" and isinstance(left[1], (Sequence, Bag)):
        return bag(left[1].items)
    if operator in ("|", "-", "&", "^") and not isinstance(left[1], (Const, Computed)):
        # Sets keep their items; numbers don't care.
        return left[1] if operator in ("-", "&") else choice((left[1], value))
    return Computed("int" if operator != "//" else "number")


def _percent(scope: Scope, known: Value, right: Node) -> Value:
    node = right
    while node.type == "parenthesized_expression" and operands(node):
        node = operands(node)[0]
    if node.type == "tuple":
        arguments = Arguments(tuple(hole(scope, item, "s") for item in operands(node)))
    elif node.type == "dictionary":
        arguments = _dictionary_arguments(scope, node)
    else:
        arguments = _whole_argument(scope, node)
    if isinstance(known, Choice):
        return choice(_format("%", one, arguments) for one in known.alternatives)
    return _format("%", known, arguments)


def _format(style: str, known: Value, arguments: Arguments) -> Value:
    if isinstance(known, Template) or (isinstance(known, Const) and isinstance(known.value, str)):
        return filled(style, known, arguments)
    if isinstance(known, (Const, Computed)):
        return Computed("int")
    return Format(style, known, arguments)


def _dictionary_arguments(scope: Scope, node: Node) -> Arguments:
    named: list[tuple[str, Hole]] = []
    spread: list[Hole] = []
    for child in operands(node):
        if child.type == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is None or value is None:
                continue
            known = evaluate(scope, key)
            made = hole(scope, value, "s")
            if isinstance(known, Const):
                named.append((str(known.value), made))
        elif child.type == "dictionary_splat":
            spread += [hole(scope, inner, "s") for inner in operands(child)]
    return Arguments(named=tuple(named), spread=tuple(spread))


def _whole_argument(scope: Scope, node: Node) -> Arguments:
    """Return what `template % x` has to fill in: `x` itself, its items or its entries."""
    whole = hole(scope, node, "s")
    value = whole.value
    if isinstance(value, Sequence):
        return Arguments(tuple(_placed(whole, item, whole.name) for item in value.items))
    if isinstance(value, Mapping):
        named = tuple(
            (key.value, _placed(whole, item, key.value))
            for key, item in value.entries
            if isinstance(key, Const) and isinstance(key.value, str)
        )
        return Arguments((whole,), named, tuple(_as_holes(whole, value.spread)))
    return Arguments((whole,), (), (Hole(whole.site, value, "x", whole.name),))


def _placed(whole: Hole, item: Value, name: str) -> Hole:
    """Return the hole of an item where it was put in, or else where `whole` is used."""
    return item if isinstance(item, Hole) else Hole(whole.site, item, "x", name)


def _as_holes(whole: Hole, values: Iterable[Value]) -> list[Hole]:
    return [Hole(whole.site, value, "x", whole.name) for value in values]


def _boolean(scope: Scope, node: Node) -> Value:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return _other(scope, node)
    first = evaluate(scope, left)
    true, false = proved(scope, left, evaluate)
    before = scope.fork()
    assume(scope, true if operator.type == "and" else false)
    second = evaluate(scope, right)
    scope.environment = before
    if operator.type == "or" and isinstance(first, Const) and not first.value:
        return second
    return choice((first, second))


def _conditional(scope: Scope, node: Node) -> Value:
    parts = [child for child in node.named_children if child.type != "comment"]
    if len(parts) != 3:
        return _other(scope, node)
    true, false = condition(scope, parts[1])
    before = scope.fork()
    assume(scope, true)
    first = evaluate(scope, parts[0])
    scope.environment = dict(before)
    assume(scope, false)
    second = evaluate(scope, parts[2])
    scope.environment = before
    return choice((first, second))


def _boolean_result(scope: Scope, node: Node) -> Value:
    _other(scope, node)
    return Computed("bool")


def _unary(scope: Scope, node: Node) -> Value:
    _other(scope, node)
    return Computed("int")


def _named(scope: Scope, node: Node) -> Value:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None or value is None:
        return _other(scope, node)
    result = evaluate(scope, value)
    bind(scope, name, result)
    return result


def _inside(scope: Scope, node: Node) -> Value:
    inner = operands(node)
    return evaluate(scope, inner[0]) if inner else UNKNOWN


def _yield(scope: Scope, node: Node) -> Value:
    inner = operands(node)
    value = evaluate(scope, inner[0]) if inner else NONE
    from_other = any(child.type == "from" for child in node.children)
    scope.yields.append(element(value) if from_other else value)
    return UNKNOWN


# Attributes, items and calls


def _attribute(scope: Scope, node: Node) -> Value:
    base, name = node.child_by_field_name("object"), node.child_by_field_name("attribute")
    if base is None or name is None:
        return _other(scope, node)
    return scope.read_attribute(evaluate(scope, base), scope.builder.slice(name))


def _subscript(scope: Scope, node: Node) -> Value:
    base_node = node.child_by_field_name("value")
    if base_node is None:
        return _other(scope, node)
    base = evaluate(scope, base_node)
    keys = node.children_by_field_name("subscript")
    if len(keys) == 1 and keys[0].type == "slice":
        _other(scope, keys[0])
        return base if not isinstance(base, (Const, Sequence)) else _sliced(scope, base, keys[0])
    key = evaluate(scope, keys[0]) if len(keys) == 1 else UNKNOWN
    return item(base, key)


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
        known = evaluate(scope, child)
        if not isinstance(known, Const) or not isinstance(known.value, int):
            return UNKNOWN
        bounds[-1] = known.value
    return Const(base.value[slice(*bounds[:3])]) if len(bounds) <= 3 else UNKNOWN


def _call(scope: Scope, node: Node) -> Value:
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if callee is None or arguments is None:
        return _other(scope, node)
    receiver: Node | None = None
    method = ""
    if callee.type == "attribute":
        receiver = callee.child_by_field_name("object")
        name = callee.child_by_field_name("attribute")
        method = scope.builder.slice(name) if name is not None else ""
    base = evaluate(scope, receiver) if receiver is not None else None
    function = scope.read_attribute(base, method) if base is not None else evaluate(scope, callee)
    given = _arguments(scope, arguments)
    made = _made(scope, callee, given)
    if made is not None:
        return made
    result = scope.call(scope.site(node), scope.site(callee), function, given)
    if base is not None and receiver is not None:
        known = _known_method(scope, node, base, method, given, receiver)
        if known is not None:
            return known
    return result


def _made(scope: Scope, callee: Node, given: Arguments) -> Value | None:
    """Return the mapping that `locals()`, `vars()` or `dict(a=x)` makes; None for other calls."""
    if callee.type != "identifier" or given.positional:
        return None
    name = scope.builder.slice(callee)
    if scope.read(name) != Name(name):
        return None
    if name in ("locals", "vars") and not given.named and not given.spread:
        known: dict[str, Value] = {key: Param(key) for key in scope.parameters}
        known |= {key: value for key, value in scope.environment.items() if isinstance(key, str)}
        return Mapping(tuple((Const(key), value) for key, value in known.items()))
    if name == "dict" and given.named:
        entries = tuple((Const(key), _with_place(value)) for key, value in given.named)
        return Mapping(entries, tuple(each.value for each in given.spread))
    return None


def _arguments(scope: Scope, node: Node) -> Arguments:
    if node.type != "argument_list":
        return Arguments((hole(scope, node, "s"),))
    positional: list[Hole] = []
    named: list[tuple[str, Hole]] = []
    spread: list[Hole] = []
    for child in operands(node):
        if child.type == "keyword_argument":
            name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            if name is not None and value is not None:
                named.append((scope.builder.slice(name), hole(scope, value, "s")))
        elif child.type == "list_splat":
            positional += [hole(scope, inner, "*") for inner in operands(child)]
        elif child.type == "dictionary_splat":
            spread += [hole(scope, inner, "s") for inner in operands(child)]
        else:
            positional.append(hole(scope, child, "s"))
    return Arguments(tuple(positional), tuple(named), tuple(spread))


def _known_method(
    scope: Scope, node: Node, base: Value, method: str, given: Arguments, receiver: Node
) -> Value | None:
    """Return the result of a method of a value known here: text, a list, a dict."""
    if method in ("format", "format_map"):
        if isinstance(base, Template) or (isinstance(base, Const) and isinstance(base.value, str)):
            return filled("{", base, spread_arguments(given, method))
        return None
    if method == "join" and isinstance(base, Const) and isinstance(base.value, str):
        if len(given.positional) == 1 and not given.named:
            items = given.positional[0]
            if isinstance(items.value, Sequence):
                return _joined(base.value, items)
            return Joined(base, items.value, scope.site(node), items.site, items.name)
        return None
    return _mutation(scope, base, method, given, receiver)


def _joined(separator: str, items: Hole) -> Value:
    """Return the text of joining items that are all known, each with its own hole."""
    parts: list[str | Hole] = []
    values = items.value.items if isinstance(items.value, Sequence) else ()
    for index, value in enumerate(values):
        if index:
            parts.append(separator)
        if isinstance(value, Template):
            parts += value.parts
        elif isinstance(value, Const):
            parts.append(str(value.value))
        else:
            parts.append(
                replace(value, spec=",")
                if isinstance(value, Hole)
                else Hole(items.site, value, ",", items.name)
            )
    return template(parts)


def spread_arguments(given: Arguments, method: str) -> Arguments:
    """Return the arguments of `format` or `format_map` with known mappings spread out."""
    spread = given.positional if method == "format_map" else given.spread
    positional = () if method == "format_map" else given.positional
    named = list(given.named)
    rest: list[Hole] = []
    for whole in spread:
        if isinstance(whole.value, Mapping):
            for key, value in whole.value.entries:
                if isinstance(key, Const) and isinstance(key.value, str):
                    named.append((key.value, _placed(whole, value, key.value)))
            rest += _as_holes(whole, whole.value.spread)
        else:
            rest.append(Hole(whole.site, whole.value, "x", whole.name))
    return Arguments(positional, tuple(named), tuple(rest))


def _mutation(
    scope: Scope, base: Value, method: str, given: Arguments, receiver: Node
) -> Value | None:
    collection = not isinstance(base, (Const, Template, Local, Computed))
    first = given.positional[0] if given.positional else None
    if method in ("append", "add", "appendleft") and first is not None and collection:
        update(scope, receiver, added(base, _with_place(first)))
        return NONE
    if method == "insert" and len(given.positional) == 2 and isinstance(base, (Sequence, Bag)):
        update(scope, receiver, bag((*base.items, _with_place(given.positional[1]))))
        return NONE
    if method == "extend" and first is not None and collection:
        update(scope, receiver, extended(base, first.value))
        return NONE
    if method == "update" and isinstance(base, Mapping):
        entries: list[tuple[Value, Value]] = [(Const(n), _with_place(h)) for n, h in given.named]
        spread: list[Value] = []
        for each in (*given.positional, *given.spread):
            if isinstance(each.value, Mapping):
                entries += each.value.entries
                spread += each.value.spread
            else:
                spread.append(each.value)
        update(scope, receiver, Mapping((*base.entries, *entries), (*base.spread, *spread)))
        return NONE
    return method_result(base, method, given.positional)


# Collections


def _sequence(scope: Scope, node: Node) -> Value:
    inner = operands(node)
    if len(inner) > MAX_LITERAL_ITEMS:
        return bag(_item(scope, child) for child in inner)
    collection: Value = Sequence(())
    for child in inner:
        if child.type == "list_splat":
            collection = extended(collection, _inside(scope, child))
        else:
            collection = added(collection, _item(scope, child))
    return collection


def _item(scope: Scope, node: Node) -> Value:
    """Return an item of a collection: with its place, unless it is text or structure itself."""
    value = evaluate(scope, node)
    return _with_place(hole(scope, node, "s", value))


def _with_place(made: Hole) -> Value:
    return made if isinstance(made.value, _OPEN) else made.value


def _set(scope: Scope, node: Node) -> Value:
    return bag(_item(scope, child) for child in operands(node))


def _dictionary(scope: Scope, node: Node) -> Value:
    entries: list[tuple[Value, Value]] = []
    spread: list[Value] = []
    for child in operands(node):
        if child.type == "pair":
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is not None and value is not None:
                entries.append((evaluate(scope, key), _item(scope, value)))
        elif child.type == "dictionary_splat":
            more = _inside(scope, child)
            if isinstance(more, Mapping):
                entries += more.entries
                spread += more.spread
            else:
                spread.append(more)
    if len(entries) > MAX_LITERAL_ITEMS:
        return Mapping((), (bag(map(plain, (value for _, value in entries))),))
    return Mapping(tuple(entries), tuple(spread))


def _comprehension(scope: Scope, node: Node) -> Value:
    before = scope.fork()
    body = node.child_by_field_name("body")
    for child in node.named_children:
        if child.type == "for_in_clause":
            target, source = child.child_by_field_name("left"), child.child_by_field_name("right")
            if target is not None and source is not None:
                bind(scope, target, element(evaluate(scope, source)))
        elif child.type == "if_clause":
            for test in operands(child):
                assume(scope, condition(scope, test)[0])
    result: Value = UNKNOWN
    if body is not None and body.type == "pair":
        key, value = body.child_by_field_name("key"), body.child_by_field_name("value")
        if key is not None and value is not None:
            result = Mapping(((evaluate(scope, key), evaluate(scope, value)),))
    elif body is not None:
        result = bag((evaluate(scope, body),))
    scope.environment = before
    return result


def _lambda(scope: Scope, node: Node) -> Value:
    return Local(scope.builder.nest(node, scope.number))


# Details


def _bind_each(scope: Scope, targets: list[Node], value: Value) -> None:
    if isinstance(value, Sequence) and len(value.items) == len(targets):
        for target, each in zip(targets, value.items, strict=True):
            bind(scope, target, plain(each))
        return
    for index, target in enumerate(targets):
        bind(scope, target, item(value, Const(index)))


def _bind_item(scope: Scope, target: Node, value: Value) -> None:
    base_node = target.child_by_field_name("value")
    keys = target.children_by_field_name("subscript")
    if base_node is None or len(keys) != 1:
        return
    base, key = evaluate(scope, base_node), evaluate(scope, keys[0])
    if isinstance(base, Mapping):
        kept = tuple(entry for entry in base.entries if entry[0] != key)
        if len(kept) < MAX_LITERAL_ITEMS:
            update(scope, base_node, Mapping((*kept, (key, value)), base.spread))
    elif isinstance(base, (Sequence, Bag)):
        update(scope, base_node, bag((*base.items, value)))
    elif isinstance(base, (Param, Refined)) or base_node.type == "identifier":
        update(scope, base_node, Mapping(((key, value),), (base,)))


def operands(node: Node) -> list[Node]:
    """Return the named children that are not comments, which may stand anywhere."""
    return [child for child in node.named_children if child.type != "comment"]


def _other(scope: Scope, node: Node) -> Value:
    if scope.depth < MAX_DEPTH:
        scope.depth += 1
        for child in node.named_children:
            evaluate(scope, child)
        scope.depth -= 1
    return UNKNOWN


def _ignored(_scope: Scope, _node: Node) -> Value:
    return UNKNOWN


_OPEN = (Param, Name, Imported, Attribute, Item, Element, Result, Refined, Choice, Unknown)
SAME_TEXT = frozenset(
    """
    strip lstrip rstrip lower upper title capitalize casefold encode decode replace removeprefix
    removesuffix split rsplit
    """.split()
)
"""Methods of text whose result holds the same text, or parts of it."""

_SHOWN = frozenset({"str", "text_type", "unicode", "sorted", "set", "list", "tuple"})

_HANDLERS: dict[int, Callable[[Scope, Node], Value]] = kind_table(
    {
        "identifier": _identifier,
        "true": _true,
        "false": _false,
        "none": _none,
        "integer": _integer,
        "float": _float,
        "string": _string,
        "concatenated_string": _concatenated,
        "binary_operator": _binary,
        "boolean_operator": _boolean,
        "not_operator": _boolean_result,
        "comparison_operator": _boolean_result,
        "unary_operator": _unary,
        "conditional_expression": _conditional,
        "named_expression": _named,
        "parenthesized_expression": _inside,
        "await": _inside,
        "yield": _yield,
        "attribute": _attribute,
        "subscript": _subscript,
        "call": _call,
        "list": _sequence,
        "tuple": _sequence,
        "expression_list": _sequence,
        "set": _set,
        "dictionary": _dictionary,
        "list_comprehension": _comprehension,
        "set_comprehension": _comprehension,
        "dictionary_comprehension": _comprehension,
        "generator_expression": _comprehension,
        "lambda": _lambda,
        "type": _inside,
        "comment": _ignored,
    }
)

"""Text that is put together: literals, f-strings, `%`, `+`, and the arguments of formatting."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from batten.grammars.address import begins_address
from batten.summarize.displays import with_places
from batten.summarize.nodes import COMMENT, operands, pair_parts
from batten.summarize.places import hole
from batten.summarize.strings import prefix, unescaped
from batten.summarize.summary import Literal
from batten.values.combine import appended, bounded_text, choice, extended, template
from batten.values.formatting import brace_spec, filled
from batten.values.nesting import MAX_FILLED, shallow
from batten.values.terms import (
    Arguments,
    Bag,
    Choice,
    Computed,
    Const,
    Format,
    Hole,
    Mapping,
    Param,
    Sequence,
    Template,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from batten.summarize.scope import Scope


def add(scope: Scope, left: tuple[Node, Value], right: tuple[Node, Value]) -> Value:
    """Return `left + right`: text, a longer list, or a number."""
    a, b = left[1], right[1]
    if isinstance(a, Const) and isinstance(b, Const):
        return _add_constants(a, b)
    if isinstance(a, (Sequence, Bag)) or isinstance(b, (Sequence, Bag)):
        return extended(with_places(scope, left[0], a), with_places(scope, right[0], b))
    if isinstance(a, Computed) and isinstance(b, (Computed, Const)):
        return a
    if isinstance(a, Template):
        return appended(a, _text(scope, *right))
    return template((*_text(scope, *left), *_text(scope, *right)))


def _text(scope: Scope, node: Node, value: Value) -> tuple[str | Hole, ...]:
    if isinstance(value, Template):
        return value.parts
    if isinstance(value, Const) and isinstance(value.value, (str, bytes)):
        return (_decoded(value.value),)
    return (hole(scope, node, "+", value),)


def _decoded(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode("latin-1")


def _add_constants(a: Const, b: Const) -> Value:
    if isinstance(a.value, str) and isinstance(b.value, str):
        return Const(bounded_text(a.value + b.value))
    if isinstance(a.value, bytes) and isinstance(b.value, bytes):
        joined = bounded_text((a.value + b.value).decode("latin-1"))
        return Const(joined.encode("latin-1"))
    return Computed("int")


def string(scope: Scope, node: Node) -> Value:
    """Return the text of a string literal or f-string."""
    text = _simple_text(scope, node)
    if text is not None:
        return Const(text)
    return _template_of(_string_parts(scope, node))


def concatenated_string(scope: Scope, node: Node) -> Value:
    """Return the text of neighbouring literals."""
    parts: list[str | bytes | Hole] = []
    for child in node.named_children:
        if child.type == "string":
            parts += _string_parts(scope, child)
    return _template_of(parts)


def _template_of(parts: list[str | bytes | Hole]) -> Value:
    if len(parts) == 1 and not isinstance(parts[0], Hole):
        return Const(parts[0])
    if parts and all(isinstance(part, bytes) for part in parts):
        return Const(b"".join(part for part in parts if isinstance(part, bytes)))
    return template(part for part in parts if not isinstance(part, bytes))


def _simple_text(scope: Scope, node: Node) -> str | None:
    """Return the text of a literal that is nothing but its text between two quotes."""
    written = scope.slice(node)
    quote = written[:1]
    if quote not in _QUOTES or "\\" in written or written.count(quote) != 2 or node.has_error:
        return None
    if written[-1] != quote:
        return None
    text = written[1:-1]
    if begins_address(text):
        scope.literals.append(Literal(scope.site(node), text, True))
    return text


_QUOTES = ('"', "'")


def _string_parts(scope: Scope, node: Node) -> list[str | bytes | Hole]:
    simple = _simple_text(scope, node)
    if simple is not None:
        return [simple]
    parts: list[str | bytes | Hole] = []
    children = node.children
    if not children:
        return [""]
    letters = prefix(children[0], scope.builder.text)
    formatted = "f" in letters or "t" in letters
    for child in children:
        if child.type == "string_content":
            raw = scope.slice(child)
            if formatted:
                raw = raw.replace("{{", "{").replace("}}", "}")
            text = unescaped(raw, letters)
            parts.append(text.encode("utf-8", "replace") if "b" in letters else text)
        elif child.type == "interpolation":
            parts += _interpolation(scope, child)
    first = parts[0] if parts else None
    if isinstance(first, str) and begins_address(first):
        known = [*takewhile(lambda part: isinstance(part, str), parts)]
        text = "".join(map(str, known))
        scope.literals.append(Literal(scope.site(node), text, len(known) == len(parts)))
    return parts or ([b""] if "b" in letters else [""])


def _interpolation(scope: Scope, node: Node) -> list[str | bytes | Hole]:
    children = node.children
    if len(children) == 3 and children[1].is_named and children[1].kind_id != COMMENT:
        made = hole(scope, children[1], "s")  # nothing but an expression
        known = made.value
        simple = isinstance(known, Const) and isinstance(known.value, (str, int))
        return [str(known.value)] if simple else [made]  # type: ignore[union-attr]
    expression = node.child_by_field_name("expression")
    if expression is None:
        inner = operands(node)
        if not inner:
            return []
        expression = inner[0]
    conversion = spec = None
    shows_itself = False
    for child in children:
        if child.type == "type_conversion":
            conversion = scope.slice(child).lstrip("!")
        elif child.type == "format_specifier":
            spec = scope.slice(child).lstrip(":")
            for part in child.named_children:
                scope.evaluate(part)
        elif child.type == "=":
            shows_itself = True
    made = hole(scope, expression, brace_spec(spec or "", "r" if shows_itself else conversion))
    literal = made.value
    if isinstance(literal, Const) and made.spec == "s" and isinstance(literal.value, (str, int)):
        return [str(literal.value)]
    return [f"{scope.slice(expression)}=", made] if shows_itself else [made]


def percent(scope: Scope, known: Value, right: Node) -> Value:
    """Return `known % right`."""
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
    if isinstance(known, Const) and isinstance(known.value, bytes):
        known = Const(_decoded(known.value))
    if isinstance(known, Template) or (isinstance(known, Const) and isinstance(known.value, str)):
        return filled(style, known, arguments)
    if isinstance(known, (Const, Computed)):
        return Computed("int")
    return shallow(Format(style, known, arguments), MAX_FILLED)


def _dictionary_arguments(scope: Scope, node: Node) -> Arguments:
    named: list[tuple[str, Hole]] = []
    spread: list[Hole] = []
    for child in operands(node):
        if child.type == "pair":
            key, value = pair_parts(child)
            if key is None or value is None:
                continue
            known = scope.evaluate(key)
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
    if isinstance(value, (Format, Template)):
        return Arguments((whole,))  # a text, of which nothing can be spread
    spread = (Hole(whole.site, value, "x", whole.name),)
    if isinstance(value, Param) and scope.parameters[value.name].kind == "*":
        return Arguments(spread=spread)
    return Arguments((whole,), (), spread)


def _placed(whole: Hole, item: Value, name: str) -> Hole:
    """Return the hole of an item where it was put in, or else where `whole` is used."""
    return item if isinstance(item, Hole) else Hole(whole.site, item, "x", name)


def _as_holes(whole: Hole, values: Iterable[Value]) -> list[Hole]:
    return [Hole(whole.site, value, "x", whole.name) for value in values]


def _spread_out(given: Hole) -> tuple[Hole, ...]:
    """Return the items of a sequence that is given whole (`*items`), where they are known."""
    if given.spec != "*" or not isinstance(given.value, Sequence):
        return (given,)
    return tuple(_placed(given, item, given.name) for item in given.value.items)


def spread_arguments(given: Arguments, method: str) -> Arguments:
    """Return the arguments of `format`, `format_map` or `substitute`, spread out where known."""
    spread = given.spread
    positional = given.positional
    if method != "format":
        spread, positional = (*positional, *spread), ()
    positional = tuple(each for one in positional for each in _spread_out(one))
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

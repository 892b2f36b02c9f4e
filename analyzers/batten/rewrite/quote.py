"""Escaping a value with `quote` where it goes into a URL.

Each rewrite replaces one expression by itself in a call, and adds an import where it must. The
text of the expression, with its comments and line breaks, is kept.
"""

from __future__ import annotations

from enum import Enum
from itertools import chain, count
from typing import TYPE_CHECKING, NamedTuple

from batten.rewrite.edit import Edit, difference
from batten.rewrite.escaping import QUOTE, escaped_around, escaping_function
from batten.rewrite.expressions import (
    EXPRESSIONS,
    is_assembled,
    is_text,
    not_a_value,
    without_comments,
)
from batten.rewrite.formatted import formatted
from batten.rewrite.fstrings import string_literal, widened
from batten.rewrite.imports import callee
from batten.rewrite.names import Bindings, bindings_at
from batten.rewrite.placeholders import refused_by_template
from batten.rewrite.refusal import Refusal
from batten.rewrite.scopes import How
from batten.rewrite.singular import one_of
from batten.rewrite.tree import descendants, outside_parentheses, without_parentheses
from batten.syntax.text import Span

if TYPE_CHECKING:
    from collections.abc import Collection

    from tree_sitter import Node

    from batten.rewrite.concrete import Expression
    from batten.rewrite.formatted import Formatted
    from batten.rewrite.tree import Syntax
    from batten.syntax.text import SourceText


class Coercion(Enum):
    """What is known of a value: `quote` takes text only, so other values need `str` first."""

    TEXT = "text"
    ANY = "any"


def quote_value(
    source: SourceText, hole: Span, *, safe: str, coercion: Coercion
) -> tuple[Edit, ...] | Refusal:
    """Return the edits that quote the value at `hole`, keeping the characters in `safe`.

    The value is an operand of `%` or `+`, an argument of `format`, a field of an f-string, or
    stands alone. One argument that fills several places of a template is quoted for all of them:
    the caller must know that all of them want it. A call of `quote` that keeps other characters
    is corrected. Refuses where a call can't stand, where the template asks for something else
    than text, and where the value is escaped already.
    """
    names = bindings_at(source, hole.start)
    if isinstance(names, Refusal):
        return names
    node = names.syntax.node(hole)
    if node is None:
        broken = names.syntax.broken(hole.start)
        return broken or Refusal("the value is not an expression of its own")
    return _quoted(names, node, safe, coercion)


def quote_joined(
    source: SourceText, join: Span, *, safe: str, elements: Collection[Span] = ()
) -> tuple[Edit, ...] | Refusal:
    """Return the edits that quote each item of the call of `str.join` at `join`.

    In a list or tuple that is written out, the items at `elements` are quoted, or all that are
    not literals. Items of a join are text, or it would raise, so no `str` is needed. Refuses
    items that are themselves made of pieces of text: those have holes of their own.
    """
    names = bindings_at(source, join.start)
    if isinstance(names, Refusal):
        return names
    call = names.syntax.node(join)
    items = None if call is None else _joined(names, without_parentheses(call))
    if items is None:
        broken = names.syntax.broken(join.start)
        return broken or Refusal("it is not a call of `join` with one argument")
    inner = without_parentheses(items)
    if inner.type in ("list", "tuple", "set"):
        return _quoted_elements(names, inner, safe, elements)
    if inner.type in _COMPREHENSIONS:
        body = inner.child_by_field_name("body")
        if body is None or is_assembled(body):
            return Refusal("the items are made of pieces of text")
        return _quoted(names, body, safe, Coercion.TEXT)
    return _quoted_each(names, items, safe)


def _quoted(
    names: Bindings, node: Node, safe: str, coercion: Coercion
) -> tuple[Edit, ...] | Refusal:
    syntax = names.syntax
    inner = without_parentheses(node)
    if inner.type not in _BARE_NOWHERE:
        node = inner
    escaping = escaping_function(names, node)
    if escaping == QUOTE:
        return _with_safe(names, node, safe)
    if escaping is None:
        escaping = escaped_around(names, node)
    if escaping is not None:
        return Refusal(f"`{escaping}` escapes it already")
    refusal = not_a_value(node)
    if refusal is not None:
        return refusal
    refusal = refused_by_template(syntax, node)
    own = None if refusal is None else formatted(syntax, node)
    if refusal is not None and own is None:
        return refusal
    shown = _shown(names, node, coercion) if own is None else _formatted(names, node, own, coercion)
    if isinstance(shown, Refusal):
        return shown
    span, value = shown
    quote = _quote(names, node, safe)
    if isinstance(quote, Refusal):
        return quote
    edit = Edit(span, value.passed_to(quote.function, **quote.keywords).text)
    return tuple(sorted((*quote.others, *(own.edits if own else ()), edit)))


class _Quote(NamedTuple):
    """A call of `quote` at a place, but for the value: what to write, and what it takes.

    `others` are the edits elsewhere that it needs: of the imports, or of an f-string around.
    """

    function: str
    keywords: dict[str, str]
    others: tuple[Edit, ...]


def _quote(names: Bindings, node: Node, safe: str) -> _Quote | Refusal:
    function = callee(names.syntax.source, node.start_byte, QUOTE)
    if isinstance(function, Refusal):
        return function
    if safe == _DEFAULT_SAFE:
        return _Quote(function.text, {}, function.imports)
    literal = string_literal(names.syntax, safe, node)
    if literal is not None:
        return _Quote(function.text, {"safe": literal}, function.imports)
    wider = widened(names.syntax, safe, node)
    if wider is None:
        return _NO_QUOTES
    return _Quote(function.text, {"safe": wider[0]}, (*function.imports, *wider[1]))


def _shown(names: Bindings, node: Node, coercion: Coercion) -> tuple[Span, Expression] | Refusal:
    """Return the range to replace, and an expression for the text that stands there today."""
    syntax = names.syntax
    outer = outside_parentheses(node)
    field = outer.parent
    span = _span(node)
    conversion, spec = "", ""
    if field is not None and field.type == "interpolation":
        for child in field.children:
            if child.type == "=":
                return Refusal("the field shows the expression itself too")
            if child.type in ("type_conversion", "format_specifier"):
                span = Span(outer.start_byte, child.end_byte)
            if child.type == "type_conversion":
                conversion = syntax.text(child).lstrip("! ")
            if child.type == "format_specifier":
                spec = syntax.text(child)[1:]
    converter = _CONVERTERS.get(conversion)
    if converter is None and not spec and coercion is Coercion.ANY and not is_text(syntax, node):
        converter = "str"
    if conversion == "s" and coercion is Coercion.TEXT:
        converter = None
    for builtin in filter(None, (converter, spec and "format")):
        if names.resolve(builtin, node.start_byte) != f"builtins.{builtin}":
            return Refusal(f"`{builtin}` is not the builtin here")
    value = _expression(syntax, node)
    if isinstance(value, Refusal):
        return value
    if converter is not None:
        value = value.passed_to(converter)
    if spec:
        literal = string_literal(syntax, spec, node)
        if literal is None or "{{" in spec or "}}" in spec:
            return Refusal("the format of the field can't be written as an argument")
        if "{" in spec:
            literal = f"f{literal}"
        value = value.passed_to("format", literal)
    return span, value


def _formatted(
    names: Bindings, node: Node, own: Formatted, coercion: Coercion
) -> tuple[Span, Expression] | Refusal:
    """Return the range of a value, and an expression for what its template makes of it."""
    value = _expression(names.syntax, node)
    if isinstance(value, Refusal):
        return value
    for builtin in filter(None, (own.converter, own.spec and "format")):
        if names.resolve(builtin, node.start_byte) != f"builtins.{builtin}":
            return Refusal(f"`{builtin}` is not the builtin here")
    if own.percent:
        literal = string_literal(names.syntax, own.percent, node)
        if literal is None:
            return _NO_QUOTES
        single = coercion is Coercion.TEXT or is_text(names.syntax, node)
        return _span(node), value.filling(literal) if single else value.filling_alone(literal)
    if own.converter is not None:
        value = value.passed_to(own.converter)
    if own.spec:
        literal = string_literal(names.syntax, own.spec, node)
        if literal is None:
            return _NO_QUOTES
        value = value.passed_to("format", literal)
    return _span(node), value


def _with_safe(names: Bindings, call: Node, safe: str) -> tuple[Edit, ...] | Refusal:
    """Correct which characters a call of `quote` keeps."""
    syntax = names.syntax
    arguments = call.child_by_field_name("arguments")
    items = [] if arguments is None else without_comments(arguments)
    if not items or any(item.type not in EXPRESSIONS | {"keyword_argument"} for item in items):
        return Refusal("the arguments of `quote` are not in sight")
    positional = [item for item in items if item.type != "keyword_argument"]
    kept = positional[1] if len(positional) > 1 else None
    for item in items:
        name, value = item.child_by_field_name("name"), item.child_by_field_name("value")
        if item.type == "keyword_argument" and name is not None and syntax.text(name) == "safe":
            kept = value
    if kept is not None and kept.type != "string":
        return Refusal("which characters `quote` keeps is decided elsewhere")
    if safe == (_DEFAULT_SAFE if kept is None else syntax.text(kept).strip("\"'")):
        return Refusal("`quote` escapes it already")
    literal = string_literal(syntax, safe, call)
    if literal is None:
        return _NO_QUOTES
    if kept is not None:
        return (Edit(_span(kept), literal),)
    old = _expression(syntax, call)
    if isinstance(old, Refusal):
        return old
    new = old.with_keyword("safe", literal)
    return (difference(call.start_byte, old.text, new.text),)


def _joined(names: Bindings, call: Node) -> Node | None:
    """Return the items of a call of `join`."""
    function, arguments = (call.child_by_field_name(name) for name in ("function", "arguments"))
    if function is None or arguments is None or call.type != "call":
        return None
    method = function.child_by_field_name("attribute")
    if method is None or names.syntax.text(method) != "join":
        return None
    if arguments.type == "generator_expression":
        return arguments
    items = without_comments(arguments)
    return items[0] if len(items) == 1 and items[0].type in EXPRESSIONS else None


def _quoted_elements(
    names: Bindings, display: Node, safe: str, elements: Collection[Span]
) -> tuple[Edit, ...] | Refusal:
    edits: set[Edit] = set()
    for item in without_comments(display):
        if elements and _span(item) not in elements:
            continue
        if not elements and item.type in ("string", "concatenated_string"):
            continue
        if is_assembled(item):
            return Refusal("the items are made of pieces of text")
        quoted = _quoted(names, item, safe, Coercion.TEXT)
        if isinstance(quoted, Refusal):
            return quoted
        edits.update(quoted)
    return tuple(sorted(edits)) if edits else Refusal("no item is a value")


def _quoted_each(names: Bindings, items: Node, safe: str) -> tuple[Edit, ...] | Refusal:
    syntax = names.syntax
    escaping = escaped_around(names, items) or _escaped_inside(names, items)
    if escaping is not None:
        return Refusal(f"`{escaping}` escapes them already")
    quote = _quote(names, items, safe)
    if isinstance(quote, Refusal):
        return quote
    values = _expression(syntax, items)
    if isinstance(values, Refusal):
        return values
    name = _variable(names, items, quote.function)
    quoted = values.each_passed_to(quote.function, name, **quote.keywords)
    if items.next_sibling is not None and items.next_sibling.type == ",":
        quoted = quoted.in_parentheses()
    return tuple(sorted((*quote.others, Edit(_span(items), quoted.text))))


def _escaped_inside(names: Bindings, items: Node) -> str | None:
    """Return a function that escapes the items on their way, such as `map(quote, names)`."""
    for node in descendants(items):
        escaping = escaping_function(names, node)
        if escaping is None and node.type in ("identifier", "attribute"):
            meant = names.resolve(names.syntax.text(node), node.start_byte)
            escaping = QUOTE if meant == QUOTE else None
        if escaping is not None:
            return escaping
    return None


def _expression(syntax: Syntax, node: Node) -> Expression | Refusal:
    from batten.rewrite.concrete import expression  # loads LibCST

    return expression(syntax, node)


def _span(node: Node) -> Span:
    return Span(node.start_byte, node.end_byte)


def _variable(names: Bindings, items: Node, function: str) -> str:
    """Return a name for one item that means nothing else there; a loop's own name may be reused."""
    syntax = names.syntax
    used = {syntax.text(node) for node in descendants(items) if node.type == "identifier"}
    used.add(function.partition(".")[0])
    numbered = (f"item{number}" for number in count(2))
    for name in chain(filter(None, [one_of(syntax, items)]), ("item", "element"), numbered):
        _, bound = names.lookup(name, items.start_byte)
        if name not in used and all(binding.how is How.LOOP for binding in bound):
            return name
    raise AssertionError("the numbers never end")


_DEFAULT_SAFE = "/"
_CONVERTERS = {"s": "str", "r": "repr", "a": "ascii"}
_COMPREHENSIONS = frozenset({"generator_expression", "list_comprehension", "set_comprehension"})
_BARE_NOWHERE = frozenset({"expression_list", "yield"})
_NO_QUOTES = Refusal("no quotes are left to write a string inside the f-string")

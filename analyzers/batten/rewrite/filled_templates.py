"""Templates that are filled where they stand: `"..." % values` and `"...".format(values)`.

A conversion of the template takes the next value, or the one with its name. Raises
NotInSightError where template and values can't be matched by what the source shows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.rewrite.expressions import EXPRESSIONS, without_comments
from batten.rewrite.literals import (
    Literal,
    NotInSightError,
    Value,
    plain_spec,
    sides,
    string_pieces,
)
from batten.rewrite.tree import without_parentheses
from batten.syntax.text import Span
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tree_sitter import Node

    from batten.rewrite.literals import Piece
    from batten.rewrite.tree import Syntax


@immutable
class Place:
    """A conversion in a template: where it stands, how it formats, and a plain one for it."""

    span: Span
    spec: str
    plain: str


@immutable
class Places:
    """Where a template shows one of its values; `style` is `%`, or `{` for `format`."""

    style: str
    places: tuple[Place, ...]


def conversions_for(syntax: Syntax, filled: Node, value: Node) -> Places | None:
    """Return where the expression `filled` shows a value; None when its template is not there."""
    try:
        template = format_template(syntax, filled)
        style = "%" if template is None else "{"
        if template is None:
            operator = filled.child_by_field_name("operator")
            if operator is None or operator.type != "%":
                return None
            template, right = sides(filled)
            values = percent_operands(syntax, right)
        else:
            values = {key: node for key, _, node in format_arguments(syntax, filled)}
        keys = {key for key, node in values.items() if without_parentheses(node) == value}
        places = tuple(
            _place(literal, conversion, style)
            for literal, conversions in conversions_of(template_literals(syntax, template), style)
            for conversion in conversions
            if conversion.key in keys
        )
    except NotInSightError:
        return None
    return Places(style, places)


def _place(literal: Literal, conversion: Conversion, style: str) -> Place:
    span = Span(literal.offset(conversion.start), literal.offset(conversion.end))
    text = literal.text[conversion.start : conversion.end]
    if style == "%":
        plain = f"{text[: text.index(')') + 1]}s" if text.startswith("%(") else "%s"
    else:
        plain = f"{re.split('[!:]', text, maxsplit=1)[0].rstrip('}')}}}"
    return Place(span, conversion.spec, plain)


@immutable
class Conversion:
    """A conversion in a literal of a template, from one character of it to another."""

    start: int
    end: int
    key: str | int
    spec: str


_PERCENT = re.compile(r"%(?:\((?P<key>[^)]*)\))?(?P<flags>[#0\- +\d*.]*)(?P<kind>.|$)", re.DOTALL)
_BRACES = re.compile(r"\{(?P<key>\w*)(?P<spec>(?:![sra])?(?::[^{}]*)?)\}|[{}]")


def _percent(match: re.Match[str]) -> tuple[str | None, str]:
    kind = "" if match["kind"] == "s" else match["kind"]
    if match["kind"] in ("%", "") or "*" in match["flags"]:
        raise NotInSightError(f"the template has `{match[0]}` in it")
    return match["key"], match["flags"] + kind


def _braces(match: re.Match[str]) -> tuple[str | None, str]:
    if match["key"] is None:
        raise NotInSightError("the template has more than plain fields in it")
    return match["key"] or None, plain_spec(match["spec"])


_STYLES = {"%": (_PERCENT, _percent), "{": (_BRACES, _braces)}


def conversions_of(
    literals: Sequence[Literal], style: str
) -> Iterator[tuple[Literal, list[Conversion]]]:
    """Yield each literal of a template with its conversions."""
    pattern, read = _STYLES[style]
    index = 0
    for literal in literals:
        found: list[Conversion] = []
        for match in pattern.finditer(literal.text):
            name, spec = read(match)
            key: str | int
            if name is None:
                key, index = index, index + 1
            else:
                key = int(name) if name.isdecimal() else name
            found.append(Conversion(match.start(), match.end(), key, spec))
        yield literal, found


def filled_pieces(
    syntax: Syntax, template: Node, style: str, values: Mapping[str | int, Node]
) -> Iterator[Piece]:
    """Yield the literals of a template and the values that fill it, in the order of the text."""
    for literal, conversions in conversions_of(template_literals(syntax, template), style):
        at = 0
        for conversion in conversions:
            if conversion.start > at:
                yield literal.between(at, conversion.start)
            if conversion.key not in values:
                raise NotInSightError("the values of the template are not all in sight")
            yield Value(without_parentheses(values[conversion.key]), conversion.spec)
            at = conversion.end
        if at < len(literal.text):
            yield literal.between(at, len(literal.text))


def template_literals(syntax: Syntax, node: Node) -> list[Literal]:
    """Return the literals of a template that is written out."""
    node = without_parentheses(node)
    if node.type not in ("string", "concatenated_string"):
        raise NotInSightError("the template stands elsewhere")
    found = list(string_pieces(syntax, node))
    literals = [piece for piece in found if isinstance(piece, Literal)]
    if len(literals) < len(found):
        raise NotInSightError("the template is an f-string itself")
    return literals


def percent_operands(syntax: Syntax, right: Node) -> dict[str | int, Node]:
    """Return the values on the right of `%`."""
    inner = without_parentheses(right)
    if inner.type == "tuple":
        items = without_comments(inner)
        if any(item.type not in EXPRESSIONS for item in items):
            raise NotInSightError("several values are unpacked into the template")
        return dict(enumerate(items))
    if inner.type == "dictionary":
        entries: dict[str | int, Node] = {}
        for pair in without_comments(inner):
            key, value = (pair.child_by_field_name(name) for name in ("key", "value"))
            if key is None or value is None or key.type != "string":
                raise NotInSightError("the values come from a mapping")
            entries[syntax.text(key).strip("\"'")] = value
        return entries
    return {0: right}


def format_template(syntax: Syntax, node: Node) -> Node | None:
    """Return the template of a call of `format` on a literal."""
    function = node.child_by_field_name("function") if node.type == "call" else None
    method = function and function.child_by_field_name("attribute")
    template = function and function.child_by_field_name("object")
    if method is None or template is None or syntax.text(method) != "format":
        return None
    return template


def format_arguments(syntax: Syntax, call: Node) -> list[tuple[str | int, Node, Node]]:
    """Return each argument of a call of `format`: its key, itself, and its value."""
    arguments = call.child_by_field_name("arguments")
    found: list[tuple[str | int, Node, Node]] = []
    for item in [] if arguments is None else without_comments(arguments):
        name, value = (item.child_by_field_name(field) for field in ("name", "value"))
        if item.type == "keyword_argument" and name is not None and value is not None:
            found.append((syntax.text(name), item, value))
        elif item.type in EXPRESSIONS:
            found.append((len(found), item, item))
        else:
            raise NotInSightError("several values are unpacked into the template")
    return found

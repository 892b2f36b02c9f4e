"""A value that its template formats in a way of its own: `%5s`, `%r`, `{:>5}`, `{!r}`.

Escaped text must not be cut, padded or put in quotes. So the value is formatted first, then
escaped, and its place in the template becomes a plain one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.rewrite.edit import Edit
from batten.rewrite.filled_templates import conversions_for
from batten.rewrite.tree import outside_parentheses, without_parentheses
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.rewrite.tree import Syntax


@immutable
class Formatted:
    """How a template formats a value, and the edits that make its places in it plain ones.

    `converter` is the builtin that comes first, if any. `spec` is a template of one value in the
    style of `%`, or a format specification, or empty.
    """

    converter: str | None
    percent: str
    spec: str
    edits: tuple[Edit, ...]


def formatted(syntax: Syntax, value: Node) -> Formatted | None:
    """Return how the template around a value formats it; None where that can't be changed."""
    filled = _filled(outside_parentheses(value))
    found = filled and conversions_for(syntax, filled, without_parentheses(value))
    if found is None or not found.places or len({place.spec for place in found.places}) > 1:
        return None
    edits = tuple(Edit(place.span, place.plain) for place in found.places)
    spec = found.places[0].spec
    if found.style == "%":
        if spec in _CONVERTERS:
            return Formatted(_CONVERTERS[spec], "", "", edits)
        kind = spec[-1:] if spec[-1:] in _CONVERTERS else "s"
        if kind == "s" and (spec[-1:].isalpha() or not spec):
            return None  # a number, which needs no escaping
        return Formatted(None, f"%{spec}" if kind != "s" else f"%{spec}s", "", edits)
    match = _BRACE_SPEC.fullmatch(spec)
    if match is None or not spec:
        return None
    converter = _CONVERTERS.get(match["conversion"] or "")
    return Formatted(converter, "", match["spec"] or "", edits)


def _filled(argument: Node) -> Node | None:
    """Return the expression that fills a template with an argument."""
    holder = argument.parent
    if holder is None or holder.type == "binary_operator":
        return holder
    if holder.type in ("tuple", "pair"):
        display = holder if holder.type == "tuple" else holder.parent
        return display and outside_parentheses(display).parent
    arguments = holder.parent if holder.type == "keyword_argument" else holder
    return arguments.parent if arguments is not None else None


_CONVERTERS = {"s": "str", "r": "repr", "a": "ascii"}
_BRACE_SPEC = re.compile(r"(?:!(?P<conversion>[sra]))?(?::?(?P<spec>.*))?", re.DOTALL)

"""An expression that puts text together, taken apart and cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.expressions import without_comments
from batten.rewrite.filled_templates import (
    conversions_of,
    filled_pieces,
    format_arguments,
    format_template,
    percent_operands,
    template_literals,
)
from batten.rewrite.literals import NotInSightError, Value, sides, string_pieces, strings
from batten.rewrite.tree import without_parentheses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from batten.rewrite.literals import Piece
    from batten.rewrite.refusal import Refusal
    from batten.rewrite.tree import Syntax


def pieces(syntax: Syntax, node: Node) -> tuple[Piece, ...] | Refusal:
    """Return what an expression is put together from; of an opaque one, the expression itself."""
    try:
        return tuple(_pieces(syntax, node))
    except NotInSightError as refused:
        return refused.refusal


def until(syntax: Syntax, node: Node, cut: int) -> str | Refusal:
    """Return an expression for the text of `node` up to the byte offset `cut` in a literal."""
    try:
        return _until(syntax, node, cut)
    except NotInSightError as refused:
        return refused.refusal


def _pieces(syntax: Syntax, node: Node) -> Iterator[Piece]:
    node = without_parentheses(node)
    operator = node.child_by_field_name("operator")
    if node.type in ("string", "concatenated_string"):
        yield from string_pieces(syntax, node)
    elif node.type == "binary_operator" and operator is not None and operator.type == "+":
        for side in sides(node):
            for piece in _pieces(syntax, side):
                if isinstance(piece, Value) and piece.node == without_parentheses(side):
                    yield Value(piece.node, is_text=True)
                else:
                    yield piece
    elif node.type == "binary_operator" and operator is not None and operator.type == "%":
        left, right = sides(node)
        yield from filled_pieces(syntax, left, "%", percent_operands(syntax, right))
    elif (template := format_template(syntax, node)) is not None:
        values = {key: value for key, _, value in format_arguments(syntax, node)}
        yield from filled_pieces(syntax, template, "{", values)
    else:
        yield Value(node)


def _until(syntax: Syntax, node: Node, cut: int) -> str:
    node = without_parentheses(node)
    if node.type in ("string", "concatenated_string"):
        return _strings_until(syntax, node, cut)
    if node.type == "call":
        return _format_until(syntax, node, cut)
    operator = node.child_by_field_name("operator")
    left, right = sides(node)
    if operator is not None and operator.type == "%":
        return _percent_until(syntax, left, right, cut)
    if left.end_byte > cut:
        return _until(syntax, left, cut)
    kept = _until(syntax, right, cut)
    if kept in _EMPTY:
        return syntax.text(without_parentheses(left))
    return _text(syntax, node.start_byte, right.start_byte) + kept


def _strings_until(syntax: Syntax, node: Node, cut: int) -> str:
    kept = [string for string in strings(node) if string.start_byte < cut]
    last = kept[-1]
    opening = syntax.text(last.children[0])
    if cut == last.children[0].end_byte and len(kept) > 1:
        return _text(syntax, node.start_byte, kept[-2].end_byte)
    delimiter = opening.lstrip("bBfFrRtTuU")
    end = _text(syntax, last.start_byte, cut) + delimiter
    fields = (child for child in last.named_children if child.type == "interpolation")
    if "f" in opening.lower() and all(field.start_byte >= cut for field in fields):
        end = opening.replace("f", "").replace("F", "") + end.removeprefix(opening)
    return _text(syntax, node.start_byte, last.start_byte) + end


def _percent_until(syntax: Syntax, left: Node, right: Node, cut: int) -> str:
    keys = _keys_until(syntax, left, "%", cut)
    template = _until(syntax, left, cut)
    if not keys:
        return template
    template += _text(syntax, left.end_byte, right.start_byte)
    inner = without_parentheses(right)
    if inner.type == "tuple":
        items = without_comments(inner)[: len(keys)]
        comma = "," if len(items) == 1 else ""
        return f"{template}{_text(syntax, inner.start_byte, items[-1].end_byte)}{comma})"
    if inner.type == "dictionary":
        pairs = (
            syntax.text(pair)
            for pair in without_comments(inner)
            if syntax.text(pair.named_children[0]).strip("\"'") in keys
        )
        return f"{template}{{{', '.join(pairs)}}}"
    return template + syntax.text(right)


def _format_until(syntax: Syntax, call: Node, cut: int) -> str:
    function = call.child_by_field_name("function")
    template = format_template(syntax, call)
    if function is None or template is None:
        raise NotInSightError("the text is put together elsewhere")
    keys = _keys_until(syntax, template, "{", cut)
    kept = _until(syntax, template, cut)
    if not keys:
        return kept
    items = [
        (key, syntax.text(item)) for key, item, _ in format_arguments(syntax, call) if key in keys
    ]
    positional = [key for key, _ in items if isinstance(key, int)]
    if positional != list(range(len(positional))):
        raise NotInSightError("the fields of the template are out of order")
    method = _text(syntax, template.end_byte, function.end_byte)
    return f"{kept}{method}({', '.join(text for _, text in items)})"


def _keys_until(syntax: Syntax, template: Node, style: str, cut: int) -> set[str | int]:
    return {
        conversion.key
        for literal, conversions in conversions_of(template_literals(syntax, template), style)
        for conversion in conversions
        if literal.offset(conversion.start) < cut
    }


def _text(syntax: Syntax, start: int, end: int) -> str:
    return syntax.data[start:end].decode("utf-8", "surrogatepass")


_EMPTY = frozenset({"''", '""'})

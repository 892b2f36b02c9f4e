"""Literals and values of text that is put together, as they stand in the source.

Only literals whose text stands in the source as it is are taken apart: one with an escape
sequence or a doubled brace is refused, since no place in it could be cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.expressions import EXPRESSIONS, without_comments
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import without_parentheses
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from batten.rewrite.tree import Syntax


class NotInSightError(Exception):
    """What is asked for does not show in the source; `refusal` tells why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.refusal = Refusal(reason)


@immutable
class Literal:
    """Literal text, and the byte offset at which it stands in the document."""

    text: str
    start: int

    def between(self, start: int, end: int) -> Literal:
        """Return a part of the text, from one character up to another."""
        return Literal(self.text[start:end], self.offset(start))

    def offset(self, index: int) -> int:
        """Return the byte offset of a character."""
        return self.start + len(self.text[:index].encode())


@immutable
class Value:
    """An expression that goes into the text.

    `spec` is empty where `str` turns it into text, and else the conversion: `d`, `>5`, `!r`.
    `is_text` tells that it would raise for anything but a `str`.
    """

    node: Node
    spec: str = ""
    is_text: bool = False


Piece = Literal | Value


def sides(node: Node) -> tuple[Node, Node]:
    """Return the operands of an operator."""
    left, right = (node.child_by_field_name(name) for name in ("left", "right"))
    if left is None or right is None:
        raise NotInSightError("the expression is broken")
    return left, right


def strings(node: Node) -> list[Node]:
    """Return the strings of a literal, which may be several side by side."""
    return without_comments(node) if node.type == "concatenated_string" else [node]


def string_pieces(syntax: Syntax, node: Node) -> Iterator[Piece]:
    """Yield the literals and the fields of a string; NotInSightError where it can't be cut."""
    for string in strings(node):
        if string.type != "string" or "b" in _prefix(syntax, string):
            raise NotInSightError("the text is not a plain string")
        for child in string.named_children:
            if child.type == "string_content":
                yield _literal(syntax, child)
            elif child.type == "interpolation":
                yield _field(syntax, child)


def _literal(syntax: Syntax, content: Node) -> Literal:
    if any(child.type != "escape_sequence" for child in content.named_children):
        raise NotInSightError("the text has doubled braces")
    raw = content.parent is not None and "r" in _prefix(syntax, content.parent)
    text = syntax.text(content)
    if "\\" in text and not raw:
        raise NotInSightError("the text has an escape sequence")
    return Literal(text, content.start_byte)


def _field(syntax: Syntax, field: Node) -> Value:
    inner = field.child_by_field_name("expression")
    if inner is None or inner.type not in EXPRESSIONS - {"expression_list", "yield"}:
        raise NotInSightError("a field is not the expression of a value")
    spec = ""
    for child in field.children:
        if child.type == "=":
            raise NotInSightError("a field shows the expression itself too")
        if child.type in ("type_conversion", "format_specifier"):
            spec += syntax.text(child)
    return Value(without_parentheses(inner), plain_spec(spec))


def plain_spec(spec: str) -> str:
    """Return the conversion and format of a field, empty where it is the text of the value."""
    return "" if spec in ("!s", ":", "!s:") else spec.removeprefix(":")


def _prefix(syntax: Syntax, string: Node) -> str:
    return syntax.text(string.children[0]).rstrip("\"'").lower()

"""The literals and values of an expression that puts text together, in the order of the text.

Only literals whose text stands in the source as it is are taken apart: one with an escape
sequence or a doubled brace is refused, since no place in it could be cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.rewrite.expressions import EXPRESSIONS, without_comments
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import without_parentheses
from batten.syntax.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tree_sitter import Node

    from batten.rewrite.tree import Syntax


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Value:
    """An expression that goes into the text.

    `spec` is empty where `str` turns it into text, and else the conversion: `d`, `>5`, `!r`.
    `is_text` tells that it would raise for anything but a `str`.
    """

    node: Node
    spec: str = ""
    is_text: bool = False


Piece = Literal | Value


def pieces(syntax: Syntax, node: Node) -> tuple[Piece, ...] | Refusal:
    """Return what an expression is put together from; of an opaque one, the expression itself."""
    try:
        return tuple(_pieces(syntax, node))
    except _RefusedError as refused:
        return refused.refusal


def until(syntax: Syntax, node: Node, cut: int) -> str | Refusal:
    """Return an expression for the text of `node` up to the byte offset `cut` in a literal."""
    try:
        return _until(syntax, node, cut)
    except _RefusedError as refused:
        return refused.refusal


@dataclass(frozen=True, slots=True)
class Place:
    """A conversion in a template: where it stands, how it formats, and a plain one for it."""

    span: Span
    spec: str
    plain: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where a template shows one of its values; `style` is `%`, or `{` for `format`."""

    style: str
    places: tuple[Place, ...]


def conversions_for(syntax: Syntax, filled: Node, value: Node) -> Places | None:
    """Return where the expression `filled` shows a value; None when its template is not there."""
    try:
        template = _formatted(syntax, filled)
        style = "%" if template is None else "{"
        if template is None:
            operator = filled.child_by_field_name("operator")
            if operator is None or operator.type != "%":
                return None
            template, right = _sides(filled)
            values = _operands(syntax, right)
        else:
            values = {key: node for key, _, node in _arguments(syntax, filled)}
        keys = {key for key, node in values.items() if without_parentheses(node) == value}
        places = tuple(
            _place(literal, conversion, style)
            for literal, conversions in _conversions(_template(syntax, template), style)
            for conversion in conversions
            if conversion.key in keys
        )
    except _RefusedError:
        return None
    return Places(style, places)


def _place(literal: Literal, conversion: _Conversion, style: str) -> Place:
    span = Span(literal.offset(conversion.start), literal.offset(conversion.end))
    text = literal.text[conversion.start : conversion.end]
    if style == "%":
        plain = f"{text[: text.index(')') + 1]}s" if text.startswith("%(") else "%s"
    else:
        plain = f"{re.split('[!:]', text, maxsplit=1)[0].rstrip('}')}}}"
    return Place(span, conversion.spec, plain)


class _RefusedError(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.refusal = Refusal(reason)


def _pieces(syntax: Syntax, node: Node) -> Iterator[Piece]:
    node = without_parentheses(node)
    operator = node.child_by_field_name("operator")
    if node.type in ("string", "concatenated_string"):
        yield from _of_strings(syntax, node)
    elif node.type == "binary_operator" and operator is not None and operator.type == "+":
        for side in _sides(node):
            for piece in _pieces(syntax, side):
                if isinstance(piece, Value) and piece.node == without_parentheses(side):
                    yield Value(piece.node, is_text=True)
                else:
                    yield piece
    elif node.type == "binary_operator" and operator is not None and operator.type == "%":
        left, right = _sides(node)
        yield from _filled(syntax, left, "%", _operands(syntax, right))
    elif (template := _formatted(syntax, node)) is not None:
        values = {key: value for key, _, value in _arguments(syntax, node)}
        yield from _filled(syntax, template, "{", values)
    else:
        yield Value(node)


def _sides(node: Node) -> tuple[Node, Node]:
    left, right = (node.child_by_field_name(name) for name in ("left", "right"))
    if left is None or right is None:
        raise _RefusedError("the expression is broken")
    return left, right


def _strings(node: Node) -> list[Node]:
    return without_comments(node) if node.type == "concatenated_string" else [node]


def _of_strings(syntax: Syntax, node: Node) -> Iterator[Piece]:
    for string in _strings(node):
        if string.type != "string" or "b" in _prefix(syntax, string):
            raise _RefusedError("the text is not a plain string")
        for child in string.named_children:
            if child.type == "string_content":
                yield _literal(syntax, child)
            elif child.type == "interpolation":
                yield _field(syntax, child)


def _literal(syntax: Syntax, content: Node) -> Literal:
    if any(child.type != "escape_sequence" for child in content.named_children):
        raise _RefusedError("the text has doubled braces")
    raw = content.parent is not None and "r" in _prefix(syntax, content.parent)
    text = syntax.text(content)
    if "\\" in text and not raw:
        raise _RefusedError("the text has an escape sequence")
    return Literal(text, content.start_byte)


def _field(syntax: Syntax, field: Node) -> Value:
    inner = field.child_by_field_name("expression")
    if inner is None or inner.type not in EXPRESSIONS - {"expression_list", "yield"}:
        raise _RefusedError("a field is not the expression of a value")
    spec = ""
    for child in field.children:
        if child.type == "=":
            raise _RefusedError("a field shows the expression itself too")
        if child.type in ("type_conversion", "format_specifier"):
            spec += syntax.text(child)
    return Value(without_parentheses(inner), _plain(spec))


def _plain(spec: str) -> str:
    """Return the conversion and format of a field, empty where it is the text of the value."""
    return "" if spec in ("!s", ":", "!s:") else spec.removeprefix(":")


def _prefix(syntax: Syntax, string: Node) -> str:
    return syntax.text(string.children[0]).rstrip("\"'").lower()


# Templates: a conversion takes the next value, or the one with its name.


@dataclass(frozen=True, slots=True)
class _Conversion:
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
        raise _RefusedError(f"the template has `{match[0]}` in it")
    return match["key"], match["flags"] + kind


def _braces(match: re.Match[str]) -> tuple[str | None, str]:
    if match["key"] is None:
        raise _RefusedError("the template has more than plain fields in it")
    return match["key"] or None, _plain(match["spec"])


_STYLES = {"%": (_PERCENT, _percent), "{": (_BRACES, _braces)}


def _conversions(
    literals: Sequence[Literal], style: str
) -> Iterator[tuple[Literal, list[_Conversion]]]:
    """Yield each literal of a template with its conversions."""
    pattern, read = _STYLES[style]
    index = 0
    for literal in literals:
        found: list[_Conversion] = []
        for match in pattern.finditer(literal.text):
            name, spec = read(match)
            key: str | int
            if name is None:
                key, index = index, index + 1
            else:
                key = int(name) if name.isdecimal() else name
            found.append(_Conversion(match.start(), match.end(), key, spec))
        yield literal, found


def _filled(
    syntax: Syntax, template: Node, style: str, values: Mapping[str | int, Node]
) -> Iterator[Piece]:
    for literal, conversions in _conversions(_template(syntax, template), style):
        at = 0
        for conversion in conversions:
            if conversion.start > at:
                yield literal.between(at, conversion.start)
            if conversion.key not in values:
                raise _RefusedError("the values of the template are not all in sight")
            yield Value(without_parentheses(values[conversion.key]), conversion.spec)
            at = conversion.end
        if at < len(literal.text):
            yield literal.between(at, len(literal.text))


def _template(syntax: Syntax, node: Node) -> list[Literal]:
    node = without_parentheses(node)
    if node.type not in ("string", "concatenated_string"):
        raise _RefusedError("the template stands elsewhere")
    found = list(_of_strings(syntax, node))
    literals = [piece for piece in found if isinstance(piece, Literal)]
    if len(literals) < len(found):
        raise _RefusedError("the template is an f-string itself")
    return literals


def _operands(syntax: Syntax, right: Node) -> dict[str | int, Node]:
    """Return the values on the right of `%`."""
    inner = without_parentheses(right)
    if inner.type == "tuple":
        items = without_comments(inner)
        if any(item.type not in EXPRESSIONS for item in items):
            raise _RefusedError("several values are unpacked into the template")
        return dict(enumerate(items))
    if inner.type == "dictionary":
        entries: dict[str | int, Node] = {}
        for pair in without_comments(inner):
            key, value = (pair.child_by_field_name(name) for name in ("key", "value"))
            if key is None or value is None or key.type != "string":
                raise _RefusedError("the values come from a mapping")
            entries[syntax.text(key).strip("\"'")] = value
        return entries
    return {0: right}


def _formatted(syntax: Syntax, node: Node) -> Node | None:
    """Return the template of a call of `format` on a literal."""
    function = node.child_by_field_name("function") if node.type == "call" else None
    method = function and function.child_by_field_name("attribute")
    template = function and function.child_by_field_name("object")
    if method is None or template is None or syntax.text(method) != "format":
        return None
    return template


def _arguments(syntax: Syntax, call: Node) -> list[tuple[str | int, Node, Node]]:
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
            raise _RefusedError("several values are unpacked into the template")
    return found


# The expression for the text before a place.


def _until(syntax: Syntax, node: Node, cut: int) -> str:
    node = without_parentheses(node)
    if node.type in ("string", "concatenated_string"):
        return _strings_until(syntax, node, cut)
    if node.type == "call":
        return _format_until(syntax, node, cut)
    operator = node.child_by_field_name("operator")
    left, right = _sides(node)
    if operator is not None and operator.type == "%":
        return _percent_until(syntax, left, right, cut)
    if left.end_byte > cut:
        return _until(syntax, left, cut)
    kept = _until(syntax, right, cut)
    if kept in _EMPTY:
        return syntax.text(without_parentheses(left))
    return _text(syntax, node.start_byte, right.start_byte) + kept


def _strings_until(syntax: Syntax, node: Node, cut: int) -> str:
    strings = [string for string in _strings(node) if string.start_byte < cut]
    last = strings[-1]
    opening = syntax.text(last.children[0])
    if cut == last.children[0].end_byte and len(strings) > 1:
        return _text(syntax, node.start_byte, strings[-2].end_byte)
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
    template = _formatted(syntax, call)
    if function is None or template is None:
        raise _RefusedError("the text is put together elsewhere")
    keys = _keys_until(syntax, template, "{", cut)
    kept = _until(syntax, template, cut)
    if not keys:
        return kept
    items = [(key, syntax.text(item)) for key, item, _ in _arguments(syntax, call) if key in keys]
    positional = [key for key, _ in items if isinstance(key, int)]
    if positional != list(range(len(positional))):
        raise _RefusedError("the fields of the template are out of order")
    method = _text(syntax, template.end_byte, function.end_byte)
    return f"{kept}{method}({', '.join(text for _, text in items)})"


def _keys_until(syntax: Syntax, template: Node, style: str, cut: int) -> set[str | int]:
    return {
        conversion.key
        for literal, conversions in _conversions(_template(syntax, template), style)
        for conversion in conversions
        if literal.offset(conversion.start) < cut
    }


def _text(syntax: Syntax, start: int, end: int) -> str:
    return syntax.data[start:end].decode("utf-8", "surrogatepass")


_EMPTY = frozenset({"''", '""'})

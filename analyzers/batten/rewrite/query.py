"""The query of a URL that is put together in one expression, as pairs of names and values.

Where the values go instead (`params=`, `urlencode`) they are escaped: so a value that `quote`
escapes now is taken without it, and a query with text that is escaped already, or with anything
else than `name=value`, is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.rewrite.escaping import QUOTE, escaping_function
from batten.rewrite.expressions import is_assembled, is_text, without_comments
from batten.rewrite.fstrings import string_literal
from batten.rewrite.literals import Literal, Value
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import ancestors, descendants, outside_parentheses
from batten.rewrite.url_pieces import pieces, until
from batten.syntax.text import Span
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tree_sitter import Node

    from batten.rewrite.literals import Piece
    from batten.rewrite.names import Bindings
    from batten.rewrite.tree import Syntax


@immutable
class Pair:
    """A parameter: its name, and the expression of its value.

    `as_text` is the same value as text. `holes` are the expressions in it that are not known to
    be unescaped by their form. `same_bytes` tells that every value that is text or a number is
    written as before, `sure` that the value is text or a number.
    """

    name: str
    value: str
    as_text: str
    holes: tuple[Span, ...]
    same_bytes: bool
    sure: bool


@immutable
class Query:
    """The expression of a URL; expressions for it before its `?` and behind it; and the pairs."""

    node: Node
    address: str
    opening: str
    pairs: tuple[Pair, ...]


def query_around(names: Bindings, hole: Span, texts: Collection[Span]) -> Query | Refusal:
    """Return the whole query of the URL that the expression at `hole` goes into.

    `texts` are expressions that are known to be text.
    """
    syntax = names.syntax
    node = syntax.node(hole)
    if node is None:
        return syntax.broken(hole.start) or Refusal("the value is not an expression of its own")
    url = _assembled_around(syntax, node)
    if url is None:
        return Refusal("the URL is not put together where the value goes in")
    if any(inner.type == "comment" for inner in descendants(url)):
        return Refusal("there is a comment in the URL")
    parts = pieces(syntax, url)
    if isinstance(parts, Refusal):
        return parts
    behind = list(parts)
    while behind and not (isinstance(behind[0], Literal) and "?" in behind[0].text):
        del behind[0]
    if not behind or not isinstance(behind[0], Literal):
        return Refusal("the query begins elsewhere")
    first = behind[0]
    mark = first.text.index("?")
    rest = [first.between(mark + 1, len(first.text)), *behind[1:]]
    pairs = _pairs(names, url, rest, texts)
    if isinstance(pairs, Refusal):
        return pairs
    address = until(syntax, url, first.offset(mark))
    opening = until(syntax, url, first.offset(mark + 1))
    if isinstance(address, Refusal):
        return address
    if isinstance(opening, Refusal):
        return opening
    return Query(url, address, opening, pairs)


def entries(names: Bindings, values: Sequence[tuple[str, str]], at: Node) -> str | Refusal:
    """Return the inside of a dict display: names, which are plain text, and their values."""
    found: list[str] = []
    for name, value in values:
        key = string_literal(names.syntax, name, at)
        if key is None:
            return Refusal("no quotes are left to write a string inside the f-string")
        found.append(f"{key}: {value}")
    return ", ".join(found)


def _assembled_around(syntax: Syntax, node: Node) -> Node | None:
    """Return the largest expression around a node that puts text together from it."""
    found = None
    for outer in ancestors(outside_parentheses(node)):
        if outer.type in ("string", "concatenated_string", "binary_operator"):
            found = outer
        elif outer.type == "call":
            function = outer.child_by_field_name("function")
            last = "" if function is None else syntax.text(function).rpartition(".")[2]
            if last == "format":
                found = outer
            elif last not in ("join", "str"):
                break
        elif outer.type not in _ON_THE_WAY:
            break
    return found


def _pairs(
    names: Bindings, at: Node, parts: Sequence[Piece], texts: Collection[Span]
) -> tuple[Pair, ...] | Refusal:
    found: list[Pair] = []
    for group in _split(parts):
        first = group[0] if group else None
        name, equal, _ = first.text.partition("=") if isinstance(first, Literal) else ("", "", "")
        if first is None or not isinstance(first, Literal) or not name or not equal:
            return Refusal("the query is not made of `name=value` pairs")
        value = first.between(len(name) + 1, len(first.text))
        pair = _pair(names, at, name, [*([value] if value.text else []), *group[1:]], texts)
        if isinstance(pair, Refusal):
            return pair
        if any(other.name == pair.name for other in found):
            return Refusal(f"the query has `{pair.name}` more than once")
        found.append(pair)
    return tuple(found)


def _split(parts: Sequence[Piece]) -> list[list[Piece]]:
    """Return the parts between each `&` and the next."""
    groups: list[list[Piece]] = [[]]
    for part in parts:
        if isinstance(part, Value):
            groups[-1].append(part)
            continue
        start = 0
        for number, text in enumerate(part.text.split("&")):
            if number:
                groups.append([])
            if text:
                groups[-1].append(part.between(start, start + len(text)))
            start += len(text) + 1
    return groups


def _pair(
    names: Bindings, at: Node, name: str, parts: Sequence[Piece], texts: Collection[Span]
) -> Pair | Refusal:
    literal = name + "".join(part.text for part in parts if isinstance(part, Literal))
    if any(character in literal for character in "%+#;?"):
        return Refusal("a part of the query is escaped already, or ends it")
    holes: list[Span] = []
    written: list[tuple[str, bool]] = []
    for part in parts:
        if isinstance(part, Literal):
            text = string_literal(names.syntax, part.text, at)
            if text is None:
                return Refusal("no quotes are left to write a string inside the f-string")
            written.append((text, True))
            continue
        value = _bare(names, part)
        if isinstance(value, Refusal):
            return value
        if value == part.node and value.type not in ("integer", "float") and not part.spec:
            holes.append(_span(value))
        known = part.is_text or value != part.node or is_text(names.syntax, value)
        known = known or _span(value) in texts
        written.append((_operand(names.syntax, value), known))
        if part.spec:
            written[-1] = (written[-1][0], False)
    needs_str = any(not known for _, known in written)
    if needs_str and names.resolve("str", at.start_byte) != "builtins.str":
        return Refusal("`str` is not the builtin here")
    values = [part.node for part in parts if isinstance(part, Value)]
    same_bytes = bool(_UNRESERVED.fullmatch(literal)) and not any(map(is_assembled, values))
    as_text = " + ".join(text if known else f"str({text})" for text, known in written)
    as_text = as_text or string_literal(names.syntax, "", at) or '""'
    if len(parts) != 1:
        return Pair(name, as_text, as_text, tuple(holes), same_bytes, sure=True)
    text, known = written[0]
    number = isinstance(parts[0], Value) and parts[0].spec != ""
    return Pair(name, text, as_text, tuple(holes), same_bytes, sure=known or number)


def _bare(names: Bindings, value: Value) -> Node | Refusal:
    """Return the node of a value, or of what is escaped if it is a call of `quote`."""
    node = value.node
    if value.spec not in ("", "d"):
        return Refusal(f"the value is formatted with `{value.spec}`")
    if escaping_function(names, node) in _UNDONE:
        arguments = node.child_by_field_name("arguments")
        items = [] if arguments is None else without_comments(arguments)
        if len(items) == 0 or any(item.type == "list_splat" for item in items):
            return Refusal("the arguments of `quote` are not in sight")
        node = items[0]
    for inner in descendants(node):
        escaping = escaping_function(names, inner)
        if escaping is not None:
            return Refusal(f"`{escaping}` escapes a part of it already")
    return node


def _operand(syntax: Syntax, node: Node) -> str:
    text = syntax.text(node)
    return text if node.type in _ATOMS else f"({text})"


def _span(node: Node) -> Span:
    return Span(node.start_byte, node.end_byte)


_UNDONE = frozenset({QUOTE, "urllib.parse.quote_plus"})
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]*")
_ATOMS = frozenset(
    {"attribute", "call", "float", "identifier", "integer", "list", "string", "subscript"}
)
_ON_THE_WAY = frozenset(
    {
        "argument_list",
        "attribute",
        "dictionary",
        "generator_expression",
        "interpolation",
        "keyword_argument",
        "list",
        "list_comprehension",
        "pair",
        "parenthesized_expression",
        "tuple",
    }
)

"""Moving a query out of the text of its URL: to the parameters of the call, or to `urlencode`.

The whole query moves or nothing does: httpx forgets a query in the URL as soon as parameters are
given, and elsewhere the order of the pairs would change.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from batten.rewrite.arguments import separator
from batten.rewrite.edit import Edit
from batten.rewrite.escaping import URLENCODE
from batten.rewrite.expressions import without_comments
from batten.rewrite.given_parameters import GivenParameters, given_parameters
from batten.rewrite.imports import callee
from batten.rewrite.names import bindings_at
from batten.rewrite.query import entries, query_around
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import outside_parentheses
from batten.rewrite.variables import mentions
from batten.syntax.text import Span
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Collection

    from tree_sitter import Node

    from batten.rewrite.names import Bindings
    from batten.rewrite.query import Query
    from batten.syntax.text import SourceText


class Taken(Enum):
    """What a call takes as the value of a parameter: anything, or only text and numbers."""

    ANYTHING = "anything"
    TEXT = "text"


@immutable
class Moved:
    """The edits that move a query, the names in it, and the expressions that go with it.

    `same_bytes` tells that a harmless value is sent as before, whatever its type. `merged` tells
    that the call has other parameters already.
    """

    edits: tuple[Edit, ...]
    names: tuple[str, ...]
    holes: tuple[Span, ...]
    same_bytes: bool
    merged: bool = False


def to_parameters(
    source: SourceText,
    hole: Span,
    call: Span,
    *,
    keyword: str,
    taken: Taken,
    texts: Collection[Span],
) -> Moved | Refusal:
    """Return the edits that hand the query around `hole` to the call at `call` as `keyword`.

    `texts` are expressions that are known to be text. Refuses when the URL is put together
    neither in an argument of the call nor in the statement before it, for this call alone, and
    when parameters may come in another way.
    """
    found = _found(source, hole, texts)
    if isinstance(found, Refusal):
        return found
    names, query = found
    node = outside_parentheses(query.node)
    argument = _argument(names, node, call, keyword)
    if isinstance(argument, Refusal):
        return argument
    arguments = argument.parent
    assert arguments is not None
    given = _given(names, arguments, argument, keyword)
    if isinstance(given, Refusal):
        return given
    values = tuple(
        (pair.name, pair.value if taken is Taken.ANYTHING or pair.sure else pair.as_text)
        for pair in query.pairs
    )
    inside = entries(names, values, node)
    if isinstance(inside, Refusal):
        return inside
    edits = [Edit(_span(node), query.address)]
    if given is None:
        text = f"{separator(source, argument)}{keyword}={{{inside}}}"
        edits.append(Edit(Span(argument.end_byte, argument.end_byte), text))
    elif not given.keys.isdisjoint(name for name, _ in values):
        return Refusal(f"`{keyword}` has one of the names already")
    else:
        edits.append(given.with_entries(names.syntax, inside))
    same = all(pair.same_bytes and (taken is Taken.TEXT or pair.sure) for pair in query.pairs)
    return _moved(query, tuple(sorted(edits)), same, merged=given is not None)


def to_urlencode(source: SourceText, hole: Span, *, texts: Collection[Span]) -> Moved | Refusal:
    """Return the edits that put the query around `hole` together with `urlencode`."""
    found = _found(source, hole, texts)
    if isinstance(found, Refusal):
        return found
    names, query = found
    node = query.node
    function = callee(source, node.start_byte, URLENCODE)
    if isinstance(function, Refusal):
        return function
    inside = entries(names, [(pair.name, pair.value) for pair in query.pairs], node)
    if isinstance(inside, Refusal):
        return inside
    text = f"{query.opening} + {function.text}({{{inside}}})"
    if node.parent is not None and node.parent.type not in _OPEN:
        text = f"({text})"
    edits = (*function.imports, Edit(_span(node), text))
    return _moved(query, edits, all(pair.same_bytes for pair in query.pairs), merged=False)


def _found(
    source: SourceText, hole: Span, texts: Collection[Span]
) -> tuple[Bindings, Query] | Refusal:
    names = bindings_at(source, hole.start)
    if isinstance(names, Refusal):
        return names
    query = query_around(names, hole, texts)
    return query if isinstance(query, Refusal) else (names, query)


def _moved(query: Query, edits: tuple[Edit, ...], same: bool, *, merged: bool) -> Moved:
    named = tuple(pair.name for pair in query.pairs)
    holes = tuple(hole for pair in query.pairs for hole in pair.holes)
    return Moved(edits, named, holes, same, merged)


def _argument(names: Bindings, url: Node, call: Span, keyword: str) -> Node | Refusal:
    """Return the argument of a call that is the URL, or the name that holds just that."""
    argument = url.parent if url.parent and url.parent.type == "keyword_argument" else url
    outer = argument.parent
    if outer is not None and outer.type == "argument_list":
        if outer.parent is None or _span(outer.parent) != call:
            return Refusal(f"the call around the URL does not take `{keyword}`")
        return argument
    name = outer and outer.child_by_field_name("left")
    if outer is None or name is None or outer.type != "assignment" or name.type != "identifier":
        return Refusal("the URL is put together before the call")
    uses = mentions(names, name)
    if [_span(node) for node in uses[:-1]] != [_span(name)]:
        return Refusal(f"`{names.syntax.text(name)}` is used for more than the call")
    use = uses[-1]
    if not _follows(use, outer):
        return Refusal(f"something may happen between `{names.syntax.text(name)}` and the call")
    argument = use.parent if use.parent and use.parent.type == "keyword_argument" else use
    if argument.parent is None or argument.parent.type != "argument_list":
        return Refusal("the URL is put together before the call")
    if argument.parent.parent is None or _span(argument.parent.parent) != call:
        return Refusal(f"the call around the URL does not take `{keyword}`")
    return argument


def _follows(use: Node, assignment: Node) -> bool:
    """Tell whether a use of a name stands at the beginning of the next statement."""
    statement = assignment.parent
    following = statement and statement.next_named_sibling
    while following is not None and following.type == "comment":
        following = following.next_named_sibling
    if following is not None and following.type == "try_statement":
        block = following.child_by_field_name("body")
        following = block and block.named_children[0]
    if following is None or following.type not in _AT_ONCE:
        return False
    begin = use.start_byte
    if following.type == "with_statement":
        return any(
            child.type == "with_clause" and child.end_byte > begin
            for child in following.named_children
        )
    return following.start_byte <= begin < following.end_byte


def _given(
    names: Bindings, arguments: Node, url: Node, keyword: str
) -> GivenParameters | Refusal | None:
    """Return the parameters that a call has as `keyword`, None when it has none."""
    items = without_comments(arguments)
    positional = [item for item in items if item.type != "keyword_argument"]
    if any(item.type.endswith("_splat") for item in items):
        return Refusal(f"`{keyword}` may be among the arguments that are unpacked")
    if url.type != "keyword_argument" and positional[-1] != url:
        return Refusal(f"an argument behind the URL may be `{keyword}`")
    for item in items:
        name, value = (item.child_by_field_name(field) for field in ("name", "value"))
        if name is not None and value is not None and names.syntax.text(name) == keyword:
            return given_parameters(names, value, keyword)
    return None


def _span(node: Node) -> Span:
    return Span(node.start_byte, node.end_byte)


_AT_ONCE = frozenset({"expression_statement", "return_statement", "with_statement"})
_OPEN = frozenset(
    {
        "argument_list",
        "assignment",
        "augmented_assignment",
        "expression_statement",
        "keyword_argument",
        "list",
        "pair",
        "parenthesized_expression",
        "return_statement",
        "tuple",
    }
)

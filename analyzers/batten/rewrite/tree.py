"""The syntax tree of a document, for finding the expression that an edit replaces.

Analysis reads unit by unit and forgives broken text. An edit must know all that is around it: a
document whose module body is broken has no tree here, and gets no edit. A broken function or class
is put aside: what is in it gets no edit, and the rest is read without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.rewrite.aside import left_out, put_aside
from batten.rewrite.occurrences import declaring_globals, may_declare_globals
from batten.rewrite.refusal import Refusal
from batten.syntax.carriage_returns import as_line_feeds
from batten.syntax.parse import ParseTimeoutError, errors, parse
from batten.syntax.text import Span
from batten.syntax.units import DividedText, UnitKind, units
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from tree_sitter import Node

    from batten.syntax.text import SourceText
    from batten.syntax.units import Division, Unit


@immutable
class Unread:
    """A range of a document that is broken, and why it can't be edited."""

    span: Span
    reason: Refusal


@dataclass(frozen=True, slots=True, eq=False)
class Syntax:
    """A document, and its tree without errors.

    `data` is the text of the tree: the document's, but for functions and classes put aside. What
    is broken of them is `unread`.
    """

    source: SourceText
    data: bytes
    root: Node
    unread: tuple[Unread, ...]

    def text(self, node: Node) -> str:
        """Return the text of `node` as it stands in the document."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def line(self, offset: int) -> int:
        """Return the number of the line of a byte offset, from 1."""
        return self.source.position(offset).line + 1

    def broken(self, offset: int) -> Refusal | None:
        """Return why nothing can be edited at a place, None when it can."""
        found = (one for one in self.unread if one.span.start <= offset < one.span.end)
        return next((one.reason for one in found), None)

    def is_aside(self, body: Node) -> bool:
        """Tell whether a body is of a function or class that is there by name only.

        Of a few it can't be told: they read as if `0` were all that they do.
        """
        start, end = body.start_byte, body.end_byte
        return end == start + 1 and self.data[start] != self.source.data[start]

    def node(self, span: Span) -> Node | None:
        """Return the innermost named node that covers exactly `span`, None when there is none.

        Nor is there any deeper than `DEEPEST`: tree-sitter looks for a parent from the root on.
        """
        if not 0 <= span.start < span.end <= len(self.data):
            return None
        found = self.root.named_descendant_for_byte_range(span.start, span.end)
        if found is None or (found.start_byte, found.end_byte) != (span.start, span.end):
            return None
        return None if self._is_too_deep(span.start) else found

    def _is_too_deep(self, offset: int) -> bool:
        cursor = self.root.walk()
        return all(cursor.goto_first_child_for_byte(offset) is not None for _ in range(DEEPEST))


DEEPEST = 1000
"""So many nodes, one inside another, are looked through for what is around an expression."""


def syntax(source: SourceText) -> Syntax | Refusal:
    """Return the tree of a document; refuse when its module body is broken or it is too slow."""
    try:
        found = _read(source, source.data, ())
        return found if isinstance(found, Syntax) else _without_broken(source, units(source), ())
    except ParseTimeoutError:
        return _TOO_SLOW


def excerpt(
    division: Division, kept: Collection[str], besides: Iterable[str] = ()
) -> Syntax | Refusal:
    """Return the tree of some units of a document: its module, and those called as in `kept`.

    Others are put aside, with all that is in them, but for those that may bind a name of the
    module, and those called as in `besides`. They bind their names where these are looked up: in
    the module, and in classes that are kept or right around what is. Refuses when the module, or
    one in `kept`, is broken.
    """
    source = DividedText(division)
    declaring = (division.name(number) for number in declaring_globals(division))
    names = {*kept, *besides, *declaring}
    needed = {""}
    for name in names:
        around: str | None = name
        while around is not None and around not in needed:
            needed.add(around)
            around = division.contents[division.numbers[around]].owner
    aside = [
        unit
        for unit in division.contents
        if unit.owner in needed and unit.qualified_name not in needed
    ]
    # The defaults of a method look names up in its class.
    owners = {division.contents[division.numbers[name]].owner or "" for name in kept}
    try:
        data, only = left_out(division, aside, {"", *kept, *owners})
        read = _read(source, data, (), only)
        if isinstance(read, Syntax):
            return read
        functions = [
            unit
            for unit in division.units
            if unit.kind is UnitKind.FUNCTION and unit.qualified_name not in names
        ]
        own = [unit for unit in division.units if unit.qualified_name in kept]
        return _without_broken(source, division.units, own, functions)
    except ParseTimeoutError:
        return _TOO_SLOW


def _without_broken(
    source: SourceText,
    found: Sequence[Unit],
    kept: Collection[Unit],
    aside: Collection[Unit] = (),
) -> Syntax | Refusal:
    """Return the tree of a document with its broken functions and classes put aside as well."""
    broken = list(aside)
    unread: list[Unread] = []
    for unit in found:
        wrong = errors(parse(unit.text)) if unit not in aside else ()
        if wrong:
            reason = _error(source, unit.to_document(wrong[0]))
            if unit.kind is UnitKind.MODULE or unit in kept or may_declare_globals(unit.text):
                return reason
            starts = ((piece.document_start, piece.length) for piece in unit.pieces)
            unread += (Unread(Span(start, start + length), reason) for start, length in starts)
            broken.append(unit)
    read = _read(source, put_aside(source.data, broken), tuple(unread))
    return read if isinstance(read, Syntax) else _error(source, read)


def _read(
    source: SourceText, data: bytes, unread: tuple[Unread, ...], only: Sequence[Span] = ()
) -> Syntax | Span:
    """Return the tree of a text, or the first place where it is broken."""
    tree = parse(as_line_feeds(data), only=only)
    broken = errors(tree)
    return broken[0] if broken else Syntax(source, data, tree.root_node, unread)


def _error(source: SourceText, span: Span) -> Refusal:
    line = source.position(span.start).line + 1
    return Refusal(f"the document has a syntax error on line {line}")


_TOO_SLOW = Refusal("the document takes too long to parse")


def ancestors(node: Node) -> Iterator[Node]:
    """Yield the nodes around `node`, innermost first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def descendants(node: Node) -> Iterator[Node]:
    """Yield `node` and all nodes inside it, in the order of the text."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(node.children))


def without_parentheses(node: Node) -> Node:
    """Return the expression inside any parentheses around it."""
    while node.type == "parenthesized_expression":
        inner = [child for child in node.named_children if child.type != "comment"]
        if len(inner) != 1:
            return node
        node = inner[0]
    return node


def outside_parentheses(node: Node) -> Node:
    """Return the outermost node that is `node` in parentheses, or `node` itself."""
    parent = node.parent
    while parent is not None and parent.type == "parenthesized_expression":
        node, parent = parent, parent.parent
    return node

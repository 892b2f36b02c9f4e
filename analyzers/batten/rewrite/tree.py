"""The syntax tree of a whole document, for finding the expression that an edit replaces.

Analysis reads unit by unit and forgives broken text. An edit must know all that is around it,
so a document with a syntax error anywhere has no tree here, and gets no edit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from batten.rewrite.refusal import Refusal
from batten.syntax.parse import ParseTimeoutError, errors, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from batten.syntax.text import SourceText, Span


@dataclass(frozen=True, slots=True, eq=False)
class Syntax:
    """A document without syntax errors, and its tree."""

    source: SourceText
    root: Node

    def text(self, node: Node) -> str:
        """Return the text of `node` as it stands in the document."""
        data = self.source.data
        return data[node.start_byte : node.end_byte].decode("utf-8", "surrogatepass")

    def line(self, offset: int) -> int:
        """Return the number of the line of a byte offset, from 1."""
        return self.source.position(offset).line + 1

    def node(self, span: Span) -> Node | None:
        """Return the innermost named node that covers exactly `span`, None when there is none."""
        if not 0 <= span.start < span.end <= len(self.source.data):
            return None
        found = self.root.named_descendant_for_byte_range(span.start, span.end)
        if found is None or (found.start_byte, found.end_byte) != (span.start, span.end):
            return None
        return found


@lru_cache(maxsize=4)
def syntax(source: SourceText) -> Syntax | Refusal:
    """Return the tree of a document; refuse when its text is broken or too slow to parse."""
    try:
        # To Python a lone carriage return ends a line, to tree-sitter it does not.
        tree = parse(_LONE_CARRIAGE_RETURN.sub(b"\n", source.data))
    except ParseTimeoutError:
        return Refusal("the document takes too long to parse")
    broken = errors(tree)
    if broken:
        line = source.position(broken[0].start).line + 1
        return Refusal(f"the document has a syntax error on line {line}")
    return Syntax(source, tree.root_node)


_LONE_CARRIAGE_RETURN = re.compile(rb"\r(?!\n)")


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

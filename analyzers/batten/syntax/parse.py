"""The syntax tree of a unit's text.

tree-sitter parses any text, of any version of Python, and marks what it can't read.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import tree_sitter_python
from tree_sitter import Language, Parser, Point, Range, Tree

from batten.syntax.text import Span

if TYPE_CHECKING:
    from collections.abc import Collection

    from tree_sitter import Node

PYTHON = Language(tree_sitter_python.language())


class ParseTimeoutError(Exception):
    """The text took too long to parse: it is not Python, or very large."""


def parse(text: bytes, *, only: Collection[Span] = (), seconds: float = 2.0) -> Tree:
    """Return the syntax tree of UTF-8 text; ParseTimeoutError when that takes too long.

    What counts are seconds of this thread at work: how busy the machine is does not matter.

    With `only`, the text between these ranges is left out, and read as if it were not there. Rows
    and columns mean nothing in such a tree.
    """
    parser = _PARSERS.parser
    if only:
        parser = _PARSERS.partial
        parser.included_ranges = [
            Range(Point(0, span.start), Point(0, span.end), span.start, span.end) for span in only
        ]
    if len(text) <= _SMALL:
        return parser.parse(text)
    deadline = time.thread_time() + seconds
    lent = _Lent(text)

    def late(_offset: int, _has_error: bool) -> bool:
        return time.thread_time() > deadline

    try:
        return parser.parse(lent, progress_callback=late)
    except ValueError as stopped:
        parser.reset()  # or else the next text would go on with this one
        raise ParseTimeoutError(
            f"{len(text)} bytes took longer than {seconds} s to parse"
        ) from stopped
    finally:
        lent.take_back()


def errors(tree: Tree) -> tuple[Span, ...]:
    """Return the ranges that could not be read, and the empty ones where text is missing."""
    found: list[Span] = []
    # With its neighbours: a node that is asked for one goes through all before it.
    pending: list[tuple[Node | None, Node, Node | None]] = [(None, tree.root_node, None)]
    while pending:
        before, node, after = pending.pop()
        if node.is_error or node.is_missing:
            if not _is_in_annotation(before, node, after):
                found.append(Span(node.start_byte, node.end_byte))
        elif node.has_error:
            children = node.children
            neighbours = zip((None, *children), children, (*children[1:], None), strict=False)
            pending.extend(reversed(list(neighbours)))
    return tuple(found)


def _is_in_annotation(before: Node | None, error: Node, after: Node | None) -> bool:
    """Tell whether an error is a part of an annotation that Python can read.

    The grammar takes `list[A]` for a whole annotation, Python any expression: `list[A] or B`.
    """
    if before is not None and before.type == "typed_parameter":
        before = before.child_by_field_name("type")
    for other in (before, after):
        if other is None or other.type != "type":
            continue
        first, last = sorted((error, other), key=lambda node: node.start_byte)
        text = (first.text or b"") + b" " + (last.text or b"")
        if len(text) <= _LONGEST and not parse(b"(" + text + b")").root_node.has_error:
            return True
    return False


class _Lent:
    """A text that tree-sitter reads piece by piece.

    It never lets go of a piece, so a copy of the text would be lost with each parse. What it gets
    are views, which can be taken back; nodes that are asked for their text later get copies.
    """

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._whole = memoryview(text)
        self._views: list[memoryview] = []
        self._is_parsed = False

    def __call__(self, offset: int, _point: Point) -> bytes | memoryview:
        if self._is_parsed:
            return self._text[offset : offset + _LONGEST]
        self._views.append(self._whole[offset:])
        return self._views[-1]

    def take_back(self) -> None:
        """Have nothing read any more but the text of nodes."""
        self._is_parsed = True
        for view in (*self._views, self._whole):
            view.release()
        self._views.clear()


class _Parsers(threading.local):
    """Parsers for each thread: making one takes as long as a small unit."""

    def __init__(self) -> None:
        self.parser = Parser(PYTHON)
        self.partial = Parser(PYTHON)


_PARSERS = _Parsers()
# An annotation that is longer than this is something else that went wrong.
_LONGEST = 1000
# The worst text, random bytes, takes 2 ms a kilobyte: what is this small needs no watch.
_SMALL = 65536

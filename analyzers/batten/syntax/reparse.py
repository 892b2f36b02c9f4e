"""Parsing units one after the other: often the next text is the last with a letter more or less.

A letter in the middle of a name, a string or a comment leaves all tokens what they are. So the
tree is the last one, with the places behind the letter moved.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

from tree_sitter import Point

from batten.syntax.change import change_between
from batten.syntax.kinds import kind
from batten.syntax.parse import PYTHON, parse

if TYPE_CHECKING:
    from tree_sitter import Tree

    from batten.syntax.change import Change


def parse_next(text: bytes) -> Tree:
    """Return the syntax tree of UTF-8 text, as `parse` does."""
    last = _LAST
    tree = last.moved(text) or parse(text)
    last.text, last.tree = text, tree if len(text) <= _LONGEST else None
    return tree


class _Last(threading.local):
    """What a thread has parsed last."""

    def __init__(self) -> None:
        self.text = b""
        self.tree: Tree | None = None

    def moved(self, text: bytes) -> Tree | None:
        """Return the tree of a text that has the tokens of the last one; None for others."""
        before = self.text
        if self.tree is None or text[:_BEGINNING] != before[:_BEGINNING]:
            return None
        if self.tree.root_node.has_error:
            return None  # how it was recovered from may be told by any letter
        change = change_between(before, text)
        if not _stays_what_it_is(self.tree, before, text, change):
            return None
        tree = self.tree.copy()
        start = change.start
        line, column = text.count(b"\n", 0, start), start - text.rfind(b"\n", 0, start) - 1
        old, new = column + change.old_end - start, column + change.new_end - start
        tree.edit(
            start,
            change.old_end,
            change.new_end,
            Point(line, column),
            Point(line, old),
            Point(line, new),
        )
        return tree


def _stays_what_it_is(tree: Tree, before: bytes, text: bytes, change: Change) -> bool:
    """Tell whether a change leaves a token as it is, apart from its letters."""
    removed = before[change.start : change.old_end]
    typed = text[change.start : change.new_end]
    if not change.start or not _PLAIN.fullmatch(removed) or not _PLAIN.fullmatch(typed):
        return False
    token = tree.root_node.descendant_for_byte_range(change.start - 1, change.start)
    if token is None or token.child_count or token.start_byte >= change.start:
        return False
    start, end = token.start_byte, token.end_byte
    if end < change.old_end:
        return False
    if token.kind_id == _COMMENT:
        return True
    old, new = before[start:end], text[start : end + change.moved]
    if token.kind_id == _STRING_CONTENT:
        return _CONTENT.fullmatch(old) is not None and _CONTENT.fullmatch(new) is not None
    return (
        token.kind_id == _IDENTIFIER
        and _NAME.fullmatch(old) is not None
        and _NAME.fullmatch(new) is not None
        and old not in _WORDS
        and new not in _WORDS
        and _AFTER_NAME.match(text, end + change.moved) is not None
    )


_LAST = _Last()
_BEGINNING = 40
# A longer text is the body of a module, of which nothing is kept that grows with it.
_LONGEST = 16384
_IDENTIFIER, _COMMENT = kind("identifier"), kind("comment")
_STRING_CONTENT = kind("string_content")
_PLAIN = re.compile(rb"[0-9A-Za-z_ ]*")
_NAME = re.compile(rb"[A-Za-z_][0-9A-Za-z_]*")
_AFTER_NAME = re.compile(rb"[^0-9A-Za-z_\x80-\xff\"'`]|\Z")
_CONTENT = re.compile(rb"[^\\{}\"'`\r\n]+")
# Words with a meaning of their own, some of them not everywhere.
_WORDS = frozenset(
    word
    for number in range(PYTHON.node_kind_count)
    for word in re.findall(rb"\w+", (PYTHON.node_kind_for_id(number) or "").encode())
    if not PYTHON.node_kind_is_named(number)
) | {b"None", b"True", b"False"}

"""Parsing units one after the other: often the next text is the last with a letter more or less.

A letter in the middle of a name, a string or a comment leaves all tokens what they are. So the
tree is the last one, with the places behind the letter moved. Text with errors is mended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tree_sitter import Point

from batten.syntax.change import change_between
from batten.syntax.kinds import kind
from batten.syntax.mending import mended
from batten.syntax.parse import PYTHON, parse

if TYPE_CHECKING:
    from tree_sitter import Tree

    from batten.syntax.change import Change
    from batten.syntax.mending import Mended


class Parsed(NamedTuple):
    """A text that was read, its tree, and the change since the one before, if it is alike.

    It is another text than that asked for if that one was `mended`. `is_told` says that it is but
    the text of a comment that has changed.
    """

    text: bytes
    tree: Tree
    change: Change | None
    mended: Mended | None = None
    is_told: bool = False


class Parser:
    """Parses texts, and remembers the last."""

    def __init__(self) -> None:
        self._text = b""
        self._tree: Tree | None = None

    def next(self, text: bytes) -> Parsed:
        """Return the syntax tree of UTF-8 text, mended if it is broken."""
        change = self._change(text)
        parsed = self._moved(text, change) if change is not None else None
        if parsed is None:
            parsed = Parsed(text, parse(text), change)
            fixed = mended(text) if parsed.tree.root_node.has_error else None
            if fixed is not None:
                read = fixed.text
                parsed = Parsed(read, parse(read), self._change(read), fixed)
        self._text = parsed.text
        self._tree = parsed.tree if len(text) <= _LONGEST and parsed.mended is None else None
        return parsed

    def _change(self, text: bytes) -> Change | None:
        before = self._text
        return change_between(before, text) if text[:_BEGINNING] == before[:_BEGINNING] else None

    def _moved(self, text: bytes, change: Change) -> Parsed | None:
        """Return the tree of a text that has the tokens of the last one; None for others."""
        if self._tree is None or self._tree.root_node.has_error:
            return None  # how it was recovered from may be told by any letter
        kept = _kept(self._tree, self._text, text, change)
        if kept is None:
            return None
        tree = self._tree.copy()
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
        return Parsed(text, tree, change, is_told=kept == _COMMENT)


def _kept(tree: Tree, before: bytes, text: bytes, change: Change) -> int | None:
    """Return the kind of the token of which a change leaves all but its letters; None of none."""
    removed = before[change.start : change.old_end]
    typed = text[change.start : change.new_end]
    if not change.start or not _PLAIN.fullmatch(removed) or not _PLAIN.fullmatch(typed):
        return None
    token = tree.root_node.descendant_for_byte_range(change.start - 1, change.start)
    if token is None or token.child_count or token.start_byte >= change.start:
        return None
    start, end, number = token.start_byte, token.end_byte, token.kind_id
    if end < change.old_end or number not in _STAYING:
        return None
    old, new = before[start:end], text[start : end + change.moved]
    fits = _STAYING[number].fullmatch
    if fits(old) is None or fits(new) is None:
        return None
    if number == _IDENTIFIER and (old in _WORDS or new in _WORDS):
        return None
    if number == _IDENTIFIER and _AFTER_NAME.match(text, end + change.moved) is None:
        return None
    return number


_BEGINNING = 40
# A longer text is the body of a module, of which nothing is kept that grows with it.
_LONGEST = 16384
_IDENTIFIER, _COMMENT = kind("identifier"), kind("comment")
_PLAIN = re.compile(rb"[0-9A-Za-z_ ]*")
_STAYING = {
    _IDENTIFIER: re.compile(rb"[A-Za-z_][0-9A-Za-z_]*"),
    kind("string_content"): re.compile(rb"[^\\{}\"'`\r\n]+"),
    _COMMENT: re.compile(rb"#[^\n]*"),
}
_AFTER_NAME = re.compile(rb"[^0-9A-Za-z_\x80-\xff\"'`]|\Z")
# Words with a meaning of their own, some of them not everywhere.
_WORDS = frozenset(
    word
    for number in range(PYTHON.node_kind_count)
    for word in re.findall(rb"\w+", (PYTHON.node_kind_for_id(number) or "").encode())
    if not PYTHON.node_kind_is_named(number)
) | {b"None", b"True", b"False"}

"""Which texts are broken for sure, told by the one before: nobody needs to parse them to see that.

Who types `get(` has opened a bracket that nothing closes yet, and until it is closed each letter
is typed in a broken text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

    from batten.syntax.change import Change


def breaks(text: bytes, change: Change, tree: Tree) -> bool:
    """Tell whether a change surely breaks a text that was sound, of which this is the tree.

    That does a bracket among its tokens, and a triple quote with no other behind it.
    """
    start = change.start
    typed = text[start : change.new_end]
    if change.old_end > start or not start or text[start - 1] in _QUOTES:
        return False
    if typed in _TRIPLE:
        if text.find(typed, start + 1) >= 0:
            return False
    elif typed not in _BRACKETS:
        return False
    return not _is_in_text(tree.root_node.descendant_for_byte_range(start - 1, start))


def stays_broken(text: bytes, before: bytes, change: Change) -> bool:
    """Tell whether a text that was broken for sure is so after a change: in words, next to none."""
    return (
        _PLAIN.fullmatch(text, change.start, change.new_end) is not None
        and _PLAIN.fullmatch(before, change.start, change.old_end) is not None
        and _BEFORE_QUOTE.match(text, change.new_end) is None
        and text[change.start - 1 : change.start] != b"\\"
    )


def _is_in_text(node: Node | None) -> bool:
    """Tell whether a token is, or may be, in a string or a comment."""
    while node is not None:
        if node.type in _TEXTS or node.type.startswith("string"):
            return True
        node = node.parent
    return False


_QUOTES = frozenset(b"\"'")
_TRIPLE = (b'"""', b"'''")
_BRACKETS = (b"(", b"[", b"{", b")", b"]", b"}")
_TEXTS = frozenset(("comment", "concatenated_string", "interpolation", "escape_sequence"))
_PLAIN = re.compile(rb"[0-9A-Za-z_ .,=]*")
_BEFORE_QUOTE = re.compile(rb"[0-9A-Za-z_]*[\"'\x80-\xff]")
"""A word that may be a prefix of a string."""

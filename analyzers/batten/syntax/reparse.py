"""Parsing units one after the other: often the next text is the last with a letter more or less.

A letter in the middle of a name, a string or a comment leaves all tokens what they are. So the
tree is the last one, with the places behind the letter moved. Text with errors is mended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tree_sitter import Point

from batten.syntax.broken import breaks, stays_broken
from batten.syntax.change import change_between
from batten.syntax.kinds import kind, kind_table
from batten.syntax.parse import PYTHON, parse
from batten.syntax.text import Span

if TYPE_CHECKING:
    from tree_sitter import Tree

    from batten.syntax.change import Change
    from batten.syntax.mending import Mended


class Passed(NamedTuple):
    """What need not be read of a text: lines from `start` to `end`, of the block of a unit.

    They begin with the first statement of the block, hold whole sound statements, and the next
    one follows.
    """

    start: int
    end: int


class Parsed(NamedTuple):
    """A text that was read, its tree, and the change since the one before, if it is alike.

    It is another text than that asked for if that one was `mended`. What was `passed` may not be
    in the tree. `is_told` says that it is but the text of a comment that has changed.
    """

    text: bytes
    tree: Tree
    change: Change | None
    mended: Mended | None = None
    passed: Passed | None = None
    is_told: bool = False


class Parser:
    """Parses texts, and remembers the last."""

    def __init__(self) -> None:
        self._text = b""
        self._tree: Tree | None = None
        # What is not in the tree.
        self._passed: Passed | None = None
        # The beginning of a text of which nothing is to be mended.
        self._clean = b""
        # The last text as it was asked for, whether it was mended, and whether that was sure.
        self._asked = b""
        self._was_mended = self._is_broken = False

    def next(self, text: bytes, passed: Passed | None = None) -> Parsed:
        """Return the syntax tree of UTF-8 text, mended if it is broken.

        What is `passed` may be missing in the tree. All else is what it would be otherwise.
        """
        change = self._change(text)
        parsed = self._moved(text, change, passed) if change is not None else None
        is_broken = parsed is None and change is not None and self._is_surely_broken(text)
        if is_broken and change is not None:
            parsed = self._mended_first(text, change, passed)
        if parsed is None and change is not None and passed is not None:
            parsed = self._behind(text, change, passed)
        if parsed is None:
            parsed = Parsed(text, parse(text), change)
            fixed = _mended(text, 0) if parsed.tree.root_node.has_error else None
            if fixed is not None:
                read = fixed.text
                parsed = Parsed(read, parse(read), self._change(read) or change, fixed)
            self._passed = None
        self._text = parsed.text
        self._tree = parsed.tree if len(text) <= _LONGEST else None
        if text != self._asked:
            self._asked, self._is_broken = text, is_broken
        self._was_mended = parsed.mended is not None
        return parsed

    def is_changed(self, text: bytes) -> bool:
        """Tell whether a text is the last one with a change, and no other that begins like it."""
        change = self._change(text) if text != self._text else None
        return change is not None and change.new_end - change.start <= len(text) // 2

    def _is_surely_broken(self, text: bytes) -> bool:
        if text == self._asked:
            return self._was_mended
        if self._is_broken:
            return stays_broken(text, self._asked, change_between(self._asked, text))
        tree, before = self._tree, self._text
        if tree is None or tree.root_node.has_error or before is not self._asked:
            return False
        change = change_between(before, text)
        if self._passed is not None and change.start <= self._passed.end:
            return False  # what is there is not in the tree
        return breaks(text, change, tree)

    def _mended_first(self, text: bytes, change: Change, passed: Passed | None) -> Parsed | None:
        """Return what is read of a text that is known to be broken; None if that can't be told."""
        if passed is not None and not self._is_clean(text[: passed.end]):
            return None
        fixed = _mended(text, passed.end if passed is not None else 0)
        if fixed is None:
            return None
        change = self._change(fixed.text) or change
        moved = self._moved(fixed.text, change, passed)
        if moved is not None:
            return moved._replace(mended=fixed, is_told=False)
        if passed is not None:
            return self._mended_behind(fixed, change, passed)
        self._passed = None
        return Parsed(fixed.text, parse(fixed.text), change, fixed)

    def _behind(self, text: bytes, change: Change, passed: Passed) -> Parsed | None:
        """Return the tree of what is behind some statements; None if that is not sound.

        How it is recovered from errors may depend on all that is before.
        """
        tree = _parsed_behind(text, passed)
        if not tree.root_node.has_error:
            if not _is_told(tree, text, passed.end):
                return None
            self._passed = passed
            return Parsed(text, tree, change, passed=passed)
        fixed = _mended(text, passed.end) if self._is_clean(text[: passed.end]) else None
        if fixed is None:
            return None
        return self._mended_behind(fixed, self._change(fixed.text) or change, passed)

    def _mended_behind(self, fixed: Mended, change: Change, passed: Passed) -> Parsed | None:
        tree = _parsed_behind(fixed.text, passed)
        if tree.root_node.has_error or not _is_told(tree, fixed.text, passed.end):
            return None
        self._passed = passed
        return Parsed(fixed.text, tree, change, fixed, passed)

    def _is_clean(self, text: bytes) -> bool:
        """Tell whether nothing of whole statements would be mended."""
        if text != self._clean:
            known = len(self._clean) if text.startswith(self._clean) else 0
            if _mended(text, known) is not None:
                return False
            self._clean = text
        return True

    def _change(self, text: bytes) -> Change | None:
        before = self._text
        return change_between(before, text) if text[:_BEGINNING] == before[:_BEGINNING] else None

    def _moved(self, text: bytes, change: Change, passed: Passed | None) -> Parsed | None:
        """Return the tree of a text that has the tokens of the last one; None for others."""
        if self._tree is None or self._tree.root_node.has_error:
            return None  # how it was recovered from may be told by any letter
        before = self._passed
        if before and not (passed and passed.end >= before.end and change.start > before.end):
            return None  # more is asked for than there is
        if text == self._text:
            return Parsed(text, self._tree, change, None, passed)
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
        return Parsed(text, tree, change, None, passed, kept == _COMMENT)


def _mended(text: bytes, start: int) -> Mended | None:
    from batten.syntax.mending import mended  # only for broken text: most scans do without

    return mended(text, start)


def _parsed_behind(text: bytes, passed: Passed) -> Tree:
    behind = Span(passed.end, len(text))
    return parse(text, only=(Span(0, passed.start), behind) if passed.start else (behind,))


def _is_told(tree: Tree, text: bytes, start: int) -> bool:
    """Tell whether the end of each line from `start` on can be read in one way only.

    In `a,` and then `b = 1` the grammar sees two statements or one, and which is told by all that
    is before. The same goes for a line that ends with `print`.
    """
    root = tree.root_node
    for end in _AMBIGUOUS.finditer(text, start):
        if end[1]:
            return False
        token = root.descendant_for_byte_range(end.start(), end.start() + 1)
        if token is not None and token.kind_id == _COMMA:
            around = token.parent
            if around is None or around.kind_id not in _BRACKETED:
                return False
    return True


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


_AMBIGUOUS = re.compile(
    rb"(?:,|\b(print|exec|match|type|case|await|async))[ \t\f]*(?:#[^\n]*)?\r?\n"
)
_COMMA = PYTHON.id_for_node_kind(",", False)
_BRACKETED = frozenset(
    kind_table(
        dict.fromkeys(
            """
            argument_list dictionary dict_pattern import_from_statement list list_pattern
            parameters set subscript tuple tuple_pattern type_parameter
            """.split()
        )
    )
)
_BEGINNING = 40
# A longer text is the body of a module, of which nothing is kept that grows with it.
_LONGEST = 1 << 19
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

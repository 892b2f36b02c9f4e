"""Going on where a text was changed: what stands before it is not interpreted again.

Who types changes one statement, letter by letter. What is known before it is kept as a bookmark,
and where the next text begins as the last one, its interpretation goes on from there. Nothing
comes out otherwise than from the beginning:

- Interpretation runs forward. What a statement does depends on its text and on what the scope
  and the builder hold, and all that it does is done to them. Values are immutable. So a copy of
  these containers, but for what never changes (`_FIXED`), is the whole state.
- Statements are passed over only where their text is the same with one byte behind it, and they
  are in their old places, of the same kinds, and sound. Parsing runs forward, too, and their ends
  are behind them: they have the same trees. Only next to an error a statement may have been cut
  off and read otherwise; then nothing follows it in its block.
- One thing is known ahead of what is read: which names are `tested` somewhere in the unit. It is
  asked about names that were read. So no word of what is passed over may be tested in one text
  and not in the other.
- The functions inside wait for the end of the one around them. They wait as nodes, and are found
  in the new tree by their places.
- Where none of them waits, what is passed over is not parsed either (`passed`): the tree holds the
  head of the unit and what comes behind, as if that were all. It is used if it is sound, as the
  text before was, and if the first line behind is one of the same block: then a parser is at that
  line in the state in which it begins the block.
- Statements are passed over in the unit's own block alone. Inside of others, and behind the change,
  `stretches` knows what statements do.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING

from batten.summarize.nodes import COMMENT
from batten.summarize.stretches import Stretches
from batten.summarize.waiting import found, place, waiting
from batten.syntax.reparse import Passed
from batten.syntax.text import Span
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tree_sitter import Node

    from batten.summarize.builder import Builder
    from batten.summarize.scope import Scope
    from batten.summarize.waiting import Place, Waiting
    from batten.syntax.change import Change
    from batten.syntax.reparse import Parsed
    from batten.values.terms import Value


@immutable
class Head:
    """What is told of a function before its first statement; `docstring` is where `doc` stands."""

    name: str
    decorators: tuple[Value, ...]
    doc: str
    docstring: Span


@immutable
class Bookmark:
    """What is known before a statement of a block; `statements` are where those before it are.

    `text` is the text up to the byte behind them. `is_sound` tells that there was no error in the
    unit, `tested` is None if nobody has asked for it.
    """

    text: bytes
    is_sound: bool
    head: Head
    statements: tuple[Place, ...]
    scope: Mapping[str, object]
    builder: Mapping[str, object]
    functions: tuple[Waiting, ...]
    classes: tuple[Waiting, ...]
    sites: tuple[tuple[int, int], ...]
    tested: frozenset[str] | None


class NotPassedError(Exception):
    """What was not parsed has to be interpreted after all."""


class Rereading:
    """One more interpretation of a unit, in whose text there is a `change`.

    `bookmark` comes from the text before, and is set anew for the next. `passed` is what is not
    in the tree; then the `head` of the unit's function is known, too. It can be stopped at the
    `border`, which is between two statements.
    """

    def __init__(
        self,
        parsed: Parsed,
        change: Change,
        bookmark: Bookmark | None,
        known: Stretches | None,
        border: Callable[[], None],
    ) -> None:
        self.bookmark = bookmark if bookmark and parsed.text.startswith(bookmark.text) else None
        self.passed = parsed.passed
        self.head = self.bookmark.head if self.bookmark and self.passed else None
        self._begun = self.head or Head("", (), "", Span(0, 0))
        self._root = parsed.tree.root_node
        self._text = parsed.text
        self._place = change.start
        self.stretches = Stretches(parsed.text, self._root, change, known, border)

    def begin(self, head: Head) -> None:
        """Note what is told of the unit's function."""
        self._begun = head

    def left(self, statements: list[Node]) -> list[Node]:
        """Return those of the statements of a tree that are not passed over in any case."""
        if self.passed is None:
            return statements
        return statements[bisect_left(statements, self.passed.end, key=_END) :]

    def unchanged(self, statements: list[Node]) -> list[Node]:
        """Return those of the statements of a block that end before the change."""
        ended = statements[: bisect_left(statements, self._place, key=_END)]
        if len(ended) == len(statements) and self._root.has_error:
            del ended[-1:]
        return ended

    def resume(self, scope: Scope, statements: list[Node]) -> int:
        """Go on from the bookmark, if it is behind the first of some statements.

        Return how many of them need not be interpreted.
        """
        done = self._resumed(scope, statements)
        if done is None and self.passed is not None:
            raise NotPassedError
        return done or 0

    def _resumed(self, scope: Scope, statements: list[Node]) -> int | None:
        mark, builder = self.bookmark, scope.builder
        if mark is None or not _has_sound_head(statements):
            return None
        there = len(mark.statements) - len(self._missing(mark))
        if _sound(statements[:there]) != mark.statements[len(mark.statements) - there :]:
            return None
        if not _tests_the_same(builder, mark):
            return None
        functions, classes = (found(self._root, each) for each in (mark.functions, mark.classes))
        if functions is None or classes is None:
            return None
        builder.waiting, builder.waiting_classes = functions, classes
        builder.sites.numbers.update(zip(mark.sites, count(), strict=False))
        vars(builder).update(_copied(mark.builder))
        vars(scope).update(_copied(mark.scope))
        return there

    def keep(self, scope: Scope, statements: list[Node]) -> None:
        """Set the bookmark behind the first statements, which are interpreted now."""
        places, builder = _sound(statements), scope.builder
        if not places or not _has_sound_head(statements):
            return
        if self.bookmark is not None:
            places = (*self._missing(self.bookmark), *places)
        self.bookmark = Bookmark(
            text=self._text[: statements[-1].end_byte + 1],
            is_sound=not self._root.has_error,
            head=self._begun,
            statements=places,
            scope=_copied(vars(scope)),
            builder=_copied(vars(builder)),
            functions=waiting(builder.waiting),
            classes=waiting(builder.waiting_classes),
            sites=tuple(builder.sites.numbers),
            tested=vars(builder).get("tested"),
        )

    def _missing(self, mark: Bookmark) -> tuple[Place, ...]:
        """Return where those statements are that are not in the tree."""
        if self.passed is None:
            return ()
        return mark.statements[: bisect_left(mark.statements, self.passed.end, key=_last)]


def passed(mark: Bookmark, text: bytes) -> Passed | None:
    """Return what need not be parsed of a text that begins with that of a bookmark.

    None if the tree of the whole text is asked for.
    """
    if not mark.is_sound or mark.functions or mark.classes or not text.startswith(mark.text):
        return None
    first = next((each for each in mark.statements if each[0] != COMMENT), None)
    behind = _LINE_END.match(text, mark.statements[-1][2])
    if first is None or behind is None:
        return None
    start = text.rfind(b"\n", 0, first[1]) + 1
    following = _BLANK_LINES.match(text, behind.end())
    if following is None or following[1] != text[start : first[1]]:
        return None
    if text.endswith(b"\\"):
        return None  # at the end of a text, tree-sitter reads it in two ways
    return Passed(start, behind.end())


_END = attrgetter("end_byte")
_FIXED = frozenset(
    """
    builder slice number owner _sites _expressions
    text rereading border sites waiting waiting_classes tested
    noted used asked sought named tried
    """.split()
)
_WORD = re.compile(r"\w+")
# Behind the last statement of a line.
_LINE_END = re.compile(rb"[ \t]*(?:#[^\n]*)?\r?\n")
# Group 1 is what stands before the first statement in the lines to come.
_BLANK_LINES = re.compile(rb"(?:[ \t\r]*(?:#[^\n]*)?\n)*([ \t]*)(?=[^ \t\r\n#\f\\)\]}])")


def _last(place: Place) -> int:
    return place[2]


def _copied(held: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value.copy() if isinstance(value, (dict, list, set)) else value
        for name, value in held.items()
        if name not in _FIXED
    }


def _sound(statements: list[Node]) -> tuple[Place, ...] | None:
    """Return the places of statements; None if there is an error in any."""
    if any(each.has_error for each in statements):
        return None
    return tuple(map(place, statements))


def _has_sound_head(statements: list[Node]) -> bool:
    """Tell whether there is no error in front of the block that statements stand in.

    How it is recovered from may depend on all that is behind.
    """
    node = statements[0].parent if statements else None
    while node is not None and (around := node.parent) is not None and around.has_error:
        start = node.start_byte
        if any(each.has_error for each in around.children if each.end_byte <= start):
            return False
        node = around
    return True


def _tests_the_same(builder: Builder, mark: Bookmark) -> bool:
    """Tell whether those words up to a bookmark that were tested in the unit are so now."""
    if mark.tested is None or mark.tested == builder.tested:
        return True
    read = _WORD.findall(mark.text.decode("utf-8", "replace"))
    return (mark.tested ^ builder.tested).isdisjoint(read)

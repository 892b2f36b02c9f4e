"""Which statements of the unit that somebody types in are known, and need no interpretation.

They are looked for in the blocks around the change: what is before and behind it in each of
them is known as some stretches of statements, and so are the other blocks of the statements that
are around it, and those of functions inside. All else, such as conditions, is interpreted again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from batten.summarize.gone_over import gone_over
from batten.summarize.stretch import state_of, taken
from batten.syntax.change import change_between

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from batten.summarize.environment import Environment
    from batten.summarize.scope import Scope
    from batten.summarize.stretch import Stretch
    from batten.summarize.watched_scope import WatchedScope
    from batten.syntax.change import Change

    Execute = Callable[[Scope, Node], None]

SHORTEST = 150
"""Bytes: to know less takes longer than to interpret it."""
PIECES = 4
"""Into how many stretches a block is cut far from what is typed."""
PARTS = 8
"""Into how many a stretch is cut that could not be taken over."""
MOST = 200


class Stretches:
    """The stretches of a unit with a change: those before, and those that are taken now.

    They are taken in the blocks around the change, and not inside of one another. What is
    interpreted can be stopped at the `border`, before each statement.
    """

    def __init__(
        self,
        text: bytes,
        root: Node,
        change: Change,
        before: Stretches | None,
        border: Callable[[], None],
    ) -> None:
        self._text = text
        self._root = root
        self._change = change
        self._border = border
        self._known = before.moved(text) if before is not None else {}
        self._met: dict[int, Stretch] = {}
        self._is_off = root.has_error
        self._begin: int | None = None

    def moved(self, text: bytes) -> dict[int, Stretch]:
        """Return the stretches that are the same in another text, by where they start there."""
        change = change_between(self._text, text)
        first = self._begin if self._begin is not None and not self._is_off else len(self._text)
        passed = {at: each for at, each in self._known.items() if at + each.length < first}
        if len(passed) > MOST:
            passed = {}
        found = {}
        for at, each in (passed | self._met).items():
            if at + each.length < change.start:
                found[at] = each
            elif at > change.old_end:
                found[at + change.moved] = each
        return found

    def interpret(
        self,
        some: Scope,
        statements: list[Node],
        execute: Execute,
        left: list[Environment] | None = None,
    ) -> None:
        """Interpret statements of a block until control leaves it.

        `left` are the states in which a `try` around them may be left; `execute` adds to it.
        """
        if self._is_off:
            self._interpret(some, statements, execute)
            return
        if not statements:
            return
        scope = cast("WatchedScope", some)
        if self._begin is None:
            self._begin = statements[0].start_byte
        size = max(SHORTEST, (statements[-1].end_byte - statements[0].start_byte) // PIECES)
        at = used_up_to = used = 0
        while at < len(statements) and scope.alive:
            known = self._known.get(statements[at].start_byte)
            if known is not None:
                those = statements[at : at + len(known.forms)]
                if gone_over(known, scope, those, left, self._root):
                    self._met[those[0].start_byte] = known
                    at += len(those)
                    continue
                # What is typed is used in it: the next letter need not cost all of it.
                used_up_to, used = those[-1].end_byte, known.length // PARTS
            if self._has_changed(statements[at]):
                self._border()
                execute(scope, statements[at])
                at += 1
                continue
            longest = min(size, self._longest(statements[at]))
            if statements[at].start_byte < used_up_to:
                longest = min(longest, max(SHORTEST, used))
            end = self._end(statements, at, longest)
            self._take(scope, statements[at:end], execute, left)
            at = end

    def _take(
        self,
        scope: WatchedScope,
        statements: list[Node],
        execute: Execute,
        left: list[Environment] | None,
    ) -> None:
        start, end = statements[0].start_byte, statements[-1].end_byte
        is_long = end - start >= SHORTEST and len(self._met) < MOST
        before = state_of(scope, left) if is_long else None
        self._is_off = True
        self._interpret(scope, statements, execute)
        self._is_off = False
        stretch = taken(scope, statements, before, left) if before is not None else None
        if stretch is not None:
            self._met[start] = stretch

    def _longest(self, statement: Node) -> int:
        """Return how long a stretch from here may be: next to what is typed, often it is used."""
        change = self._change
        apart = max(change.start - statement.start_byte, statement.start_byte - change.new_end)
        return max(SHORTEST, apart // 2)

    def _end(self, statements: list[Node], at: int, size: int) -> int:
        """Return where a stretch ends that begins with a statement."""
        end, start = at + 1, statements[at].start_byte
        while (
            end < len(statements)
            and statements[end - 1].end_byte - start < size
            and statements[end].start_byte not in self._known
            and not self._has_changed(statements[end])
        ):
            end += 1
        return end

    def _has_changed(self, statement: Node) -> bool:
        change = self._change
        return statement.end_byte >= change.start and statement.start_byte <= change.new_end

    def _interpret(self, scope: Scope, statements: list[Node], execute: Execute) -> None:
        for child in statements:
            if not scope.alive:
                return
            self._border()
            execute(scope, child)

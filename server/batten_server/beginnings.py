"""The lines in which functions of a document begin, while it is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.syntax.change import Change
    from batten.syntax.text import SourceText
    from batten.syntax.units import Division

LOST = -1


class Beginning:
    """The line that a function begins in, from 0; LOST once that is not known.

    As long as it is known, the function begins in the same byte of its line.
    """

    __slots__ = ("column", "line")

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column


class Beginnings:
    """Where functions begin in the last text of one document, of those that were asked for."""

    def __init__(self) -> None:
        self._division: Division | None = None
        self._known: dict[str, Beginning] = {}
        self._lines: set[int] = set()

    def beginning(self, name: str) -> Beginning | None:
        """Return where a function begins; None for what is not one."""
        known = self._known.get(name)
        if known is None:
            found = self._found(name)
            if found is None:
                return None
            known = self._known[name] = Beginning(*found)
            self._lines.add(known.line)
        return known

    def follow(self, division: Division | None) -> bool:
        """Look at the next text of the document, None when there is none any more.

        Tell whether a function that was asked for may begin in another line.
        """
        before, self._division = self._division, division
        if before is None or division is before:
            return False
        if division is not None:
            change = division.source.change_since(before.source)
            if division.has_moved_since(before, change):
                return self._move(before.source, division.source, change)
        self._look_again()
        return True

    def _move(self, before: SourceText, after: SourceText, change: Change) -> bool:
        """Let those behind a change move with the text, and lose those in the lines of it."""
        first, last = (before.line_and_byte(at)[0] for at in (change.start, change.old_end))
        by = after.line_count - before.line_count
        if not by and first == last and first not in self._lines:
            return False
        for name, known in [*self._known.items()]:
            if known.line > last:
                known.line += by
            elif known.line >= first:
                self._lose(name)
        self._lines = {known.line for known in self._known.values()}
        return True

    def _look_again(self) -> None:
        for name, known in [*self._known.items()]:
            found = self._found(name)
            if found is not None and found[1] == known.column:
                known.line = found[0]
            else:
                self._lose(name)
        self._lines = {known.line for known in self._known.values()}

    def _lose(self, name: str) -> None:
        self._known.pop(name).line = LOST

    def _found(self, name: str) -> tuple[int, int] | None:
        """Return the line of a function, and the byte of the line."""
        division = self._division
        offset = None if division is None else division.beginning(name)
        if division is None or offset is None:
            return None
        return division.source.line_and_byte(offset)

"""The JSON of a diagnostic that moves with the functions that its ranges are in.

A line put in at the top of a document moves all its diagnostics. Only the numbers of lines are
other ones then, and the rest of each is kept.
"""

from __future__ import annotations

from operator import add, sub
from typing import TYPE_CHECKING

from batten_server.beginnings import LOST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten_server.beginnings import Beginning


class MovingDiagnostic:
    """A diagnostic as JSON, and where the functions begin that its ranges are in, in turn."""

    __slots__ = ("_around", "_lines", "_offsets", "_template", "text")

    def __init__(self, text: str, around: Sequence[Beginning]) -> None:
        self.text = text
        # Of each range one for the line that it starts in, one for that it ends in.
        self._around = [each for each in around for _ in ("start", "end")]
        self._lines = [each.line for each in self._around]
        # Made when it is moved: most never are.
        self._template = ""
        self._offsets: list[int] = []

    def moved(self) -> bool:
        """Have the text say where the functions begin now; tell whether that is possible."""
        lines = [each.line for each in self._around]
        if lines == self._lines:
            return True
        if LOST in lines:
            return False
        if not self._template:
            self._template, numbers = _in_pieces(self.text)
            self._offsets = [*map(sub, numbers, self._lines)]
        self._lines = lines
        self.text = self._template % (*map(add, lines, self._offsets),)
        return True


def _in_pieces(text: str) -> tuple[str, list[int]]:
    """Return the text without its numbers of lines, as a template for `%`, and these."""
    # Nothing else looks like these: a quote in a string has a backslash before it.
    first, *others = text.replace("%", "%%").split(_LINE)
    numbers, behind = zip(*(each.split(",", 1) for each in others), strict=True)
    return f"{_LINE}%d,".join((first, *behind)), [*map(int, numbers)]


_LINE = '"line":'

"""Edits of one line, one after another, as one edit: what comes of fast typing.

To make an edit copies the text of the whole document. In a line of ASCII characters, columns are
the same in each encoding, so edits inside of it can be made in the line alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.syntax.text import SourceText, Span
    from batten_server.document import Change


class OneLine:
    """A line of a text with the edits that were made in it."""

    def __init__(self, source: SourceText, number: int) -> None:
        """Begin with a line that there is."""
        self._number = number
        self.span: Span = source.line_span(number)
        self.text = source.slice(self.span)

    def take(self, change: Change) -> bool:
        """Make an edit in the line; False when it is none that only this line knows of."""
        if change.between is None or not (self.text.isascii() and change.text.isascii()):
            return False
        start, end = change.between
        if not start.line == end.line == self._number or "\n" in change.text or "\r" in change.text:
            return False
        first, last = sorted((start.column, end.column))
        text = self.text[:first] + change.text + self.text[last:]
        if not text:
            return False  # the line ends around it may become one
        self.text = text
        return True

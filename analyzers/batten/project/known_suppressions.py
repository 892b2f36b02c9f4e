"""The suppressions of a text that changes, found again only when a change may touch them.

To find them the text has to be read, so that nothing in a string counts. But most keys are
letters inside a line, which can't change what is a string, a comment or a statement: then
suppressions only move.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.project.suppressions import covering, names_suppression
from batten.syntax.text import SourceText, Span

if TYPE_CHECKING:
    from batten.project.suppressions import Suppression
    from batten.syntax.change import Change


class KnownSuppressions:
    """The suppressions that cover something in the last text of one document."""

    def __init__(self) -> None:
        self._source = _NOTHING
        self._found: tuple[Suppression, ...] = ()

    def __call__(self, source: SourceText) -> tuple[Suppression, ...]:
        """Return those of a text, which is best the one before with a change."""
        before, self._source = self._source, source
        if before is not source:
            change = source.change_since(before)
            if _only_moves(before.data, source.data, change):
                self._found = tuple([_moved(each, change) for each in self._found])
            else:
                self._found = covering(source)
        return self._found


def _only_moves(old: bytes, new: bytes, change: Change) -> bool:
    """Tell whether a change leaves strings, comments, brackets and statements where they are."""
    removed, typed = old[change.start : change.old_end], new[change.start : change.new_end]
    if _STRUCTURE.search(removed) or _STRUCTURE.search(typed):
        return False
    start = new.rfind(b"\n", 0, change.start) + 1
    one, other = _line(old, start, change.old_end), _line(new, start, change.new_end)
    begun, begins = _BEGUN.match(one), _BEGUN.match(other)
    if not begun or not begins or begun["indent"] != begins["indent"]:
        return False
    if (
        _QUOTES.search(one)
        or _QUOTES.search(other)
        or names_suppression(one)
        or names_suppression(other)
    ):
        return False
    return bool(_END_OF_HEADER.search(one)) == bool(_END_OF_HEADER.search(other))


def _line(data: bytes, start: int, inside: int) -> bytes:
    end = data.find(b"\n", inside)
    return data[start : end if end >= 0 else len(data)]


_NOTHING = SourceText("")
_STRUCTURE = re.compile(rb"""["'#()\[\]{}\\\r\n\f]""")
# A line of a statement that is no header of a unit, or of a comment.
_BEGUN = re.compile(rb"(?P<indent>[ \t]*)(?!(?:async|class|def)\b)[A-Za-z_#]\w*[^\w\r\n]")
_QUOTES = re.compile(rb"\"\"\"|'''|[\\\r]")
_END_OF_HEADER = re.compile(rb":[ \t]*(?:#.*)?\Z")


def _moved(suppression: Suppression, change: Change) -> Suppression:
    """Return a suppression where it is after a change that it does not hold."""
    span, covered = _shifted(suppression.span, change), _shifted(suppression.covered, change)
    if span is suppression.span and covered is suppression.covered:
        return suppression
    named = tuple([replace(each, span=_shifted(each.span, change)) for each in suppression.named])
    return replace(suppression, span=span, covered=covered, named=named)


def _shifted(span: Span, change: Change) -> Span:
    if span.end < change.start or not change.moved:
        return span
    # What is typed right before a statement is its new beginning.
    is_behind = span.start >= change.old_end and span.start > change.start
    start = span.start + change.moved if is_behind else span.start
    return Span(start, span.end + change.moved)

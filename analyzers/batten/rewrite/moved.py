"""Where a place of the old text is after edits, and where one of the new text was before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from batten.syntax.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.rewrite.edit import Edit


class Moves:
    """Edits of a text, for asking of many places where they are afterwards."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        spans = sorted(set(edits))
        self._starts = [edit.span.start for edit in spans]
        self._ends = [edit.span.end for edit in spans]
        self._shifts = [0, *accumulate(map(_growth, spans))]

    def moved(self, span: Span) -> Span:
        """Return the range of the new text that holds what `span` held in the old, as `moved`."""
        before = bisect_right(self._ends, span.start)
        until = bisect_left(self._starts, span.end)
        start, end = span.start, span.end
        if before < len(self._starts):
            start = min(start, self._starts[before])
        if until:
            end = max(end, self._ends[until - 1])
        start += self._shifts[before]
        return Span(start, max(start, end + self._shifts[until]))

    def touch(self, span: Span) -> bool:
        """Tell whether an edit replaces a byte of a range, or inserts something inside of it."""
        at = bisect_right(self._ends, span.start)
        return at < len(self._starts) and self._starts[at] < span.end


def moved(span: Span, edits: Iterable[Edit]) -> Span:
    """Return the range of the new text that holds what `span` held in the old.

    What is inserted at either end does not belong to it. A range that begins or ends inside a
    replaced range reaches over all of the replacement.
    """
    return Moves(edits).moved(span)


def places(edits: Iterable[Edit]) -> tuple[Span, ...]:
    """Return where the texts of edits stand in the new text, in order."""
    found: list[Span] = []
    shift = 0
    for edit in sorted(set(edits)):
        found.append(Span(edit.span.start + shift, edit.span.end + shift + _growth(edit)))
        shift += _growth(edit)
    return tuple(found)


def origin(at: int, edits: Iterable[Edit]) -> int:
    """Return where in the old text a place of the new one was; the edit's start if inside one."""
    shift = 0
    for edit in sorted(set(edits)):
        start = edit.span.start + shift
        end = edit.span.end + shift + _growth(edit)
        if at < end:
            return at - shift if at < start else edit.span.start
        shift += _growth(edit)
    return at - shift


def _growth(edit: Edit) -> int:
    """Return by how many bytes an edit makes the text longer."""
    return len(edit.text.encode("utf-8", "surrogatepass")) - (edit.span.end - edit.span.start)

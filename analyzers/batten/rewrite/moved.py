"""Where a place of the old text is after edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.syntax.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.rewrite.edit import Edit


def moved(span: Span, edits: Iterable[Edit]) -> Span:
    """Return the range of the new text that holds what `span` held in the old.

    What is inserted at either end does not belong to it. A range that begins or ends inside a
    replaced range reaches over all of the replacement.
    """
    start, end = span.start, span.end
    start_shift = end_shift = 0
    for edit in set(edits):
        old, growth = edit.span, _growth(edit)
        if old.end <= span.start:
            start_shift += growth
        elif old.start < span.start:
            start = old.start
        if old.start < span.end:
            end = max(end, old.end)
            end_shift += growth
    return Span(start + start_shift, max(start + start_shift, end + end_shift))


def places(edits: Iterable[Edit]) -> tuple[Span, ...]:
    """Return where the texts of edits stand in the new text, in order."""
    found: list[Span] = []
    shift = 0
    for edit in sorted(set(edits)):
        found.append(Span(edit.span.start + shift, edit.span.end + shift + _growth(edit)))
        shift += _growth(edit)
    return tuple(found)


def _growth(edit: Edit) -> int:
    """Return by how many bytes an edit makes the text longer."""
    return len(edit.text.encode("utf-8", "surrogatepass")) - (edit.span.end - edit.span.start)

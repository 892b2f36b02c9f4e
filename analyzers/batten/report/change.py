"""What edits do to the lines of a document."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from batten.rewrite.edit import Edit, apply
from batten.syntax.text import SourceText, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Change:
    """Lines that are replaced: `old` begins at the 0-based line `first`.

    `old` is empty where lines are added (before line `first`), `new` where they are removed.
    """

    first: int
    old: tuple[str, ...]
    new: tuple[str, ...]


def changes(source: SourceText, edits: Iterable[Edit]) -> tuple[Change, ...]:
    """Return the changed lines in order, as few as possible."""
    return tuple(
        _change(source, first, last, group) for first, last, group in _groups(source, edits)
    )


def _groups(
    source: SourceText, edits: Iterable[Edit]
) -> Iterator[tuple[int, int, tuple[Edit, ...]]]:
    """Yield runs of lines, both ends included, with the edits that touch them."""
    first = last = -1
    group: tuple[Edit, ...] = ()
    for edit in sorted(set(edits)):
        start, end = (source.position(at).line for at in (edit.span.start, edit.span.end))
        if group and start <= last:
            last, group = max(last, end), (*group, edit)
            continue
        if group:
            yield first, last, group
        first, last, group = start, end, (edit,)
    if group:
        yield first, last, group


def _change(source: SourceText, first: int, last: int, edits: tuple[Edit, ...]) -> Change:
    start = source.line_span(first).start
    old = SourceText(source.slice(Span(start, source.line_span(last).end)))
    new = apply(old, (Edit(edit.span.shifted(-start), edit.text) for edit in edits))
    before, after = _lines(old), _lines(new)
    same = _shared(before, after)
    before, after = before[same:], after[same:]
    tail = _shared(before[::-1], after[::-1])
    kept = slice(0, -tail if tail else None)
    return Change(first + same, tuple(before[kept]), tuple(after[kept]))


def _lines(source: SourceText) -> list[str]:
    return [source.slice(source.line_span(line)) for line in range(source.line_count)]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines two texts have in common at their start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))

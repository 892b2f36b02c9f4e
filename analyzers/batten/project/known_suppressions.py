"""The suppressions of a text that changes, found again only near a change.

Most texts have no word that a suppression has, and then nothing else is looked at. In others the
ones near a change are found again: around a statement that begins for sure before it and one that
begins for sure behind it, and is not in a string, all is as before.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.project.rows import Rows
from batten.project.suppressions import covering, covering_words, found_at
from batten.syntax.carriage_returns import as_line_feeds, brings_none
from batten.syntax.change import Change
from batten.syntax.offsets import Offsets
from batten.syntax.strings import reread, triple_strings
from batten.syntax.text import SourceText, Span

if TYPE_CHECKING:
    from batten.project.suppressions import Suppression
    from batten.syntax.piece_table import PieceTable
    from batten.syntax.strings import Reread, Strings


class KnownSuppressions:
    """The suppressions that cover something in the last text of one document."""

    def __init__(self) -> None:
        self._source = _NOTHING
        # Where there are words that may be in one of them.
        self._words = Offsets(())
        # None where no words are, and where a carriage return ends a line.
        self._strings: Strings | None = None
        self._found: tuple[Suppression, ...] = ()

    def __call__(self, source: SourceText) -> tuple[Suppression, ...]:
        """Return those of a text, which is best the one before with a change."""
        if source is not self._source:
            change = source.change_since(self._source)
            self._source = source
            lines = _lines(source.pieces, change)
            self._look_for_words(lines)
            if not len(self._words):
                self._strings, self._found = None, ()
            else:
                self._look_again(change, lines)
        return self._found

    def _look_for_words(self, lines: Change) -> None:
        new = covering_words(self._source.pieces.part(lines.start, lines.new_end))
        first, last = (self._words.up_to(at - 1) for at in (lines.start, lines.old_end))
        at = [lines.start + word for word in new]
        self._words = self._words.replaced(first, last, at, lines.moved)

    def _look_again(self, change: Change, lines: Change) -> None:
        data, before = self._source.data, self._strings
        again = None
        if before is not None and brings_none(change, self._source.pieces):
            again = reread(data, before, change)
        if again is None:
            self._strings = triple_strings(data) if as_line_feeds(data) is data else None
            self._found = covering(self._source)
        else:
            self._strings = again.strings
            self._splice(Rows(data, again.strings), lines, again)

    def _splice(self, rows: Rows, lines: Change, strings: Reread) -> None:
        """Find those again that a change of some lines could touch, itself or by strings."""
        data = self._source.data
        start = _beginning(rows, data, min(lines.start, strings.same_to))
        start = _beginning(rows, data, start)
        end = rows.beginning_after(max(lines.new_end, strings.same_from))
        found, starts = self._found, [each.span.start for each in self._found]
        kept = found[: bisect_left(starts, start)]
        rest = found[bisect_left(starts, end - lines.moved) :]
        first, last = (self._words.up_to(at - 1) for at in (start, end))
        new = found_at(self._words[first:last], self._source, rows)
        self._found = (
            *[_moved(each, lines) for each in kept],
            *new,
            *[_moved(each, lines) for each in rest],
        )


_NOTHING = SourceText("")


def _lines(pieces: PieceTable, change: Change) -> Change:
    """Return the change of the whole lines that one is in, without the end of the last."""
    end = pieces.line_end(change.new_end)
    return Change(pieces.line_start(change.start), end - change.moved, end)


def _beginning(rows: Rows, data: bytes, offset: int) -> int:
    """Return the last sure beginning of a statement before the line that a byte is in."""
    line_end = data.rfind(b"\n", 0, offset)
    return rows.beginning_before(line_end) if line_end >= 0 else 0


def _moved(suppression: Suppression, change: Change) -> Suppression:
    """Return a suppression where it is after a change that it does not hold."""
    span, covered = _shifted(suppression.span, change), _shifted(suppression.covered, change)
    if span is suppression.span and covered is suppression.covered:
        return suppression
    named = tuple([replace(each, span=_shifted(each.span, change)) for each in suppression.named])
    return replace(suppression, span=span, covered=covered, named=named)


def _shifted(span: Span, change: Change) -> Span:
    """Return where a range is then; one around the change begins where it did."""
    if span.end < change.start or not change.moved:
        return span
    start = span.start + change.moved if span.start > change.old_end else span.start
    return Span(start, span.end + change.moved)

"""Ranges as people and output formats count them: lines and columns from 1, in code points."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from batten.syntax.text import SourceText, Span


class Region(NamedTuple):
    """A range of text; the end column is the one behind the last character."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


def region(source: SourceText, span: Span) -> Region:
    """Return the region of a byte range of `source`."""
    start, end = source.position(span.start), source.position(span.end)
    return Region(start.line + 1, start.column + 1, end.line + 1, end.column + 1)

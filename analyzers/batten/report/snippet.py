"""Lines of code with carets under the ranges in question.

412 |     url = "/things?name=%s" % name
    |                               ^^^^ query value
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from batten.report.printable import printable
from batten.report.style import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from batten.report.style import Style
    from batten.syntax.text import SourceText, Span


class Mark(NamedTuple):
    """A range to point at, and what to say of it (may be empty)."""

    span: Span
    label: str


def snippet(
    source: SourceText, marks: Sequence[Mark], number: Callable[[int], int], style: Style
) -> tuple[str, ...]:
    """Return the lines that `marks` touch, each with its number and carets below it.

    `number` gives the number to show for a 0-based line.
    """
    lines = _cut(sorted({line for mark in marks for line in _lines(source, mark.span)}))
    gutter = max(len(str(number(line))) for line in lines if line is not None)
    shown: list[str] = []
    for line in lines:
        if line is None:
            shown.append(style.paint(Role.FRAME, f"{'...':>{gutter}} |"))
            continue
        code, carets = _drawn(source, line, marks)
        shown.append(f"{style.paint(Role.FRAME, f'{number(line):>{gutter}} |')} {code}".rstrip())
        if carets:
            frame = style.paint(Role.FRAME, f"{'':>{gutter}} |")
            indent = " " * (len(carets) - len(carets.lstrip()))
            shown.append(f"{frame} {indent}{style.paint(Role.BAD, carets.lstrip())}")
    return tuple(shown)


def code_line(text: str) -> str:
    """Return a line of code as a terminal shows it safely."""
    return "".join(map(_cell, text))


_TAB = "    "
_WIDEST = 160
"""Longer lines are cut around the mark; a minified line can have megabytes."""
_LEAD = 60
_MOST_LINES = 8


def _lines(source: SourceText, span: Span) -> range:
    first, last = source.position(span.start), source.position(max(span.start, span.end - 1))
    return range(first.line, last.line + 1)


def _cut(lines: list[int]) -> list[int | None]:
    """Leave out the middle of many lines; None stands for the gap."""
    if len(lines) <= _MOST_LINES:
        return list(lines)
    half = _MOST_LINES // 2
    return [*lines[:half], None, *lines[-half:]]


def _drawn(source: SourceText, line: int, marks: Iterable[Mark]) -> tuple[str, str]:
    """Return a line and the carets below it, without numbers and colours."""
    span = source.line_span(line)
    text = source.slice(span)
    indent = len(text) - len(text.lstrip())
    ranges: list[tuple[int, int, str]] = []
    for mark in marks:
        if mark.span.end < span.start or mark.span.start > span.end:
            continue
        first, last = source.position(mark.span.start), source.position(mark.span.end)
        start = first.column if first.line == line else indent
        end = last.column if last.line == line else len(text)
        if start < end or first == last:
            ranges.append((start, max(end, start + 1), mark.label if last.line == line else ""))
    ranges.sort()
    left, right = _window(len(text), ranges[0][0] if ranges else 0)
    before = "..." if left else ""
    after = "..." if right < len(text) else ""
    code = before + code_line(text[left:right]) + after
    carets = ""
    for start, end, label in ranges:
        start, end = max(start, left), min(end, max(right, start + 1))
        column = len(before) + _width(text[left:start])
        if start < end and column >= len(carets):
            carets += " " * (column - len(carets)) + "^" * max(_width(text[start:end]), 1)
            carets += f" {label}" if label else ""
    return code, carets


def _window(length: int, column: int) -> tuple[int, int]:
    if length <= _WIDEST:
        return 0, length
    left = max(column - _LEAD, 0)
    return left, min(left + _WIDEST, length)


def _cell(character: str) -> str:
    return _TAB if character == "\t" else printable(character)


def _width(text: str) -> int:
    """Return how many columns of a terminal a piece of a line fills (UAX 11)."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else len(_cell(character))
        for character in text
    )

"""Marks in the text of a test: carets around the place that the test is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.syntax.text import SourceText, Span

if TYPE_CHECKING:
    from collections.abc import Callable

Marked = tuple[SourceText, Span]


@pytest.fixture(scope="session")
def marked() -> Callable[[str], Marked]:
    """Read a text in which `^` stands before and behind one place."""

    def read(text: str) -> Marked:
        before, hole, after = text.split("^")
        start = len(before.encode())
        return SourceText(before + hole + after), Span(start, start + len(hole.encode()))

    return read

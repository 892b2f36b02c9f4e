"""The texts that were met: a tree often holds a file twice, and many classes the same methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.summarize.summary import Summary
    from batten.syntax.units import UnitKind

MOST = 1 << 20
"""Bytes of texts: beyond, all are forgotten, so that texts that are gone take little."""


class Met:
    """The summaries of some texts, each of a kind of unit."""

    def __init__(self) -> None:
        self._summaries: dict[bytes, tuple[UnitKind, Summary]] = {}
        self._size = 0

    def get(self, kind: UnitKind, text: bytes) -> Summary | None:
        """Return the summary of a text that was met."""
        known, summary = self._summaries.get(text, (None, None))
        return summary if known is kind else None

    def note(self, kind: UnitKind, text: bytes, summary: Summary) -> None:
        """Remember the summary of a text."""
        if self._size > MOST:
            self._summaries.clear()
            self._size = 0
        self._summaries[text] = kind, summary
        self._size += len(text)

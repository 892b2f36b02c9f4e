"""The texts that were met: a tree often holds a file twice, and many classes the same methods."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from batten.summarize.summary import Summary
    from batten.syntax.units import UnitKind


class Met:
    """The summaries of texts, each of a kind of unit, while somebody else has them."""

    def __init__(self) -> None:
        self._summaries: WeakValueDictionary[tuple[bytes, UnitKind], Summary] = (
            WeakValueDictionary()
        )

    def get(self, kind: UnitKind, text: bytes) -> Summary | None:
        """Return the summary of a text that was met."""
        return self._summaries.get((text, kind))

    def note(self, kind: UnitKind, text: bytes, summary: Summary) -> None:
        """Remember the summary of a text."""
        self._summaries[text, kind] = summary

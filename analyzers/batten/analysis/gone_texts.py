"""The texts that units had before: who takes back what was typed has them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.summarize.summary import Summary
    from batten.syntax.units import Content, UnitKind

MAX_GONE = 4
"""So many are remembered: what is taken back is typed last, or a fix that was tried."""


class GoneTexts:
    """The last few texts that units of some documents had, with their summaries."""

    def __init__(self) -> None:
        self._summaries: dict[tuple[str, UnitKind, bytes], Summary] = {}

    def note(self, path: str, unit: Content, summary: Summary) -> None:
        """Remember a text that is gone now. Broken text is passed through, nobody goes back."""
        if summary.errors:
            return
        self._summaries[path, unit.kind, unit.text] = summary
        if len(self._summaries) > MAX_GONE:
            del self._summaries[next(iter(self._summaries))]

    def take(self, path: str, unit: Content) -> Summary | None:
        """Return the summary of a text that is there again, if it is one of these."""
        return self._summaries.pop((path, unit.kind, unit.text), None)

"""How many demands lie between each demand and the nearest sink.

Whoever looks for the shortest way from a hole to a sink would have to walk through all that lies
above the hole; with the distances, only the ways that are as short as any are walked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.reads import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from batten.link.point import Demand
    from batten.link.reads import Reads


class Distances:
    """The distances of one program's demands, found from the sinks down."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self._entries: dict[Demand, Entry] = {}

    def of(self, asker: Demand | int) -> int:
        """Return how far an asker is from the nearest sink; a sink (a number) is one itself."""
        if isinstance(asker, int):
            return 0
        entry = self._entries[asker]
        entry.readers.add(self._reads.at)
        distance: int = entry.value
        return distance

    def update(
        self, sinks: Iterable[int], asked: Callable[[Demand | int], Iterable[Demand]]
    ) -> None:
        """Measure anew; `asked` gives what an asker asks. Who read what changes is dropped."""
        found: dict[Demand, int] = {}
        level: list[Demand | int] = list(sinks)
        distance = 0
        while level:
            distance += 1
            below: list[Demand | int] = []
            for asker in level:
                for demand in asked(asker):
                    if demand not in found:
                        found[demand] = distance
                        below.append(demand)
            level = below
        before = self._entries
        self._entries = {}
        changed: list[Entry] = []
        for demand, measured in found.items():
            entry = before.pop(demand, None) or Entry(demand)
            if entry.value != measured:
                changed.append(entry)
                entry.value = measured
            self._entries[demand] = entry
        self._reads.undo([*changed, *before.values()])

    def facts(self) -> Iterable[Entry]:
        """Yield each distance, with those who have read it."""
        yield from self._entries.values()

"""How many demands lie between each demand and the nearest sink.

Whoever looks for the shortest way from a hole to a sink would have to walk through all that lies
above the hole; with the distances, only the ways that are as short as any are walked. A demand
without a distance is one that no sink asks for any more.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from batten.link.reads import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from batten.link.point import Demand
    from batten.link.reads import Reads

    Asker = Demand | int


class Measured(NamedTuple):
    """What an update has found: whose distance is another one now, and what no sink asks for."""

    changed: list[Entry]
    unasked: list[Demand]


class Distances:
    """The distances of one program's demands, measured anew only where something has changed.

    `askers` gives those who ask a demand, `asked` what somebody asks. A sink is a number.
    """

    def __init__(
        self,
        reads: Reads,
        askers: Callable[[Demand], Iterable[Asker]],
        asked: Callable[[Asker], Iterable[Demand]],
    ) -> None:
        self._reads = reads
        self._askers = askers
        self._asked = asked
        self._entries: dict[Demand, Entry] = {}

    def of(self, asker: Asker) -> int:
        """Return how far an asker is from the nearest sink; a sink (a number) is one itself."""
        if isinstance(asker, int):
            return 0
        entry = self._entries[asker]
        entry.read_by(self._reads.at)
        distance: int = entry.value
        return distance

    def update(self, touched: Iterable[Demand]) -> Measured:
        """Measure anew after some demands were asked by others than before."""
        touched = dict.fromkeys(touched)
        # At first nothing has a distance that it could lose.
        lost = self._without_support(touched) if self._entries else touched
        before = {demand: self._entries.pop(demand, None) for demand in lost}
        near: defaultdict[int, list[Demand]] = defaultdict(list)
        for demand in {**touched, **lost}:
            near[self._nearest(demand)].append(demand)
        changed = list(self._spread(near, before))
        unasked = [demand for demand in before if demand not in self._entries]
        gone = (before[demand] for demand in unasked)
        return Measured([*changed, *[entry for entry in gone if entry is not None]], unasked)

    def facts(self) -> Iterable[Entry]:
        """Yield each distance, with those who have read it."""
        yield from self._entries.values()

    def _without_support(self, touched: Iterable[Demand]) -> dict[Demand, None]:
        """Return the demands that nobody asks any more who is as near to a sink as one was."""
        levels: defaultdict[int, list[Demand]] = defaultdict(list)
        lost: dict[Demand, None] = {}
        for demand in touched:
            known = self._known(demand)
            if known is None:
                lost[demand] = None  # it never had one
            else:
                levels[known].append(demand)
        while levels:
            level = min(levels)
            for demand in levels.pop(level):
                if demand in lost or self._is_supported(demand, level - 1, lost):
                    continue
                lost[demand] = None
                for behind in self._asked(demand):
                    if self._known(behind) == level + 1:
                        levels[level + 1].append(behind)
        return lost

    def _is_supported(self, demand: Demand, distance: int, lost: Mapping[Demand, None]) -> bool:
        """Tell whether somebody asks a demand who is still as near to a sink as `distance`."""
        entries = self._entries
        for asker in self._askers(demand):
            if isinstance(asker, int):
                if distance == 0:
                    return True
            elif asker not in lost:
                entry = entries.get(asker)
                if entry is not None and entry.value == distance:
                    return True
        return False

    def _spread(
        self, near: defaultdict[int, list[Demand]], before: dict[Demand, Entry | None]
    ) -> Iterator[Entry]:
        """Give demands the distances that they are near to, then those behind them."""
        near.pop(_FAR, None)
        while near:
            distance = min(near)
            for demand in near.pop(distance):
                entry = self._entries.get(demand)
                if entry is None:
                    entry = self._entries[demand] = before.get(demand) or Entry(demand)
                elif entry.value <= distance:
                    continue
                if entry.value != distance:
                    entry.value = distance
                    yield entry
                for behind in self._asked(demand):
                    known = self._known(behind)
                    if known is None or known > distance + 1:
                        near[distance + 1].append(behind)

    def _nearest(self, demand: Demand) -> int:
        """Return the distance that a demand has by those who ask it and have one."""
        nearest = _FAR
        entries = self._entries
        for asker in self._askers(demand):
            if isinstance(asker, int):
                return 1
            entry = entries.get(asker)
            if entry is not None and entry.value < nearest:
                nearest = entry.value + 1
        return nearest

    def _known(self, asker: Asker) -> int | None:
        if isinstance(asker, int):
            return 0
        entry = self._entries.get(asker)
        return None if entry is None else entry.value


_FAR = 1 << 62

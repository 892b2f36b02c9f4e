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
    from collections.abc import Callable, Iterable, Mapping

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
        known = [demand for demand in touched if demand in self._entries]
        before: dict[Entry, int | None] = {}
        # Who comes in the place of another is as far: so first who comes, then who goes.
        self._spread(touched, before)
        lost = self._without_support(known)
        for demand in lost:
            entry = self._entries.pop(demand)
            before.setdefault(entry, entry.value)
        self._spread(lost, before)
        changed = [entry for entry, value in before.items() if self._now(entry) != value]
        unasked = [demand for demand in {**touched, **lost} if demand not in self._entries]
        return Measured(changed, unasked)

    def facts(self) -> Iterable[Entry]:
        """Yield each distance, with those who have read it."""
        yield from self._entries.values()

    def _without_support(self, touched: Iterable[Demand]) -> dict[Demand, None]:
        """Return the demands that nobody asks any more who is as near to a sink as one was."""
        levels: defaultdict[int, list[Demand]] = defaultdict(list)
        lost: dict[Demand, None] = {}
        for demand in touched:
            levels[self._entries[demand].value].append(demand)
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

    def _spread(self, begun: Iterable[Demand], before: dict[Entry, int | None]) -> None:
        """Give demands the distances that they are near to, then those behind them.

        What an entry had is noted in `before`.
        """
        near: defaultdict[int, list[Demand]] = defaultdict(list)
        for demand in begun:
            near[self._nearest(demand)].append(demand)
        near.pop(_FAR, None)
        gone = {entry.key: entry for entry in before}
        while near:
            distance = min(near)
            for demand in near.pop(distance):
                entry = self._entries.get(demand)
                if entry is None:
                    entry = self._entries[demand] = gone.get(demand) or Entry(demand)
                    before.setdefault(entry, None)
                elif entry.value <= distance:
                    continue
                else:
                    before.setdefault(entry, entry.value)
                entry.value = distance
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

    def _now(self, entry: Entry) -> int | None:
        """Return the distance that an entry tells, None when it is forgotten."""
        return entry.value if self._entries.get(entry.key) is entry else None

    def _known(self, asker: Asker) -> int | None:
        if isinstance(asker, int):
            return 0
        entry = self._entries.get(asker)
        return None if entry is None else entry.value


_FAR = 1 << 62

"""What the units of a program tell under names, kept up to date unit by unit.

Who asks for a name is noted, so that an edit drops just those who have read what it changes.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from batten.link.keys import UnitKey, in_order
from batten.link.reads import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from batten.link.reads import Reads
    from batten.summarize.summary import Shape
    from batten.syntax.units import Content

N = TypeVar("N")
V = TypeVar("V")


class IndexedUnit(NamedTuple):
    """A unit of the program: its name, its text without a place, and what is known of it."""

    key: UnitKey
    content: Content
    shape: Shape


class Told(Generic[N, V]):
    """One kind of fact, by names; of each name the units that tell it are in order.

    It is found out for all `units` when it is asked for first.
    """

    __slots__ = ("_by_unit", "_entries", "_in_order", "_reads", "_tell", "_units")

    def __init__(
        self,
        reads: Reads,
        units: Callable[[], Iterable[IndexedUnit]],
        tell: Callable[[IndexedUnit], Mapping[N, Sequence[V]]],
    ) -> None:
        self._reads = reads
        self._units = units
        self._tell = tell
        self._by_unit: dict[N, dict[UnitKey, Sequence[V]]] | None = None
        self._entries: defaultdict[N, Entry] = defaultdict(Entry)
        self._in_order: set[N] = set()  # whose units are in order

    def __call__(self, name: N) -> tuple[V, ...]:
        """Return all that is told under a name."""
        entry = self._entries[name]
        reader = self._reads.at
        if reader is not None and reader is not entry._readers:
            entry.read_by(reader)
        found: tuple[V, ...] | None = entry.value
        if found is None:
            found = entry.value = self._gathered(name)
        return found

    def changed(self, before: IndexedUnit | None, after: IndexedUnit | None) -> Iterator[Entry]:
        """Take what a unit tells now; yield what is different to those who have asked."""
        if self._by_unit is None:
            return
        nothing: Mapping[N, Sequence[V]] = {}
        old = nothing if before is None else self._tell(before)
        new = nothing if after is None else self._tell(after)
        for name in {**old, **new}:
            if old.get(name) == new.get(name):
                continue
            units = self._by_unit.setdefault(name, {})
            if before is not None and (after is None or name not in new):
                units.pop(before.key, None)
            if after is not None and name in new:
                if after.key not in units and units:
                    self._in_order.discard(name)
                units[after.key] = new[name]
            if not units:
                del self._by_unit[name]
                self._in_order.discard(name)
            entry = self._entries.get(name)
            if entry is not None:
                entry.value = None
                yield entry

    def is_of(self, name: N, entry: Entry) -> bool:
        """Tell whether an entry is that of a name."""
        return self._entries.get(name) is entry

    def entries(self) -> Iterable[Entry]:
        """Return the names that were asked for, with those who have read them."""
        return self._entries.values()

    def sweep(self) -> None:
        """Let go of names that nobody has read who still stands by it."""
        for name in [name for name, entry in self._entries.items() if not entry.readers]:
            del self._entries[name]

    def _gathered(self, name: N) -> tuple[V, ...]:
        if self._by_unit is None:
            self._by_unit = self._told_by_all()
        units = self._by_unit.get(name)
        if units is None:
            return ()
        if len(units) == 1:
            (told,) = units.values()
            return tuple(told)
        if name not in self._in_order:
            self._by_unit[name] = units = {key: units[key] for key in in_order(units)}
            self._in_order.add(name)
        return tuple(chain.from_iterable(units.values()))

    def _told_by_all(self) -> dict[N, dict[UnitKey, Sequence[V]]]:
        found: defaultdict[N, dict[UnitKey, Sequence[V]]] = defaultdict(dict)
        for unit in self._units():
            told = self._tell(unit)
            if told:
                for name, each in told.items():
                    found[name][unit.key] = each
        return dict(found)

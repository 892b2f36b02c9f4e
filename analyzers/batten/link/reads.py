"""What was worked out from what, so that a change undoes what depends on it and nothing else.

Linking remembers its answers. Each remembered answer is an `Entry`, and so is each thing that an
edit can change: the shape of a unit, the calls of a name. While an answer is worked out, all that
it reads notes it as a reader. When something changes, its readers are dropped, theirs too, and
so on; who asks for one of them again works it out again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

K = TypeVar("K")
V = TypeVar("V")


class Entry:
    """An answer or a fact, and those who have read it.

    `drop` forgets the answer under `key`. An entry with `renewed` is worked out again at once
    instead, and its readers are dropped only if that tells that the answer is another one now.
    It gets the entry: another one may be remembered under the key by then.
    """

    __slots__ = ("drop", "is_dropped", "key", "readers", "renewed", "value")

    def __init__(
        self,
        key: Any = None,
        drop: Callable[[Any], object] | None = None,
        renewed: Callable[[Entry], bool] | None = None,
    ) -> None:
        self.key = key
        self.value: Any = None
        self.readers: set[Entry | None] = set()
        self.drop = drop
        self.renewed = renewed
        self.is_dropped = False


class Memo(Generic[K, V]):
    """The answers to one kind of question; remembers who has read them."""

    __slots__ = ("_answer", "_found", "_reads")

    def __init__(self, reads: Reads, answer: Callable[[K], V]) -> None:
        self._reads = reads
        self._answer = answer
        self._found: dict[K, Entry] = {}
        reads.tables.append(self._found.values)

    def __call__(self, key: K) -> V:
        """Return the answer, worked out when it is asked for first."""
        entry = self._found.get(key)
        reads = self._reads
        if entry is None:
            entry = self._entry(key)
            reader, reads.at = reads.at, entry
            try:
                entry.value = self._answer(key)
            finally:
                reads.at = reader
            self._found[key] = entry
        entry.readers.add(reads.at)
        found: V = entry.value
        return found

    def _entry(self, key: K) -> Entry:
        return Entry(key, self._forget)

    def _forget(self, key: K) -> None:
        self._found.pop(key, None)


class SteadyMemo(Memo[K, V]):
    """Answers that mostly stay when something behind them changes: then their readers stay.

    One that nobody reads any more is forgotten then: names that were typed once come never again.
    """

    __slots__ = ()

    def _entry(self, key: K) -> Entry:
        return Entry(key, renewed=self._renewed)

    def _renewed(self, entry: Entry) -> bool:
        key: K = entry.key
        if self._found.get(key) is not entry:
            return False  # it was given up before it had an answer
        if not any(each is not None and not each.is_dropped for each in entry.readers):
            del self._found[key]
            entry.renewed = None
            entry.is_dropped = True
            return True
        reader, self._reads.at = self._reads.at, entry
        try:
            before, entry.value = entry.value, self._answer(key)
        except LookupError:
            # What was asked about is gone.
            self._found.pop(key, None)
            entry.renewed = None
            return True
        finally:
            self._reads.at = reader
        return bool(before != entry.value)


class Whole(Generic[V]):
    """One answer about the whole program: when it is the same again, its readers stay."""

    __slots__ = ("_answer", "_entry", "_first", "_reads")

    def __init__(self, reads: Reads, answer: Callable[[], V], first: V | None = None) -> None:
        """Make an answer; `first` is what holds while it is worked out for the first time."""
        self._reads = reads
        self._first = first
        self._answer = answer
        self._entry: Entry | None = None
        reads.tables.append(lambda: () if self._entry is None else (self._entry,))

    def __call__(self) -> V:
        """Return the answer, worked out when it is asked for first."""
        entry = self._entry
        if entry is None:
            entry = self._entry = Entry(renewed=self._renewed)
            entry.value = self._first
            try:
                entry.value = self._worked_out(entry)
            except LookupError:
                self._entry = entry.renewed = None
                raise
        entry.readers.add(self._reads.at)
        found: V = entry.value
        return found

    def _renewed(self, entry: Entry) -> bool:
        if self._entry is not entry:
            return False
        before = entry.value
        try:
            entry.value = self._worked_out(entry)
        except LookupError:
            # What it is made of is gone; it will be asked for again when all is up to date.
            self._entry = entry.renewed = None
            return True
        return bool(before != entry.value)

    def _worked_out(self, entry: Entry) -> V:
        reader, self._reads.at = self._reads.at, entry
        try:
            return self._answer()
        finally:
            self._reads.at = reader


class _AtWork:
    """A reader's turn. Entered for every demand: a generator in its place takes thrice as long."""

    __slots__ = ("_entry", "_reader", "_reads")

    def __init__(self, reads: Reads, entry: Entry) -> None:
        self._reads = reads
        self._entry = entry
        self._reader: Entry | None = None

    def __enter__(self) -> None:
        self._reader, self._reads.at = self._reads.at, self._entry

    def __exit__(self, *_: object) -> None:
        self._reads.at = self._reader


class Reads:
    """Who is at work: `at` is the entry that is being worked out, None for none.

    `tables` give the answers that are remembered, `dropped` counts those that no longer are.
    """

    __slots__ = ("at", "dropped", "tables")

    def __init__(self) -> None:
        self.at: Entry | None = None
        self.dropped = 0
        self.tables: list[Callable[[], Collection[Entry]]] = []

    def at_work(self, entry: Entry) -> _AtWork:
        """Return a context: all that is read inside is noted as read by `entry`."""
        return _AtWork(self, entry)

    def tidy(self, facts: Iterable[Entry]) -> None:
        """Let go of readers that were dropped, in the facts and in all that is remembered.

        What depends on no fact is found in the tables only.
        """
        waiting = [*facts, *(entry for table in self.tables for entry in table())]
        seen = set(waiting)
        while waiting:
            entry = waiting.pop()
            live = [each for each in entry.readers if each and not each.is_dropped]
            entry.readers = set(live)
            more = [each for each in live if each not in seen]
            seen.update(more)
            waiting += more
        self.dropped = 0

    def remembered(self) -> int:
        """Return how many answers there are."""
        return sum(len(table()) for table in self.tables)

    def undo(self, changed: Iterable[Entry]) -> None:
        """Drop all that depends on what has changed."""
        waiting = list(changed)
        seen = set(waiting)
        to_renew: dict[Entry, list[Entry]] = {}
        while waiting or to_renew:
            while waiting:
                entry = waiting.pop()
                readers, entry.readers = entry.readers, set()
                for reader in readers:
                    if reader is None or reader in seen:
                        continue
                    if reader.renewed is not None:
                        to_renew.setdefault(reader, []).append(entry)
                        entry.readers.add(reader)
                        continue
                    seen.add(reader)
                    waiting.append(reader)
                    if not reader.is_dropped:
                        reader.is_dropped = True
                        self.dropped += 1
                        if reader.drop is not None:
                            reader.drop(reader.key)
            for reader in tuple(to_renew):
                read = to_renew.pop(reader)
                if reader.renewed is not None and reader.renewed(reader):
                    waiting.append(reader)
                if reader.renewed is None:
                    for entry in read:
                        entry.readers.discard(reader)

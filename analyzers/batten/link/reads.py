"""What was worked out from what, so that a change undoes what depends on it and nothing else.

Linking remembers its answers. Each remembered answer is an `Entry`, and so is each thing that an
edit can change: the shape of a unit, the calls of a name. While an answer is worked out, all that
it reads notes it as a reader. When something changes, its readers are dropped, theirs too, and
so on; who asks for one of them again works it out again.
"""

from __future__ import annotations

from functools import partial
from operator import is_not
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

K = TypeVar("K")
V = TypeVar("V")


class Entry:
    """An answer or a fact, and those who have read it.

    `drop` forgets the answer under `key`. An entry with `renewed` is worked out again at once
    instead, and its readers are dropped only if that tells that the answer is another one now.
    It gets the entry, since another one may be remembered under the key by then, and those that it
    has read and that are others now.
    """

    __slots__ = ("_readers", "drop", "is_dropped", "key", "renewed", "value")

    def __init__(
        self,
        key: Any = None,
        drop: Callable[[Any], object] | None = None,
        renewed: Callable[[Entry, list[Entry]], bool] | None = None,
    ) -> None:
        self.key = key
        self.value: Any = None
        # There are a hundred thousand entries and most have one reader, or none: no sets for them.
        self._readers: Entry | list[Entry] | set[Entry] | None = None
        self.drop = drop
        self.renewed = renewed
        self.is_dropped = False

    def read_by(self, reader: Entry | None) -> None:
        """Note who reads this; None is nobody."""
        readers = self._readers
        if reader is readers or reader is None:
            return
        if readers is None:
            self._readers = reader
        elif isinstance(readers, set):
            readers.add(reader)
        elif not isinstance(readers, list):
            self._readers = [readers, reader]
        elif reader not in readers:
            readers.append(reader)
            if len(readers) > _FEW:
                self._readers = set(readers)

    @property
    def readers(self) -> tuple[Entry, ...]:
        """Those who have read this."""
        readers = self._readers
        if readers is None:
            return ()
        return tuple(readers) if isinstance(readers, (list, set)) else (readers,)

    def read_no_more_by(self, reader: Entry) -> None:
        """Let go of one who has read this."""
        if isinstance(self._readers, set):
            self._readers.discard(reader)
        else:
            self.keep_readers(partial(is_not, reader))

    def forget_readers(self) -> None:
        """Let go of all who have read this."""
        self._readers = None

    def keep_readers(self, kept: Callable[[Entry], bool]) -> None:
        """Let go of those readers that are not to be kept."""
        before = self.readers
        live = [reader for reader in before if kept(reader)]
        if len(live) < len(before):
            self._readers = None
            for reader in live:
                self.read_by(reader)


_FEW = 8


class Parted(Entry):
    """A fact in parts, each a bit: a change of one is nothing to those who have read others."""

    __slots__ = ("_parts_read",)

    def __init__(self) -> None:
        super().__init__()
        self._parts_read: dict[Entry, int] = {}

    def part_read_by(self, reader: Entry | None, parts: int) -> None:
        """Note who reads some parts; None is nobody."""
        if reader is not None:
            read = self._parts_read
            read[reader] = read.get(reader, 0) | parts

    def changed(self, parts: int) -> Entry:
        """Return an entry with those who have read some of the parts; here they are no more."""
        found = Entry()
        read = self._parts_read
        for reader in [each for each, its in read.items() if its & parts]:
            del read[reader]
            found.read_by(reader)
        return found

    @property
    def readers(self) -> tuple[Entry, ...]:
        """Those who have read any part."""
        return tuple(self._parts_read)

    def forget_readers(self) -> None:
        """Let go of all who have read this."""
        self._parts_read.clear()

    def keep_readers(self, kept: Callable[[Entry], bool]) -> None:
        """Let go of those readers that are not to be kept."""
        for reader in [each for each in self._parts_read if not kept(each)]:
            del self._parts_read[reader]


class Memo(Generic[K, V]):
    """The answers to one kind of question; remembers who has read them."""

    def __init__(self, reads: Reads, answer: Callable[[K], V]) -> None:
        self._reads = reads
        self._answer = answer
        self._found: dict[K, Entry] = {}
        self._drop = self._forget  # one for all entries
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
        reader = reads.at
        if reader is not None and reader is not entry._readers:
            entry.read_by(reader)
        found: V = entry.value
        return found

    def knows(self, key: K) -> bool:
        """Tell whether an answer is there already."""
        return key in self._found

    def has(self, entry: Entry) -> bool:
        """Tell whether an entry is that of an answer."""
        return self._found.get(entry.key) is entry

    def forget(self, key: K) -> None:
        """Forget an answer of which nobody is a reader any more."""
        entry = self._found.pop(key, None)
        if entry is not None:
            entry.is_dropped = True

    def _entry(self, key: K) -> Entry:
        return Entry(key, self._drop)

    def _forget(self, key: K) -> None:
        self._found.pop(key, None)


class SteadyMemo(Memo[K, V]):
    """Answers that mostly stay when something behind them changes: then their readers stay.

    One that nobody reads any more is forgotten then: names that were typed once come never again.
    """

    def __init__(self, reads: Reads, answer: Callable[[K], V]) -> None:
        super().__init__(reads, answer)
        self._renew = self._renewed  # one for all entries

    def _entry(self, key: K) -> Entry:
        return Entry(key, renewed=self._renew)

    def _answer_again(self, key: K, before: V, changed: list[Entry]) -> V:  # noqa: ARG002
        """Return the answer after something has changed that was read for the one before."""
        return self._answer(key)

    def _renewed(self, entry: Entry, changed: list[Entry]) -> bool:
        key: K = entry.key
        if self._found.get(key) is not entry:
            return False  # it was given up before it had an answer
        if all(each.is_dropped for each in entry.readers):
            del self._found[key]
            entry.renewed = None
            entry.is_dropped = True
            return True
        reader, self._reads.at = self._reads.at, entry
        try:
            before: V = entry.value
            entry.value = self._answer_again(key, before, changed)
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
        elif entry.value is self._first:
            self._reads.unfinished += 1
        entry.read_by(self._reads.at)
        found: V = entry.value
        return found

    def _renewed(self, entry: Entry, changed: list[Entry]) -> bool:  # noqa: ARG002
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
    `unfinished` counts how often somebody got an answer that was still being worked out.
    """

    __slots__ = ("at", "dropped", "tables", "unfinished")

    def __init__(self) -> None:
        self.at: Entry | None = None
        self.dropped = 0
        self.unfinished = 0
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
            entry.keep_readers(_is_live)
            more = [each for each in entry.readers if each not in seen]
            seen.update(more)
            waiting += more
        self.dropped = 0

    def remembered(self) -> int:
        """Return how many answers there are."""
        return sum(len(table()) for table in self.tables)

    def undo(self, changed: Iterable[Entry]) -> None:
        """Drop all that depends on what has changed."""
        Undoing(self, changed).go_on(lambda: None)


class Undoing:
    """All that depends on what has changed is being dropped.

    It can be stopped at its border. It has to be gone on with before anything is worked out.
    """

    __slots__ = ("_reads", "_seen", "_to_renew", "_waiting")

    def __init__(self, reads: Reads, changed: Iterable[Entry]) -> None:
        self._reads = reads
        self._waiting = list(changed)
        self._seen = set(self._waiting)
        self._to_renew: dict[Entry, list[Entry]] = {}

    def go_on(self, border: Callable[[], None]) -> None:
        """Drop what is left."""
        while self._waiting or self._to_renew:
            while self._waiting:
                border()
                self._drop_readers(self._waiting.pop())
            for reader in tuple(self._to_renew):
                border()
                self._renew(reader, self._to_renew.pop(reader))

    def _drop_readers(self, entry: Entry) -> None:
        if entry._readers is None:
            return
        readers = entry.readers
        entry.forget_readers()
        for reader in readers:
            if reader in self._seen:
                continue
            if reader.renewed is not None:
                self._to_renew.setdefault(reader, []).append(entry)
                entry.read_by(reader)
                continue
            self._seen.add(reader)
            self._waiting.append(reader)
            if not reader.is_dropped:
                reader.is_dropped = True
                self._reads.dropped += 1
                if reader.drop is not None:
                    reader.drop(reader.key)

    def _renew(self, reader: Entry, read: list[Entry]) -> None:
        if reader.renewed is not None and reader.renewed(reader, read):
            self._waiting.append(reader)
        if reader.renewed is None:
            for entry in read:
                entry.read_no_more_by(reader)


def _is_live(reader: Entry) -> bool:
    return not reader.is_dropped

"""The sinks of a program, each under a number, kept up to date function by function.

Who has found something about a sink keeps it under its number, and a sink that is as it was keeps
that.
"""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from batten.link.keys import CallKey
from batten.link.reads import Entry, Whole
from batten.link.sinks import may_be_sink, sink_names, sinks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.link.callers import Callers
    from batten.link.index import FunctionKey
    from batten.link.sinks import FoundSink
    from batten.summarize.summary import Call


MANY = 24
"""So many calls of one function that may be sinks are worth to be looked at one by one."""


class _OfCall(NamedTuple):
    """What a call sends; `entry` is what has read all that this was told by."""

    call: Call
    sinks: tuple[FoundSink, ...]
    entry: Entry


class NumberedSinks:
    """The sinks of one program; those of one call are numbered in their order."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self._index = callers.resolver.index
        self._reads = self._index.reads
        self._names = Whole(self._reads, partial(sink_names, callers))
        self._found: dict[int, FoundSink] = {}
        self._numbers: dict[FunctionKey, tuple[int, ...]] = {}
        self._next = 0
        self._changed: dict[FunctionKey, None] = {}  # functions whose sinks may have
        self._functions: dict[FunctionKey, Entry] = {}
        self._of_calls: dict[FunctionKey, dict[int, _OfCall]] = {}  # where there are many

    @property
    def found(self) -> Mapping[int, FoundSink]:
        """The sinks by their numbers, as of the last update; always the same table."""
        return self._found

    def are_up_to_date(self) -> bool:
        """Tell whether nothing has changed since the last update."""
        return not self._changed and not self._index.has_new_functions()

    def update(self) -> tuple[list[int], list[int]]:
        """Look at the functions that have changed; return the numbers that are gone and new."""
        gone: list[int] = []
        new: list[int] = []
        changed, self._changed = self._changed, {}
        for key in {**changed, **self._index.new_functions()}:
            found = self._sinks_of(key)
            before = self._numbers.pop(key, ())
            if not found and not before:
                continue
            numbers = self._numbered(found, before)
            if numbers:
                self._numbers[key] = numbers
            known, now = set(before), set(numbers)
            gone += [number for number in before if number not in now]
            new += [number for number in numbers if number not in known]
        for number in gone:
            del self._found[number]
        return gone, new

    def _sinks_of(self, key: FunctionKey) -> tuple[FoundSink, ...]:
        if not self._index.has(key):
            self._functions.pop(key, None)
            self._of_calls.pop(key, None)
            return ()
        # The same each time: all of them read the names, which hardly ever change.
        entry = self._functions.setdefault(key, Entry(key, self._has_changed))
        entry.is_dropped = False
        with self._reads.at_work(entry):
            names = self._names()
            calls = self._index.function(key).calls
            likely = [number for number, call in enumerate(calls) if may_be_sink(call, names)]
            if len(likely) < MANY:
                self._of_calls.pop(key, None)
                found = (sinks_of(CallKey(key, n), calls[n], self._callers) for n in likely)
                return tuple(chain.from_iterable(found))
        known = self._of_calls.get(key, {})
        those = self._of_calls[key] = {n: self._of_call(key, n, calls[n], known) for n in likely}
        return tuple(chain.from_iterable(each.sinks for each in those.values()))

    def _of_call(
        self, function: FunctionKey, number: int, call: Call, known: Mapping[int, _OfCall]
    ) -> _OfCall:
        """Return what one of many calls sends: it is found out again if something of it differs."""
        before = known.get(number)
        if before is not None and before.call == call and not before.entry.is_dropped:
            return before
        entry = Entry(function, self._has_changed)
        with self._reads.at_work(entry):
            sinks = tuple(sinks_of(CallKey(function, number), call, self._callers))
        return _OfCall(call, sinks, entry)

    def _has_changed(self, key: FunctionKey) -> None:
        self._changed[key] = None

    def _numbered(self, found: tuple[FoundSink, ...], before: tuple[int, ...]) -> tuple[int, ...]:
        """Return the numbers of the sinks of a function: of a call with the same, what they were.

        In the order of those of one call the ways to them are chosen.
        """
        known: dict[CallKey, list[int]] = {}
        for number in before:
            known.setdefault(self._found[number].call, []).append(number)
        by_call: dict[CallKey, list[FoundSink]] = {}
        for each in found:
            by_call.setdefault(each.call, []).append(each)
        numbers: list[int] = []
        for call, sinks in by_call.items():
            those = known.get(call, [])
            is_same = [self._found[number] for number in those] == sinks
            numbers += those if is_same else self._enter(sinks)
        return tuple(numbers)

    def _enter(self, sinks: list[FoundSink]) -> range:
        numbers = range(self._next, self._next + len(sinks))
        self._next += len(sinks)
        self._found.update(zip(numbers, sinks, strict=True))
        return numbers

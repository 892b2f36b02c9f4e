"""What the calls of a name call, kept up to date call by call.

Of a common name (`get`) a program has thousands of calls: one that comes or goes is one.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from batten.link.keys import CallKey
from batten.link.reads import SteadyMemo
from batten.syntax.between import between

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from batten.link.index import Index
    from batten.link.keys import ClassKey, FunctionKey
    from batten.link.reads import Entry

    Target = FunctionKey | ClassKey
    _Targets = dict[Target, tuple[CallKey, ...]]
else:
    _Targets = dict


class Targets(_Targets):
    """Calls in order, by what they call; `calls` are all that have the name, known or not."""

    calls: tuple[CallKey, ...] = ()


class Called(SteadyMemo[str, Targets]):
    """The calls of each name by what they call: functions, and classes with their bases."""

    def __init__(self, index: Index, targets: Callable[[CallKey], Iterable[Target]]) -> None:
        """Remember calls; `targets` tells what one of them calls."""
        super().__init__(index.reads, self._find)
        self._index = index
        self._targets = targets
        self._calls_to = SteadyMemo(index.reads, self._find_calls_to)

    def calls_to(self, target: Target, name: str) -> tuple[CallKey, ...]:
        """Return the calls of a name that call a function or a class."""
        return self._calls_to((target, name))

    def _find_calls_to(self, asked: tuple[Target, str]) -> tuple[CallKey, ...]:
        target, name = asked
        return self(name).get(target, ())

    def _find(self, name: str) -> Targets:
        calls = self._index.calls_of(name)
        found: dict[Target, dict[CallKey, None]] = {}
        for call in calls:
            for target in self._targets(call):
                found.setdefault(target, {})[call] = None
        targets = Targets((target, tuple(its)) for target, its in found.items())
        targets.calls = calls
        return targets

    def _answer_again(self, key: str, before: Targets, changed: list[Entry]) -> Targets:
        others = [each.key for each in changed if not self._index.tells_calls(key, each)]
        if not all(isinstance(each, CallKey) for each in others):
            return self._find(key)
        known, calls = before.calls, self._index.calls_of(key)
        gone, new = between(known, calls, 0)
        found = Targets(before)
        found.calls = calls
        again = dict.fromkeys(each for each in others if _is_in(each, calls))
        again.update(dict.fromkeys(calls[new.start : new.stop]))
        for call in {**dict.fromkeys(known[gone.start : gone.stop]), **again}:
            targets = dict.fromkeys(self._targets(call)) if call in again else {}
            for target in [each for each, its in found.items() if _is_in(call, its)]:
                if target not in targets:
                    found[target] = _without(call, found[target])
                    if not found[target]:
                        del found[target]
            for target in targets:
                if not _is_in(call, found.get(target, ())):
                    found[target] = _with(call, found.get(target, ()))
        return found


def _order(call: CallKey) -> tuple[object, ...]:
    """Return what sorts calls as they are told, see `in_order`."""
    (path, unit, number), place = call
    return (path, len(unit), unit, number, place)


def _is_in(call: CallKey, calls: tuple[CallKey, ...]) -> bool:
    at = bisect_left(calls, _order(call), key=_order)
    return at < len(calls) and calls[at] == call


def _with(call: CallKey, calls: tuple[CallKey, ...]) -> tuple[CallKey, ...]:
    at = bisect_left(calls, _order(call), key=_order)
    return (*calls[:at], call, *calls[at:])


def _without(call: CallKey, calls: tuple[CallKey, ...]) -> tuple[CallKey, ...]:
    at = bisect_left(calls, _order(call), key=_order)
    return (*calls[:at], *calls[at + 1 :])

"""The way from a hole to the sink: the calls on it, and the text that comes together there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar, Union

from batten.link import frames
from batten.link.index import CallKey
from batten.link.onward import Search
from batten.link.reads import Memo, SteadyMemo
from batten.link.sent_verb import sent_verb
from batten.link.sinks import UNTOLD
from batten.link.way import Part, Start, Way
from batten.values.terms import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from batten.link.entities import Frame
    from batten.link.index import FunctionKey
    from batten.link.onward import Onward
    from batten.link.point import Around, Demand, Origin
    from batten.link.resolve import Resolver
    from batten.link.shown import Shown
    from batten.link.sinks import FoundSink


_T = TypeVar("_T")
_Asker = Union["Demand", int]
_Rank = tuple["CallKey", int]


class Entered(NamedTuple):
    """The way of a hole to a function, and those inside of it that the text is given to."""

    askers: tuple[Demand, ...]
    way: Part


class _Telling(NamedTuple):
    """The ways from a demand to the nearest sink that tells who asks, and that is shown."""

    distance: int
    goal: _Rank
    onward: Mapping[Demand, Mapping[Origin, Around]]


class Ways:
    """The ways of one program's holes; remembers how they go on."""

    def __init__(
        self,
        sinks: Mapping[int, FoundSink],
        shown: Shown,
        resolver: Resolver,
        asked_by: Callable[[Demand], Mapping[Origin, Around]],
        distance: Callable[[Demand | int], int],
    ) -> None:
        """Make ways; `asked_by` tells who asked a demand, from inside which text.

        `distance` tells how far an asker is from the nearest sink.
        """
        self._sinks = sinks
        self._shown = shown
        self._resolver = resolver
        self._asked_by = asked_by
        self._distance = distance
        reads = resolver.index.reads
        self._goals = SteadyMemo(reads, self._find_goal)
        self._leading = SteadyMemo(reads, self._find_leading)
        self.onward = Memo(reads, self._find_onward)
        self._onward_from = Memo(reads, self._search)
        self._onward_given = Memo(reads, self._find_onward_given)
        self._returns = Memo(reads, self._find_returns)
        self._to_telling = Memo(reads, self._find_ways_to_telling)

    def shortest(
        self, frame: Frame, origins: Mapping[Origin, Around], begun: Way | Entered | None
    ) -> Way:
        """Return the way of a hole of `frame` to the nearest sink, the same in every order.

        `begun` is what `begun` tells of the hole.
        """
        if isinstance(begun, Way):
            return begun
        shared = None if begun is None else self._shared(begun)
        if shared is not None:
            return shared
        level = self._first_level(frame, origins)
        walk = _Walk(self)
        while not _is_at_sink(level):
            level = self._level(walk(level))
        return self._arrived(level)

    def begun(self, frame: Frame, origins: Mapping[Origin, Around]) -> Way | Entered | None:
        """Return the way of a hole to the nearest sink, or to the first function that it enters.

        It stays the same whatever is done with the text behind that. None where it is not one way.
        """
        level = self._first_level(frame, origins)
        walk = _Walk(self)
        while not _is_at_sink(level):
            if walk.seen:
                return None
            way = _entering(level)
            if way is not None:
                _ = way.text, way.frame  # who is at work depends on these, too
                askers = (each.asker for each in level)
                return Entered(tuple(each for each in askers if not isinstance(each, int)), way)
            level = self._level(walk(level))
        return self._arrived(level)

    def _shared(self, entered: Entered) -> Way | None:
        """Return the way to the nearest sink if it goes on as from all who call a function."""
        askers, way = entered
        key = (askers, frames.of_any_call(way.frame))
        if not self._onward_from.knows(key) and any(self.returning(each, way) for each in askers):
            return None  # of no use to others, most likely
        onward = self._onward_from(key)
        if onward is None or not onward.fits(way):
            return None
        if onward.verb is None:
            onward = self._onward_given((askers, way.frame))
        return onward.after(way, self._resolver)

    def _search(self, asked: tuple[tuple[Demand, ...], Frame]) -> Onward | None:
        search = Search(self._shown, self._sinks, _Walk(self), lambda demand: self._returns(demand))
        return search.found(*asked)

    def _find_onward_given(self, asked: tuple[tuple[Demand, ...], Frame]) -> Onward:
        askers, frame = asked
        onward = self._onward_from((askers, frames.of_any_call(frame)))
        if onward is None:
            raise ValueError("it goes on as what is given decides")
        return onward.given(frame, self._shown)

    def with_credentials(self, frame: Frame, origins: Mapping[Origin, Around]) -> Way:
        """Return the way to the nearest sink that tells who asks, or else to the nearest."""
        ways: dict[_Asker, _Telling] = {}
        for asker in {origin.asker for origin in origins}:
            if isinstance(asker, int):
                if self._tells(asker):
                    ways[asker] = _Telling(0, self._rank(asker), {})
            elif (found := self._to_telling(asker)) is not None:
                ways[asker] = found
        if not ways:
            return self.shortest(frame, origins, self.begun(frame, origins))
        best = min((way.distance, way.goal) for way in ways.values())
        onward: dict[Demand, Mapping[Origin, Around]] = {}
        for way in ways.values():
            if (way.distance, way.goal) == best:
                onward.update(way.onward)
        telling = {
            each: around
            for each, around in origins.items()
            if each.asker in ways and ways[each.asker][:2] == best
        }
        level = self._from_start(frame, telling)
        while not _is_at_sink(level):
            level = self._level(steps(level, lambda demand, _: onward[demand]))
        return self._arrived(level)

    def _tells(self, number: int) -> bool:
        return bool(self._sinks[number].credentials)

    def _rank(self, number: int) -> _Rank:
        """Return what makes one of several sinks the one that is shown: the least."""
        return (self._sinks[number].call, number)

    def nearest(self, origins: Mapping[Origin, Around]) -> Mapping[Origin, Around]:
        """Return those of `origins` from which it is not farther to a sink than from others."""
        if len(origins) == 1:
            return origins
        return _asked_by(_least({each.asker for each in origins}, self._distance), origins)

    def _best(self, origins: Mapping[Origin, Around]) -> Mapping[Origin, Around]:
        """Return those of `origins` that are the nearest and lead to the sink that is shown."""
        if len(origins) == 1:
            return origins
        askers = frozenset([origin.asker for origin in origins])
        if len(askers) == 1:
            return origins
        numbers = [each for each in askers if isinstance(each, int)]
        if numbers:
            return _asked_by((min(numbers, key=self._rank),), origins)
        return _asked_by(self._leading(askers), origins)

    def _find_leading(self, askers: frozenset[_Asker]) -> frozenset[_Asker]:
        """Return the best of those who ask: the same, however far the sink is now."""
        near = _least(askers, self._distance)
        return near if len(near) == 1 else _least(near, self._goal)

    def _goal(self, asker: _Asker) -> _Rank:
        """Return the rank of the nearest sink of an asker that is shown."""
        if isinstance(asker, int):
            return self._rank(asker)
        if not self._goals.knows(asker):
            near = self.nearest(self._asked_by(asker))
            if len(near) == 1:
                # What one hole asks is hardly ever asked again: nothing is remembered of it.
                (asker,) = (each.asker for each in near)
        if isinstance(asker, int):
            return self._rank(asker)
        # From the sink on: a way may be longer than calls can be nested.
        waiting = [] if self._goals.knows(asker) else [asker]
        while waiting:
            unknown = [
                each.asker
                for each in self.nearest(self._asked_by(waiting[-1]))
                if not isinstance(each.asker, int) and not self._goals.knows(each.asker)
            ]
            if unknown:
                waiting += unknown
            else:
                self._goals(waiting.pop())
        return self._goals(asker)

    def _find_goal(self, demand: Demand) -> _Rank:
        asked_by = self._asked_by(demand)
        if not asked_by:
            raise LookupError("nobody asks it any more")
        asker = next(iter(self._best(asked_by))).asker  # all of them lead there
        return self._rank(asker) if isinstance(asker, int) else self._goals(asker)

    def _find_onward(self, demand: Demand) -> Mapping[Origin, Around]:
        """Return who of those who asked a demand is on the way to the sink that is shown."""
        return dict(self._best(self._asked_by(demand)))  # who asks will change

    def _find_ways_to_telling(self, demand: Demand) -> _Telling | None:
        """Return the ways to the nearest sink that tells who asks, None where there is none."""
        levels: list[list[_Asker]] = [[demand]]
        seen: set[_Asker] = {demand}
        told: list[_Rank] = []
        while levels[-1] and not told:
            above: dict[_Asker, None] = {}
            for asker in levels[-1]:
                if not isinstance(asker, int):
                    above.update((each.asker, None) for each in self._asked_by(asker))
            levels.append([asker for asker in above if asker not in seen])
            seen.update(above)
            told = [
                self._rank(asker)
                for asker in levels[-1]
                if isinstance(asker, int) and self._tells(asker)
            ]
        if not told:
            return None
        goal = min(told)
        leading: set[_Asker] = {goal[1]}
        onward: dict[Demand, Mapping[Origin, Around]] = {}
        for level in reversed(levels[:-1]):
            before, leading = leading, set()
            for asker in level:
                if isinstance(asker, int):
                    continue
                above_it = self._asked_by(asker).items()
                there = {each: around for each, around in above_it if each.asker in before}
                if there:
                    onward[asker] = there
                    leading.add(asker)
        return _Telling(len(levels) - 1, goal, onward)

    def _first_level(self, frame: Frame, origins: Mapping[Origin, Around]) -> dict[Origin, Part]:
        return self._from_start(frame, self._best(origins))

    def _from_start(self, frame: Frame, origins: Mapping[Origin, Around]) -> dict[Origin, Part]:
        start = Start(frame)
        return self._level((each, around, start) for each, around in origins.items())

    def _arrived(self, level: Mapping[Origin, Part]) -> Way:
        """Return the best of some ways that are as long, and of which some are at a sink."""
        reached: dict[int, Part] = {}
        for origin, part in level.items():
            if isinstance(origin.asker, int):
                _keep_better(reached, origin.asker, part)
        number = min(reached, key=self._rank)
        sink, part = self._sinks[number], reached[number]
        method = UNTOLD if part.is_lost else sent_verb(sink, part.frame, self._resolver)
        return Way(sink, part.calls, part.text, method)

    def _level(self, steps: Iterable[_Step]) -> dict[Origin, Part]:
        """Return the best way to each of those to whom some steps go."""
        level: dict[Origin, Part] = {}
        part: Part | None = None
        for origin, around, before in steps:
            if part is None or not part.is_for(before, origin, around):
                part = Part(self._shown, before, origin, around)
            _keep_better(level, origin, part)
        return level

    def returning(self, demand: Demand, part: Part | Start) -> Mapping[Origin, Around]:
        """Return who asked a demand from where the way has come: a call on it, or its caller.

        A helper that many call returns to the one who called it on this way.
        """
        if not part.calls:
            return {}
        returns = self._returns(demand)
        found: dict[Origin, Around] = {}
        for call in part.calls:
            found.update(returns.get(call, ()))
            found.update(returns.get(call.function, ()))
        return found

    def _find_returns(
        self, demand: Demand
    ) -> dict[CallKey | FunctionKey, list[tuple[Origin, Around]]]:
        """Return who asked a demand, by the calls that they follow and the functions that send."""
        found: dict[CallKey | FunctionKey, list[tuple[Origin, Around]]] = {}
        for origin, around in self._asked_by(demand).items():
            asker = origin.asker
            if isinstance(asker, int):
                found.setdefault(self._sinks[asker].call.function, []).append((origin, around))
                continue
            if isinstance(asker.value, Result):
                here = CallKey(asker.frame.function, asker.value.call)
                found.setdefault(here, []).append((origin, around))
            at: Frame | None = asker.frame
            while at is not None and at.caller is not None:
                if at.call is not None:
                    there = CallKey(at.caller.function, at.call)
                    found.setdefault(there, []).append((origin, around))
                at = at.caller
        return found


class _Walk:
    """Goes on from ways that are as long, one step further each time."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self.seen: set[Origin] = set()

    def __call__(self, level: Mapping[Origin, Part | Start]) -> Iterable[_Step]:
        back = [step for step in steps(level, self._ways.returning) if step[0] not in self.seen]
        if not back:
            return steps(level, lambda demand, _: self._ways.onward(demand))
        nearest = self._ways.nearest({each: around for each, around, _ in back})
        self.seen.update(nearest)
        return [step for step in back if step[0] in nearest]


def _entering(level: Mapping[Origin, Part]) -> Part | None:
    """Return the one way to all who ask, which comes to a function there; else None."""
    way = next(iter(level.values()))
    is_one = all(part is way for part in level.values())
    return way if is_one and way.origin.via is not None else None


def _is_at_sink(level: Mapping[Origin, object]) -> bool:
    return any(isinstance(origin.asker, int) for origin in level)


_Step = tuple["Origin", "Around", Part | Start]


def steps(
    level: Mapping[Origin, Part | Start],
    ask: Callable[[Demand, Part | Start], Mapping[Origin, Around]],
) -> Iterator[_Step]:
    """Yield how parts of a way go on: who asked, from inside which text, and the part before."""
    for origin, part in level.items():
        if not isinstance(origin.asker, int):
            for each, around in ask(origin.asker, part).items():
                yield each, around, part


def _keep_better(parts: dict[_T, Part], key: _T, part: Part) -> None:
    known = parts.get(key)
    if known is None or (known is not part and part.is_better(known)):
        parts[key] = part


def _least(askers: Iterable[_Asker], measure: Callable[[_Asker], int | _Rank]) -> frozenset[_Asker]:
    """Return those of some askers that measure least."""
    measured = {asker: measure(asker) for asker in askers}
    least = min(measured.values())
    return frozenset([asker for asker, found in measured.items() if found == least])


def _asked_by(
    askers: Collection[_Asker], origins: Mapping[Origin, Around]
) -> Mapping[Origin, Around]:
    """Return those of `origins` that some ask from."""
    return {each: around for each, around in origins.items() if each.asker in askers}

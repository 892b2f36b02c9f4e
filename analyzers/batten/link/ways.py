"""The way from a hole to the sink: the calls on it, and the text that comes together there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from batten.link import frames
from batten.link.entities import Frame, Known, Open, Routine
from batten.link.index import CallKey, is_test
from batten.link.shown import Text
from batten.link.sinks import UNTOLD, verbs
from batten.values.combine import choice
from batten.values.immutable import immutable
from batten.values.terms import Attribute, Choice, Const, Param, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from batten.link.entities import Entity
    from batten.link.index import FunctionKey
    from batten.link.point import Around, Demand, Origin
    from batten.link.resolve import Resolver
    from batten.link.shown import Shown
    from batten.link.sinks import FoundSink
    from batten.values.terms import Value


_T = TypeVar("_T")


@immutable
class Way:
    """How a hole's text gets to its nearest sink: `calls` hand it on, the first ones first.

    `text` is the whole text that is sent, around the hole. `method` is the HTTP verb.
    """

    sink: FoundSink
    calls: tuple[CallKey, ...]
    text: Text
    method: str


class _Part:
    """A way up to one of those who ask: what was passed last, and the part before that.

    `calls` hand the text on, to the functions that are `entered`. `is_lost` tells that what one
    of these returns goes on with another caller, who is not on the way. `in_tests` tells how
    much of the way is in tests: what they put together is not what is sent. Texts and frames
    cost time and decide only between ways that are alike, so they come late.
    """

    def __init__(
        self, ways: Ways, before: _Part | None, origin: Origin | None, around: Around
    ) -> None:
        self._ways = ways
        self._before = before
        self._origin = origin
        self._around = around
        self.calls: tuple[CallKey, ...] = before.calls if before is not None else ()
        self.in_tests: int = before.in_tests if before is not None else 0
        self.entered: tuple[FunctionKey, ...] = before.entered if before is not None else ()
        self.is_lost: bool = before is not None and before.is_lost
        if origin is not None and not isinstance(origin.asker, int):
            self.in_tests += is_test(origin.asker.frame.function.path)
            if origin.via is not None:
                self.calls = (*self.calls, origin.via)
            elif before is not None and ways.is_lost(origin.asker, before):
                self.is_lost = True
            # A function that calls itself returns to itself, and then to others.
            inner = origin.via is not None and origin.via.function == origin.called
            if origin.called is not None and not inner:
                self.entered = (*self.entered, origin.called)

    @cached_property
    def text(self) -> Text:
        """The text around the hole, as far as the way goes."""
        if self._before is None:
            return Text()
        inner = self._before.text
        return inner.inside(self._ways.shown.sent(self._around, self._before.frame))

    @cached_property
    def extras(self) -> int:
        """How many texts on the way show what callers need not give."""
        if self._before is None:
            return 0
        return self._before.extras + self._ways.shown.has_extras(self._around)

    @cached_property
    def frame(self) -> Frame:
        """The function that the way has come to, with what it is given on the way."""
        if self._before is None or self._origin is None:
            raise ValueError("a way begins in a function")
        frame, origin = self._before.frame, self._origin
        if isinstance(origin.asker, int):
            return frame
        if origin.via is None or origin.called is None:
            return _goes_on(frame, origin.asker.frame)
        via = origin.via
        caller = frame if frame.function == via.function else Frame(via.function)
        return frames.called(origin.called, via.call, caller, self._ways.resolver)

    def is_better(self, other: _Part) -> bool:
        """Tell whether this is the way to show, of two that are as long."""
        mine, others = (self.in_tests, self.calls), (other.in_tests, other.calls)
        if mine != others:
            return mine < others
        if self.extras != other.extras:
            return self.extras < other.extras
        return self.text.rank > other.text.rank


class _Start(_Part):
    def __init__(self, ways: Ways, frame: Frame) -> None:
        super().__init__(ways, None, None, ())
        self.frame = frame


class Ways:
    """The ways of one program's holes."""

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
        self.shown = shown
        self.resolver = resolver
        self._asked_by = asked_by
        self._distance = distance

    def shortest(self, frame: Frame, origins: Mapping[Origin, Around]) -> Way:
        """Return the way of a hole of `frame` to the nearest sink, the same in every order."""
        start = _Start(self, frame)
        level = {each: _Part(self, start, each, origins[each]) for each in self._nearest(origins)}
        while not any(isinstance(origin.asker, int) for origin in level):
            above: dict[Origin, _Part] = {}
            askers = [
                (each, around, part)
                for origin, part in level.items()
                if not isinstance(origin.asker, int)
                for each, around in self._asked_by(origin.asker).items()
            ]
            # A helper that many call returns to the one who called it on this way.
            askers = [each for each in askers if self._comes_back(each[0], each[2])] or askers
            nearest = set(self._nearest(each for each, _, _ in askers))
            for each, around, part in askers:
                if each in nearest:
                    _keep_better(above, each, _Part(self, part, each, around))
            level = above
        reached: dict[int, _Part] = {}
        for origin, part in level.items():
            if isinstance(origin.asker, int):
                _keep_better(reached, origin.asker, part)
        return self._way(reached)

    def _comes_back(self, origin: Origin, part: _Part) -> bool:
        """Tell whether a text that was handed to a function comes back to where it was called."""
        if not part.calls:
            return False
        asker = origin.asker
        if isinstance(asker, int):
            sender = self._sinks[asker].call.function
            return any(call.function == sender for call in part.calls)
        calls = set(part.calls)
        value = asker.value
        if isinstance(value, Result) and CallKey(asker.frame.function, value.call) in calls:
            return True
        at: Frame | None = asker.frame
        while at is not None and at.caller is not None:
            if at.call is not None and CallKey(at.caller.function, at.call) in calls:
                return True
            at = at.caller
        return False

    def is_lost(self, asker: Demand, part: _Part) -> bool:
        """Tell whether a function that a text was handed to returns it to somebody else here."""
        value = asker.value
        if not part.entered or not isinstance(value, Result):
            return False
        here = CallKey(asker.frame.function, value.call)
        if here in part.calls or part.is_lost:
            return False
        call = self.resolver.index.call(here)
        return any(
            isinstance(callee, Routine) and callee.key in part.entered
            for callee in self.resolver.callees(call, Frame(here.function))
        )

    def _nearest(self, origins: Iterable[Origin]) -> list[Origin]:
        """Return those of `origins` from which it is not farther to a sink than from others."""
        distances = {origin: self._distance(origin.asker) for origin in origins}
        least = min(distances.values())
        return [origin for origin, distance in distances.items() if distance == least]

    def with_credentials(self, frame: Frame, origins: Mapping[Origin, Around]) -> Way:
        """Return the way to the nearest sink that tells who asks, or else to the nearest."""
        levels = list(self._reached(frame, origins))
        for level in levels:
            telling = {n: part for n, part in level.items() if self._sinks[n].credentials}
            if telling:
                return self._way(telling)
        return self._way(levels[0])

    def _reached(
        self, frame: Frame, origins: Mapping[Origin, Around]
    ) -> Iterator[dict[int, _Part]]:
        """Yield the ways to sinks, those to the nearest first."""
        start = _Start(self, frame)
        level = {origin: _Part(self, start, origin, text) for origin, text in origins.items()}
        seen = set(level)
        while level:
            reached: dict[int, _Part] = {}
            above: dict[Origin, _Part] = {}
            for origin, part in level.items():
                if isinstance(origin.asker, int):
                    _keep_better(reached, origin.asker, part)
                    continue
                for asker, around in self._asked_by(origin.asker).items():
                    if asker not in seen:
                        _keep_better(above, asker, _Part(self, part, asker, around))
            seen.update(above)
            level = above
            if reached:
                yield reached

    def _way(self, reached: Mapping[int, _Part]) -> Way:
        number = min(reached, key=lambda number: (self._sinks[number].call, number))
        sink, part = self._sinks[number], reached[number]
        method = UNTOLD if part.is_lost else self._method(sink, part.frame)
        return Way(sink, part.calls, part.text, method)

    def _method(self, sink: FoundSink, frame: Frame) -> str:
        """Return the HTTP verb, following a parameter that holds it back along the way."""
        given = sink.given_method
        here = sink.call.function
        inside = frame if frame.function == here else Frame(here)
        if given is None:
            if sink.method != UNTOLD:
                return sink.method
            called = self.resolver.index.call(sink.call).function
            told = verbs(map(self.resolver.model, self.resolver.resolve(called, inside)))
            return next(iter(told)) if len(told) == 1 else UNTOLD
        entities = self._verbs(self._before_upper(given.value, inside), inside)
        known = _texts(entities)
        if known:
            return min(known).upper()
        for entity in entities:
            if isinstance(entity, Open) and isinstance(entity.value, Param):
                function = self.resolver.index.function(entity.frame.function)
                for parameter in function.parameters:
                    if parameter.name == entity.value.name and isinstance(parameter.default, Const):
                        return str(parameter.default.value or sink.method).upper()
        return f"{{{given.name}}}" if "method" in given.name or "verb" in given.name else UNTOLD

    def _verbs(self, value: Value, frame: Frame) -> tuple[Entity, ...]:
        """Return what a verb may be: what the way gives, before what a branch sets in its place."""
        if isinstance(value, Choice):
            given = [each for each in value.alternatives if not isinstance(each, Const)]
            entities = self.resolver.resolve(choice(given), frame) if given else ()
            if _texts(entities):
                return entities
        return self.resolver.resolve(value, frame)

    def _before_upper(self, value: Value, frame: Frame) -> Value:
        """Return the text that `value` writes in upper case, or else `value` itself."""
        if isinstance(value, Result):
            function = self.resolver.index.function(frame.function).calls[value.call].function
            if isinstance(function, Attribute) and function.name in ("upper", "lower"):
                return function.base
        return value


def _texts(entities: Iterable[Entity]) -> list[str]:
    """Return those that are a text which is known."""
    return [
        entity.value.value
        for entity in entities
        if isinstance(entity, Known)
        and isinstance(entity.value, Const)
        and isinstance(entity.value.value, str)
    ]


def _goes_on(way: Frame, frame: Frame) -> Frame:
    """Return the frame of a way that goes on in `frame`."""
    at = frame
    while at.function != way.function:
        if at.caller is None:
            return Frame(at.function)
        at = at.caller
    return way


def _keep_better(parts: dict[_T, _Part], key: _T, part: _Part) -> None:
    known = parts.get(key)
    if known is None or part.is_better(known):
        parts[key] = part

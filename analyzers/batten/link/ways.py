"""The way from a hole to the sink: the calls on it, and the text that comes together there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.link import frames
from batten.link.entities import Frame, Known, Open
from batten.link.index import is_test
from batten.link.shown import Text
from batten.values.terms import Attribute, Const, Param, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.link.index import CallKey
    from batten.link.point import Around, Demand, Origin
    from batten.link.resolve import Resolver
    from batten.link.shown import Shown
    from batten.link.sinks import FoundSink
    from batten.values.terms import Value


@dataclass(frozen=True, slots=True)
class Way:
    """How a hole's text gets to its nearest sink: `calls` hand it on, the first ones first.

    `text` is the whole text that is sent, around the hole. `method` is the HTTP verb.
    """

    sink: FoundSink
    calls: tuple[CallKey, ...]
    text: Text
    method: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A way up to one of those who ask; `frame` is the function that it has come to.

    `in_tests` tells how much of it is in tests: what they put together is not what is sent.
    """

    calls: tuple[CallKey, ...]
    text: Text
    frame: Frame
    in_tests: int = 0

    @property
    def rank(self) -> tuple[int, tuple[CallKey, ...], int, str, str]:
        length, before, after = self.text.rank
        return (self.in_tests, self.calls, -length, before, after)


class Ways:
    """The ways of one program's holes."""

    def __init__(
        self,
        sinks: tuple[FoundSink, ...],
        shown: Shown,
        resolver: Resolver,
        asked_by: Callable[[Demand], Mapping[Origin, Around]],
    ) -> None:
        """Make ways; `asked_by` tells who asked a demand, from inside which text."""
        self._sinks = sinks
        self._shown = shown
        self._resolver = resolver
        self._asked_by = asked_by

    def shortest(self, frame: Frame, origins: Mapping[Origin, Around]) -> Way:
        """Return the way of a hole of `frame` to the nearest sink, the same in every order."""
        start = _Part((), Text(), frame)
        level = {origin: self._passed(start, origin, text) for origin, text in origins.items()}
        reached: list[tuple[CallKey, int, _Part]] = []
        seen = set(level)
        while level and not reached:
            above: dict[Origin, _Part] = {}
            for origin, part in level.items():
                if isinstance(origin.asker, int):
                    reached.append((self._sinks[origin.asker].call, origin.asker, part))
                    continue
                for asker, around in self._asked_by(origin.asker).items():
                    if asker in seen:
                        continue
                    more = self._passed(part, asker, around)
                    known = above.get(asker)
                    if known is None or more.rank < known.rank:
                        above[asker] = more
            seen.update(above)
            level = above
        _, number, part = min(reached, key=lambda each: (*each[:2], each[2].rank))
        sink = self._sinks[number]
        return Way(sink, part.calls, part.text, self._method(sink, part.frame))

    def _passed(self, part: _Part, origin: Origin, around: Around) -> _Part:
        """Return a way that goes on through a text, and the call that hands that on."""
        text = part.text.inside(self._shown.sent(around, part.frame)) if around else part.text
        frame = part.frame
        if isinstance(origin.asker, int):
            return _Part(part.calls, text, frame, part.in_tests)
        in_tests = part.in_tests + is_test(origin.asker.frame.function.path)
        if origin.via is None or origin.called is None:
            return _Part(part.calls, text, _goes_on(frame, origin.asker.frame), in_tests)
        via = origin.via
        caller = frame if frame.function == via.function else Frame(via.function)
        inside = frames.called(origin.called, via.call, caller, self._resolver)
        return _Part((*part.calls, via), text, inside, in_tests)

    def _method(self, sink: FoundSink, frame: Frame) -> str:
        """Return the HTTP verb, following a parameter that holds it back along the way."""
        given = sink.given_method
        if given is None:
            return sink.method
        here = sink.call.function
        inside = frame if frame.function == here else Frame(here)
        entities = self._resolver.resolve(self._before_upper(given.value, inside), inside)
        known = [
            entity.value.value.upper()
            for entity in entities
            if isinstance(entity, Known)
            and isinstance(entity.value, Const)
            and isinstance(entity.value.value, str)
        ]
        if known:
            return min(known)
        for entity in entities:
            if isinstance(entity, Open) and isinstance(entity.value, Param):
                function = self._resolver.index.function(entity.frame.function)
                for parameter in function.parameters:
                    if parameter.name == entity.value.name and isinstance(parameter.default, Const):
                        return str(parameter.default.value or sink.method).upper()
        return f"{{{given.name or 'method'}}}"

    def _before_upper(self, value: Value, frame: Frame) -> Value:
        """Return the text that `value` writes in upper case, or else `value` itself."""
        if isinstance(value, Result):
            function = self._resolver.index.function(frame.function).calls[value.call].function
            if isinstance(function, Attribute) and function.name in ("upper", "lower"):
                return function.base
        return value


def _goes_on(way: Frame, frame: Frame) -> Frame:
    """Return the frame of a way that goes on in `frame`."""
    at = frame
    while at.function != way.function:
        if at.caller is None:
            return Frame(at.function)
        at = at.caller
    return way

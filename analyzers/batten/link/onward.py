"""How ways go on from where a function is entered: the same for all holes that come there.

A wrapper that a hundred methods call hands all their texts on alike. So the way from its
parameters to the sink is looked for once, as if nothing were known of what it is given, and each
hole adds what it brings: its calls, its text, what it gives. Where that decides how the way goes
on, `fits` tells so, and the way has to be looked for from the hole itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from batten.link import frames
from batten.link.point import Origin
from batten.link.sent_verb import sent_verb, told_verb, verb_asked
from batten.link.shown import Text
from batten.link.sinks import UNTOLD
from batten.link.way import MAX_GIVEN, Part, Start, Way, gone_on, returning
from batten.values.immutable import immutable
from batten.values.terms import Param

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from batten.link.entities import Frame
    from batten.link.index import CallKey, FunctionKey
    from batten.link.point import Around, Demand
    from batten.link.resolve import Resolver
    from batten.link.shown import Shown
    from batten.link.sinks import FoundSink

    Step = tuple[Origin, Around, Part | Start]
    Meeting = CallKey | FunctionKey

_T = TypeVar("_T")


class _Turn(NamedTuple):
    """A step of the way: from which point on it, to whom, inside which text.

    `outer` is that text around the hole; None when it depends on what the function is given.
    """

    point: int
    origin: Origin
    around: Around
    outer: Text | None


@immutable
class Onward:
    """The way from a function that is entered to the nearest sink.

    Its points have numbers: 0 is the function, and `turns` are the steps to 1, to 2 and so on. Of
    several to a point that is taken which has the longest text. `end` is the sink's. `verb` is the
    HTTP verb, or the parameter of the function that holds it; None, as texts may be, until it is
    known what is given. `meets` are calls and functions that a way must not come from, and
    `returning` functions that it must not have entered.
    """

    sink: FoundSink
    calls: tuple[CallKey, ...]
    is_lost: bool
    turns: tuple[tuple[_Turn, ...], ...]
    end: int
    verb: str | Param | None
    meets: frozenset[Meeting]
    returning: frozenset[FunctionKey]

    def fits(self, way: Part) -> bool:
        """Tell whether a way to the function goes on like this."""
        return (
            self.meets.isdisjoint(way.calls)
            and self.returning.isdisjoint(way.entered)
            and not any(call.function in self.meets for call in way.calls)
            and way.frame.depth + len(self.calls) < MAX_GIVEN
        )

    def given(self, frame: Frame, shown: Shown) -> Onward:
        """Return the way with what the function is given in a frame of it."""
        points = [frame]
        turns: list[tuple[_Turn, ...]] = []
        for each in self.turns:
            turns.append(
                tuple(
                    turn._replace(outer=shown.sent(turn.around, points[turn.point]))
                    if turn.outer is None
                    else turn
                    for turn in each
                )
            )
            # It is the same on all of them.
            points.append(gone_on(points[each[0].point], each[0].origin, shown.resolver))
        verb = UNTOLD if self.is_lost else sent_verb(self.sink, points[self.end], shown.resolver)
        return replace(self, turns=tuple(turns), verb=verb)

    def after(self, way: Part, resolver: Resolver) -> Way:
        """Return the way of a hole to the sink, by its way to the function."""
        texts = [way.text]
        for turns in self.turns:
            found = [texts[turn.point].inside(turn.outer) for turn in turns if turn.outer]
            texts.append(max(found, key=_rank) if len(found) > 1 else found[0])
        if self.is_lost or way.is_lost:
            verb = UNTOLD
        elif isinstance(self.verb, Param):
            verb = told_verb(self.sink, resolver.resolve(self.verb, way.frame), resolver)
        else:
            verb = self.verb or UNTOLD
        return Way(self.sink, (*way.calls, *self.calls), texts[self.end], verb)


def _rank(text: Text) -> tuple[int, str, str]:
    return text.rank


class Search:
    """A search for the way from a function that is entered to the nearest sink.

    `follow` goes one step further from all points that are as far, and `meets` tells at which
    calls and in which functions those who ask a demand depend on where the way comes from.
    """

    def __init__(
        self,
        shown: Shown,
        sinks: Mapping[int, FoundSink],
        follow: Callable[[Mapping[Origin, Part | Start]], Iterable[Step]],
        meets: Callable[[Demand], Iterable[Meeting]],
    ) -> None:
        self._shown = shown
        self._resolver = shown.resolver
        self._sinks = sinks
        self._follow = follow
        self._meets = meets
        # The parts in the order of their distance; the other ways to a point, which are as good
        # but for the text.
        self._numbers: dict[Part, int] = {}
        self._rivals: dict[Part, list[Part]] = {}
        self._is_decided = True

    def found(self, askers: Iterable[Demand], top: Frame) -> Onward | None:
        """Return the way from those who ask in `top`; None when it is not the same for all."""
        level: Mapping[Origin, Part | Start] = dict.fromkeys(map(Origin, askers), Start(top))
        meets: set[Meeting] = set()
        returned: set[FunctionKey] = set()
        while not any(isinstance(origin.asker, int) for origin in level):
            for origin in level:
                if not isinstance(origin.asker, int):
                    meets.update(self._meets(origin.asker))
            above: dict[Origin, Part] = {}
            for origin, around, before in self._follow(level):
                if origin.via is None and not isinstance(origin.asker, int):
                    returned |= returning(origin.asker, self._resolver)
                part = Part(self._shown, before, origin, around)
                if len(part.calls) >= MAX_GIVEN:
                    return None
                self._numbers[part] = len(self._numbers)
                self._keep_better(above, origin, part)
            level = above
        ends: dict[int, Part] = {}
        for origin, each in level.items():
            if isinstance(origin.asker, int) and isinstance(each, Part):
                self._keep_better(ends, origin.asker, each)
        if not self._is_decided:
            return None
        number = min(ends, key=lambda number: (self._sinks[number].call, number))
        sink, end = self._sinks[number], ends[number]
        steps = self._steps(end)
        texts = {each: self._outer(each, top) for part in steps for each in self._ways_to(part)}
        verb = self._verb(sink, end.frame, top) if None not in texts.values() else None
        turns: list[tuple[_Turn, ...]] = []
        points: dict[Part | Start, int] = {}
        for part in steps:
            found = tuple(
                _Turn(points.get(each.before, 0), each.origin, each.around, texts[each])
                for each in self._ways_to(part)
            )
            if verb is not None and len(found) == 1 and found[0].outer == Text():
                points[part] = found[0].point  # the text stays as it is
            else:
                turns.append(found)
                points[part] = len(turns)
        return Onward(
            sink,
            end.calls,
            end.is_lost,
            tuple(turns),
            points[end],
            verb,
            frozenset(meets),
            frozenset(returned),
        )

    def _keep_better(self, parts: dict[_T, Part], key: _T, part: Part) -> None:
        known = parts.setdefault(key, part)
        if known is part:
            return
        mine, others = (part.in_tests, part.calls), (known.in_tests, known.calls)
        if mine != others:
            if mine < others:
                parts[key] = part
        elif part.extras != known.extras:
            if part.extras < known.extras:
                parts[key] = part
        else:
            # How long the text is in the end decides.
            same = (part.entered, part.is_lost) == (known.entered, known.is_lost)
            self._is_decided = self._is_decided and same and part.frame == known.frame
            rivals = self._rivals.setdefault(known, [])
            rivals += (part, *self._rivals.pop(part, ()))

    def _steps(self, end: Part) -> list[Part]:
        """Return the points on the ways to an end, the last of which it is."""
        needed: dict[Part, None] = {}
        waiting = [end]
        while waiting:
            part = waiting.pop()
            if part not in needed:
                needed[part] = None
                befores = (each.before for each in self._ways_to(part))
                waiting += [each for each in befores if isinstance(each, Part)]
        return sorted(needed, key=self._numbers.__getitem__)

    def _ways_to(self, part: Part) -> tuple[Part, ...]:
        return (part, *self._rivals.get(part, ()))

    def _outer(self, part: Part, top: Frame) -> Text | None:
        """Return the text that a step puts around a hole; None if it depends on what is given."""
        way = part.before.frame
        if not self._is_same_for_all(part.frame, top):
            return None
        for piece in part.around:
            frame = frames.on_way(piece.frame, way, self._resolver)
            if not self._is_same_for_all(frame, top):
                return None
            holes = (each for n, each in enumerate(piece.parts) if n != piece.number)
            for hole in holes:
                if not isinstance(hole, str) and frames.is_given(hole, frame, top, self._resolver):
                    return None
        return self._shown.sent(part.around, way)

    def _is_same_for_all(self, frame: Frame, top: Frame) -> bool:
        """Tell whether the objects whose methods are called do not depend on what is given."""
        at = frame
        while at.caller is not None and at.call is not None:
            callee = self._resolver.index.call_in(at.caller.function, at.call).function
            if frames.is_given(callee, at.caller, top, self._resolver):
                return False
            at = at.caller
        return True

    def _verb(self, sink: FoundSink, frame: Frame, top: Frame) -> str | Param | None:
        """Return the verb, or which parameter of the function holds it; None if neither does."""
        value, at = verb_asked(sink, frame, self._resolver)
        if not self._is_same_for_all(at, top):
            return None
        if not frames.is_given(value, at, top, self._resolver):
            return sent_verb(sink, frame, self._resolver)
        if sink.given_method is None:
            return None
        value, at = frames.given_from(value, at, self._resolver)
        return value if isinstance(value, Param) and at == top else None

"""From each sink back to the values that fill the holes of its text.

A sink's argument is read from left to right with the grammar; a hole is followed back through
assignments, returns, attributes, and, for a parameter, to every caller. Each open term at a
place of the grammar is one demand. A demand is answered by what its terms resolve to and by
other demands; the answers are sets that only grow, worked off a list until none grows any
more. So recursion needs no special case and no result depends on the order of files.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from batten.grammars import url
from batten.link.address_checks import check_of, is_checking_name
from batten.link.arguments import given_argument
from batten.link.arrival import Arrivals
from batten.link.entities import ClassObject, Frame, Instance, Known, Open, Outside
from batten.link.evidence import leaf_of, parameter_leaf, refuses_dots
from batten.link.flow import Leaf, LeafKind
from batten.link.index import last_name
from batten.link.leaves import COMPOSED, OUTWEIGHS_WORDS, PIECE, TOP
from batten.link.point import Demand, Origin, Piece, Point
from batten.link.proofs import proven
from batten.link.query_argument import QueryArguments
from batten.link.reader import Reader
from batten.link.records import Records
from batten.link.replies import Replies
from batten.link.resolve import is_from_elsewhere
from batten.link.shown import Shown
from batten.link.ways import Ways
from batten.values.paths import root, rooted
from batten.values.terms import (
    Attribute,
    Choice,
    Element,
    Format,
    Hole,
    Item,
    Joined,
    Param,
    Refined,
    Result,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from batten.grammars.url import Place
    from batten.link.callers import Callers
    from batten.link.flow import Flow
    from batten.link.index import FunctionKey, Index
    from batten.link.point import Around, Traced
    from batten.link.sinks import FoundSink
    from batten.values.terms import Value

MAX_DEMANDS = 200_000
MAX_BOUND = 3
MAX_CALLERS = 256
MAX_CALLERS_OF_CALLERS = 64


def trace(sinks: Iterable[FoundSink], callers: Callers) -> Traces:
    """Follow each hole that reaches one of the sinks back to what may fill it."""
    tracer = _Tracer(tuple(sinks), callers)
    tracer.run()
    return tracer


class Traces(Protocol):
    """What tracing a program has found, free of positions."""

    def flows(self, index: Index) -> tuple[Flow, ...]:
        """Return a flow for each hole and context, placed by the documents of `index`.

        They must have the shapes that were traced; their texts may have moved since.
        """


@dataclass(slots=True)
class _Answer:
    after: set[Place] = field(default_factory=set)
    leaves: set[Leaf] = field(default_factory=set)
    asked_by: dict[Origin, Around] = field(default_factory=dict)


class _Tracer:
    """The demands of one program and their answers so far."""

    def __init__(self, sinks: tuple[FoundSink, ...], callers: Callers) -> None:
        self._sinks = sinks
        self._callers = callers
        self._resolver = resolver = callers.resolver
        self._index = resolver.index
        self._shown = Shown(callers)
        self._records = Records(self._shown)
        self._replies = Replies(callers)
        self._reader = Reader(
            resolver,
            self._ask,
            self._records.note,
            self._records.note_literal,
            self._bound_frames,
        )
        self._answers: dict[Demand, _Answer] = {}
        self._bound: dict[Frame, tuple[Frame, ...]] = {}
        # New demands first, then the longest waiting: who asked many is answered again when most
        # of what it asked has its answer.
        self._new: list[Demand | int] = []
        self._stale: OrderedDict[Demand | int, None] = OrderedDict()

    def run(self) -> None:
        self._new += range(len(self._sinks))
        self._work()
        stuck = [demand for demand, answer in self._answers.items() if not answer.after]
        for demand in stuck:
            # Only a cycle feeds it: its text is unknown.
            answer = self._answers[demand]
            answer.after.add(url.after_hole(demand.place))
            self._stale.update(dict.fromkeys(origin.asker for origin in answer.asked_by))
        self._work()

    def flows(self, index: Index) -> tuple[Flow, ...]:
        ways = Ways(self._sinks, self._shown, self._resolver, self._asked_by)
        arrivals, queries = Arrivals(self._callers), QueryArguments(self._callers)
        return tuple(self._records.flows(index, ways, arrivals, queries))

    def _asked_by(self, demand: Demand) -> Mapping[Origin, Around]:
        return self._answers[demand].asked_by

    def _bound_frames(self, frame: Frame) -> tuple[Frame, ...]:
        """Return a frame once for each caller of its outermost function.

        A frame whose outermost function has no callers, or too many, or that is deep already,
        stays.
        """
        found = self._bound.get(frame)
        if found is None:
            bound = self._bind(frame) if frame.depth < MAX_BOUND else ()
            most = MAX_CALLERS if frame.caller is None else MAX_CALLERS_OF_CALLERS
            found = self._bound[frame] = bound if 0 < len(bound) <= most else (frame,)
        return found

    def _bind(self, frame: Frame) -> tuple[Frame, ...]:
        if frame.caller is not None:
            outer = self._bound_frames(frame.caller)
            return tuple(replace(frame, caller=each) for each in outer)
        key = frame.function
        return tuple(
            Frame(key, caller.call, Frame(caller.function), receiver)
            for caller in self._callers.callers(key)
            for receiver in self._callers.receivers(key, caller)
        )

    # The work list

    def _work(self) -> None:
        while self._new or self._stale:
            asker = self._new.pop() if self._new else self._stale.popitem(last=False)[0]
            if isinstance(asker, int):
                self._read_sink(asker)
                continue
            answer = self._answers[asker]
            before = (len(answer.after), len(answer.leaves))
            after, leaves = self._answer(asker)
            answer.after |= after
            answer.leaves |= leaves
            if (len(answer.after), len(answer.leaves)) != before:
                self._stale.update(dict.fromkeys(origin.asker for origin in answer.asked_by))

    def _ask(self, demand: Demand, at: Point) -> Traced:
        answer = self._answers.get(demand)
        if answer is None:
            if len(self._answers) >= MAX_DEMANDS:
                return {url.after_hole(demand.place)}, {TOP}
            answer = self._answers[demand] = _Answer()
            self._new.append(demand)
        around = answer.asked_by.setdefault(at.origin, at.around)
        if around is not at.around and around != at.around:
            answer.asked_by[at.origin] = self._shown.longer(around, at.around)
        return answer.after, answer.leaves

    def _read_sink(self, number: int) -> None:
        found = self._sinks[number]
        frame = Frame(found.call.function)
        start = Point(frame, url.start(found.sink.start), "", Origin(number))
        if found.sink.start == "host":
            start = replace(start, around=(Piece(frame, ("http://", found.argument, "/"), 1),))
        self._reader.hole(found.argument, start)
        if found.sink.params is None:
            return
        call = self._index.call(found.call)
        given = given_argument(call, found.sink.params.position, found.sink.params.keyword)
        if given is None:
            return
        address = Hole(found.argument.site, found.argument, "s", "url")
        around = (Piece(frame, (address, "?", given), 2),)
        query = Point(frame, url.Place.QUERY_START, "", Origin(number), around)
        for entity in self._resolver.resolve(given.value, frame):
            # Parameters given as text are sent as they are.
            if isinstance(entity, Known) and isinstance(entity.value, (Template, Format, Joined)):
                self._reader.read(entity.value, query.within(entity.frame))
            elif isinstance(entity, Known):
                self._reader.calls.parameters(entity, query)

    # Demands

    def _answer(self, demand: Demand) -> Traced:
        at = Point(demand.frame, demand.place, demand.following, Origin(demand))
        value = demand.value
        if isinstance(value, Choice):
            return self._reader.read(value, at)
        if isinstance(value, Result):
            called = self._reader.called(value, at)
            if called is not None:
                return self._by_name(value, called, at)
        entities = self._resolver.resolve(value, demand.frame)
        if not entities:
            return at.unknown_end(), {TOP}
        after: set[Place] = set()
        leaves: set[Leaf] = set()
        for entity in entities:
            if isinstance(entity, Known):
                ends, found = self._reader.read(entity.value, at.within(entity.frame))
                if isinstance(value, Result) and PIECE in found:
                    # Put together by the function that was called, not handed to it as a piece.
                    found = {COMPOSED if leaf == PIECE else leaf for leaf in found}
            elif isinstance(entity, Open):
                ends, found = self._open(entity, demand, at)
            elif isinstance(entity, Instance) and (frame := self._text_frame(entity, demand)):
                returns = self._index.function(frame.function).returns
                ends, found = self._reader.read(returns, at.within(frame))
            else:
                leaf = self._time(value, demand.frame) or leaf_of(entity, self._resolver)
                ends, found = at.unknown_end(), {leaf}
            after |= ends
            leaves |= found
        if isinstance(value, Result):
            return self._by_name(value, (after, leaves), at)
        return after, leaves

    def _text_frame(self, instance: Instance, demand: Demand) -> Frame | None:
        """Return the frame of the function that makes the text of an object, if it has one."""
        shown = self._resolver.text_of(instance)
        if shown is not None:
            return Frame(shown, receiver=instance)
        made = self._resolver.text_made_by(instance.key)
        if made is None:
            return None
        if not isinstance(demand.value, Result):
            return Frame(made)
        receiver = ClassObject(instance.key)
        return self._resolver.results.frame_of_call(made, receiver, demand.value.call, demand.frame)

    def _time(self, value: Value, frame: Frame) -> Leaf | None:
        """Return the leaf of a time that is formatted, whatever it is the time of."""
        if isinstance(value, Result):
            call = self._index.function(frame.function).calls[value.call]
            if last_name(call.function) in ("isoformat", "strftime"):
                return Leaf(LeafKind.IDENTIFIER, "is a formatted time", is_text=True)
        return None

    def _by_name(self, value: Result, read: Traced, at: Point) -> Traced:
        """Note that an address came out of a function that checks it (`validated(url)`)."""
        call = self._index.function(at.frame.function).calls[value.call]
        if not is_checking_name(last_name(call.function)):
            return read
        return read[0], {
            replace(leaf, checked=True) if leaf.kind is LeafKind.CONTROLLED else leaf
            for leaf in read[1]
        }

    def _open(self, entity: Open, demand: Demand, at: Point) -> Traced:
        after, leaves = self._open_term(entity, demand, at)
        if isinstance(entity.value, Refined) and refuses_dots(entity.value.facts):
            leaves = {replace(leaf, undotted=True) for leaf in leaves}
        return after, leaves

    def _open_term(self, entity: Open, demand: Demand, at: Point) -> Traced:
        value = entity.value
        elsewhere = (value, entity.frame) != (demand.value, demand.frame)
        if elsewhere and isinstance(value, (Param, Result)):
            return self._ask(replace(demand, value=value, frame=entity.frame), at)
        inner = value
        if isinstance(inner, Refined):
            return self._guarded(inner, entity, at)
        if isinstance(inner, Element):
            escape = self._reader.collected.mapped_escape(inner.base, entity.frame)
            if escape is not None:
                return at.unknown_end(), {escape}
        if isinstance(inner, Param):
            return self._parameter(inner.name, entity, at, of_items=False)
        if isinstance(inner, (Element, Item)) and isinstance(inner.base, Param):
            if isinstance(inner, Item):
                return self._entry(inner, entity, at)
            return self._parameter(inner.base.name, entity, at, of_items=True)
        if isinstance(inner, Attribute):
            given = self._given_member(inner, entity.frame, at)
            if given is not None:
                return given
        if isinstance(inner, (Attribute, Item)):
            return at.unknown_end(), self._part(inner, entity, at)
        return at.unknown_end(), {self._leaf(entity)}

    def _leaf(self, entity: Open) -> Leaf:
        """Return the grade of a value that stays open, asking callers where it is taken from."""
        if self._replies.bring(entity.value, entity.frame):
            return Leaf(LeafKind.IDENTIFIER, "comes out of a server's reply")
        return leaf_of(entity, self._resolver)

    def _given_member(self, member: Attribute, frame: Frame, at: Point) -> Traced | None:
        """Read an attribute of an object that callers give (`request.path`); None if unknown."""
        traced: list[Traced] = []
        for found in self._callers.members_given(member, frame):
            if isinstance(found, Known):
                traced.append(self._reader.read(found.value, at.within(found.frame)))
            elif isinstance(found, Open) and (found.value, found.frame) != (member, frame):
                demand = replace(at.demand(found.value), frame=found.frame)
                traced.append(self._ask(demand, at))
        if not traced:
            return None
        ends = set().union(*(places for places, _ in traced))
        return ends or at.unknown_end(), set().union(*(leaves for _, leaves in traced))

    def _part(self, value: Value, entity: Open, at: Point) -> set[Leaf]:
        """Return what a part of a parameter is (`args.name`): whoever chose what callers give."""
        own = self._leaf(entity)
        parameter = root(value)
        if parameter is None or own.kind not in (LeafKind.UNKNOWN, LeafKind.IDENTIFIER):
            return {own}
        key = entity.frame.function
        given_at_all = False
        found: set[Leaf] = set()
        for caller in self._callers.callers(key):
            given = self._callers.argument(key, parameter.name, caller)
            if given is not None and caller.function != key:
                given_at_all = True
                term = rooted(value, given.value)
                demand = Demand(term, Frame(caller.function), at.place, at.following)
                origin = replace(at.origin, via=caller, called=key)
                found |= self._ask(demand, replace(at, origin=origin))[1]
        if not given_at_all or self._is_circle(key):
            found.add(own)
        vague = (LeafKind.UNKNOWN, LeafKind.IDENTIFIER)
        return {own if leaf.kind in vague else leaf for leaf in found}

    def _guarded(self, value: Refined, entity: Open, at: Point) -> Traced:
        """Read a value of which guards have proved something; proofs weigh most."""
        found = proven(value.facts, entity.frame, self._resolver)
        if found is not None:
            return at.unknown_end(), {found}
        if isinstance(entity.receiver, Outside):
            ends, leaves = at.unknown_end(), {leaf_of(entity.receiver, self._resolver)}
        elif is_from_elsewhere(entity.receiver, entity.frame):
            inner = entity.receiver
            if isinstance(inner.value, Refined):
                ends, leaves = self._guarded(inner.value, inner, at)
            else:
                demand = Demand(inner.value, inner.frame, at.place, at.following)
                ends, leaves = self._ask(demand, at)
        else:
            demand = Demand(value.value, entity.frame, at.place, at.following)
            ends, leaves = self._ask(demand, at)
        check = check_of(value.facts, entity.frame, self._resolver)
        return ends, {
            replace(leaf, checked=leaf.checked or check.enough, doubt=check.but or leaf.doubt)
            if leaf.kind is LeafKind.CONTROLLED
            else leaf
            for leaf in leaves
        }

    def _is_circle(self, key: FunctionKey) -> bool:
        """Tell whether a function is called only by functions that it calls itself."""
        callers = {caller.function for caller in self._callers.callers(key)}
        return all(
            any(above.function == key for above in self._callers.callers(caller))
            for caller in callers
        )

    def _entry(self, item: Item, entity: Open, at: Point) -> Traced:
        """Read an entry of a parameter: its annotation tells of its entries, too."""
        function = self._index.function(entity.frame.function)
        for parameter in function.parameters:
            if item.base == Param(parameter.name) and parameter.annotation is not None:
                told = parameter_leaf(parameter, entity.frame, self._resolver, of_items=True)
                if told is not None and told.kind is LeafKind.HARMLESS:
                    return at.unknown_end(), {told}
        return at.unknown_end(), self._part(item, entity, at)

    def _parameter(self, name: str, entity: Open, at: Point, *, of_items: bool) -> Traced:
        """Ask every caller what it gives; the parameter's own evidence weighs more."""
        key = entity.frame.function
        parameters = self._index.function(key).parameters
        parameter = next((each for each in parameters if each.name == name), None)
        after: set[Place] = set()
        leaves: set[Leaf] = set()
        given_at_all, only_left_out = False, True
        for caller in self._callers.callers(key):
            given = self._callers.argument(key, name, caller)
            there = replace(at, origin=replace(at.origin, via=caller, called=key))
            left_out = False
            if given is not None:
                there = there.within(Frame(caller.function))
            elif parameter is not None and parameter.default is not None:
                given, there = Hole(0, parameter.default, "s", name), there.within(Frame(key))
                left_out = True
            else:
                continue
            given_at_all = given_at_all or caller.function != key
            only_left_out = only_left_out and left_out
            if of_items:
                ends, found = self._reader.items(given.value, there)
            else:
                ends, found = self._reader.given(given, there)
            after |= ends
            leaves |= found
        if not given_at_all and parameter and parameter.default and at.place is url.Place.START:
            # Nobody calls it here: those who do elsewhere may leave the address as it is.
            self._reader.read(parameter.default, at.within(Frame(key)))
        told = parameter and (
            parameter_leaf(parameter, entity.frame, self._resolver, of_items=of_items)
        )
        if told:
            weighty = {leaf for leaf in leaves if leaf.kind in OUTWEIGHS_WORDS}
            return after | at.unknown_end(), {told} | weighty
        if given_at_all:
            nobody_gives = only_left_out and not self._index.function(key).name.startswith("_")
            if nobody_gives or self._is_circle(key):
                # What is never given inside is there for callers outside; and where only the
                # circle itself calls, what enters it from outside is not known.
                return after | at.unknown_end(), leaves | {leaf_of(entity, self._resolver)}
            return after, leaves
        return at.unknown_end(), {leaf_of(entity, self._resolver)}

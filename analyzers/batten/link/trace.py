"""From each sink back to the values that fill the holes of its text.

A sink's argument is read from left to right with the grammar; a hole is followed back through
assignments, returns, attributes, and, for a parameter, to every caller. Each open term at a
place of the grammar is one demand. A demand is answered by what its terms resolve to and by
other demands; the answers are sets that only grow, worked off a list until none grows any
more. So recursion needs no special case and no result depends on the order of files.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from batten.grammars import url
from batten.link.entities import ExternalMethod, Frame, Known, Open, Routine
from batten.link.evidence import is_identifier_name, leaf_of, parameter_leaf
from batten.link.flow import Flow, Leaf, LeafKind, SinkUse, Site
from batten.link.resolve import given_argument, passed_values
from batten.summarize.expressions import SAME_TEXT, spread_arguments
from batten.values.formatting import filled
from batten.values.terms import (
    Attribute,
    Bag,
    Choice,
    Computed,
    Const,
    Division,
    Element,
    Format,
    Hole,
    Joined,
    Name,
    Param,
    Refined,
    Result,
    Sequence,
    Template,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.grammars.url import Context, Place
    from batten.link.index import CallKey, FunctionKey
    from batten.link.resolve import Resolver
    from batten.link.sinks import FoundSink
    from batten.models.model import CallModel
    from batten.summarize.summary import Call

MAX_LEAVES = 32
MAX_DEMANDS = 200_000


@dataclass(frozen=True, slots=True)
class Demand:
    """What may this open term be, when its text begins at this place of the grammar?

    `following` stands for the text behind it (see `_tail`).
    """

    value: Value
    frame: Frame
    place: Place
    following: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asks: a demand, or a sink by its number; `via` is the call that binds the parameter."""

    asker: Demand | int
    via: CallKey | None = None


@dataclass(slots=True)
class _Answer:
    after: set[Place] = field(default_factory=set)
    leaves: set[Leaf] = field(default_factory=set)
    asked_by: set[Origin] = field(default_factory=set)


@dataclass(slots=True)
class _Record:
    hole: Hole
    joined: Joined | None
    before: str
    after: str
    leaves: set[Leaf] = field(default_factory=set)
    origins: set[Origin] = field(default_factory=set)


Traced = tuple[set["Place"], set[Leaf]]


class Tracer:
    """Traces the sinks of one program."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._index = resolver.index
        self._answers: dict[Demand, _Answer] = {}
        self._waiting: list[Demand] = []
        self._records: dict[tuple[FunctionKey, int, Place, Context], _Record] = {}
        self._sinks: tuple[FoundSink, ...] = ()

    def flows(self, sinks: Iterable[FoundSink]) -> tuple[Flow, ...]:
        """Return a flow for each hole and context that reaches one of the sinks."""
        self._sinks = tuple(sinks)
        self._work()
        stuck = [demand for demand, answer in self._answers.items() if not answer.after]
        if stuck:
            # Only a cycle feeds these: their text is unknown.
            for demand in stuck:
                self._answers[demand].after.add(url.after_hole(demand.place))
            self._waiting += stuck
            self._work()
            self._trace_sinks()
            self._drain()
        return tuple(self._flow(key, record) for key, record in self._records.items())

    # The work list

    def _work(self) -> None:
        self._trace_sinks()
        self._drain()

    def _trace_sinks(self) -> None:
        for number, found in enumerate(self._sinks):
            self._trace_sink(number, found)

    def _trace_sink(self, number: int, found: FoundSink) -> None:
        frame = Frame(found.call.function)
        origin = Origin(number)
        self._hole(found.argument, frame, url.start(found.sink.start), "", origin, "", "")
        if found.sink.params is not None:
            call = self._index.call(found.call)
            given = given_argument(call, found.sink.params.position, found.sink.params.keyword)
            if given is not None:
                for entity in self._resolver.resolve(given.value, frame):
                    if isinstance(entity, Known) and isinstance(
                        entity.value, (Template, Format, Joined)
                    ):
                        self._trace(entity.value, entity.frame, url.Place.QUERY_START, "", origin)

    def _drain(self) -> None:
        sinks: set[int] = set()
        while self._waiting or sinks:
            if not self._waiting:
                number = sinks.pop()
                self._trace_sink(number, self._sinks[number])
                continue
            demand = self._waiting.pop()
            answer = self._answers[demand]
            before = (len(answer.after), len(answer.leaves))
            after, leaves = self._answer(demand)
            answer.after |= after
            answer.leaves |= leaves
            if (len(answer.after), len(answer.leaves)) != before:
                for origin in answer.asked_by:
                    if isinstance(origin.asker, int):
                        sinks.add(origin.asker)
                    else:
                        self._waiting.append(origin.asker)

    def _ask(self, demand: Demand, origin: Origin) -> Traced:
        answer = self._answers.get(demand)
        if answer is None:
            if len(self._answers) >= MAX_DEMANDS:
                return {url.after_hole(demand.place)}, {_TOP}
            answer = self._answers[demand] = _Answer()
            self._waiting.append(demand)
        answer.asked_by.add(origin)
        return answer.after, answer.leaves

    # Terms

    def _trace(
        self, value: Value, frame: Frame, place: Place, following: str | None, origin: Origin
    ) -> Traced:
        """Read a term that begins at `place`; return where it ends and what values it is."""
        match value:
            case Const(content):
                if isinstance(content, str):
                    leaf = _PIECE if "/" in content else _CONSTANT
                    return {url.advance(place, content)}, {leaf}
                return {url.after_hole(place)}, {_CONSTANT}
            case Template(parts):
                composed = any(isinstance(part, str) and "/" in part for part in parts)
                ends = self._template(parts, frame, place, following, origin)
                return ends, {_PIECE} if composed else set()
            case Hole():
                return self._hole(value, frame, place, following, origin, "", ""), set()
            case Joined():
                return self._joined(value, frame, place, following, origin, None), set()
            case Format():
                return self._format(value, frame, place, following, origin)
            case Division(left, right):
                return self._template((left, "/", right), frame, place, following, origin), set()
            case Choice(alternatives):
                after: set[Place] = set()
                leaves: set[Leaf] = set()
                for each in alternatives:
                    ends, found = self._trace(each, frame, place, following, origin)
                    after |= ends
                    leaves |= found
                return after, leaves
            case Unknown(holes):
                for hole in holes:
                    self._hole(hole, frame, place, following, origin, "", "")
                return {url.after_hole(place)}, set() if holes else {_TOP}
            case Computed():
                return {url.after_hole(place)}, {leaf_of(Known(value, frame), self._resolver)}
            case _:
                return self._ask(Demand(value, frame, place, following), origin)

    def _template(
        self,
        parts: tuple[str | Hole, ...],
        frame: Frame,
        place: Place,
        following: str | None,
        origin: Origin,
    ) -> set[Place]:
        places = {place}
        for index, part in enumerate(parts):
            if isinstance(part, str):
                places = {url.advance(at, part) for at in places}
                continue
            behind = _behind(parts, index, following)
            before, after = _around(parts, index)
            reached: set[Place] = set()
            for at in places:
                reached |= self._hole(part, frame, at, behind, origin, before, after)
            places = reached
        return places

    def _hole(
        self,
        hole: Hole,
        frame: Frame,
        place: Place,
        following: str | None,
        origin: Origin,
        before: str,
        after: str,
    ) -> set[Place]:
        if hole.spec == "d":
            return {url.after_hole(place)}
        value = hole.value
        if isinstance(value, Joined) and value.site == hole.site:
            direct = (hole, before, after)
            return self._joined(value, frame, place, following, origin, direct)
        ends, leaves = self._trace(value, frame, place, following, origin)
        leaves = self._documented(value, frame, leaves)
        self._record(hole, frame, place, following, origin, before, after, leaves, None)
        return set(ends)

    def _documented(self, value: Value, frame: Frame, leaves: set[Leaf]) -> set[Leaf]:
        """Let what a function says of its parameter outweigh what this one call gives."""
        inner = value.base if isinstance(value, Element) else value
        if frame.call is None or not isinstance(inner, Param):
            return leaves
        for parameter in self._index.function(frame.function).parameters:
            if parameter.name == inner.name:
                told = parameter_leaf(parameter, frame, self._resolver)
                if told is not None and any(leaf.kind is LeafKind.UNKNOWN for leaf in leaves):
                    return {told, *(leaf for leaf in leaves if leaf.kind in _OUTWEIGHS_WORDS)}
        return leaves

    def _joined(
        self,
        joined: Joined,
        frame: Frame,
        place: Place,
        following: str | None,
        origin: Origin,
        direct: tuple[Hole, str, str] | None,
    ) -> set[Place]:
        """Read a join: an item, then a separator and an item any number of times."""
        separator = self._separator(joined, frame)
        behind = _tail(separator) if separator else following
        ends_all: set[Place] = set()
        escape = self._mapped_escape(joined.items, frame)
        if escape is not None:
            self._record_items(joined, frame, place, behind, origin, {escape}, direct)
            return {url.after_hole(place)}
        for items, inner in self._collections(joined.items, frame, 0):
            if isinstance(items, Sequence):
                parts = _interleaved(items.items, separator, joined)
                ends_all |= self._template(parts, inner, place, following, origin)
                continue
            first, leaves = self._items(items, inner, place, behind, origin)
            ends_all |= first
            self._record_items(joined, frame, place, behind, origin, leaves, direct)
            for at in {url.advance(end, separator) for end in first}:
                ends, more = self._items(items, inner, at, behind, origin)
                ends_all |= ends
                if url.context(at, behind) is not url.context(place, behind):
                    self._record_items(joined, frame, at, behind, origin, more, direct)
        return ends_all

    def _separator(self, joined: Joined, frame: Frame) -> str:
        for entity in self._resolver.resolve(joined.separator, frame):
            if isinstance(entity, Known) and isinstance(entity.value, Const):
                return str(entity.value.value)
        return ""

    def _collections(self, items: Value, frame: Frame, depth: int) -> Iterator[tuple[Value, Frame]]:
        """Yield the collections that a term may be, read through `sorted`, `list`, `map`."""
        if depth < 5:
            passed = self._resolver.passed(items, frame)
            mapped = self._mapped(items, frame)
            if mapped is not None:
                passed = ((mapped[1].value, frame),)
            if passed:
                for value, inner in passed:
                    yield from self._collections(value, inner, depth + 1)
                return
        for entity in self._resolver.resolve(items, frame):
            if isinstance(entity, Known) and isinstance(entity.value, (Sequence, Bag)):
                yield entity.value, entity.frame
            elif isinstance(entity, Open) and entity.value != items and depth < 5:
                yield from self._collections(entity.value, entity.frame, depth + 1)
            else:
                yield items, frame

    def _mapped(self, items: Value, frame: Frame) -> tuple[Hole, Hole] | None:
        """Return the function and the collection of `map(function, collection)`."""
        if not isinstance(items, Result):
            return None
        call = self._index.function(frame.function).calls[items.call]
        given = call.arguments.positional
        if len(given) != 2 or not isinstance(call.function, Name) or call.function.id != "map":
            return None
        return given[0], given[1]

    def _mapped_escape(self, items: Value, frame: Frame) -> Leaf | None:
        """Return how `map` escapes each item, if its function does."""
        mapped = self._mapped(items, frame)
        if mapped is None:
            return None
        for entity in self._resolver.resolve(mapped[0].value, frame):
            model = self._resolver.model(entity)
            if model is not None and model.escape is not None:
                return _escaped(model.name, model.escape.kept)
            if isinstance(entity, Routine):
                function = self._index.function(entity.key)
                if isinstance(function.returns, Result):
                    call = function.calls[function.returns.call]
                    for callee in self._resolver.resolve(call.function, Frame(entity.key)):
                        model = self._resolver.model(callee)
                        if model is not None and model.escape is not None:
                            return self._escaped(model, call)
        return None

    def _record_items(
        self,
        joined: Joined,
        frame: Frame,
        place: Place,
        following: str | None,
        origin: Origin,
        leaves: set[Leaf],
        direct: tuple[Hole, str, str] | None,
    ) -> None:
        if direct is not None:
            hole, before, after = direct
            named = replace(hole, name=joined.name)
            self._record(named, frame, place, following, origin, before, after, leaves, joined)
        else:
            hole = Hole(joined.items_site, joined.items, ",", joined.name)
            self._record(hole, frame, place, following, origin, "", "", leaves, joined)

    def _items(
        self, items: Value, frame: Frame, place: Place, following: str | None, origin: Origin
    ) -> Traced:
        """Read one item of a collection, whichever it is."""
        match items:
            case Sequence(each) | Bag(each, ()):
                values: Iterable[Value] = each
            case Bag(each, spread):
                values = (*each, *(Element(more) for more in spread))
            case Choice(alternatives):
                after: set[Place] = set()
                leaves: set[Leaf] = set()
                for one in alternatives:
                    ends, found = self._items(one, frame, place, following, origin)
                    after |= ends
                    leaves |= found
                return after, leaves
            case _:
                values = (Element(items),)
        ends_all: set[Place] = set()
        leaves_all: set[Leaf] = set()
        for value in values:
            ends, found = self._trace(value, frame, place, following, origin)
            ends_all |= ends
            leaves_all |= found
        return ends_all or {place}, leaves_all

    def _format(
        self, value: Format, frame: Frame, place: Place, following: str | None, origin: Origin
    ) -> Traced:
        after: set[Place] = set()
        leaves: set[Leaf] = set()
        for entity in self._resolver.resolve(value.template, frame):
            known = entity.value if isinstance(entity, Known) else None
            same = isinstance(entity, Known) and entity.frame == frame
            if isinstance(known, Const) or (isinstance(known, Template) and same):
                text = filled(value.style, known, value.arguments)
                ends, found = self._trace(text, frame, place, following, origin)
                leaves |= found
            else:
                holes = (*value.arguments.positional, *(hole for _, hole in value.arguments.named))
                ends, _ = self._trace(Unknown(holes), frame, place, following, origin)
            after |= ends
        return after, leaves

    # Demands

    def _answer(self, demand: Demand) -> Traced:
        origin = Origin(demand)
        value, frame = demand.value, demand.frame
        if isinstance(value, Result):
            called = self._called(value, demand, origin)
            if called is not None:
                return called
        after: set[Place] = set()
        leaves: set[Leaf] = set()
        entities = self._resolver.resolve(value, frame)
        for entity in entities:
            if (isinstance(entity, Known) and not isinstance(entity.value, (Const, Computed))) or (
                isinstance(entity, Known) and isinstance(entity.value, Const)
            ):
                ends, found = self._trace(
                    entity.value, entity.frame, demand.place, demand.following, origin
                )
            elif isinstance(entity, Open):
                ends, found = self._open(entity, demand, origin)
            else:
                ends = {url.after_hole(demand.place)}
                found = {leaf_of(entity, self._resolver)}
            after |= ends
            leaves |= found
        if not entities:
            return {url.after_hole(demand.place)}, {_TOP}
        return after, leaves

    def _open(self, entity: Open, demand: Demand, origin: Origin) -> Traced:
        value = entity.value
        if value != demand.value and isinstance(value, Result):
            return self._ask(replace(demand, value=value, frame=entity.frame), origin)
        inner = value
        wrapped = False
        if isinstance(inner, Refined):
            leaf = leaf_of(entity, self._resolver)
            if leaf.kind in (LeafKind.HARMLESS, LeafKind.CONSTANT):
                return {url.after_hole(demand.place)}, {leaf}
            inner = inner.value
        if isinstance(inner, Element):
            inner, wrapped = inner.base, True
        if isinstance(inner, Param):
            return self._parameter(inner.name, entity, demand, wrapped)
        return {url.after_hole(demand.place)}, {leaf_of(entity, self._resolver)}

    def _parameter(self, name: str, entity: Open, demand: Demand, items: bool) -> Traced:
        """Ask every caller what it gives; the parameter's own evidence weighs more."""
        key = entity.frame.function
        function = self._index.function(key)
        parameter = next((p for p in function.parameters if p.name == name), None)
        told = (
            parameter_leaf(parameter, entity.frame, self._resolver)
            if parameter is not None
            else None
        )
        after: set[Place] = set()
        given_leaves: set[Leaf] = set()
        callers = self._resolver.callers(key)
        for caller in callers:
            given = self._resolver.argument(key, name, caller)
            if given is not None:
                value, frame = given.value, Frame(caller.function)
            elif parameter is not None and parameter.default is not None:
                value, frame = parameter.default, Frame(key)
            else:
                continue
            via = Origin(demand, caller)
            read = self._items if items else self._trace
            ends, found = read(value, frame, demand.place, demand.following, via)
            after |= ends
            given_leaves |= found
        if told is not None:
            weighty = {leaf for leaf in given_leaves if leaf.kind in _OUTWEIGHS_WORDS}
            return after | {url.after_hole(demand.place)}, {told} | weighty
        if after:
            return after, given_leaves
        if callers:
            # Callers are known, their answers are not there yet, or all lie on a cycle.
            pending = any(self._resolver.argument(key, name, caller) for caller in callers)
            if pending:
                return after, given_leaves
        return {url.after_hole(demand.place)}, {leaf_of(entity, self._resolver)}

    def _called(self, value: Result, demand: Demand, origin: Origin) -> Traced | None:
        """Read the result of a call that hands its arguments' text on, or escapes it."""
        frame = demand.frame
        call = self._index.function(frame.function).calls[value.call]
        after: set[Place] = set()
        leaves: set[Leaf] = set()
        handled = False
        for callee in self._resolver.resolve(call.function, frame):
            traced = self._text_call(call, callee, demand, origin)
            if traced is not None:
                handled = True
                after |= traced[0]
                leaves |= traced[1]
        return (after, leaves) if handled else None

    def _text_call(
        self, call: Call, callee: object, demand: Demand, origin: Origin
    ) -> Traced | None:
        frame, place, following = demand.frame, demand.place, demand.following
        function = call.function
        if isinstance(callee, ExternalMethod) and callee.owner == "str":
            known = self._text_method(call, demand, origin)
            if known is not None:
                return known
        model = self._resolver.model(callee)  # type: ignore[arg-type]
        if model is None:
            if isinstance(function, Attribute) and function.name in SAME_TEXT:
                return self._trace(function.base, frame, place, following, origin)
            return None
        if model.escape is not None:
            return {url.after_hole(place)}, {self._escaped(model, call)}
        if model.passes:
            passed = passed_values(model, call)
            if passed:
                after: set[Place] = set()
                leaves: set[Leaf] = set()
                for each in passed:
                    ends, found = self._trace(each, frame, place, following, origin)
                    after |= ends
                    leaves |= found
                return after, leaves
        if model.separator is not None:
            parts: list[str | Hole] = []
            for index, given in enumerate(call.arguments.positional):
                if index and model.separator:
                    parts.append(model.separator)
                parts.append(replace(given, spec=","))
            return self._template(tuple(parts), frame, place, following, origin), set()
        return None

    def _text_method(self, call: Call, demand: Demand, origin: Origin) -> Traced | None:
        """Read `TEMPLATE.format(...)`, `SEPARATOR.join(...)` of a template that linking found."""
        function, frame = call.function, demand.frame
        if not isinstance(function, Attribute):
            return None
        given = call.arguments
        value: Value
        if function.name in ("format", "format_map"):
            value = Format("{", function.base, spread_arguments(given, function.name))
        elif function.name == "join" and len(given.positional) == 1:
            items = given.positional[0]
            value = Joined(function.base, items.value, call.site, items.site, items.name)
        elif function.name in SAME_TEXT:
            value = function.base
        else:
            return None
        return self._trace(value, frame, demand.place, demand.following, origin)

    def _escaped(self, model: CallModel, call: Call) -> Leaf:
        escape = model.escape
        assert escape is not None
        kept = escape.kept
        if escape.kept_argument is not None:
            argument = escape.kept_argument
            given = given_argument(call, argument.position, argument.keyword)
            if given is not None:
                kept = given.value.value if isinstance(given.value, Const) else kept  # type: ignore[assignment]
                kept = kept.decode("latin-1") if isinstance(kept, bytes) else str(kept)
        return _escaped(model.name, kept)

    # Results

    def _record(
        self,
        hole: Hole,
        frame: Frame,
        place: Place,
        following: str | None,
        origin: Origin,
        before: str,
        after: str,
        leaves: set[Leaf],
        joined: Joined | None,
    ) -> None:
        if not leaves:
            return
        context = url.context(place, following)
        key = (frame.function, hole.site, place, context)
        record = self._records.get(key)
        if record is None:
            record = self._records[key] = _Record(hole, joined, before, after)
        identifier = is_identifier_name(hole.name)
        for leaf in leaves:
            if identifier and leaf.kind is LeafKind.UNKNOWN and not leaf.told:
                why = f"is an identifier by its name, `{hole.name}`"
                leaf = replace(leaf, kind=LeafKind.IDENTIFIER, why=why)
            record.leaves.add(leaf)
        record.origins.add(origin)

    def _flow(self, key: tuple[FunctionKey, int, Place, Context], record: _Record) -> Flow:
        function, site, place, context = key
        sink_number, calls = self._shortest(record.origins)
        found = self._sinks[sink_number]
        span = self._index.span(function, site)
        sink = SinkUse(
            found.call.function.path,
            self._index.span(found.call.function, self._index.call(found.call).site),
            found.sink.kind,
            found.sink.client,
            found.method,
        )
        steps = [Site(function.path, span, f"goes in here as {context.value}")]
        for via in calls:
            callee = self._index.call(via).function
            name = callee.name if isinstance(callee, Attribute) else getattr(callee, "id", "")
            note = f"the text is passed to `{name}()`" if name else "the text is passed on"
            steps.append(
                Site(
                    via.function.path,
                    self._index.span(via.function, self._index.call(via).site),
                    note,
                )
            )
        steps.append(Site(sink.path, sink.span, "the text is sent here"))
        unit = self._index.documents[function.path].units[function.unit]
        return Flow(
            path=function.path,
            span=span,
            name=record.hole.name,
            spec=record.hole.spec,
            join=self._index.span(function, record.joined.site) if record.joined else None,
            place=place,
            context=context,
            before=record.before,
            after=record.after,
            leaves=_sorted(record.leaves),
            sink=sink,
            steps=tuple(dict.fromkeys(steps)),
            function=unit.qualified_name,
        )

    def _shortest(self, origins: set[Origin]) -> tuple[int, tuple[CallKey, ...]]:
        """Return the nearest sink and the calls on the way there, the same in every order."""
        best: list[tuple[CallKey, int, tuple[CallKey, ...]]] = []
        level = {(origin, _calls((), origin)) for origin in origins}
        seen: set[Origin] = set(origins)
        while level and not best:
            following: set[tuple[Origin, tuple[CallKey, ...]]] = set()
            for origin, calls in level:
                if isinstance(origin.asker, int):
                    best.append((self._sinks[origin.asker].call, origin.asker, calls))
                    continue
                for above in self._answers[origin.asker].asked_by:
                    if above not in seen:
                        following.add((above, _calls(calls, above)))
            seen.update(origin for origin, _ in following)
            level = following
        if not best:
            return 0, ()
        _, number, calls = min(best)
        return number, calls


def _escaped(function: str, kept: str) -> Leaf:
    why = f"is escaped by `{function.rpartition('.')[2]}()`"
    return Leaf(LeafKind.ESCAPED, why, kept, is_text=True)


# What documentation and names can't talk away.
_OUTWEIGHS_WORDS = frozenset({LeafKind.PIECE, LeafKind.CONTROLLED})
_CONSTANT = Leaf(LeafKind.CONSTANT, "is constant", is_text=True)
_PIECE = Leaf(LeafKind.PIECE, "is put together elsewhere", is_text=True)
_TOP = Leaf(LeafKind.UNKNOWN, "is of a kind that is not known")


def _interleaved(
    items: tuple[Value, ...], separator: str, joined: Joined
) -> tuple[str | Hole, ...]:
    parts: list[str | Hole] = []
    for index, item in enumerate(items):
        if index and separator:
            parts.append(separator)
        if isinstance(item, Hole):
            parts.append(replace(item, spec=","))
        elif isinstance(item, Const):
            parts.append(str(item.value))
        elif isinstance(item, Template):
            parts += item.parts
        else:
            parts.append(Hole(joined.items_site, item, ",", joined.name))
    return tuple(parts)


def _calls(calls: tuple[CallKey, ...], origin: Origin) -> tuple[CallKey, ...]:
    return calls if origin.via is None else (*calls, origin.via)


def _sorted(leaves: set[Leaf]) -> tuple[Leaf, ...]:
    order = sorted(leaves, key=lambda leaf: (-leaf.kind.value, leaf.why, leaf.kept))
    return tuple(order[:MAX_LEAVES])


def _behind(parts: tuple[str | Hole, ...], index: int, following: str | None) -> str | None:
    if index + 1 == len(parts):
        return following
    part = parts[index + 1]
    return _tail(part) if isinstance(part, str) else None


def _tail(text: str) -> str:
    """Return the shortest text that the grammar reads behind a hole as it reads `text`."""
    if text.startswith("://"):
        return "://"
    for character in text:
        if character == "@":
            return "@"
        if character in "/?#":
            break
    for character in text:
        if character == "=":
            return "="
        if character in "&#":
            break
    return text[:1]


def _around(parts: tuple[str | Hole, ...], index: int) -> tuple[str, str]:
    return _shown(parts[:index]), _shown(parts[index + 1 :])


def _shown(parts: Iterable[str | Hole]) -> str:
    return "".join(part if isinstance(part, str) else f"{{{part.name or '...'}}}" for part in parts)

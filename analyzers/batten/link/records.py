"""The holes that reading has found, and the flows they make."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from operator import is_
from typing import TYPE_CHECKING, Union

from batten.grammars import url
from batten.link.entities import Frame
from batten.link.evidence import is_identifier_name
from batten.link.flow import Beside, Flow, Leaf, LeafKind, SinkUse, Site, Taker
from batten.link.index import last_name
from batten.link.literals import literal_site
from batten.link.point import Piece
from batten.link.reads import Entry
from batten.link.shown import Text
from batten.values.combine import element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.grammars.url import Context, Place
    from batten.link.arrival import Arrivals, Stop
    from batten.link.index import CallKey, FunctionKey, Index
    from batten.link.literals import Written
    from batten.link.point import Around, Demand, Origin, Point
    from batten.link.query_argument import QueryArguments
    from batten.link.reads import Reads
    from batten.link.shown import Shown
    from batten.link.ways import Way, Ways
    from batten.values.terms import Hole, Joined

MAX_LEAVES = 32
_SUBJECT = re.compile("`[^`]*` (?=is )")


@dataclass(slots=True)
class _Record:
    """A hole, as one asker has read it, or as all have."""

    hole: Hole
    joined: Joined | None
    frame: Frame
    origins: dict[Origin, Around] = field(default_factory=dict)
    leaves: set[Leaf] = field(default_factory=set)
    text: Text = field(default_factory=Text)


@dataclass(slots=True)
class _Literal:
    """A literal, as one asker has read it, or as all have."""

    text: str
    frame: Frame
    origins: dict[Origin, Around] = field(default_factory=dict)


_Key = tuple["FunctionKey", int, "Place", "Context"]
_Asker = Union["Demand", int]


@dataclass(frozen=True, slots=True)
class _Explained:
    """What is told of a record: its way to the sink, its values, and where the worst comes in.

    `takers` are the calls on the way that take query parameters, with the keyword.
    """

    way: Way
    leaves: tuple[Leaf, ...]
    stops: tuple[Stop, ...]
    takers: tuple[tuple[CallKey, str], ...]


# What is put together elsewhere is judged there.
_NO_HARM = frozenset({LeafKind.CONSTANT, LeafKind.HARMLESS, LeafKind.COMPOSED, LeafKind.PIECE})
# Where a value could as well be a query parameter of the call.
_IN_QUERY = frozenset({url.Context.QUERY, url.Context.QUERY_NAME, url.Context.QUERY_VALUE})


@dataclass(frozen=True, slots=True)
class _Placed:
    """The flow that was made of a record last, and what it was made of."""

    record: _Record
    explained: _Explained
    places: tuple[object, ...]
    beside: tuple[Beside, ...]
    flow: Flow


@dataclass(frozen=True, slots=True)
class _BesideIn:
    """The holes of a function, and what they were made of."""

    sources: tuple[object, ...]
    beside: tuple[Beside, ...]


class Records:
    """Every hole that reaches a sink, by its function, site, place and context.

    What is noted of a hole is kept apart by who has read it, so that it can be forgotten with
    the one who did.
    """

    def __init__(self, shown: Shown, reads: Reads) -> None:
        self._shown = shown
        self._reads = reads
        self._records: dict[_Key, dict[_Asker, _Record]] = {}
        self._literals: dict[Written, dict[_Asker, _Literal]] = {}
        self._noted: dict[_Asker, list[_Key]] = {}
        self._noted_literals: dict[_Asker, list[Written]] = {}
        self._together: dict[_Key, _Record] = {}
        self._literals_together: dict[Written, _Literal] = {}
        self._explained: dict[_Key, _Explained] = {}
        self._placed: dict[_Key, _Placed] = {}
        self._beside_in: dict[FunctionKey, _BesideIn] = {}
        self._ways: dict[Written, Way] = {}
        self._touched: dict[_Key, None] = {}
        self._touched_literals: dict[Written, None] = {}

    def forget(self, asker: _Asker) -> None:
        """Forget what one asker has noted."""
        for key in self._noted.pop(asker, ()):
            self._touched[key] = None
            del self._records[key][asker]
        for written in self._noted_literals.pop(asker, ()):
            self._touched_literals[written] = None
            del self._literals[written][asker]

    def note(self, hole: Hole, at: Point, leaves: set[Leaf], joined: Joined | None) -> None:
        """Note a hole at a point and what may fill it; nothing when that is not known yet."""
        context = url.context(at.place, at.following)
        if not leaves or context is url.Context.ESCAPED_PART:
            return
        key = (at.frame.function, hole.site, at.place, context)
        asker = at.origin.asker
        by_asker = self._records.setdefault(key, {})
        record = by_asker.get(asker)
        if record is None:
            record = by_asker[asker] = _Record(hole, joined, Frame(at.frame.function))
            self._noted.setdefault(asker, []).append(key)
            self._touched[key] = None
        identifier = is_identifier_name(hole.name)
        for leaf in leaves:
            if identifier and leaf.kind is LeafKind.UNKNOWN and not leaf.told:
                why = f"is an identifier by its name, `{hole.name}`"
                record.leaves.add(replace(leaf, kind=LeafKind.IDENTIFIER, why=why))
            else:
                record.leaves.add(leaf)
        known = record.origins.setdefault(at.origin, at.around)
        if known is not at.around:
            if known == at.around:
                return
            record.origins[at.origin] = self._shown.longer(known, at.around)
        # The longest text around the hole tells most.
        text = self._shown.written(at.around)
        record.text = max(record.text, text, key=lambda text: text.rank)

    def note_literal(self, written: Written, at: Point) -> None:
        """Note a text that begins with an address which is written out."""
        asker = at.origin.asker
        by_asker = self._literals.setdefault(written, {})
        literal = by_asker.get(asker)
        if literal is None:
            text = self._shown.written((Piece(at.frame, (*written.parts, ""), len(written.parts)),))
            literal = by_asker[asker] = _Literal(text.before + written.behind, at.frame)
            self._noted_literals.setdefault(asker, []).append(written)
            self._touched_literals[written] = None
        literal.origins.setdefault(at.origin, at.around)

    def flows(
        self, index: Index, ways: Ways, arrivals: Arrivals, queries: QueryArguments
    ) -> Iterator[Flow]:
        """Yield the flow of each hole, placed by the documents of `index`."""
        self._put_together()
        beside = self._beside(index)
        for key, record in self._together.items():
            if _is_harmless(record.leaves, key[3]) and not record.hole.reread:
                continue  # no rule has anything to say of it
            explained = self._explained.get(key)
            if explained is None:
                entry = Entry(key, self._forget_explained)
                with self._reads.at_work(entry):
                    explained = _explain(record, key[3], ways, arrivals, queries)
                self._explained[key] = explained
            yield self._place(key, record, explained, index, beside[key[0]])
        for written, literal in self._literals_together.items():
            site = literal_site(written, literal.text, index)
            if site is None:
                continue
            way = self._ways.get(written)
            if way is None:
                with self._reads.at_work(Entry(written, self._forget_way)):
                    way = ways.with_credentials(literal.frame, literal.origins)
                self._ways[written] = way
            yield _flow_of_literal(written, literal.text, site, index, way)

    def _place(
        self,
        key: _Key,
        record: _Record,
        explained: _Explained,
        index: Index,
        beside: tuple[Beside, ...],
    ) -> Flow:
        """Return the flow of a hole, the same as last time when nothing of it has changed."""
        places = _places(key, explained, index)
        last = self._placed.get(key)
        same = last is not None and last.record is record and last.explained is explained
        if last is not None and same and last.beside is beside:
            moved = not all(map(is_, last.places, places))
            if not moved:
                return last.flow
        flow = _flow(key, record, index, explained)
        notes = [step.note for step in flow.steps]
        alike = last is not None and same and notes == [step.note for step in last.flow.steps]
        told = last.flow.told if last is not None and alike else object()
        flow = replace(flow, beside=beside, told=told)
        self._placed[key] = _Placed(record, explained, places, beside, flow)
        return flow

    def _forget_explained(self, key: _Key) -> None:
        self._explained.pop(key, None)

    def _forget_way(self, written: Written) -> None:
        self._ways.pop(written, None)

    def _put_together(self) -> None:
        """Join what different askers have noted of each hole that has changed."""
        touched, self._touched = self._touched, {}
        for key in touched:
            notes = list(self._records.get(key, {}).values())
            if not notes:
                self._records.pop(key, None)
                self._together.pop(key, None)
                self._explained.pop(key, None)
                self._placed.pop(key, None)
                continue
            record = self._joined(notes)
            if self._together.get(key) != record:
                self._together[key] = record
                self._explained.pop(key, None)
        touched_literals, self._touched_literals = self._touched_literals, {}
        for written in touched_literals:
            found = list(self._literals.get(written, {}).values())
            if not found:
                self._literals.pop(written, None)
                self._literals_together.pop(written, None)
                self._ways.pop(written, None)
                continue
            literal = _joined_literal(found)
            if self._literals_together.get(written) != literal:
                self._literals_together[written] = literal
                self._ways.pop(written, None)

    def _joined(self, notes: list[_Record]) -> _Record:
        first = notes[0]
        if len(notes) == 1:
            return replace(first)
        if any((each.hole, each.joined) != (first.hole, first.joined) for each in notes):
            first = min(notes, key=lambda each: (each.joined is None, repr(each.hole)))
        joined = _Record(first.hole, first.joined, first.frame)
        for each in notes:
            joined.origins.update(each.origins)
            joined.leaves |= each.leaves
            joined.text = max(joined.text, each.text, key=lambda text: text.rank)
        return joined

    def _beside(self, index: Index) -> dict[FunctionKey, tuple[Beside, ...]]:
        """Return the holes of each function, the same as last time where nothing has changed."""
        records: dict[FunctionKey, list[tuple[int, _Record]]] = {}
        for (function, site, _, _), record in self._together.items():
            records.setdefault(function, []).append((site, record))
        found: dict[FunctionKey, _BesideIn] = {}
        for function, noted in records.items():
            unit = index.documents[function.path].units[function.unit]
            summary = index.documents[function.path].summaries[function.unit]
            last = self._beside_in.get(function)
            sources = (unit, summary, *(record for _, record in noted))
            if (
                last is None
                or len(last.sources) != len(sources)
                or not all(map(is_, last.sources, sources))
            ):
                holes: dict[int, set[Leaf]] = {}
                for site, record in noted:
                    holes.setdefault(site, set()).update(record.leaves)
                beside = tuple(
                    Beside(index.span(function, site), frozenset(leaves))
                    for site, leaves in holes.items()
                )
                last = _BesideIn(sources, beside)
            found[function] = last
        self._beside_in = found
        return {function: each.beside for function, each in found.items()}


def _explain(
    record: _Record, context: Context, ways: Ways, arrivals: Arrivals, queries: QueryArguments
) -> _Explained:
    way = ways.shortest(record.frame, record.origins)
    leaves = _worst_first(record.leaves)
    value = record.joined and element(record.joined.items)
    stops = arrivals.stops(value or record.hole.value, record.frame.function, leaves[0])
    takers = tuple(
        (call, keyword)
        for call in ((*way.calls, way.sink.call) if context in _IN_QUERY else ())
        if (keyword := queries.keyword(call))
    )
    return _Explained(way, leaves, stops, takers)


def _joined_literal(notes: list[_Literal]) -> _Literal:
    """Return what all who have read a literal have noted; the longest text tells most."""
    told = max(notes, key=lambda each: (len(each.text), each.text, repr(each.frame)))
    origins = {origin: around for each in notes for origin, around in each.origins.items()}
    return _Literal(told.text, told.frame, origins)


def _places(key: _Key, explained: _Explained, index: Index) -> tuple[object, ...]:
    """Return the units, with their summaries, that the places of a flow are in."""
    calls = explained.way.calls
    functions = {key[0], explained.way.sink.call.function, *(call.function for call in calls)}
    functions.update(stop.function for stop in explained.stops)
    units = sorted({(function.path, function.unit) for function in functions})
    found: list[object] = []
    for path, unit in units:
        document = index.documents[path]
        found += (document.units[unit], document.summaries[unit])
    return tuple(found)


def _flow(
    key: tuple[FunctionKey, int, Place, Context],
    record: _Record,
    index: Index,
    explained: _Explained,
) -> Flow:
    function, site, place, context = key
    span = index.span(function, site)
    way = explained.way
    sink = _use(way, index)
    steps = [
        Site(stop.function.path, index.span(stop.function, stop.site), stop.note)
        for stop in explained.stops
    ]
    hole = Site(function.path, span, f"goes in here as {context.value}")
    steps = _together(steps, hole)
    if len(steps) == 1 and explained.leaves[0].kind is not LeafKind.CONTROLLED:
        # It comes in where it goes in, and the message tells what it is.
        steps = [hole]
    steps += _passed_on(way, sink, index)
    return Flow(
        path=function.path,
        span=span,
        name=record.hole.name,
        spec=record.hole.spec,
        join=index.span(function, record.joined.site) if record.joined else None,
        place=place,
        context=context,
        before=record.text.before,
        after=record.text.after,
        sent_before=way.text.before,
        sent_after=way.text.after,
        leaves=explained.leaves,
        sink=sink,
        steps=tuple(dict.fromkeys(steps)),
        function=index.documents[function.path].units[function.unit].qualified_name,
        reread=record.hole.reread,
        takers=tuple(
            Taker(index.span(call.function, index.call(call).site), keyword)
            for call, keyword in explained.takers
            if call.function.path == function.path
        ),
    )


def _flow_of_literal(written: Written, text: str, site: int, index: Index, way: Way) -> Flow:
    function, first = written.function, str(written.parts[0])
    span = index.span(function, site)
    sink = _use(way, index)
    steps = [Site(function.path, span, "is written here"), *_passed_on(way, sink, index)]
    return Flow(
        path=function.path,
        span=span,
        name="",
        spec="",
        join=None,
        place=url.Place.START,
        context=url.Context.WHOLE,
        before=first if len(written.parts) == 1 else f"{first}{{...}}",
        after="",
        sent_before="",
        sent_after="",
        leaves=(Leaf(LeafKind.CONSTANT, "is constant", is_text=True),),
        sink=sink,
        steps=tuple(dict.fromkeys(steps)),
        function=index.documents[function.path].units[function.unit].qualified_name,
        literal=text,
    )


def _use(way: Way, index: Index) -> SinkUse:
    found = way.sink
    caller = found.call.function
    return SinkUse(
        caller.path,
        index.span(caller, index.call(found.call).site),
        found.sink.kind,
        found.sink.client,
        way.method,
        found.credentials,
    )


def _passed_on(way: Way, sink: SinkUse, index: Index) -> Iterator[Site]:
    """Yield the calls that hand the text on, and the one that sends it."""
    for via in way.calls:
        call = index.call(via)
        name = last_name(call.function)
        note = f"the text is passed to `{name}()`" if name else "the text is passed on"
        yield Site(via.function.path, index.span(via.function, call.site), note)
    yield Site(sink.path, sink.span, "the text is sent here")


def _together(steps: list[Site], hole: Site) -> list[Site]:
    """Make one step of what happens in a row at one place, or last inside of the hole."""
    together: list[Site] = []
    for step in (*steps, hole):
        last = together[-1] if together else None
        inside = last is not None and step is hole and hole.span.contains(last.span)
        if last is not None and last.path == step.path and (inside or step.span == last.span):
            more = _SUBJECT.sub("", step.note)
            together[-1] = Site(step.path, step.span, f"{last.note} and {more}")
        else:
            together.append(step)
    return together


def _worst_first(leaves: set[Leaf]) -> tuple[Leaf, ...]:
    order = sorted(
        leaves,
        key=lambda leaf: (
            -leaf.kind.value,
            leaf.why,
            leaf.kept,
            str(leaf.control),
            leaf.source,
            leaf.checked,
            leaf.undotted,
        ),
    )
    return tuple(order[:MAX_LEAVES])


def _is_harmless(leaves: set[Leaf], context: Context) -> bool:
    """Tell whether no rule has anything to say; a constant may still be a password."""
    return context is not url.Context.USERINFO and all(leaf.kind in _NO_HARM for leaf in leaves)

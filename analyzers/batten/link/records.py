"""The holes that reading has found, and the flows they make."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from batten.grammars import url
from batten.link.entities import Frame
from batten.link.evidence import is_identifier_name
from batten.link.flow import Beside, Flow, Leaf, LeafKind, SinkUse, Site, Taker
from batten.link.index import last_name
from batten.link.literals import literal_site
from batten.link.point import Piece
from batten.link.shown import Text
from batten.values.combine import element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.grammars.url import Context, Place
    from batten.link.arrival import Arrivals, Stop
    from batten.link.index import CallKey, FunctionKey, Index
    from batten.link.literals import Written
    from batten.link.point import Around, Origin, Point
    from batten.link.query_argument import QueryArguments
    from batten.link.shown import Shown
    from batten.link.ways import Way, Ways
    from batten.values.terms import Hole, Joined

MAX_LEAVES = 32
_SUBJECT = re.compile("`[^`]*` (?=is )")


@dataclass(slots=True)
class _Record:
    hole: Hole
    joined: Joined | None
    frame: Frame
    origins: dict[Origin, Around] = field(default_factory=dict)
    leaves: set[Leaf] = field(default_factory=set)
    text: Text = field(default_factory=Text)


@dataclass(slots=True)
class _Literal:
    text: str
    frame: Frame
    origins: dict[Origin, Around] = field(default_factory=dict)
    way: Way | None = None


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


class Records:
    """Every hole that reaches a sink, by its function, site, place and context."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._explained: dict[tuple[FunctionKey, int, Place, Context], _Explained] = {}
        self._records: dict[tuple[FunctionKey, int, Place, Context], _Record] = {}
        self._literals: dict[Written, _Literal] = {}

    def note(self, hole: Hole, at: Point, leaves: set[Leaf], joined: Joined | None) -> None:
        """Note a hole at a point and what may fill it; nothing when that is not known yet."""
        context = url.context(at.place, at.following)
        if not leaves or context is url.Context.ESCAPED_PART:
            return
        key = (at.frame.function, hole.site, at.place, context)
        record = self._records.get(key)
        if record is None:
            record = self._records[key] = _Record(hole, joined, Frame(at.frame.function))
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
        literal = self._literals.get(written)
        if literal is None:
            text = self._shown.written((Piece(at.frame, (*written.parts, ""), len(written.parts)),))
            literal = self._literals[written] = _Literal(text.before + written.behind, at.frame)
        literal.origins.setdefault(at.origin, at.around)

    def flows(
        self, index: Index, ways: Ways, arrivals: Arrivals, queries: QueryArguments
    ) -> Iterator[Flow]:
        """Yield the flow of each hole, placed by the documents of `index`."""
        if not self._explained:
            for key, record in self._records.items():
                leaves = _worst_first(record.leaves)
                if _is_harmless(leaves, key[3]) and not record.hole.reread:
                    continue  # no rule has anything to say of it
                way = ways.shortest(record.frame, record.origins)
                value = record.joined and element(record.joined.items)
                value = value or record.hole.value
                stops = arrivals.stops(value, record.frame.function, leaves[0])
                takers = tuple(
                    (call, keyword)
                    for call in ((*way.calls, way.sink.call) if key[3] in _IN_QUERY else ())
                    if (keyword := queries.keyword(call))
                )
                self._explained[key] = _Explained(way, leaves, stops, takers)
        beside = self._beside(index)
        for key, explained in self._explained.items():
            flow = _flow(key, self._records[key], index, explained)
            yield replace(flow, beside=beside[key[0]])
        for written, literal in self._literals.items():
            site = literal_site(written, literal.text, index)
            if site is not None:
                if literal.way is None:
                    literal.way = ways.with_credentials(literal.frame, literal.origins)
                yield _flow_of_literal(written, literal.text, site, index, literal.way)

    def _beside(self, index: Index) -> dict[FunctionKey, tuple[Beside, ...]]:
        """Return the holes of each function."""
        holes: dict[FunctionKey, dict[int, set[Leaf]]] = {}
        for (function, site, _, _), record in self._records.items():
            holes.setdefault(function, {}).setdefault(site, set()).update(record.leaves)
        return {
            function: tuple(
                Beside(index.span(function, site), frozenset(leaves))
                for site, leaves in found.items()
            )
            for function, found in holes.items()
        }


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


def _is_harmless(leaves: tuple[Leaf, ...], context: Context) -> bool:
    """Tell whether no rule has anything to say; a constant may still be a password."""
    return leaves[0].kind in _NO_HARM and context is not url.Context.USERINFO

"""What is told of a hole that was found: how it gets to its sink, and where its value comes in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.grammars import url
from batten.link.flow import Beside, Flow, Leaf, LeafKind, SinkUse, Site, Taker
from batten.link.index import last_name
from batten.values.combine import element
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.grammars.url import Context, Place
    from batten.link.arrival import Arrivals, Stop
    from batten.link.found import Mark
    from batten.link.index import CallKey, FunctionKey, Index
    from batten.link.literals import Written
    from batten.link.noted import NotedHole
    from batten.link.query_argument import QueryArguments
    from batten.link.way import Way

MAX_LEAVES = 32
_SUBJECT = re.compile("`[^`]*` (?=is )")

# Where a value could as well be a query parameter of the call.
IN_QUERY = frozenset({url.Context.QUERY, url.Context.QUERY_NAME, url.Context.QUERY_VALUE})


@immutable
class Explained:
    """What is told of a record: its way to the sink, its values, and where the worst comes in.

    `takers` are the calls on the way that take query parameters, with the keyword.
    """

    way: Way
    leaves: tuple[Leaf, ...]
    stops: tuple[Stop, ...]
    takers: tuple[tuple[CallKey, str], ...]


def leaves_of(record: NotedHole) -> tuple[Leaf, ...]:
    """Return what a hole may be, the worst first."""
    return _worst_first(record.leaves)


def stops_of(record: NotedHole, worst: Leaf, arrivals: Arrivals) -> tuple[Stop, ...]:
    """Follow a hole back to where the worst of its values comes in."""
    value = record.joined and element(record.joined.items)
    value = value or record.hole.value
    return arrivals.stops(value, record.frame.function, worst)


def takers_on(
    way: Way, context: Context, queries: QueryArguments
) -> tuple[tuple[CallKey, str], ...]:
    """Return the calls on the way of a hole that take query parameters, with the keyword."""
    return tuple(
        (call, keyword)
        for call in ((*way.calls, way.sink.call) if context in IN_QUERY else ())
        if (keyword := queries.keyword(call))
    )


def tell_the_same(one: Explained | Way, other: Explained | Way) -> bool:
    """Tell whether flows say the same but for where they pass, and for their takers."""
    return one is other or _told(one) == _told(other)


def _told(of: Explained | Way) -> tuple[object, ...]:
    way = of.way if isinstance(of, Explained) else of
    leaves = of.leaves if isinstance(of, Explained) else ()
    sink = way.sink
    return (way.text, way.method, sink.sink, sink.credentials, leaves)


def stops_on(of: Explained | Way) -> tuple[Stop, ...]:
    """Return the places that the value passes before it goes into the text."""
    return of.stops if isinstance(of, Explained) else ()


def marks(of: Explained | Way, index: Index) -> list[Mark]:
    """Return the sites of the calls on a way."""
    return [(call.function, index.call(call).site) for call in _calls(of)]


def notes_on(of: Explained | Way, index: Index) -> tuple[str, ...]:
    """Return what is said of the calls on a way, the last of which sends the text."""
    names = [last_name(index.call(via).function) for via in _calls(of)[:-1]]
    passed = (f"to `{name}()`" if name else "on" for name in names)
    return (*(f"the text is passed {where}" for where in passed), "the text is sent here")


def _calls(of: Explained | Way) -> tuple[CallKey, ...]:
    way = of.way if isinstance(of, Explained) else of
    return (*way.calls, way.sink.call)


def flow_of_hole(
    key: tuple[FunctionKey, int, Place, Context],
    record: NotedHole,
    index: Index,
    explained: Explained,
    beside: tuple[Beside, ...],
) -> Flow:
    """Return the flow of a hole, placed by the documents of an index."""
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
    steps += _passed_on(way, index)
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
        function=function.unit,
        reread=record.hole.reread,
        takers=tuple(
            Taker(index.span(call.function, index.call(call).site), keyword)
            for call, keyword in explained.takers
            if call.function.path == function.path
        ),
        beside=beside,
    )


def flow_of_literal(written: Written, text: str, site: int, index: Index, way: Way) -> Flow:
    """Return the flow of a literal, placed by the documents of an index."""
    function, first = written.function, str(written.parts[0])
    span = index.span(function, site)
    sink = _use(way, index)
    steps = [Site(function.path, span, "is written here"), *_passed_on(way, index)]
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
        function=function.unit,
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


def _passed_on(way: Way, index: Index) -> Iterator[Site]:
    """Yield the calls that hand the text on, and the one that sends it."""
    for (function, site), note in zip(marks(way, index), notes_on(way, index), strict=True):
        yield Site(function.path, index.span(function, site), note)


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
    if len(leaves) == 1:
        return tuple(leaves)
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
            leaf.altered,
            leaf.matched,
            leaf.doubt,
            leaf.is_text,
            leaf.told,
        ),
    )
    return tuple(order[:MAX_LEAVES])

"""The holes that reading has found, and the flows they make."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from batten.grammars import url
from batten.link.evidence import is_identifier_name
from batten.link.flow import Flow, Leaf, LeafKind, SinkUse, Site
from batten.link.index import last_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from batten.grammars.url import Context, Place
    from batten.link.index import CallKey, FunctionKey, Index
    from batten.link.point import Origin, Point
    from batten.link.sinks import FoundSink
    from batten.values.terms import Hole, Joined

MAX_LEAVES = 32


@dataclass(slots=True)
class _Record:
    hole: Hole
    joined: Joined | None
    around: set[tuple[str, str]] = field(default_factory=set)
    leaves: set[Leaf] = field(default_factory=set)
    origins: set[Origin] = field(default_factory=set)


class Records:
    """Every hole that reaches a sink, by its function, site, place and context."""

    def __init__(self) -> None:
        self._records: dict[tuple[FunctionKey, int, Place, Context], _Record] = {}

    def note(self, hole: Hole, at: Point, leaves: set[Leaf], joined: Joined | None) -> None:
        """Note a hole at a point and what may fill it; nothing when that is not known yet."""
        if not leaves:
            return
        key = (at.frame.function, hole.site, at.place, url.context(at.place, at.following))
        record = self._records.get(key)
        if record is None:
            record = self._records[key] = _Record(hole, joined)
        identifier = is_identifier_name(hole.name)
        for leaf in leaves:
            if identifier and leaf.kind is LeafKind.UNKNOWN and not leaf.told:
                why = f"is an identifier by its name, `{hole.name}`"
                record.leaves.add(replace(leaf, kind=LeafKind.IDENTIFIER, why=why))
            else:
                record.leaves.add(leaf)
        record.around.add((at.before, at.after))
        record.origins.add(at.origin)

    def flows(
        self,
        index: Index,
        sinks: tuple[FoundSink, ...],
        asked_by: Callable[[Origin], Iterable[Origin]],
    ) -> Iterator[Flow]:
        """Yield the flow of each hole; `asked_by` tells who asked the one who asks."""
        for key, record in self._records.items():
            found, calls = _shortest(record.origins, sinks, asked_by)
            yield _flow(key, record, index, found, calls)


def _flow(
    key: tuple[FunctionKey, int, Place, Context],
    record: _Record,
    index: Index,
    found: FoundSink,
    calls: tuple[CallKey, ...],
) -> Flow:
    function, site, place, context = key
    span = index.span(function, site)
    caller = found.call.function
    sink = SinkUse(
        caller.path,
        index.span(caller, index.call(found.call).site),
        found.sink.kind,
        found.sink.client,
        found.method,
    )
    steps = [Site(function.path, span, f"goes in here as {context.value}")]
    for via in calls:
        call = index.call(via)
        name = last_name(call.function)
        note = f"the text is passed to `{name}()`" if name else "the text is passed on"
        steps.append(Site(via.function.path, index.span(via.function, call.site), note))
    steps.append(Site(sink.path, sink.span, "the text is sent here"))
    # The longest text around the hole tells most.
    before, after = max(record.around, key=lambda around: (len("".join(around)), around))
    return Flow(
        path=function.path,
        span=span,
        name=record.hole.name,
        spec=record.hole.spec,
        join=index.span(function, record.joined.site) if record.joined else None,
        place=place,
        context=context,
        before=before,
        after=after,
        leaves=_worst_first(record.leaves),
        sink=sink,
        steps=tuple(dict.fromkeys(steps)),
        function=index.documents[function.path].units[function.unit].qualified_name,
    )


def _shortest(
    origins: set[Origin],
    sinks: tuple[FoundSink, ...],
    asked_by: Callable[[Origin], Iterable[Origin]],
) -> tuple[FoundSink, tuple[CallKey, ...]]:
    """Return the nearest sink and the calls on the way there, the same in every order."""
    reached: list[tuple[CallKey, int, tuple[CallKey, ...]]] = []
    level = {(origin, _calls((), origin)) for origin in origins}
    seen = set(origins)
    while level and not reached:
        above: set[tuple[Origin, tuple[CallKey, ...]]] = set()
        for origin, calls in level:
            if isinstance(origin.asker, int):
                reached.append((sinks[origin.asker].call, origin.asker, calls))
                continue
            above.update(
                (asker, _calls(calls, asker)) for asker in asked_by(origin) if asker not in seen
            )
        seen.update(origin for origin, _ in above)
        level = above
    _, number, calls = min(reached)
    return sinks[number], calls


def _calls(calls: tuple[CallKey, ...], origin: Origin) -> tuple[CallKey, ...]:
    return calls if origin.via is None else (*calls, origin.via)


def _worst_first(leaves: set[Leaf]) -> tuple[Leaf, ...]:
    order = sorted(leaves, key=lambda leaf: (-leaf.kind.value, leaf.why, leaf.kept))
    return tuple(order[:MAX_LEAVES])

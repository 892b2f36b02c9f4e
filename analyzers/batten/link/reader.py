"""Reading a text with the grammar: literals move the place, holes are recorded where they stand.

The reader follows what is written at one place: templates, joins, formatting, calls that hand
text on or escape it. What it finds open (a parameter, an attribute, a result) it asks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeGuard

from batten.grammars import url
from batten.grammars.address import begins_address
from batten.link.arguments import entry_of
from batten.link.collected import Collected
from batten.link.entities import Frame, Known, Outside
from batten.link.evidence import leaf_of, parameter_leaf
from batten.link.flow import Leaf, LeafKind
from batten.link.formats import Formats
from batten.link.leaves import COMPOSED, CONSTANT, OUTWEIGHS_WORDS, PIECE, TOP, union
from batten.link.literals import Written
from batten.link.point import tail
from batten.link.reads import Memo
from batten.link.servers_in_paths import behind_server, names_server_in_path
from batten.link.templates import Templates
from batten.link.text_calls import TextCalls
from batten.models.model import Control
from batten.values.combine import is_top
from batten.values.terms import (
    UNKNOWN,
    Arguments,
    Bag,
    Choice,
    Computed,
    Const,
    Division,
    Element,
    Format,
    Hole,
    Item,
    Joined,
    Mapping,
    Param,
    Refined,
    Result,
    Sequence,
    Template,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.grammars.url import Place
    from batten.link.point import Demand, Point, Traced
    from batten.link.resolve import Resolver

MAX_PUT_IN = 256
MAX_NESTED = 3
MAX_PARTS = 32
MAX_READ_HERE = 8
_ANYWHERE = url.Place.SEGMENT


_GROWN = (Template, Format, Joined, Division)


class Record(Protocol):
    """Notes a hole: where it stands, what may fill it, and the join whose items go in."""

    def __call__(self, hole: Hole, at: Point, leaves: set[Leaf], joined: Joined | None) -> None:
        """Note one hole."""


class RecordLiteral(Protocol):
    """Notes a text that begins with an address which is written out."""

    def __call__(self, written: Written, at: Point) -> None:
        """Note one literal."""


class Reader:
    """Reads terms of one program."""

    def __init__(
        self,
        resolver: Resolver,
        ask: Callable[[Demand, Point], Traced],
        record: Record,
        record_literal: RecordLiteral,
        bound_frames: Callable[[Frame], tuple[Frame, ...]],
    ) -> None:
        """Make a reader; `bound_frames` gives a function's frame once for each caller."""
        self._bound_frames = bound_frames
        self._resolver = resolver
        self._index = resolver.index
        self._ask = ask
        self.record = record
        self._record_literal = record_literal
        self.collected = Collected(resolver)
        self.calls = TextCalls(resolver, self)
        self.templates = Templates(resolver, bound_frames)
        self.formats = Formats(self, ask)
        self._entries = Memo(resolver.index.reads, self._find_put_in)

    def read(self, value: Value, at: Point) -> Traced:
        """Read a term that begins at a point; return where it ends and what values it is."""
        if at.place is url.Place.PARAMETERS:
            return self._parameters(value, at)
        match value:
            case Const() | Template() if _is_text(value):
                return self.text(value, at, at.frame)
            case Const():
                return at.unknown_end(), {CONSTANT}
            case Hole():
                return self.hole(value, at), set()
            case Joined():
                return self._joined(value, at, None), {COMPOSED}
            case Format():
                return self.formats.read(value, at)
            case Division(left, right):
                operator = self.calls.operator(left.value, "__truediv__", at.frame)
                if operator is not None:
                    ends, leaves = self.read(left.value, at)
                    behind, more = self.calls.parts(operator, Arguments((right,)), at)
                    return behind or ends, leaves | more
                return self.template((left, "/", right), at), set()
            case Choice(alternatives):
                if len(alternatives) > MAX_READ_HERE and any(map(_has_grown, alternatives)):
                    return self._ask(at.demand(value), at)
                return self.each(value, at)
            case Unknown(holes):
                # Where in the URL they go is not known any more: in its path, most likely.
                lost = at if at.place is not url.Place.START else replace(at, place=_ANYWHERE)
                for hole in holes:
                    self.hole(hole, lost)
                return at.unknown_end(), set() if holes else {TOP}
            case Computed():
                return at.unknown_end(), {leaf_of(Known(value, at.frame), self._resolver)}
            case Mapping() | Sequence() | Bag():
                return at.unknown_end(), set()  # no text: nobody means to send how it is shown
            case Param() if at.frame.call is not None:
                constants = self._constants(value, at)
                return self._ask(at.demand(value), at) if constants is None else constants
            case _:
                return self._ask(at.demand(value), at)

    def each(self, several: Choice, at: Point) -> Traced:
        """Read each of several values that begin at a point."""
        return union(self.read(one, at) for one in several.alternatives)

    def _constants(self, given: Param, at: Point) -> Traced | None:
        """Read what a call gives if it is constant and nothing is noted of it, else None.

        Many calls give constants only, and each would be a demand at each place.
        """
        entities = self._resolver.resolve(given, at.frame)
        for entity in entities:
            known = entity.value if isinstance(entity, Known) else None
            if not isinstance(known, Const) or begins_address(str(known.value)):
                return None
        return union(
            self.read(entity.value, at) for entity in entities if isinstance(entity, Known)
        )

    def _parameters(self, value: Value, at: Point) -> Traced:
        """Read a mapping of query parameters that somebody else escapes, or pairs of them."""
        match value:
            case Mapping() | Sequence() | Bag():
                self.calls.parameters(value, at)
            case Choice(alternatives):
                return union(self.read(each, at) for each in alternatives)
            case Const() | Template() | Joined() | Format() | Computed() | Unknown():
                pass  # text: what goes into it is not escaped
            case _:
                return self._ask(at.demand(value), at)
        return at.unknown_end(), set()

    def more_parameters(self, value: Value, at: Point) -> None:
        """Read what was put into such a mapping as a whole.

        If others were put into that, it may be there many times.
        """
        several = value.alternatives if isinstance(value, Choice) else (value,)
        if any(isinstance(each, (Mapping, Bag)) and each.spread for each in several):
            self._ask(at.demand(value), at)
        else:
            self.read(value, at)

    def hole(self, hole: Hole, at: Point) -> set[Place]:
        """Read a hole; return where its text may end."""
        if hole.spec == "d":
            return at.unknown_end()
        value = hole.value
        if hole.entry:
            put_in = self._put_in(hole, at.frame)
            if put_in:
                return set().union(*(self.hole(each, at.within(f)) for each, f in put_in))
        if isinstance(value, Joined) and value.site == hole.site:
            return self._joined(value, at, replace(hole, name=value.name))
        # A text that grew on some branches shares its beginnings: each is read once.
        shared = isinstance(value, Choice) and any(map(_has_grown, value.alternatives))
        # A text inside a text inside a text may be there many times.
        shared = shared or (isinstance(value, _GROWN) and len(at.around) > MAX_NESTED)
        # So may what is left of texts that have reached a bound.
        shared = shared or (isinstance(value, Unknown) and is_top(value))
        if shared:
            ends, leaves = self._ask(at.demand(value), at)
        elif _is_text(value):
            ends, leaves = self.text(value, at, at.frame, hole.site)
        else:
            ends, leaves = self.read(value, at)
        self.record(hole, at, self.documented(value, at.frame, leaves), None)
        return set(ends)

    def text(
        self, text: Const | Template, at: Point, written: Frame, around: int | None = None
    ) -> Traced:
        """Read text whose beginning is written in a frame, in the expression at site `around`."""
        if isinstance(text, Const):
            known = str(text.value)
            self._address((known,), at, written, around)
            return {url.advance(at.place, known)}, {PIECE if _is_piece(known) else CONSTANT}
        if names_server_in_path(text.parts, at.place):
            text = Template(behind_server(text.parts))
        self._address(text.parts, at, written, around)
        composed = any(isinstance(part, str) and _is_piece(part) for part in text.parts)
        return self.template(text.parts, at), {PIECE if composed else COMPOSED}

    def _address(
        self, parts: tuple[str | Hole, ...], at: Point, frame: Frame, around: int | None
    ) -> None:
        """Note a text that stands here if it begins with an address; `frame` has it written."""
        first = parts[0] if parts else ""
        if at.place is not url.Place.START or not isinstance(first, str):
            return
        if begins_address(first):
            anchor = next((part.site for part in parts if isinstance(part, Hole)), None)
            written = Written(
                function=frame.function,
                parts=parts,
                behind="{...}" if at.following is None else at.following,
                anchor=anchor if frame.function == at.frame.function else None,
                around=around,
            )
            self._record_literal(written, at)

    def given(self, hole: Hole, at: Point) -> Traced:
        """Read what a caller gives to a parameter."""
        put_in = self._put_in(hole, at.frame) if hole.entry else ()
        if put_in:
            return union(self._once(each.value, at.within(frame)) for each, frame in put_in)
        return self._once(hole.value, at)

    def _once(self, value: Value, at: Point) -> Traced:
        """Read what one of many callers gives: asked for, so that it isn't read with the others."""
        return self.read(value, at) if isinstance(value, Const) else self._ask(at.demand(value), at)

    def _put_in(self, entry: Hole, frame: Frame) -> tuple[tuple[Hole, Frame], ...]:
        """Return the expressions that callers put in as an entry of `**values` or `*items`.

        Each stands in the frame of the one who put it in. Nothing when nobody is known to, or
        too many are.
        """
        return self._entries((entry, frame))

    def _find_put_in(self, asked: tuple[Hole, Frame]) -> tuple[tuple[Hole, Frame], ...]:
        entry, frame = asked
        found: dict[tuple[Hole, Frame], None] = {}
        waiting = {(entry, frame): None}
        left = [(entry, frame)]
        while left:
            hole, inside = left.pop()
            more = tuple(self._put_in_by_callers(hole, inside))
            if not more and hole is not entry:
                found[replace(hole, entry=False), inside] = None
            for each in more:
                if not each[0].entry:
                    found[each] = None
                elif each not in waiting:
                    waiting[each] = None
                    left.append(each)
            if len(waiting) + len(found) > MAX_PUT_IN:
                return ()
        return tuple(found)

    def _put_in_by_callers(self, entry: Hole, frame: Frame) -> Iterator[tuple[Hole, Frame]]:
        value = entry.value
        if not isinstance(value, Item) or not isinstance(value.base, Param):
            return
        for bound in self._bound_frames(frame):
            given = self._resolver.bound_argument(bound, value.base.name)
            found = entry_of(given, value.key) if given is not None else None
            if found is not None and bound.caller is not None:
                yield found, bound.caller

    def items(self, collection: Value, at: Point) -> Traced:
        """Read one item of a collection, whichever it is."""
        return self._items(collection, at, {})

    def _items(
        self, collection: Value, at: Point, known: dict[tuple[Value, Frame], Traced]
    ) -> Traced:
        """Read an item; `known` is what others of the same place are, nothing while they are read.

        Lists that are put into each other on some branches hold what is in them many times.
        """
        key = collection, at.frame
        if key in known:
            return known[key]
        known[key] = set(), set()
        ends, leaves = self._items_anew(collection, at, known)
        known[key] = ends, leaves
        return ends, leaves

    def _items_anew(
        self, collection: Value, at: Point, known: dict[tuple[Value, Frame], Traced]
    ) -> Traced:
        match collection:
            case Sequence(each):
                traced = [self.read(value, at) for value in each]
            case Bag(each, spread):
                traced = [self.read(value, at) for value in each]
                traced += [self._items(more, at, known) for more in spread]
            case Choice(alternatives):
                traced = [self._items(one, at, known) for one in alternatives]
            case _:
                traced = [
                    self._items(inner, at.within(frame), known)
                    for inner, frame in self.collected.found(collection, at.frame)
                    if isinstance(inner, (Sequence, Bag))
                ] or [self.read(Element(collection), at)]
        ends, leaves = union(traced)
        return ends or {at.place}, leaves

    def called(self, value: Result, at: Point) -> Traced | None:
        """Read the result of a call that hands its arguments' text on, or escapes it.

        None for any other call.
        """
        call = self._index.call_in(at.frame.function, value.call)
        traced = [
            read
            for callee in self._resolver.resolve(call.function, at.frame)
            if (read := self.calls.read(call, callee, at)) is not None
        ]
        return union(traced) if traced else None

    def template(
        self,
        parts: tuple[str | Hole, ...],
        at: Point,
        outer: Frame | None = None,
        from_outer: frozenset[int] = frozenset(),
    ) -> set[Place]:
        """Read parts of a text; those whose `id` is in `from_outer` are terms of `outer`.

        A text that doubles has the same holes many times: they are read where they stand first.
        """
        places = {at.place}
        known: dict[tuple[Hole, Frame, Place, str | None], set[Place]] = {}
        # To those who read the text around a hole, a term of another frame would be one of its own.
        around = parts
        if outer is not None:
            around = tuple([_unknown(part) if id(part) in from_outer else part for part in parts])
        for index, part in enumerate(parts):
            if isinstance(part, str):
                places = {url.advance(place, part) for place in places}
            else:
                behind = parts[index - 1] if index else ""
                there = at.within(outer) if outer and id(behind) in from_outer else at
                if url.Place.BASE in places and self._is_setting(behind, there):
                    # Right behind the address of a server: it ends with a slash, or should.
                    places = places - {url.Place.BASE} | {url.Place.BEHIND_SETTING}
                points = [at.of_part(around, index, place) for place in places]
                if outer is not None and id(part) in from_outer:
                    points = [point.within(outer) for point in points]
                if len(parts) <= MAX_PARTS:
                    places = set().union(*(self.hole(part, point) for point in points))
                    continue
                for point in points:
                    key = part, point.frame, point.place, point.following
                    if key not in known:
                        known[key] = self.hole(part, point)
                places = set().union(*(known[part, p.frame, p.place, p.following] for p in points))
        return places

    def _is_setting(self, part: str | Hole, at: Point) -> bool:
        """Tell whether a part of a text is what the environment tells the program."""
        if not isinstance(part, Hole):
            return False
        controls = {
            entity.control if isinstance(entity, Outside) else None
            for entity in self._resolver.resolve(part.value, at.frame)
            if not isinstance(entity, Known)
        }
        return controls == {Control.ENVIRONMENT}

    def documented(self, value: Value, frame: Frame, leaves: set[Leaf]) -> set[Leaf]:
        """Let what a function says of its parameter outweigh what this one call gives."""
        value = value.value if isinstance(value, Refined) else value
        inner = value.base if isinstance(value, Element) else value
        if frame.call is None or not isinstance(inner, Param):
            return leaves
        for parameter in self._index.head(frame.function).parameters:
            if parameter.name == inner.name:
                told = parameter_leaf(parameter, frame, self._resolver, of_items=inner is not value)
                if told is not None and any(leaf.kind is LeafKind.UNKNOWN for leaf in leaves):
                    return {told, *(leaf for leaf in leaves if leaf.kind in OUTWEIGHS_WORDS)}
        return leaves

    # Joins

    def _joined(self, joined: Joined, at: Point, whole: Hole | None) -> set[Place]:
        """Read a join: an item, then a separator and an item any number of times.

        `whole` is the hole that the call of `join` itself fills; else its items are the hole.
        """
        hole = whole or Hole(joined.items_site, joined.items, ",", joined.name)
        separator = self.collected.separator(joined, at.frame)
        point = replace(at, following=tail(separator)) if separator else at
        escape = self.collected.mapped_escape(joined.items, at.frame)
        if escape is not None:
            self.record(hole, point, {escape}, joined)
            return at.unknown_end()
        ends: set[Place] = set()
        for collection, frame in self.collected.found(joined.items, at.frame):
            if isinstance(collection, Sequence):
                parts = _interleaved(collection.items, separator, joined)
                ends |= self.template(parts, at.within(frame))
                continue
            inner = point.within(frame)
            first, leaves = self.items(collection, inner)
            ends |= first
            if at.place is url.Place.START and self.collected.has_address(collection, frame):
                # One of the items, nobody knows which, is where the URL begins.
                leaves = leaves | {COMPOSED}
            self.record(hole, point, leaves, joined)
            for place in {url.advance(end, separator) for end in first}:
                if "/" in separator and url.in_query(place) and not url.in_query(at.place):
                    continue  # the last item of a path brings a query: no item is behind it
                again = replace(inner, place=place)
                parts_behind = self.collected.without_addresses(collection, frame)
                more, found = self.items(parts_behind, again)
                leaves = found | (leaves & {COMPOSED})
                ends |= more
                if url.context(place, point.following) is not url.context(
                    at.place, point.following
                ):
                    self.record(hole, replace(point, place=place), leaves, joined)
        return ends


def _has_grown(value: Value) -> bool:
    """Tell whether a value is a text that others may be part of, whatever is proved of it."""
    bare = value.value if isinstance(value, Refined) else value
    return isinstance(bare, _GROWN) or is_top(bare)


def _is_text(value: Value) -> TypeGuard[Const | Template]:
    return isinstance(value, Template) or (
        isinstance(value, Const) and isinstance(value.value, str)
    )


def _unknown(part: str | Hole) -> str | Hole:
    return replace(part, value=UNKNOWN) if isinstance(part, Hole) else part


def _is_piece(text: str) -> bool:
    """Tell whether a text is part of a URL that has parts itself."""
    return "/" in text or "?" in text


def _interleaved(
    items: tuple[Value, ...], separator: str, joined: Joined
) -> tuple[str | Hole, ...]:
    """Return the text of items that are known in order, with the separator between them."""
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

"""Reading a text with the grammar: literals move the place, holes are recorded where they stand.

The reader follows what is written at one place: templates, joins, formatting, calls that hand
text on or escape it. What it finds open (a parameter, an attribute, a result) it asks.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeGuard

from batten.grammars import url
from batten.grammars.address import begins_address
from batten.link.arguments import entry_of, given_argument, given_of, passed_values, placed
from batten.link.entities import (
    External,
    ExternalMethod,
    Frame,
    Instance,
    Known,
    Open,
    Routine,
)
from batten.link.evidence import leaf_of, parameter_leaf
from batten.link.flow import Leaf, LeafKind
from batten.link.literals import Written
from batten.link.point import Piece, tail
from batten.link.reads import Memo
from batten.summarize.nodes import SAME_TEXT
from batten.summarize.texts import spread_arguments
from batten.values.combine import plain
from batten.values.combine import template as joined_parts
from batten.values.formatting import filled, is_placeholder
from batten.values.terms import (
    NONE,
    Arguments,
    Attribute,
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
    from collections.abc import Callable, Iterable, Iterator

    from batten.grammars.url import Place
    from batten.link.entities import Entity
    from batten.link.point import Demand, Point, Traced
    from batten.link.resolve import Resolver
    from batten.models.model import CallModel
    from batten.summarize.summary import Call

MAX_COLLECTIONS = 5
MAX_PARTS = 6
MAX_PUT_IN = 256
_ANYWHERE = url.Place.SEGMENT
CONSTANT = Leaf(LeafKind.CONSTANT, "is constant", is_text=True)
COMPOSED = Leaf(LeafKind.COMPOSED, "is put together elsewhere", is_text=True)
PIECE = Leaf(LeafKind.PIECE, "is put together elsewhere", is_text=True)
TOP = Leaf(LeafKind.UNKNOWN, "is of a kind that is not known")
_PUT_TOGETHER = (Template, Format, Joined)
# Arguments of `urlencode` that may be there to keep escaped text as it is.
_ESCAPES_OTHERWISE = frozenset({"quote_via", "safe"})
# What documentation and names can't talk away.
OUTWEIGHS_WORDS = frozenset({LeafKind.COMPOSED, LeafKind.PIECE, LeafKind.CONTROLLED})


_GROWN = (Template, Format, Joined)


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
        self._record = record
        self._record_literal = record_literal
        self._entries = Memo(resolver.index.reads, self._find_put_in)

    def read(self, value: Value, at: Point) -> Traced:
        """Read a term that begins at a point; return where it ends and what values it is."""
        match value:
            case Const() | Template() if _is_text(value):
                return self._text(value, at, at.frame)
            case Const():
                return at.unknown_end(), {CONSTANT}
            case Hole():
                return self.hole(value, at), set()
            case Joined():
                return self._joined(value, at, None), {COMPOSED}
            case Format():
                return self._format(value, at)
            case Division(left, right):
                operator = self._operator(left.value, "__truediv__", at.frame)
                if operator is not None:
                    ends, leaves = self.read(left.value, at)
                    behind, more = self._parts(operator, Arguments((right,)), at)
                    return behind or ends, leaves | more
                return self._template((left, "/", right), at), set()
            case Choice(alternatives):
                return _union(self.read(each, at) for each in alternatives)
            case Unknown(holes):
                # Where in the URL they go is not known any more: in its path, most likely.
                lost = at if at.place is not url.Place.START else replace(at, place=_ANYWHERE)
                for hole in holes:
                    self.hole(hole, lost)
                return at.unknown_end(), set() if holes else {TOP}
            case Computed():
                return at.unknown_end(), {leaf_of(Known(value, at.frame), self._resolver)}
            case _:
                return self._ask(at.demand(value), at)

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
        shared = isinstance(value, Choice) and any(
            isinstance(v, _GROWN) for v in value.alternatives
        )
        if _is_text(value):
            ends, leaves = self._text(value, at, at.frame, hole.site)
        else:
            ends, leaves = self._ask(at.demand(value), at) if shared else self.read(value, at)
        self._record(hole, at, self._documented(value, at.frame, leaves), None)
        return set(ends)

    def _text(
        self, text: Const | Template, at: Point, written: Frame, around: int | None = None
    ) -> Traced:
        """Read text whose beginning is written in a frame, in the expression at site `around`."""
        if isinstance(text, Const):
            known = str(text.value)
            self._address((known,), at, written, around)
            return {url.advance(at.place, known)}, {PIECE if _is_piece(known) else CONSTANT}
        self._address(text.parts, at, written, around)
        composed = any(isinstance(part, str) and _is_piece(part) for part in text.parts)
        return self._template(text.parts, at), {PIECE if composed else COMPOSED}

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
            return _union(self._once(each.value, at.within(frame)) for each, frame in put_in)
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
        return self._items(collection, at, frozenset())

    def _items(self, collection: Value, at: Point, around: frozenset[Value]) -> Traced:
        """Read an item; `around` are the collections that this one was put into."""
        if collection in around:
            return set(), set()
        within = around | {collection}
        match collection:
            case Sequence(each):
                traced = [self.read(value, at) for value in each]
            case Bag(each, spread):
                traced = [self.read(value, at) for value in each]
                traced += [self._items(more, at, within) for more in spread]
            case Choice(alternatives):
                traced = [self._items(one, at, within) for one in alternatives]
            case _:
                traced = [
                    self._items(inner, at.within(frame), within)
                    for inner, frame in self._collections(collection, at.frame, 0)
                    if isinstance(inner, (Sequence, Bag))
                ] or [self.read(Element(collection), at)]
        ends, leaves = _union(traced)
        return ends or {at.place}, leaves

    def called(self, value: Result, at: Point) -> Traced | None:
        """Read the result of a call that hands its arguments' text on, or escapes it.

        None for any other call.
        """
        call = self._index.function(at.frame.function).calls[value.call]
        traced = [
            read
            for callee in self._resolver.resolve(call.function, at.frame)
            if (read := self._text_call(call, callee, at)) is not None
        ]
        return _union(traced) if traced else None

    def _template(
        self,
        parts: tuple[str | Hole, ...],
        at: Point,
        outer: Frame | None = None,
        from_outer: frozenset[int] = frozenset(),
    ) -> set[Place]:
        """Read parts of a text; those whose `id` is in `from_outer` are terms of `outer`."""
        places = {at.place}
        for index, part in enumerate(parts):
            if isinstance(part, str):
                places = {url.advance(place, part) for place in places}
            else:
                points = [at.of_part(parts, index, place) for place in places]
                if outer is not None and id(part) in from_outer:
                    points = [point.within(outer) for point in points]
                places = set().union(*(self.hole(part, point) for point in points))
        return places

    def _documented(self, value: Value, frame: Frame, leaves: set[Leaf]) -> set[Leaf]:
        """Let what a function says of its parameter outweigh what this one call gives."""
        value = value.value if isinstance(value, Refined) else value
        inner = value.base if isinstance(value, Element) else value
        if frame.call is None or not isinstance(inner, Param):
            return leaves
        for parameter in self._index.function(frame.function).parameters:
            if parameter.name == inner.name:
                told = parameter_leaf(parameter, frame, self._resolver, of_items=inner is not value)
                if told is not None and any(leaf.kind is LeafKind.UNKNOWN for leaf in leaves):
                    return {told, *(leaf for leaf in leaves if leaf.kind in OUTWEIGHS_WORDS)}
        return leaves

    # Formatting

    def _format(self, value: Format, at: Point) -> Traced:
        # A template that callers choose is filled with what the same callers give.
        traced = [
            self.read(value, at.within(frame))
            for frame in self._frames_for(value.template, at.frame)
        ]
        if traced:
            return _union(traced)
        default = self._default_of(value.template, at.frame)
        if default is not None and at.frame.call is None:
            traced.append(self.read(filled(value.style, default, value.arguments), at))
        for entity in self._templates(value.template, at.frame):
            known = entity.value if isinstance(entity, Known) else None
            operator = self._operator(value.template, "__mod__", at.frame)
            if operator is not None and value.style == "%":
                traced.append(self.read(value.template, at))
            elif isinstance(entity, Known) and isinstance(known, (Const, Template)):
                traced.append(self._filled(value, known, entity.frame, at))
            elif outer := self._chosen_outside(entity, at.frame):
                # A template that a closure has from the function around it.
                traced += [self.read(filled(value.style, t, value.arguments), at) for t in outer]
            else:
                # The template is not known: what it is made of stays, and what is put into it.
                holes = (*_holes_of(value.arguments), *value.arguments.spread)
                traced.append((self.read(Unknown(holes), at)[0], set()))
                if not isinstance(entity, Known):
                    self._ask(at.demand(value.template), at)
        return _union(traced)

    def _filled(self, value: Format, template: Const | Template, frame: Frame, at: Point) -> Traced:
        """Read a template of another frame with arguments of this one."""
        if isinstance(template, Template):
            template = self._with_constants(template, frame)
        made = filled(value.style, template, value.arguments)
        if frame == at.frame or isinstance(template, Const):
            if isinstance(made, (Const, Template)):
                return self._text(made, at, frame)
            return self.read(made, at)
        if not isinstance(made, Template):
            self.read(template, at.within(frame))
            return self.read(Unknown(tuple(_holes_of(value.arguments))), at)
        own = {id(part) for part in template.parts if isinstance(part, Hole)}
        around = frozenset(
            id(part)
            for part in made.parts
            if isinstance(part, Hole) and (part.reread or id(part) in own)
        )
        return self._template(made.parts, at, frame, around), {PIECE}

    def _with_constants(self, text: Template, frame: Frame) -> Const | Template:
        """Return a text with the constants in its holes written out: they may have fields."""
        parts: list[str | Hole] = []
        for part in text.parts:
            found = self._resolver.resolve(part.value, frame) if isinstance(part, Hole) else ()
            known = found[0].value if len(found) == 1 and isinstance(found[0], Known) else None
            constant = isinstance(known, Const) and isinstance(known.value, str)
            parts.append(known.value if constant else part)  # type: ignore[union-attr,arg-type]
        made = joined_parts(parts)
        return made if isinstance(made, (Const, Template)) else text

    def _templates(self, template: Value, frame: Frame) -> Iterator[Entity]:
        """Yield what a template may be; the members of a `StrEnum` are their values."""
        for entity in self._resolver.resolve(template, frame):
            if isinstance(entity, Instance):
                yield from self._resolver.resolve(Attribute(template, "value"), frame)
            else:
                yield entity

    def _chosen_outside(self, entity: Entity, frame: Frame) -> list[Const]:
        """Return the texts that callers give to a parameter of a function around this one."""
        if not isinstance(entity, Open) or not isinstance(entity.value, Param):
            return []
        if entity.frame.function == frame.function:
            return []
        return [
            known.value
            for bound in self._bound_frames(entity.frame)
            for known in self._resolver.resolve(entity.value, bound)
            if isinstance(known, Known) and isinstance(known.value, Const)
        ]

    def _frames_for(self, template: Value, frame: Frame) -> tuple[Frame, ...]:
        """Return the frames in which a template is known: each caller's, when callers choose it."""
        if not any(isinstance(part, Param) for part in _chain(template)):
            return ()
        frames = self._bound_frames(frame)
        return () if frames == (frame,) else frames

    def _default_of(self, template: Value, frame: Frame) -> Const | None:
        """Return the text that a parameter has by default."""
        if isinstance(template, Param):
            for parameter in self._index.function(frame.function).parameters:
                if parameter.name == template.name and isinstance(parameter.default, Const):
                    return parameter.default
        return None

    # Joins

    def _joined(self, joined: Joined, at: Point, whole: Hole | None) -> set[Place]:
        """Read a join: an item, then a separator and an item any number of times.

        `whole` is the hole that the call of `join` itself fills; else its items are the hole.
        """
        hole = whole or Hole(joined.items_site, joined.items, ",", joined.name)
        separator = self._separator(joined, at.frame)
        point = replace(at, following=tail(separator)) if separator else at
        escape = self.mapped_escape(joined.items, at.frame)
        if escape is not None:
            self._record(hole, point, {escape}, joined)
            return at.unknown_end()
        ends: set[Place] = set()
        for collection, frame in self._collections(joined.items, at.frame, 0):
            if isinstance(collection, Sequence):
                parts = _interleaved(collection.items, separator, joined)
                ends |= self._template(parts, at.within(frame))
                continue
            inner = point.within(frame)
            first, leaves = self.items(collection, inner)
            ends |= first
            self._record(hole, point, leaves, joined)
            for place in {url.advance(end, separator) for end in first}:
                if "/" in separator and url.in_query(place) and not url.in_query(at.place):
                    continue  # the last item of a path brings a query: no item is behind it
                again = replace(inner, place=place)
                more, leaves = self.items(collection, again)
                ends |= more
                if url.context(place, point.following) is not url.context(
                    at.place, point.following
                ):
                    self._record(hole, replace(point, place=place), leaves, joined)
        return ends

    def _separator(self, joined: Joined, frame: Frame) -> str:
        for entity in self._resolver.resolve(joined.separator, frame):
            if isinstance(entity, Known) and isinstance(entity.value, Const):
                return str(entity.value.value)
        return ""

    def _collections(self, items: Value, frame: Frame, depth: int) -> Iterator[tuple[Value, Frame]]:
        """Yield the collections that a term may be, read through `sorted`, `list`, `map`."""
        if depth < MAX_COLLECTIONS:
            mapped = self._mapped(items, frame)
            passed = self._resolver.results.passed(items, frame)
            if mapped is not None:
                passed = ((mapped[1].value, frame),)
            if passed:
                for value, inner in passed:
                    yield from self._collections(value, inner, depth + 1)
                return
        for entity in self._resolver.resolve(items, frame):
            if isinstance(entity, Known) and isinstance(entity.value, (Sequence, Bag, Mapping)):
                yield entity.value, entity.frame
            elif isinstance(entity, Open) and entity.value != items and depth < MAX_COLLECTIONS:
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

    def mapped_escape(self, items: Value, frame: Frame) -> Leaf | None:
        """Return how `map` escapes each item, if its function does."""
        mapped = self._mapped(items, frame)
        if mapped is None:
            return None
        for entity in self._resolver.resolve(mapped[0].value, frame):
            model = self._resolver.model(entity)
            if model is not None and model.escape is not None:
                return escaped_leaf(model.name, model.escape.kept)
            if isinstance(entity, Routine):
                function = self._index.function(entity.key)
                if isinstance(function.returns, Result):
                    call = function.calls[function.returns.call]
                    for callee in self._resolver.resolve(call.function, Frame(entity.key)):
                        model = self._resolver.model(callee)
                        if model is not None and model.escape is not None:
                            return _escaped(model, call)
        return None

    # Calls

    def _text_call(self, call: Call, callee: Entity, at: Point) -> Traced | None:
        function = call.function
        if isinstance(callee, ExternalMethod) and callee.owner == "str":
            known = self._text_method(call, at)
            if known is not None:
                return known
        if callee == External("str.format") and call.arguments.positional:
            whole, *rest = call.arguments.positional
            arguments = spread_arguments(replace(call.arguments, positional=tuple(rest)), "format")
            return self.read(Format("{", whole.value, arguments), at)
        if isinstance(callee, Open) and _formats(function):
            return self._text_method(call, at)
        if isinstance(function, Attribute) and function.name in ("substitute", "safe_substitute"):
            template = self._string_template(function.base, at.frame)
            if template is not None:
                arguments = spread_arguments(call.arguments, "substitute")
                return self.read(Format("$", template, arguments), at)
        model = self._resolver.model(callee)
        if model is None:
            if isinstance(function, Attribute) and function.name == "__new__":
                # `super().__new__(cls, text)` of a class of text.
                return _union(
                    self.read(given.value, at) for given in call.arguments.positional[1:2]
                )
            if isinstance(function, Attribute) and function.name in SAME_TEXT:
                return self._same_text(call, function, at)
            return None
        if model.escape is not None:
            leaf = _escaped(model, call)
            text = given_argument(
                call, model.escape.argument.position, model.escape.argument.keyword
            )
            if text is not None and "/" in leaf.kept and isinstance(text.value, (Template, Format)):
                # Escaped too late: the slashes of the values can't be told from its own.
                return self.read(text.value, at)
            return at.unknown_end(), {leaf, *self._escaped_again(text, leaf, call, at)}
        passed = passed_values(model, call)
        if model.parts:
            traced = [self.read(each, at) for each in passed]
            traced.append(self._parts(model, call.arguments, at))
            return _union(traced)
        if passed:
            ends, leaves = _union(self.read(each, at) for each in passed)
            return ends, _undone(leaves) if model.returns not in (None, model.name) else leaves
        if model.separator is not None:
            parts: list[str | Hole] = []
            for index, given in enumerate(call.arguments.positional):
                if index and model.separator:
                    parts.append(model.separator)
                parts.append(replace(given, spec=","))
            return self._template(tuple(parts), at), set()
        return None

    def _escaped_again(
        self, given: Hole | None, leaf: Leaf, call: Call, at: Point
    ) -> Iterator[Leaf]:
        """Read what an escaper is given; yield who chose it, as leaves that are escaped.

        What is given is a hole, too: text that is escaped already must not go in there.
        """
        if given is None or "%" in leaf.kept:
            return
        around = url.context(at.place, at.following)
        inside = replace(at, place=url.inside_escaper(around), following="")
        leaves = self._pairs(given, call, inside)
        if leaves is None:
            _, leaves = self.read(given.value, inside)
            leaves = self._documented(given.value, at.frame, leaves)
            self._record(given, inside, leaves, None)
        for inner in leaves:
            if inner.control is not None:
                yield replace(
                    leaf,
                    control=inner.control,
                    checked=inner.checked,
                    undotted=inner.undotted,
                    source=inner.source,
                )

    def _pairs(self, given: Hole, call: Call, at: Point) -> set[Leaf] | None:
        """Read the values of a mapping that is escaped as a whole; None if it is none."""
        found = False
        for entity in self._resolver.resolve(given.value, at.frame):
            if isinstance(entity, Known) and isinstance(entity.value, (Mapping, Sequence, Bag)):
                found = True
                if not _ESCAPES_OTHERWISE & {name for name, _ in call.arguments.named}:
                    self.parameters(entity, at)
        return set() if found else None

    def parameters(self, mapping: Known, at: Point) -> None:
        """Read the values of query parameters that somebody else escapes."""
        for key, value in _entries(mapping.value):
            if isinstance(value, Hole):
                name = str(key.value) if isinstance(key, Const) else "{...}"
                inside = replace(
                    at,
                    frame=mapping.frame,
                    place=url.Place.PARAMETER,
                    following="",
                    around=(Piece(mapping.frame, (f"{{url}}?{name}=", value), 1),),
                )
                self.hole(value, inside)

    def _string_template(self, base: Value, frame: Frame) -> Value | None:
        """Return the text of `string.Template(text)`, None when `base` is something else."""
        for entity in self._resolver.resolve(base, frame):
            value, inner = (
                (entity.value, entity.frame) if isinstance(entity, Open) else (base, frame)
            )
            if not isinstance(value, Result):
                continue
            call = self._index.function(inner.function).calls[value.call]
            made = self._resolver.resolve(call.function, inner)
            if External("string.Template") not in made or not call.arguments.positional:
                continue
            text = call.arguments.positional[0].value
            if inner == frame:
                return text
            for known in self._resolver.resolve(text, inner):
                if isinstance(known, Known) and isinstance(known.value, Const):
                    return known.value
        return None

    def _operator(self, value: Value, method: str, frame: Frame) -> CallModel | None:
        """Return the model of an operator of an object that is a URL (yarl, furl)."""
        for entity in self._resolver.resolve(value, frame):
            owner = self._resolver.class_of(entity)
            model = self._resolver.models.method(owner, method) if owner is not None else None
            if model is not None:
                return model
        return None

    def _parts(self, model: CallModel, given: Arguments, at: Point) -> Traced:
        """Read the arguments that are parts of the text that a call makes."""
        if model.items is None:
            return self._each_part(model, given, at)
        whole = given_of(given, model.items.position, model.items.keyword)
        if whole is None:
            return at.unknown_end(), {COMPOSED}
        if any(map(self._resolver.class_of, self._resolver.resolve(whole.value, at.frame))):
            # A named tuple: `urlunsplit(parts._replace(path=path))`.
            return self.read(whole.value, at)
        traced: list[Traced] = []
        for collection, frame in self._collections(whole.value, at.frame, 0):
            items: tuple[Value, ...] = ()
            if isinstance(collection, Sequence):
                items = collection.items
            elif isinstance(collection, Mapping):
                # A list of which some items were replaced: `parts[2] = path`.
                known = dict(collection.entries)
                items = tuple(known.get(Const(index), NONE) for index in range(MAX_PARTS))
            arguments = Arguments(tuple(placed(whole, item) for item in items))
            traced.append(self._each_part(model, arguments, at.within(frame)))
        return _union(traced)

    def _each_part(self, model: CallModel, given: Arguments, at: Point) -> Traced:
        ends: set[Place] = set()
        for part in model.parts:
            hole = given_of(given, part.argument.position, part.argument.keyword)
            if hole is None or (part.escaped and not isinstance(hole.value, _PUT_TOGETHER)):
                continue
            shown = "{url}?" if part.start == "query" else "{url}"
            around = (*at.around, Piece(at.frame, (shown, hole), 1))
            there = replace(at, place=url.start(part.start), following="", around=around)
            ends |= self.hole(hole, there)
        return ends or at.unknown_end(), {COMPOSED}

    def _text_method(self, call: Call, at: Point) -> Traced | None:
        """Read `TEMPLATE.format(...)` or `SEPARATOR.join(...)` of a text that linking found."""
        function, given = call.function, call.arguments
        if not isinstance(function, Attribute):
            return None
        if function.name in ("format", "format_map"):
            arguments = spread_arguments(given, function.name)
            return self.read(Format("{", function.base, arguments), at)
        if function.name == "join" and len(given.positional) == 1:
            items = given.positional[0]
            joined = Joined(function.base, items.value, call.site, items.site, items.name)
            return self.read(joined, at)
        if function.name == "replace" and is_placeholder(given):
            return self.read(Format("replace", function.base, given), at)
        return self._same_text(call, function, at) if function.name in SAME_TEXT else None

    def _same_text(self, call: Call, function: Attribute, at: Point) -> Traced:
        ends, leaves = self.read(function.base, at)
        given = call.arguments.positional[0].value if call.arguments.positional else None
        if isinstance(given, Const) and isinstance(given.value, str) and "." in given.value:
            # Dots were taken away: `strip(".")`, `replace("..", "")`.
            leaves = {replace(leaf, undotted=True) for leaf in leaves}
        return ends, leaves


def _entries(collection: Value) -> Iterator[tuple[Value, Value]]:
    """Yield the keys and values of a mapping, or of a collection of pairs."""
    if isinstance(collection, Mapping):
        yield from collection.entries
    elif isinstance(collection, (Sequence, Bag)):
        for pair in map(plain, collection.items):
            if isinstance(pair, Sequence) and len(pair.items) == 2:
                yield plain(pair.items[0]), pair.items[1]


def _is_text(value: Value) -> TypeGuard[Const | Template]:
    return isinstance(value, Template) or (
        isinstance(value, Const) and isinstance(value.value, str)
    )


def _is_piece(text: str) -> bool:
    """Tell whether a text is part of a URL that has parts itself."""
    return "/" in text or "?" in text


def _has_grown(value: Value) -> bool:
    return isinstance(value, Choice) and any(isinstance(v, _GROWN) for v in value.alternatives)


def escaped_leaf(function: str, kept: str) -> Leaf:
    """Return the leaf of a value that `function` has escaped but for `kept`."""
    why = f"is escaped by `{function.rpartition('.')[2]}()`"
    return Leaf(LeafKind.ESCAPED, why, kept, is_text=True)


def _escaped(model: CallModel, call: Call) -> Leaf:
    escape = model.escape
    kept = escape.kept if escape is not None else ""
    if escape is not None and escape.kept_argument is not None:
        argument = escape.kept_argument
        given = given_argument(call, argument.position, argument.keyword)
        if given is not None and isinstance(given.value, Const):
            known = given.value.value
            kept = known.decode("latin-1") if isinstance(known, bytes) else str(known)
    return escaped_leaf(model.name, kept)


def _undone(leaves: set[Leaf]) -> set[Leaf]:
    """Return what becomes of values that are made anew (`unquote`): no escaping holds."""
    made = Leaf(LeafKind.UNKNOWN, "is unescaped before it goes in", is_text=True)
    return {made if leaf.kind is LeafKind.ESCAPED else leaf for leaf in leaves}


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


def _holes_of(arguments: Arguments) -> Iterator[Hole]:
    yield from arguments.positional
    for _, hole in arguments.named:
        yield hole


def _formats(function: Value) -> bool:
    """Tell whether a method is `format` of a template that callers choose."""
    return (
        isinstance(function, Attribute)
        and function.name in ("format", "format_map")
        and any(isinstance(part, Param) for part in _chain(function.base))
    )


def _chain(value: Value) -> Iterator[Value]:
    """Yield a term and what its items and attributes are taken from, with the keys."""
    while True:
        yield value
        match value:
            case Item(base, key):
                yield key
                value = base
            case Attribute(base, _) | Refined(base, _):
                value = base
            case _:
                return


def _union(traced: Iterable[Traced]) -> Traced:
    ends: set[Place] = set()
    leaves: set[Leaf] = set()
    for places, found in traced:
        ends |= places
        leaves |= found
    return ends, leaves

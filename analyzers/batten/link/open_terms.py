"""What an open term may be, when its text begins at a place of the grammar.

It is what the term resolves to; for a parameter, what every caller gives, or what the program
says of it. What depends on another open term is asked for.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from batten.grammars import url
from batten.link.address_checks import Check, check_of, has_host, is_checking_name
from batten.link.arguments import entry_taken
from batten.link.circles import Circles
from batten.link.contributions import together
from batten.link.entities import ClassObject, Frame, Instance, Known, Open, Outside
from batten.link.evidence import (
    is_address_name,
    is_identifier_name,
    leaf_of,
    parameter_leaf,
    refuses_dots,
)
from batten.link.flow import Leaf, LeafKind
from batten.link.for_people import is_for_people
from batten.link.index import last_name
from batten.link.leaves import COMPOSED, OUTWEIGHS_WORDS, PIECE, RAW, TOP, union
from batten.link.narrowed import narrowed
from batten.link.point import Demand, Origin, Point
from batten.link.proofs import matched, proven
from batten.link.replies import Replies
from batten.link.resolve import is_from_elsewhere
from batten.link.tables import is_own
from batten.link.text_calls import PARSED
from batten.values.paths import root, rooted
from batten.values.terms import (
    Attribute,
    Choice,
    Const,
    Element,
    Hole,
    Item,
    Name,
    Param,
    Refined,
    Result,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.grammars.url import Place
    from batten.link.callers import Callers
    from batten.link.contributions import Together
    from batten.link.entities import Entity
    from batten.link.index import CallKey, FunctionKey
    from batten.link.point import Traced
    from batten.link.reader import Reader
    from batten.summarize.summary import Parameter
    from batten.values.terms import Value

    Asker = Demand | int
    Given = tuple[Traced, bool]
    Keeper = Callable[
        [FunctionKey, tuple[CallKey, ...], Callable[[Origin], Given | None]], Together
    ]


# Methods of text that return its pieces.
_CUTS = frozenset({"split", "rsplit", "partition", "rpartition", "splitlines"})
# The parts of a parsed address behind its path.
_BEHIND_PATH = frozenset({"params", "query", "fragment"})
# What is held to be an id, or nothing at all, by its name.
_VAGUE = frozenset({LeafKind.UNKNOWN, LeafKind.IDENTIFIER, LeafKind.REPLIED})


class OpenTerms:
    """Answers the demands of one program; `ask` gives what is known of another demand."""

    def __init__(
        self,
        callers: Callers,
        reader: Reader,
        ask: Callable[[Demand, Point], Traced],
        keeper: Callable[[Asker], Keeper | None],
    ) -> None:
        """Make them; `keeper` gives who keeps what the callers of an asker give, if anybody."""
        self._keeper = keeper
        self._callers = callers
        self._reader = reader
        self._ask = ask
        self._resolver = callers.resolver
        self._index = callers.resolver.index
        self._circles = Circles(callers)
        self._replies = Replies(callers)

    def answer(self, demand: Demand) -> Traced:
        """Return where the text of a demand may end and what values it may be, as known by now."""
        at = Point(demand.frame, demand.place, demand.following, Origin(demand))
        value = demand.value
        if isinstance(value, Choice):
            return self._reader.each(value, at)
        if isinstance(value, Result):
            called = self._reader.called(value, at)
            if called is not None:
                return self._by_name(value, called, at)
        if isinstance(value, (Attribute, Item)) and isinstance(value.base, Refined):
            checked = self._part_of_checked(value, value.base, demand, at)
            if checked is not None:
                return checked
        entities = self._resolver.resolve(value, demand.frame)
        if not entities:
            return at.unknown_end(), {TOP}
        after: set[Place] = set()
        leaves: set[Leaf] = set()
        for entity in self._with_callers(entities):
            if isinstance(entity, Known):
                ends, found = self._reader.read(entity.value, at.within(entity.frame))
                if isinstance(value, Result) and PIECE in found:
                    # Put together by the function that was called, not handed to it as a piece.
                    found = {COMPOSED if leaf == PIECE else leaf for leaf in found}
            elif isinstance(entity, Open):
                ends, found = self._open(entity, demand, at)
            elif isinstance(entity, Instance) and (frame := self._text_frame(entity, demand)):
                ends, found = self._text(entity, at.within(frame))
            else:
                leaf = self._time(value, demand.frame) or leaf_of(entity, self._resolver)
                ends, found = at.unknown_end(), {leaf}
            after |= ends
            leaves |= found
        if isinstance(value, Result):
            return self._by_name(value, (after, leaves), at)
        if isinstance(value, Attribute) and self._is_no_id(value, demand.frame):
            leaves = {replace(e, told=True) if e.kind is LeafKind.UNKNOWN else e for e in leaves}
        return after, leaves

    def _is_no_id(self, value: Attribute, frame: Frame) -> bool:
        """Tell whether an attribute that is an id by its name holds one that is none."""
        if not is_identifier_name(value.name) or not isinstance(value.base, (Param, Name)):
            return False
        owner = self._index.owner_class(frame.function)
        if owner is None or not is_own(value.base, self._index.head(frame.function)):
            return False
        held = self._resolver.hierarchy.held((owner, value.name))
        return held is not None and not is_identifier_name(held)

    def _with_callers(self, entities: tuple[Entity, ...]) -> Iterator[Entity]:
        """Replace results of methods whose objects only callers know by what these return."""
        for entity in entities:
            returned = self._callers.returned(entity) if isinstance(entity, Open) else ()
            yield from returned or (entity,)

    def _text(self, instance: Instance, at: Point) -> Traced:
        """Read the text of an object, which the function of a point makes.

        Where that is put together for people to read, nothing in there is escaped: it is a value
        by itself where it goes in.
        """
        returns = self._index.returned(at.frame.function).returns
        texts = returns.alternatives if isinstance(returns, Choice) else (returns,)
        shown = [text for text in texts if is_for_people(text)]
        if not shown:
            return self._reader.read(returns, at)
        name = self._index.class_(instance.key).name
        traced = [self._reader.read(text, at) for text in texts if text not in shown]
        leaf = Leaf(LeafKind.UNKNOWN, f"is the text of an object of `{name}`")
        return union([*traced, (at.unknown_end(), {leaf})])

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
            call = self._index.call_in(frame.function, value.call)
            if last_name(call.function) in ("isoformat", "strftime"):
                return Leaf(LeafKind.IDENTIFIER, "is a formatted time", is_text=True)
        return None

    def _by_name(self, value: Result, read: Traced, at: Point) -> Traced:
        """Note that an address came out of a function that checks it (`validated(url)`)."""
        call = self._index.call_in(at.frame.function, value.call)
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
        if isinstance(value, Refined):
            return self._guarded(value, entity, at)
        if isinstance(value, Element):
            escape = self._reader.collected.mapped_escape(value.base, entity.frame)
            if escape is not None:
                return at.unknown_end(), {escape}
        if isinstance(value, (Element, Item)):
            text = self._cut_from(value.base, entity.frame)
            if text is not None:
                return self._reader.read(text, at.within(entity.frame))
        if isinstance(value, Result):
            taken = entry_taken(self._index.call_in(entity.frame.function, value.call))
            if taken is not None and self._is_part_given(taken, at):
                return self._ask(replace(demand, value=taken, frame=entity.frame), at)
        if isinstance(value, Param):
            return self._parameter(value.name, entity, at, of_items=False)
        if isinstance(value, (Element, Item)) and isinstance(value.base, Param):
            if isinstance(value, Item):
                return self._entry(value, entity, at)
            return self._parameter(value.base.name, entity, at, of_items=True)
        if isinstance(value, Attribute):
            given = self._given_member(value, entity.frame, at)
            if given is not None:
                return given
        if self._is_parsed_part(entity, at):
            return at.unknown_end(), {COMPOSED}
        if isinstance(value, (Attribute, Item)):
            return at.unknown_end(), self._part(value, entity, at)
        return at.unknown_end(), {self._leaf(entity)}

    def _is_part_given(self, taken: Item, at: Point) -> bool:
        """Tell whether an entry is to be looked for with callers.

        An address that callers may give (`kwargs.get("base_url")`) is where a URL begins.
        """
        address = isinstance(taken.key, Const) and is_address_name(str(taken.key.value))
        return root(taken) is not None and (at.place is url.Place.START or not address)

    def _is_parsed_part(self, entity: Open, at: Point) -> bool:
        """Tell whether a value is a part of an address that was parsed, and put into one again.

        It is escaped as that address was. In a query value it is text like any other; in a
        query as a whole only the path is, which `?` and `#` end.
        """
        if not isinstance(entity.value, Attribute) or entity.receiver is None:
            return False
        name = entity.value.name
        if name == "path":
            is_part = not url.in_query(at.place)
        else:
            is_part = name in _BEHIND_PATH and (
                url.context(at.place, at.following) is not url.Context.QUERY_VALUE
            )
        return is_part and self._resolver.class_of(entity.receiver) in PARSED

    def _cut_from(self, pieces: Value, frame: Frame) -> Value | None:
        """Return the text that was cut into pieces (`path.split("/")`); None for other things."""
        if not isinstance(pieces, Result):
            return None
        call = self._index.call_in(frame.function, pieces.call)
        function = call.function
        if isinstance(function, Attribute) and function.name in _CUTS:
            return function.base
        return None

    def _leaf(self, entity: Open) -> Leaf:
        """Return the grade of a value that stays open, asking callers where it is taken from."""
        if self._replies.bring(entity.value, entity.frame):
            return Leaf(LeafKind.REPLIED, "comes out of a server's reply")
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
        if parameter is None or own.kind not in _VAGUE:
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
                origin = Origin(at.origin.asker, caller, key)
                found |= self._ask(demand, at.asked_by(origin))[1]
        if not given_at_all or self._circles.closed(key):
            found.add(own)
        return {own if leaf.kind in _VAGUE else leaf for leaf in found}

    def _guarded(self, value: Refined, entity: Open, at: Point) -> Traced:
        """Read a value of which guards have proved something; proofs weigh most."""
        found = proven(value.facts, entity.frame, self._resolver) or narrowed(
            value, entity.frame, self._resolver
        )
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
        patterns = matched(value.facts, entity.frame, self._resolver)
        if patterns:
            leaves = {
                replace(leaf, matched=patterns) if leaf.kind in RAW else leaf for leaf in leaves
            }
        if all(leaf.kind is not LeafKind.CONTROLLED for leaf in leaves):
            return ends, leaves
        return ends, _as_checked(leaves, check_of(value.facts, entity.frame, self._resolver))

    def _part_of_checked(
        self, value: Attribute | Item, base: Refined, demand: Demand, at: Point
    ) -> Traced | None:
        """Read a part of a parsed address that was checked; None for a part of anything else."""
        if all(fact.kind != "address" for fact in base.facts):
            return None
        part = replace(demand, value=replace(value, base=base.value))
        ends, leaves = self._ask(part, at)
        check = check_of(base.facts, demand.frame, self._resolver)
        if isinstance(value, Attribute) and value.name == "path":
            # Behind a host it begins with a slash, so that it can't go on with another one.
            check = Check(has_host(base.facts, demand.frame, self._resolver))
        return ends, _as_checked(leaves, check)

    def _entry(self, item: Item, entity: Open, at: Point) -> Traced:
        """Read an entry of a parameter: its annotation tells of its entries, too."""
        function = self._index.head(entity.frame.function)
        for parameter in function.parameters:
            if item.base == Param(parameter.name) and parameter.annotation is not None:
                told = parameter_leaf(parameter, entity.frame, self._resolver, of_items=True)
                if told is not None and told.kind is LeafKind.HARMLESS:
                    return at.unknown_end(), {told}
        return at.unknown_end(), self._part(item, entity, at)

    def _is_open_to_others(self, key: FunctionKey) -> bool:
        """Tell whether other programs call a function, by its name or by what made it."""
        name = self._index.head(key).name
        return not name.startswith("_") or self._index.is_made_of_fields(key)

    def _parameter(self, name: str, entity: Open, at: Point, *, of_items: bool) -> Traced:
        """Ask every caller what it gives; the parameter's own evidence weighs more."""
        key = entity.frame.function
        parameters = self._index.head(key).parameters
        parameter = next((each for each in parameters if each.name == name), None)
        read = self._item_read if of_items else self._reader.given
        keeper = None if of_items else self._keeper(at.origin.asker)
        callers = self._callers.callers(key)
        given_by = partial(self._given_by, name, parameter, at, read)
        if keeper is None:
            asker = at.origin.asker
            each = ((caller, given_by(Origin(asker, caller, key))) for caller in callers)
            after, leaves, given_at_all, only_left_out = together(key, each)
        else:
            after, leaves, given_at_all, only_left_out = keeper(key, callers, given_by)
        if not given_at_all and parameter and parameter.default and at.place is url.Place.START:
            # Nobody calls it here: those who do elsewhere may leave the address as it is.
            default, frame = self._resolver.default(key, parameter.default)
            self._reader.read(default, at.within(frame))
        told = parameter and (
            parameter_leaf(parameter, entity.frame, self._resolver, of_items=of_items)
        )
        if told:
            weighty = {leaf for leaf in leaves if leaf.kind in OUTWEIGHS_WORDS}
            return after | at.unknown_end(), {told} | weighty
        if given_at_all:
            replied = any(leaf.kind is LeafKind.REPLIED for leaf in leaves)
            described = parameter is not None and bool(parameter.doc)
            nobody_gives = (only_left_out or replied or described) and self._is_open_to_others(key)
            if nobody_gives or self._circles.closed(key):
                # What is never given inside is there for callers outside, as is what only gets
                # back what a server sent; and where only the circle itself calls, what enters it
                # from outside is not known.
                return after | at.unknown_end(), leaves | {leaf_of(entity, self._resolver)}
            return after, leaves
        return at.unknown_end(), {leaf_of(entity, self._resolver)}

    def _given_by(
        self,
        name: str,
        parameter: Parameter | None,
        at: Point,
        read: Callable[[Hole, Point], Traced],
        origin: Origin,
    ) -> Given | None:
        """Read what a caller gives, or leaves to the default; None when it does neither.

        With it goes whether it is the default.
        """
        _, caller, key = origin
        assert caller is not None
        assert key is not None
        given, left_out = self._callers.argument(key, name, caller), False
        if given is not None:
            frame = Frame(caller.function)
        elif parameter is not None and parameter.default is not None:
            default, frame = self._resolver.default(key, parameter.default)
            given, left_out = Hole(0, default, "s", name), True
        else:
            return None
        there = Point(frame, at.place, at.following, origin, at.around)
        return read(given, there), left_out

    def _item_read(self, given: Hole, at: Point) -> Traced:
        return self._reader.items(given.value, at)


def _as_checked(leaves: set[Leaf], check: Check) -> set[Leaf]:
    """Return values of which those that somebody outside chose went through a check."""
    return {
        replace(leaf, checked=leaf.checked or check.enough, doubt=check.but or leaf.doubt)
        if leaf.kind is LeafKind.CONTROLLED
        else leaf
        for leaf in leaves
    }

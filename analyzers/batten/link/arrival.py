"""From a hole back to where its value comes in: the places that it passes on the way.

Linking tells what may fill a hole, but not by which way it came. Here one value of a hole is
looked for again, in the program that is linked already: through arguments, results and
attributes, the nearest way first. What is found explains a finding; nothing depends on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batten.link.answers import READY
from batten.link.arguments import passed_values
from batten.link.entities import ClassObject, Frame, Instance, Known, Open, Outside, Routine
from batten.link.evidence import leaf_of, parameter_leaf
from batten.link.flow import LeafKind
from batten.link.index import FunctionKey, last_name
from batten.link.leaves import TOP
from batten.link.reads import Memo, SteadyMemo
from batten.summarize.nodes import SAME_TEXT
from batten.values.combine import element, plain
from batten.values.paths import root, rooted
from batten.values.terms import (
    Attribute,
    Bag,
    Choice,
    Const,
    Element,
    Hole,
    Item,
    Mapping,
    Name,
    Param,
    Refined,
    Result,
    Sequence,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.link.callers import Callers
    from batten.link.entities import Entity
    from batten.link.flow import Leaf
    from batten.link.index import CallKey
    from batten.summarize.summary import Parameter
    from batten.values.terms import Value

MAX_STATES = 300
MAX_LEVELS = 32
_EXPLAINED = frozenset({LeafKind.UNKNOWN, LeafKind.CONTROLLED})


class Stop(NamedTuple):
    """A place that a value passes, by its site in a function, and what happens there."""

    function: FunctionKey
    site: int
    note: str


class _State(NamedTuple):
    """A term that may be the value; `stops` are the places behind it, the last one first."""

    value: Value
    frame: Frame
    stops: tuple[Stop, ...] = ()


class _Wanted(NamedTuple):
    """What makes a leaf the value that is looked for, however it was checked on the way."""

    kind: LeafKind
    why: str
    source: str


class _Source(NamedTuple):
    """Where a value comes in."""

    state: _State
    wanted: _Wanted


class _Steps(NamedTuple):
    """The terms that a term gets its value from, each with what happens between them.

    `blind` is how many more there may be: they are not what is looked for, and nothing is behind
    them. Of many callers most give such a text, and another one with each letter that is typed.
    """

    states: tuple[_State, ...]
    blind: int = 0

    def different(self) -> int:
        """Return how many different terms there are, whatever happens, if none is blind."""
        return len({(more.value, more.frame) for more in self.states})


class Arrivals:
    """Where the values of one program's holes come in; remembers what it has looked at."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self._resolver = callers.resolver
        self._index = callers.resolver.index
        reads = callers.resolver.index.reads
        self._sources = Memo(reads, self._find_sources)
        self._outside = Memo(reads, self._find_outside)
        self._told = Memo(reads, self._find_told)
        self._stores = Memo(reads, self._find_stores)
        self._store_sites = Memo(reads, self._find_store_sites)
        self._read_at = SteadyMemo(reads, self._find_where_read)
        self._given_by = SteadyMemo(reads, self._find_given_by)
        self._steps = Memo(reads, self._find_steps)
        self._all_steps = Memo(reads, self._find_all_steps)
        self._comes_from_behind = Memo(reads, self._find_whether_from_behind)

    def stops(self, value: Value, function: FunctionKey, leaf: Leaf) -> tuple[Stop, ...]:
        """Return the places on the nearest way of `leaf` to `value`, where it comes in first.

        Empty when no way is found. It is the same in every order of files.
        """
        if leaf.kind not in _EXPLAINED:
            return ()
        found = map(self._from_source, self._sources((value, Frame(function), _wanted(leaf))))
        return min(found, key=lambda stops: (len(stops), stops), default=())

    def _find_sources(self, asked: tuple[Value, Frame, _Wanted]) -> tuple[_Source, ...]:
        """Return where the value comes in, of all that are as near: without the sites there.

        These are looked for when they are told: an edit in the function changes them, but hardly
        ever where a value comes from.
        """
        value, frame, wanted = asked
        level = [_State(value, frame)]
        seen = {(value, frame)}
        blind = 0
        for _ in range(MAX_LEVELS):
            found = [_Source(state, wanted) for state in level if self._is_source(state, wanted)]
            if found:
                return tuple(found)
            above, more = self._above(level, seen, wanted, self._steps)
            blind += more
            if not above:
                break
            seen.update(above)
            if len(seen) + len(above) + blind + more >= MAX_STATES:
                return self._find_few_sources(asked)
            level = list(above.values())
        return ()

    def _find_few_sources(self, asked: tuple[Value, Frame, _Wanted]) -> tuple[_Source, ...]:
        """Return where the value comes in, where there may be too many terms to look at them."""
        value, frame, wanted = asked
        level = [_State(value, frame)]
        seen = {(value, frame)}
        for _ in range(MAX_LEVELS):
            if not level or len(seen) + len(level) >= MAX_STATES:
                break
            found = [_Source(state, wanted) for state in level if self._is_source(state, wanted)]
            if found:
                return tuple(found)
            ready = (state for state in level if not isinstance(state.value, READY))
            steps = (self._all_steps((each.value, each.frame, wanted)) for each in ready)
            if any(each.different() >= MAX_STATES for each in steps):
                return ()
            above, _ = self._above(level, seen, wanted, self._all_steps)
            seen.update(above)
            level = list(above.values())
        return ()

    def _above(
        self,
        level: list[_State],
        seen: set[tuple[Value, Frame]],
        wanted: _Wanted,
        steps_of: Callable[[tuple[Value, Frame, _Wanted]], _Steps],
    ) -> tuple[dict[tuple[Value, Frame], _State], int]:
        """Return what some terms get their values from, by what is new; and how much is blind."""
        above: dict[tuple[Value, Frame], _State] = {}
        blind = 0
        for state in level:
            if isinstance(state.value, READY):
                continue  # nothing is behind it
            steps = steps_of((state.value, state.frame, wanted))
            blind += steps.blind
            for value, frame, passed in steps.states:
                key = (value, frame)
                if key in seen:
                    continue
                stops = (*passed, *state.stops)
                known = above.get(key)
                if known is None or stops < known.stops:
                    above[key] = _State(value, frame, stops)
        return above, blind

    def _is_source(self, state: _State, wanted: _Wanted) -> bool:
        """Tell whether the value comes in here, and not from behind."""
        value, frame, _ = state
        from_behind = self._comes_from_behind
        return self._is(wanted, value, frame) and not from_behind((value, frame, wanted))

    def _from_source(self, source: _Source) -> tuple[Stop, ...]:
        """Return the stops of a way that begins somewhere."""
        (value, frame, stops), wanted = source
        site = self._site(value, frame)
        if site is None:
            return stops
        return (Stop(frame.function, site, f"the value {wanted.why}"), *stops)

    def _find_steps(self, asked: tuple[Value, Frame, _Wanted]) -> _Steps:
        value, frame, wanted = asked
        is_given = isinstance(value, Param) and (frame.call is None or frame.caller is None)
        if not is_given or wanted == _SHAPELESS:
            return self._all_steps(asked)
        assert isinstance(value, Param)
        key = frame.function
        given = [self._given_by((key, value.name, each)) for each in self._callers.callers(key)]
        states = tuple(dict.fromkeys(filter(None, given)))
        return _Steps(states, len(given) - len(states))

    def _find_all_steps(self, asked: tuple[Value, Frame, _Wanted]) -> _Steps:
        value, frame, wanted = asked
        self._index.head(frame.function)
        return _Steps(tuple(dict.fromkeys(self._behind(_State(value, frame), wanted))))

    def _find_given_by(self, asked: tuple[FunctionKey, str, CallKey]) -> _State | None:
        """Return what a caller gives as a parameter; None where nothing is behind that."""
        function, name, caller = asked
        given = self._callers.argument(function, name, caller)
        if given is None or isinstance(given.value, READY):
            return None
        return _state_given(given, name, Frame(caller.function), ())

    def _find_whether_from_behind(self, asked: tuple[Value, Frame, _Wanted]) -> bool:
        """Tell whether the program itself brings the value here, from another place."""
        value, frame, wanted = asked
        return any(
            self._is(wanted, more.value, more.frame) or isinstance(more.value, Hole)
            for more in self._steps(asked).states
            if (more.value, more.frame) != (value, frame)
        )

    def _is(self, wanted: _Wanted, value: Value, frame: Frame) -> bool:
        if isinstance(value, READY):
            return wanted == _SHAPELESS and not isinstance(value, Const)
        outside = wanted.kind is LeafKind.CONTROLLED
        return wanted in (self._outside if outside else self._told)((value, frame))

    def _find_outside(self, asked: tuple[Value, Frame]) -> frozenset[_Wanted]:
        self._index.head(asked[1].function)  # of one that is gone nothing is kept
        return frozenset(map(_wanted, self._from_outside(*asked)))

    def _find_told(self, asked: tuple[Value, Frame]) -> frozenset[_Wanted]:
        self._index.head(asked[1].function)
        return frozenset(map(_wanted, self._unknown(*asked)))

    def _from_outside(self, value: Value, frame: Frame) -> Iterator[Leaf]:
        for entity in self._resolver.resolve(value, frame):
            while isinstance(entity, Open) and entity.receiver is not None:
                entity = entity.receiver
            if isinstance(entity, Outside):
                yield leaf_of(entity, self._resolver)

    def _unknown(self, value: Value, frame: Frame) -> Iterator[Leaf]:
        for entity in self._resolver.resolve(value, frame):
            yield leaf_of(entity, self._resolver)
        parameter = self._parameter(value, frame)
        if parameter is not None and (parameter.doc or parameter.doc_type):
            of_items = isinstance(value, Element)
            told = parameter_leaf(parameter, frame, self._resolver, of_items=of_items)
            yield from (told,) if told is not None else ()

    def _parameter(self, value: Value, frame: Frame) -> Parameter | None:
        inner = value.value if isinstance(value, Refined) else value
        base = inner.base if isinstance(inner, Element) else inner
        if not isinstance(base, Param):
            return None
        parameters = self._index.head(frame.function).parameters
        return next((each for each in parameters if each.name == base.name), None)

    def _site(self, value: Value, frame: Frame) -> int | None:
        match value:
            case Refined(inner, _) | Element(inner):
                return self._site(inner, frame)
            case Result(call):
                return self._index.call_in(frame.function, call).site
            case Attribute(base, _) | Item(base, _):
                read = self._read_at((frame.function, value))
                return self._site(base, frame) if read is None else read
            case Param(name):
                parameters = self._index.head(frame.function).parameters
                return next((p.site for p in parameters if p.name == name), None)
            case Hole():
                return value.site
            case _:
                return None

    def _find_where_read(self, asked: tuple[FunctionKey, Value]) -> int | None:
        """Return the site at which a function reads a value first."""
        function, value = asked
        return self._index.function(function).reads.get(value)

    # One step back

    def _behind(self, state: _State, wanted: _Wanted) -> Iterator[_State]:
        """Yield the terms that a term gets its value from."""
        value, frame, stops = state
        match value:
            case Hole(_, inner, _, _) | Refined(inner, _):
                yield _State(inner, frame, stops)
            case Choice(alternatives):
                for each in alternatives:
                    yield _State(each, frame, stops)
            case Param(name):
                yield from self._given(name, state)
            case Element(Param(name)):
                for given in self._given(name, state):
                    yield given._replace(value=element(given.value))
            case Name(id):
                yield from self._bound(id, state)
            case Result(call):
                yield from self._returned(call, state, wanted)
            case Attribute(base, name):
                yield from self._part_given(value, state)
                yield from self._stored(base, name, state)
                yield from self._inside(base, state, wanted)
            case Item(base, key):
                yield from self._part_given(value, state)
                for entity in self._resolver.resolve(base, frame):
                    yield from _entries(entity, key, stops)
                yield from self._inside(base, state, wanted)
            case Element(base):
                for entity in self._resolver.resolve(base, frame):
                    yield from _items(entity, stops)
                yield from self._items_passed(base, state)
                yield from self._inside(base, state, wanted)

    def _given(self, name: str, state: _State) -> Iterator[_State]:
        """Yield what callers give as a parameter."""
        frame = state.frame
        if frame.call is not None and frame.caller is not None:
            given = self._resolver.bound_argument(frame, name)
            if given is not None:
                yield _state_given(given, name, frame.caller, state.stops)
            return
        for caller in self._callers.callers(frame.function):
            given = self._callers.argument(frame.function, name, caller)
            if given is not None:
                yield _state_given(given, name, Frame(caller.function), state.stops)

    def _part_given(self, value: Value, state: _State) -> Iterator[_State]:
        """Yield the same part of what callers give as the parameter that it is a part of."""
        parameter = root(value)
        if parameter is not None and state.frame.call is None:
            for given in self._given(parameter.name, state):
                yield given._replace(value=rooted(value, given.value))

    def _bound(self, name: str, state: _State) -> Iterator[_State]:
        """Yield what a function around, or the module, binds to a name."""
        key = state.frame.function
        at = self._index.head(key).owner
        while at is not None:
            outer_key = key._replace(number=at)
            outer = self._index.function(outer_key)
            if name in outer.bound:
                yield _State(outer.bound[name], Frame(outer_key), state.stops)
                return
            if any(parameter.name == name for parameter in outer.parameters):
                yield _State(Param(name), Frame(outer_key), state.stops)
                return
            at = outer.owner
        bound = self._index.bound(key.path, name)
        if bound is not None:
            yield _State(bound, Frame(FunctionKey(key.path, "", 0)), state.stops)
        for function, value in self._index.global_stores((key.path, name)):
            yield _State(value, Frame(function), state.stops)

    def _returned(self, number: int, state: _State, wanted: _Wanted) -> Iterator[_State]:
        """Yield what a call returns, hands on, or takes out of its object."""
        frame = state.frame
        call = self._index.call_in(frame.function, number)
        function = call.function
        for callee in self._resolver.callees(call, frame):
            if isinstance(callee, Routine):
                name = last_name(function)
                note = f"`{name}()` returns it here" if name else "is returned here"
                stops = (Stop(frame.function, call.site, note), *state.stops)
                inside = self._resolver.results.frame_of_call(
                    callee.key, callee.receiver, number, frame
                )
                yield _State(self._index.returned(callee.key).returns, inside, stops)
                continue
            model = self._resolver.model(callee)
            if model is not None:
                for passed in passed_values(model, call):
                    yield _State(passed, frame, state.stops)
            elif isinstance(function, Attribute) and function.name in SAME_TEXT:
                yield _State(function.base, frame, state.stops)
            if isinstance(callee, Open) and isinstance(callee.receiver, Known):
                key = call.arguments.positional[0].value if call.arguments.positional else None
                if key is not None:
                    yield from _entries(callee.receiver, key, state.stops)
        if isinstance(function, Attribute):
            yield from self._inside(function.base, state, wanted)

    def _stored(self, base: Value, name: str, state: _State) -> Iterator[_State]:
        """Yield what methods store in an attribute of their object, and properties return."""
        for entity in self._resolver.resolve(base, state.frame):
            if isinstance(entity, (Instance, ClassObject)):
                for each in self._stores((entity, name)):
                    yield each._replace(stops=(*each.stops, *state.stops))

    def _find_stores(self, asked: tuple[Instance | ClassObject, str]) -> tuple[_State, ...]:
        return tuple(self._stored_in(*asked))

    def _stored_in(self, entity: Instance | ClassObject, name: str) -> Iterator[_State]:
        hierarchy = self._resolver.hierarchy
        for at in (*hierarchy.lineage(entity.key), *hierarchy.subclasses(entity.key)):
            if isinstance(at, str):
                continue
            for method, value in hierarchy.stored_in((at,), name):
                site = self._store_site(method, name, value)
                stop = Stop(method, site, f"is stored here in `{name}`")
                yield _State(value, Frame(method), (stop,))
            for method in self._index.methods(at, name):
                yield _State(self._index.returned(method).returns, Frame(method, receiver=entity))
            bound = self._index.attribute(at, name)
            if bound is not None:
                yield _State(bound, Frame(self._index.class_body(at)))

    def _store_site(self, method: FunctionKey, name: str, value: Value) -> int:
        return self._store_sites(method)[name, value]

    def _find_store_sites(self, method: FunctionKey) -> dict[tuple[str, Value], int]:
        """Return where a method stores a value in an attribute first."""
        found: dict[tuple[str, Value], int] = {}
        for store in self._index.stores(method):
            key = (store.name, store.value)
            found[key] = min(store.site, found.get(key, store.site))
        return found

    def _items_passed(self, base: Value, state: _State) -> Iterator[_State]:
        for passed, frame in self._resolver.results.passed(base, state.frame):
            yield _State(element(passed), frame, state.stops)

    def _inside(self, base: Value, state: _State, wanted: _Wanted) -> Iterator[_State]:
        """Yield the value from outside that this one is taken out of, if it has a way behind it.

        What is read from the request itself, as `request.args["x"]`, is one place as a whole.
        """
        if not self._is(wanted, base, state.frame):
            return
        behind = _State(base, state.frame, state.stops)
        if isinstance(base, Result) or next(self._behind(behind, wanted), None) is not None:
            yield behind


def _wanted(leaf: Leaf) -> _Wanted:
    return _Wanted(leaf.kind, leaf.why, leaf.source)


# What the grade of all else is that needs no further linking.
_SHAPELESS = _wanted(TOP)


def _state_given(given: Hole, name: str, frame: Frame, stops: tuple[Stop, ...]) -> _State:
    what = f"`{given.name}` " if given.name and given.name != name else ""
    stop = Stop(frame.function, given.site, f"{what}is given here as `{name}`")
    return _State(given.value, frame, (stop, *stops))


def _entries(entity: Entity, key: Value, stops: tuple[Stop, ...]) -> Iterator[_State]:
    """Yield what a dict or list that is known may hold under a key."""
    match entity:
        case Known(Mapping(entries, spread), frame):
            found = [value for each, value in entries if each == key or not isinstance(key, Const)]
            for value in found:
                yield _State(value, frame, stops)
            for more in spread if not found else ():
                yield _State(Item(more, key), frame, stops)
        case Known(Sequence(), _) | Known(Bag(), _):
            yield from _items(entity, stops)


def _items(entity: Entity, stops: tuple[Stop, ...]) -> Iterator[_State]:
    """Yield what a collection that is known holds."""
    match entity:
        case Known(Sequence(items), frame):
            for value in items:
                yield _State(value, frame, stops)
        case Known(Bag(items, spread), frame):
            for value in items:
                yield _State(plain(value), frame, stops)
            for more in spread:
                yield _State(element(more), frame, stops)

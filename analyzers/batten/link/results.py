"""What calls, subscripts and iteration give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.grammars.address import begins_address
from batten.link.arguments import given_argument, hands_on_text, passed_values
from batten.link.declared import item_of
from batten.link.decorators import is_context_manager
from batten.link.entities import (
    ClassObject,
    Entity,
    External,
    ExternalInstance,
    Frame,
    Instance,
    Known,
    Open,
    Outside,
    Routine,
    Super,
    modelled,
)
from batten.link.index import CallKey, last_name
from batten.link.reads import SteadyMemo
from batten.values.combine import choice, element, plain
from batten.values.contained import results_in
from batten.values.methods import method_result
from batten.values.terms import (
    Attribute,
    Bag,
    Computed,
    Const,
    Element,
    Item,
    Mapping,
    Param,
    Result,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.index import FunctionKey
    from batten.link.resolve import Resolver
    from batten.summarize.summary import Call

MAX_FRAMES = 4
MAX_WAYS = 64
"""So many calls may lead equally deep below one before they are told apart no more."""
# Where the methods of what a client sent take the type to convert to, besides `type=`.
_PLACES_OF_TYPES = {"get": 2, "getlist": 1}


class Results:
    """The results of one program's calls."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._index = resolver.index
        self._models = resolver.models
        self._returned_calls = SteadyMemo(self._index.reads, self._count_returned_calls)

    def of_call(self, number: int, value: Value, frame: Frame) -> Iterator[Entity]:
        """Yield what call `number` of the frame's function gives; `value` is the term for it."""
        call = self._index.call_in(frame.function, number)
        for callee in self._resolver.callees(call, frame):
            match callee:
                case ClassObject(key):
                    yield Instance(key, self._made(call, number, frame))
                case Routine(key, receiver):
                    yield from self.returned(key, receiver, number, frame)
                case Outside():
                    yield from self._converted(call, callee, frame)
                case Open(Attribute(_, method), _, Known() as known):
                    given = call.arguments.positional
                    made = method_result(known.value, method, given[:1])
                    if made is not None:
                        yield from self._resolver.resolve(made, known.frame)
                        # A default stands where the call stands, not where the mapping does.
                        for default in given[1:2]:
                            yield from self._resolver.resolve(default.value, frame)
                    else:
                        yield Open(value, frame, callee)
                case External("super"):
                    owner = self._resolver.class_around(frame.function)
                    yield Super(owner) if owner is not None else Open(value, frame, callee)
                case External("functools.partial") if call.arguments.positional:
                    yield from self._resolver.resolve(call.arguments.positional[0].value, frame)
                case Open(Attribute(_, "get" | "pop" | "setdefault")) if (
                    len(call.arguments.positional) == 2
                ):
                    # What an option is by default: `kwargs.pop("session_class", Session)`.
                    otherwise = call.arguments.positional[1].value
                    for entity in self._resolver.resolve(otherwise, frame):
                        if not isinstance(entity, (Known, Open)):
                            yield entity
                    yield Open(value, frame, callee)
                case Open(Param(name), inner, _):
                    yield from self._constructed_by_default(name, inner)
                    yield Open(value, frame, callee)
                case _:
                    model = self._resolver.model(callee)
                    if model is not None and model.source is not None:
                        yield Outside(model.source, model.name, model.returns)
                        yield from self._otherwise(call, frame)
                    elif model is not None and hands_on_text(model):
                        # What it is depends on the arguments: the reader looks at them.
                        yield Open(value, frame, callee)
                    elif model is not None and model.returns is not None:
                        yield ExternalInstance(model.returns)
                    elif isinstance(callee, External) and callee.name in self._models.classes:
                        yield ExternalInstance(callee.name)
                    else:
                        yield Open(value, frame, callee)

    def _made(self, call: Call, number: int, frame: Frame) -> CallKey | None:
        """Return the call that makes an object which a module or a class holds from then on."""
        given = call.arguments
        if frame.call is not None or not (given.positional or given.named or given.spread):
            return None
        return CallKey(frame.function, number) if self._index.is_body(frame.function) else None

    def _otherwise(self, call: Call, frame: Frame) -> Iterator[Entity]:
        """Yield the address that `environ.get(name, address)` gives where nobody gives any."""
        if last_name(call.function) in ("get", "getenv", "pop", "setdefault"):
            given = given_argument(call, 1, "default")
            for entity in self._resolver.resolve(given.value, frame) if given is not None else ():
                known = entity.value if isinstance(entity, Known) else None
                text = known.value if isinstance(known, Const) else None
                if isinstance(text, str) and begins_address(text):
                    yield entity

    def _converted(self, call: Call, callee: Outside, frame: Frame) -> Iterator[Entity]:
        """Yield what a method of an outside value gives: `get` with `type=int` an int.

        So does `get("n", 1, int)`, and `getlist("n", int)` gives several.
        """
        method = last_name(call.function)
        wanted = given_argument(call, _PLACES_OF_TYPES.get(method), "type")
        for entity in self._resolver.resolve(wanted.value, frame) if wanted is not None else ():
            made: Entity | None = None
            if isinstance(entity, External) and self._models.harmless(entity.name, "url"):
                made = ExternalInstance(entity.name)
            elif isinstance(entity, ClassObject) and self._resolver.hierarchy.is_enumeration(
                entity.key
            ):
                made = Instance(entity.key)
            if made is not None and method != "getlist":
                yield made
                return
            if isinstance(made, ExternalInstance):
                yield Known(Bag((Computed(made.name),)), frame)
                return
        yield callee.part()

    def _constructed_by_default(self, name: str, frame: Frame) -> Iterator[Entity]:
        """Yield an object of the class that is a parameter's default (`def f(cls=Client)`)."""
        for parameter in self._index.head(frame.function).parameters:
            if parameter.name == name and parameter.default is not None:
                for entity in self._resolver.resolve(parameter.default, Frame(frame.function)):
                    if isinstance(entity, ClassObject):
                        yield Instance(entity.key)

    def returned(
        self, key: FunctionKey, receiver: Entity | None, number: int, frame: Frame
    ) -> Iterator[Entity]:
        """Yield what a function returns to the call number `number` of the frame."""
        function = self._index.returned(key)
        if function.yields is not None and is_context_manager(function):
            inner = self.frame_of_call(key, receiver, number, frame)
            yield from self._resolver.resolve(function.yields, inner)
            return
        if function.yields is not None:
            generator = Bag((function.yields,))
            yield Known(generator, self.frame_of_call(key, receiver, number, frame))
            return
        yield from self._resolver.resolve(
            function.returns, self.frame_of_call(key, receiver, number, frame)
        )

    def frame_of_call(
        self, key: FunctionKey, receiver: Entity | None, number: int, frame: Frame
    ) -> Frame:
        """Return the frame of a callee; beyond the bounds it forgets which call it came from."""
        if frame.depth >= MAX_FRAMES or is_recursive(key, frame) or self._has_many_alike(frame):
            return Frame(key)
        return Frame(key, number, frame, receiver)

    def _has_many_alike(self, frame: Frame) -> bool:
        """Tell whether so many calls lead as deep as this from where the evaluation begins.

        Where functions return the results of many others, which do so, too, there are as many
        ways down as the product of these calls.
        """
        ways, at = 1, frame
        while at.caller is not None and ways <= MAX_WAYS:
            ways *= self._returned_calls(at.function) or 1
            at = at.caller
        return ways > MAX_WAYS

    def _count_returned_calls(self, key: FunctionKey) -> int:
        """Return how many results of calls go into what a function returns."""
        function = self._index.returned(key)
        found: set[int] = set()
        more = results_in((function.returns, function.yields))
        while more:
            found |= more
            calls = [self._index.call_in(key, number) for number in more]
            inside = results_in(part for call in calls for part in (call.function, call.arguments))
            more = inside - found
        return len(found)

    def of_item(self, entity: Entity, key: Value, value: Value, frame: Frame) -> Iterator[Entity]:
        """Yield what `entity[key]` gives; `value` in `frame` is the term for it."""
        match entity:
            case Known(Mapping() as mapping, inner):
                found = [plain(v) for k, v in mapping.entries if k == key]
                # Under a key that is worked out, whatever is asked for may be.
                known = found or [
                    plain(v)
                    for k, v in mapping.entries
                    if not isinstance(key, Const) or not isinstance(k, Const)
                ]
                if known:
                    yield from self._resolver.resolve(choice(known), inner)
                if not found:
                    for more in mapping.spread:
                        yield from self._resolver.resolve(Item(more, key), inner)
                if not known and not mapping.spread:
                    yield Open(value, frame)
            case Known(Sequence(items), inner) if isinstance(key, Const) and isinstance(
                key.value, int
            ):
                if -len(items) <= key.value < len(items):
                    yield from self._resolver.resolve(plain(items[key.value]), inner)
                else:
                    yield Open(value, frame)
            case Known(Sequence() | Bag(), _):
                yield from self.of_iteration(entity, value, frame)
            case Known(Const(str())):
                # A letter of a text that is written out.
                yield Known(Computed("str"), frame)
            case ClassObject(cls) if self._resolver.hierarchy.is_enumeration(cls):
                yield Instance(cls)
            case ExternalInstance(owner):
                lineage = self._models.lineage(owner)
                inside = next((cls.item for cls in lineage if cls.item is not None), None)
                yield modelled(inside, owner) or Open(value, frame, entity)
            case Outside():
                yield from item_of(entity, key, self._resolver)
            case Open(inner_value, inner, _) if (
                not isinstance(value, Item) or inner_value != value.base
            ):
                yield Open(Item(inner_value, key), inner, entity)
            case _:
                yield Open(value, frame, entity)

    def of_iteration(self, entity: Entity, value: Value, frame: Frame) -> Iterator[Entity]:
        """Yield what iterating over an entity gives; `value` in `frame` is the term for it."""
        match entity:
            case Known(Sequence(()) | Bag((), ()), _):
                # Kept somewhere to be filled, and nobody sees where.
                yield Open(value, frame)
            case Known(Sequence(items), inner):
                for each in items:
                    yield from self._resolver.resolve(plain(each), inner)
            case Known(Bag(items, spread), inner):
                for each in items:
                    yield from self._resolver.resolve(plain(each), inner)
                for more in spread:
                    yield from self._resolver.resolve(Element(more), inner)
            case Known(Mapping(entries, spread), inner):
                for key, _ in entries:
                    yield from self._resolver.resolve(key, inner)
                for more in spread:
                    yield from self._resolver.resolve(Element(more), inner)
            case ClassObject(cls) if self._resolver.hierarchy.is_enumeration(cls):
                yield Instance(cls)
            case Outside():
                yield from item_of(entity, None, self._resolver)
            case Open(inner_value, inner, receiver):
                passed = self.passed(inner_value, inner)
                for each, each_frame in passed:
                    yield from self._resolver.resolve(Element(each), each_frame)
                if not passed:
                    yield Open(Element(inner_value), inner, receiver)
            case _:
                yield Open(value, frame, entity)

    def counted(self, base: Value, frame: Frame) -> Value | None:
        """Return an item of `range(...)`, `enumerate(...)` or `zip(...)`; None for all else."""
        if not isinstance(base, Result):
            return None
        call = self._index.call_in(frame.function, base.call)
        given = call.arguments.positional
        for callee in self._resolver.resolve(call.function, frame):
            match callee:
                case External("range"):
                    return Computed("int")
                case External("enumerate") if given:
                    return Sequence((Computed("int"), element(given[0].value)))
                case External("zip"):
                    return Sequence(tuple(element(each.value) for each in given))
        return None

    def passed(self, value: Value, frame: Frame) -> tuple[tuple[Value, Frame], ...]:
        """Return the arguments whose items or text a call hands on (`sorted(x)`, `str(x)`)."""
        if not isinstance(value, Result):
            return ()
        call = self._index.call_in(frame.function, value.call)
        found: list[tuple[Value, Frame]] = []
        for callee in self._resolver.resolve(call.function, frame):
            model = self._resolver.model(callee)
            if model is None or not model.passes:
                return ()
            found += [(given, frame) for given in passed_values(model, call)]
        return tuple(found)


def is_recursive(key: FunctionKey, frame: Frame) -> bool:
    """Tell whether a function is being evaluated in a frame or in one of its callers'."""
    at: Frame | None = frame
    while at is not None:
        if at.function == key:
            return True
        at = at.caller
    return False

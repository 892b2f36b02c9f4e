"""Who calls whom: the callees of a call, and the calls of a function."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from batten.link.arguments import argument_of, entry_read
from batten.link.called import Called
from batten.link.decorators import is_static
from batten.link.entities import (
    ClassObject,
    Entity,
    External,
    ExternalMethod,
    Frame,
    Instance,
    Known,
    Open,
    Routine,
)
from batten.link.given_objects import GivenObjects
from batten.link.index import CallKey, ClassKey, FunctionKey, is_aside, is_test, last_name
from batten.link.reads import Memo, SteadyMemo
from batten.values.terms import Attribute, Hole, Item, Name, Param, Refined, Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from batten.link.given_objects import Asked
    from batten.link.resolve import Resolver
    from batten.values.terms import Value

MAX_WRAPPERS = 3
_FUNCTIONS = (Routine, External, ExternalMethod)


class Callers:
    """The call graph of one program, found call by call; remembers what it found."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._index = resolver.index
        reads = resolver.index.reads
        self._callees = SteadyMemo(reads, self._find_callees)
        self._named = SteadyMemo(reads, self._find_named)
        self._called = Called(self._index, partial(self._find_targets, self._callees))
        self._called_by_name = Called(self._index, partial(self._find_targets, self._named))
        self._callers = SteadyMemo(reads, self._find_all_callers)
        self._direct_callers = SteadyMemo(reads, self._find_direct_callers)
        self._given = GivenObjects(
            reads, self._direct_callers, self._find_given, self._find_default_objects
        )
        self._members = Memo(reads, self._find_members)
        self._arguments = SteadyMemo(reads, self._find_argument)

    def callees(self, key: CallKey) -> tuple[Entity, ...]:
        """Return what a call may call, asking callers who the receiver is where need be."""
        return self._callees(key)

    def callers(self, key: FunctionKey) -> tuple[CallKey, ...]:
        """Return every call that may call a function."""
        return self._callers(key)

    def direct_callers(self, key: FunctionKey) -> tuple[CallKey, ...]:
        """Return the calls that name a function without help from callers of their own.

        Who the receivers of a call are is asked of these alone, so that the question can't
        come back to itself.
        """
        return self._direct_callers(key)

    def _find_all_callers(self, key: FunctionKey) -> tuple[CallKey, ...]:
        return self._find_callers(key, self._called)

    def _find_direct_callers(self, key: FunctionKey) -> tuple[CallKey, ...]:
        return self._find_callers(key, self._called_by_name)

    def _find_callees(self, key: CallKey) -> tuple[Entity, ...]:
        return tuple(dict.fromkeys(self._widened(self._named(key))))

    def _find_named(self, key: CallKey) -> tuple[Entity, ...]:
        return self.resolver.callees(self._index.call(key), Frame(key.function))

    def returned(self, entity: Open) -> tuple[Entity, ...]:
        """Return what a result that stays open, or a part of it, is by who is called there.

        Nothing where the callee needs no callers to be known, or stays unknown.
        """
        match entity.value:
            case Result() as result:
                return tuple(self._returned(result, entity.frame))
            case Item(Result() as result, key):
                return tuple(
                    part
                    for whole in self._returned(result, entity.frame)
                    for part in self.resolver.results.of_item(
                        whole, key, entity.value, entity.frame
                    )
                )
        return ()

    def _returned(self, result: Result, frame: Frame) -> Iterator[Entity]:
        key = CallKey(frame.function, result.call)
        function = self._index.call(key).function
        if isinstance(function, Attribute):
            if not self._index.methods_by_name(function.name):
                return
        elif not isinstance(function, (Name, Param)):
            return
        known = self._named(key)
        if any(isinstance(entity, _FUNCTIONS) for entity in known):
            return
        for entity in self.callees(key):
            if isinstance(entity, Routine):
                yield from self.resolver.results.returned(
                    entity.key, entity.receiver, result.call, frame
                )

    def argument(self, key: FunctionKey, parameter: str, caller: CallKey) -> Hole | None:
        """Return what one caller gives to `parameter`; None when it gives nothing."""
        return self._arguments((key, parameter, caller))

    def _find_argument(self, asked: tuple[FunctionKey, str, CallKey]) -> Hole | None:
        key, parameter, caller = asked
        call = self._index.call(caller)
        entities = self.resolver.callees(call, Frame(caller.function))
        bound = any(isinstance(e, Routine) and e.key == key and e.receiver for e in entities)
        bound = bound or any(isinstance(e, (ClassObject, Open)) for e in entities)
        skip = self.resolver.skips_receiver(key, bound)
        return argument_of(self._index.head(key), parameter, call.arguments, skip)

    def receivers(self, key: FunctionKey, caller: CallKey) -> tuple[Entity | None, ...]:
        """Return the objects on which a call may call a function; None for no object."""
        found = dict.fromkeys(
            entity.receiver
            for entity in self.callees(caller)
            if isinstance(entity, Routine) and entity.key == key
        )
        return tuple(found) or (None,)

    def _find_targets(
        self, callees: Callable[[CallKey], tuple[Entity, ...]], call: CallKey
    ) -> Iterator[FunctionKey | ClassKey]:
        """Yield what a call calls: functions, and classes with their bases."""
        for entity in callees(call):
            if isinstance(entity, Routine):
                yield entity.key
            elif isinstance(entity, ClassObject):
                yield from self._constructed(entity.key)

    def _constructed(self, key: ClassKey) -> Iterator[ClassKey]:
        """Yield the classes whose constructor may run when an object of a class is made."""
        for at in self.resolver.hierarchy.lineage(key):
            if isinstance(at, ClassKey):
                yield at
                if self._index.methods(at, "__init__"):
                    return

    def _find_callers(self, key: FunctionKey, called: Called) -> tuple[CallKey, ...]:
        function = self._index.head(key)
        names = {function.name, *self._index.given_names(key)}
        owner = self._index.owner_class(key)
        if owner is not None and function.name == "__call__":
            for cls in (owner, *self.resolver.hierarchy.subclasses(owner)):
                names.update(self._index.made_names(self._index.class_(cls).name))
        constructed = owner if function.name in ("__init__", "__new__") else None
        if constructed is not None:
            names = {self._index.class_(constructed).name, "cls", "__init__"}
            derived = self.resolver.hierarchy.subclasses(constructed)
            names |= {self._index.class_(sub).name for sub in derived}
        for name in tuple(names):
            names.update(self._index.other_names(name))
        # What tests and examples give says nothing of what others may.
        aside = is_aside(key.path)
        targets = (key,) if constructed is None else (key, constructed)
        found = dict.fromkeys(
            caller
            for name in sorted(names)
            for target in targets
            for caller in called.calls_to(target, name)
            if aside or not is_aside(caller.function.path)
        )
        return tuple(found)

    def _widened(self, entities: Iterable[Entity]) -> Iterator[Entity]:
        """Replace unknown parameters, and members of them, by what callers give."""
        # What an object is may be known in many ways, all of one term.
        known: dict[tuple[Value, Frame], tuple[Entity, ...]] = {}
        for entity in entities:
            value = _unproven(entity)
            argument = self._argument_read(entity)
            if isinstance(entity, Open) and argument is not None:
                given = self._receivers(entity.frame.function, argument, 0)
                functions = [each for each in given if isinstance(each, _FUNCTIONS)]
                if functions:
                    yield from functions
                    continue
            if isinstance(entity, Open) and isinstance(value, Attribute):
                term = (value, entity.frame)
                if term not in known:
                    known[term] = self._members((*term, 0))
                if known[term]:
                    yield from known[term]
                    continue
                yield from self._by_telling_name(value.name)
            yield entity

    def _by_telling_name(self, name: str) -> Iterator[Entity]:
        """Yield the one method of the program that has a name of several words.

        Who has the object is not known, but nobody else can have made the method.
        """
        methods = self._index.methods_by_name(name)
        if len(methods) == 1 and "_" in name.strip("_") and not is_test(methods[0].path):
            owner = self._index.owner_class(methods[0])
            if owner is not None and not is_static(self._index.head(methods[0])):
                yield Routine(methods[0], Instance(owner))

    def members_given(self, value: Attribute, frame: Frame, depth: int = 0) -> Iterator[Entity]:
        """Yield what a member of an unknown object may be, by the objects that callers give."""
        for entity in self.resolver.resolve(value.base, frame):
            if not isinstance(entity, Open):
                continue
            objects: Iterable[Entity] = ()
            base = _unproven(entity)
            argument = self._argument_read(entity)
            if argument is not None:
                objects = self._receivers(entity.frame.function, argument, depth)
            elif isinstance(base, Attribute) and depth < MAX_WRAPPERS:
                objects = self._members((base, entity.frame, depth + 1))
            for actual in objects:
                yield from self.resolver.members.of(actual, value.name, value, frame)

    def _find_members(self, asked: tuple[Attribute, Frame, int]) -> tuple[Entity, ...]:
        """Return what is known of such a member, through a few wrappers."""
        members = self.members_given(*asked)
        return tuple(dict.fromkeys(each for each in members if not isinstance(each, Open)))

    def _receivers(self, key: FunctionKey, parameter: str, depth: int) -> tuple[Entity, ...]:
        """Return the objects that callers give to a parameter, through a few wrappers."""
        return self._given((key, parameter, depth))

    def _find_given(self, asked: Asked, caller: CallKey) -> Iterator[Entity]:
        """Yield the objects that one caller gives to a parameter."""
        key, parameter, depth = asked
        given = self.argument(key, parameter, caller)
        if given is None:
            return
        for entity in self.resolver.resolve(given.value, Frame(caller.function)):
            if not isinstance(entity, Open):
                yield entity
            elif depth < MAX_WRAPPERS:
                argument, value = self._argument_read(entity), _unproven(entity)
                if argument is not None:
                    yield from self._receivers(entity.frame.function, argument, depth + 1)
                elif isinstance(value, Attribute):
                    yield from self._members((value, entity.frame, depth + 1))

    def _argument_read(self, entity: Entity) -> str | None:
        """Return the name of the argument that stays open; None for any other entity.

        That is a parameter, or an entry of `**kwargs`.
        """
        value = _unproven(entity)
        if isinstance(value, Param):
            return value.name
        if not isinstance(entity, Open) or not isinstance(value, (Item, Result)):
            return None
        function = entity.frame.function
        read = entry_read(value, partial(self._index.call_in, function))
        if read is None:
            return None
        rest, name = read
        parameters = self._index.head(function).parameters
        return name if any(each.name == rest and each.kind == "**" for each in parameters) else None

    def _find_default_objects(self, key: FunctionKey, parameter: str) -> Iterator[Entity]:
        """Yield what a parameter is by default (`http=requests`), or by what it decorates."""
        for each in self._index.head(key).parameters:
            if each.name == parameter and each.default is not None:
                for entity in self.resolver.resolve(each.default, Frame(key)):
                    if not isinstance(entity, (Open, Known)):
                        yield entity
        yield from self._decorated(key, parameter)

    def _decorated(self, key: FunctionKey, parameter: str) -> Iterator[Routine]:
        """Yield the functions that a decorator gets as its first argument."""
        function = self._index.head(key)
        names = [each.name for each in function.parameters if each.kind == "positional"]
        first = int(self.resolver.skips_receiver(key, bound=True))
        if names[first : first + 1] != [parameter]:
            return
        for each in self._index.decorated(function.name):
            inner = self._index.head(each)
            scope = each if inner.owner is None else each._replace(number=inner.owner)
            found = (
                entity
                for decorator in inner.decorators
                if last_name(decorator) == function.name
                for entity in self.resolver.resolve(decorator, Frame(scope))
            )
            if any(isinstance(entity, Routine) and entity.key == key for entity in found):
                yield Routine(each)


def _unproven(entity: Entity) -> Value | None:
    """Return the term that stays open, without what guards have proved of it."""
    value = entity.value if isinstance(entity, Open) else None
    return value.value if isinstance(value, Refined) else value

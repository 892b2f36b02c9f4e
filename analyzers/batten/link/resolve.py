"""Linking names: from a term in a frame to the entities that it may be.

Resolution goes backward through assignments, attributes and returns of project functions. It
stops at parameters that no frame binds: who calls is asked only by those who need to know (see
`batten.link.callers`). Terms that depend on each other are resolved together, so that no answer
depends on where the walk began.
"""

from __future__ import annotations

import builtins
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from batten.link.address_checks import compared_by_helper
from batten.link.annotations import documented_instances, instances_of
from batten.link.answers import Answers
from batten.link.arguments import argument_of
from batten.link.command_options import ParsedArguments
from batten.link.decorators import is_class_method, is_static
from batten.link.entities import (
    ClassObject,
    Entity,
    External,
    ExternalInstance,
    ExternalMethod,
    Frame,
    Instance,
    Known,
    Module,
    Open,
    Outside,
    Routine,
    modelled,
)
from batten.link.evidence import find_parameter_leaf, find_told_by_class
from batten.link.frames import find_bound
from batten.link.hierarchy import Hierarchy
from batten.link.index import ClassKey, FunctionKey
from batten.link.members import Members
from batten.link.module_names import ModuleNames, defined
from batten.link.modules import module_of
from batten.link.proofs import proven_by_fact, proven_by_helper
from batten.link.reads import Memo, SteadyMemo
from batten.link.results import Results
from batten.values.terms import (
    Attribute,
    Choice,
    Const,
    Division,
    Element,
    Hole,
    Imported,
    Item,
    Local,
    LocalClass,
    Name,
    Param,
    Rebound,
    Refined,
    Result,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeGuard

    from batten.link.entrypoints import Entrypoints
    from batten.link.index import Index
    from batten.models.model import CallModel, Models
    from batten.summarize.summary import Call, Function
    from batten.values.terms import Fact


MAX_GUARDS = 3
MAX_BEGINNINGS = 64

_BUILTINS = frozenset(dir(builtins)) | {"unicode", "basestring", "long", "xrange", "raw_input"}


class Resolver:
    """Resolves terms of one program; remembers what it found."""

    def __init__(
        self, index: Index, models: Models, entrypoints: Entrypoints | None = None
    ) -> None:
        """Make a resolver; without `entrypoints` parameters are what callers give, only."""
        self.index = index
        self.models = models
        self._entrypoints = entrypoints
        self._reads = index.reads
        answers = Answers(index.reads, self._resolve)
        self.resolve = answers.resolve
        """Returns what a term may be, each possibility once."""
        self.outside_cycles = answers.outside_cycles
        """Returns what is found, and whether it holds wherever the walk began."""
        # What a module or a class is made of no framework gives: so both resolvers share it.
        self.module_names: ModuleNames = (
            entrypoints.module_names if entrypoints else ModuleNames(index)
        )
        self.hierarchy: Hierarchy = (
            entrypoints.hierarchy if entrypoints else Hierarchy(index, self.resolve)
        )
        self.members = Members(self)
        self.results = Results(self)
        # What guards and helpers prove (`batten.link.proofs`), asked once of each.
        self.proved = Memo(self._reads, partial(proven_by_fact, resolver=self))
        self.proved_by_helper = Memo(self._reads, partial(proven_by_helper, resolver=self))
        # Whose methods are called on ways (`batten.link.frames`).
        self.receivers = Memo(self._reads, partial(find_bound, resolver=self))
        self._divided = Memo(self._reads, self._class_divided)
        self.compared = Memo(self._reads, partial(compared_by_helper, resolver=self))
        # What is said of parameters (`batten.link.evidence`), the same in every call.
        self.told = SteadyMemo(self._reads, partial(find_parameter_leaf, resolver=self))
        self.told_by_class = SteadyMemo(self._reads, partial(find_told_by_class, resolver=self))

    @cached_property
    def parsed_arguments(self) -> ParsedArguments:
        """The attributes of parsed command lines."""
        return ParsedArguments(self)

    def model(self, entity: Entity) -> CallModel | None:
        """Return the model of calling an entity, if a library model knows it."""
        if isinstance(entity, External):
            found = self.models.functions.get(entity.name)
            if found is not None:
                return found
            cls = self.models.classes.get(entity.name)
            if cls is not None:
                return cls.constructor
            owner, _, name = entity.name.rpartition(".")
            return self.models.method(owner, name) if owner in self.models.classes else None
        if isinstance(entity, ExternalMethod):
            return self.models.method(entity.owner, entity.name)
        return None

    def class_of(self, entity: Entity) -> str | None:
        """Return the class of an object of a library, also of one that stands for its text."""
        match entity:
            case ExternalInstance(name):
                return name
            case Known(Division(), _):
                return self._divided(entity)
            case Open(Refined(inner, _), _, _):
                return self.class_of(replace(entity, value=inner))
            case Open(Result(), _, (External() | ExternalMethod()) as callee):
                model = self.model(callee)
                return model.returns if model is not None and model.returns != "str" else None
        return None

    def _class_divided(self, entity: Known) -> str | None:
        """Return the class of what a division begins with.

        A path that grows on some branches is as many divisions, and may begin in as many ways: of
        more than a few that would be an object of a library no class is told.
        """
        waiting: list[Entity] = [entity]
        seen: set[Entity] = {entity}
        while waiting:
            at = waiting.pop()
            if isinstance(at, Known) and isinstance(at.value, Division):
                left = self.resolve(at.value.left.value, at.frame)
                found = [each for each in left if each not in seen]
                seen.update(found)
                if len(seen) > MAX_BEGINNINGS:
                    return None
                waiting += reversed(found)
            elif (known := self.class_of(at)) is not None:
                return known
        return None

    def callees(self, call: Call, frame: Frame) -> tuple[Entity, ...]:
        """Return what a call calls: of an object the `__call__` of its class, if it has one."""
        entities = self.resolve(call.function, frame)
        if not any(isinstance(entity, Instance) for entity in entities):
            return entities
        return tuple(dict.fromkeys(each for entity in entities for each in self._called(entity)))

    def _called(self, entity: Entity) -> tuple[Entity, ...]:
        for at in self.hierarchy.lineage(entity.key) if isinstance(entity, Instance) else ():
            methods = self.index.methods(at, "__call__") if isinstance(at, ClassKey) else ()
            if methods:
                return tuple(Routine(method, entity) for method in methods)
        return (entity,)

    def text_of(self, instance: Instance) -> FunctionKey | None:
        """Return the `__str__` that makes the text of an object; None for an enumeration's."""
        if self.hierarchy.is_enumeration(instance.key):
            return None
        for at in self.hierarchy.lineage(instance.key):
            for method in self.index.methods(at, "__str__") if isinstance(at, ClassKey) else ():
                return method
        return None

    def text_made_by(self, key: ClassKey) -> FunctionKey | None:
        """Return the `__new__` of a class of text, which makes the text of its objects."""
        lineage = self.hierarchy.lineage(key)
        if "str" not in lineage or self.hierarchy.is_enumeration(key):
            return None
        for at in lineage:
            for method in self.index.methods(at, "__new__") if isinstance(at, ClassKey) else ():
                return method
        return None

    def bound_argument(self, frame: Frame, parameter: str) -> Hole | None:
        """Return what the frame's own call gives to `parameter`, with its place; or None."""
        if frame.call is None or frame.caller is None:
            return None
        call = self.index.call_in(frame.caller.function, frame.call)
        function = self.index.head(frame.function)
        skip = self.skips_receiver(frame.function, frame.receiver is not None)
        return argument_of(function, parameter, call.arguments, skip)

    # Terms

    def _resolve(self, value: Value, frame: Frame) -> Iterable[Entity]:
        match value:
            case Attribute(base, name):
                return self._attribute(base, name, value, frame)
            case Result(call):
                return self.results.of_call(call, value, frame)
            case Name(id):
                return self._name(id, frame)
            case Param(name):
                return self._param(name, frame)
            case Imported(target):
                return self.imported(target, frame.function.path)
            case Choice(alternatives):
                return (entity for each in alternatives for entity in self.resolve(each, frame))
            case Refined(inner, facts):
                return self._refined(inner, facts, value, frame)
            case Item(base, key):
                return self._item(base, key, value, frame)
            case Element(base):
                return self._element(base, value, frame)
            case Hole():
                return self.resolve(value.value, frame)
            case Rebound(id):
                return self._rebound(id, frame)
            case Local(number):
                return (Routine(FunctionKey(frame.function.path, frame.function.unit, number)),)
            case LocalClass(number):
                return (ClassObject(ClassKey(frame.function.path, frame.function.unit, number)),)
            case _:
                return (Known(value, frame),)

    def _attribute(self, base: Value, name: str, value: Value, frame: Frame) -> Iterator[Entity]:
        for entity in self._bare(base, frame):
            yield from self.members.of(entity, name, value, frame)

    def _refined(
        self, inner: Value, facts: tuple[Fact, ...], value: Value, frame: Frame
    ) -> Iterator[Entity]:
        for entity in self.resolve(inner, frame):
            if is_from_elsewhere(entity, frame):
                # These facts are to be read here, those of the other function there.
                again = _guards(entity) >= MAX_GUARDS or entity.value == value
                yield entity if again else Open(value, frame, entity)
            elif isinstance(entity, Open):
                yield replace(entity, value=Refined(entity.value, facts))
            elif isinstance(entity, Outside):
                yield Open(value, frame, entity)
            else:
                yield entity

    def _item(self, base: Value, key: Value, value: Value, frame: Frame) -> Iterator[Entity]:
        if isinstance(key, Param) and frame.call is not None:
            key = self._chosen(key, frame)
        for entity in self._bare(base, frame):
            yield from self.results.of_item(entity, key, value, frame)

    def _element(self, base: Value, value: Value, frame: Frame) -> Iterator[Entity]:
        counted = self.results.counted(base, frame)
        if counted is not None:
            yield Known(counted, frame)
            return
        for entity in self.resolve(base, frame):
            yield from self.results.of_iteration(entity, value, frame)

    def _chosen(self, key: Value, frame: Frame) -> Value:
        """Return the constant that a call gives as a key, else the key as it is."""
        entities = self.resolve(key, frame)
        if len(entities) == 1 and isinstance(entities[0], Known):
            value = entities[0].value
            return value if isinstance(value, Const) else key
        return key

    def _bare(self, value: Value, frame: Frame) -> Iterator[Entity]:
        """Resolve an object of which something is read: what guards proved of it is of no use.

        Where it is text that somebody outside chose, a check of it holds for its parts.
        """
        for entity in self.resolve(value, frame):
            if not isinstance(entity, Open):
                yield entity
            elif not isinstance(entity.value, Refined):
                yield from self._handed_on(entity)
            elif is_from_elsewhere(entity.receiver, entity.frame):
                yield entity.receiver
            elif not isinstance(entity.receiver, Outside):
                yield replace(entity, value=entity.value.value)
            else:
                types = all(
                    fact.kind in ("type", "not type", "empty") for fact in entity.value.facts
                )
                yield entity.receiver if types else entity

    def _handed_on(self, entity: Open) -> Iterable[Entity]:
        """Return what a call that hands its argument on got from outside (`json.loads(body)`)."""
        passed = self.results.passed(entity.value, entity.frame)
        outside = [
            found.part()
            for inner, frame in passed
            for found in self.resolve(inner, frame)
            if isinstance(found, Outside)
        ]
        return outside or (entity,)

    def _name(self, name: str, frame: Frame) -> Iterator[Entity]:
        key = frame.function
        at = self.index.head(key).owner
        while at is not None:
            outer_key = FunctionKey(key.path, key.unit, at)
            outer = self.index.function(outer_key)
            if name in outer.bound:
                yield from self.resolve(outer.bound[name], Frame(outer_key))
                return
            if any(parameter.name == name for parameter in outer.parameters):
                yield from self.resolve(Param(name), Frame(outer_key))
                return
            at = outer.owner
        if self.index.is_class_body(key):
            # A class body sees its own names first.
            yield from defined(self.index, key.path, key.unit, name)
        found = False
        for entity in self.global_name(key.path, name):
            found = True
            yield entity
        if not found:
            yield External(name) if name in _BUILTINS else Open(Name(name), frame)

    def _rebound(self, name: str, frame: Frame) -> Iterator[Entity]:
        """Yield what functions nested in that of a frame assign to a name of it."""
        around = frame.function
        for number, inner in enumerate(self.index.beside(around)):
            for rebound, value in inner.rebinds:
                if rebound == name and self._belongs(name, inner, around):
                    yield from self.resolve(value, Frame(around._replace(number=number)))

    def _belongs(self, name: str, inner: Function, around: FunctionKey) -> bool:
        """Tell whether a name that a nested function rebinds is one of the function `around`."""
        at = inner.owner
        while at is not None and at != around.number:
            outer = self.index.function(around._replace(number=at))
            own = name in outer.bound and all(name != rebound for rebound, _ in outer.rebinds)
            if own or any(parameter.name == name for parameter in outer.parameters):
                return False
            at = outer.owner
        return at is not None

    def global_name(self, path: str, name: str) -> Iterator[Entity]:
        """Yield what a name of a module may be."""
        found = self.module_names(path, name)
        yield from found.members
        for value, frame in found.values:
            yield from self.resolve(value, frame)

    def _param(self, name: str, frame: Frame) -> Iterator[Entity]:
        key = frame.function
        function = self.index.head(key)
        owner = self.index.owner_class(key)
        first = function.parameters[0].name if function.parameters else ""
        if owner is not None and name == first and not is_static(function):
            if frame.receiver is not None:
                yield frame.receiver
                return
            yield ClassObject(owner) if is_class_method(function) else Instance(owner)
            return
        if name == first == "self" and owner is None:
            # A wrapper that a decorator inside a class puts around its methods.
            around = self.class_around(key)
            if around is not None:
                yield Instance(around)
                return
        given = self.bound_argument(frame, name)
        if given is not None and frame.caller is not None:
            yield from self.resolve(given.value, frame.caller)
            return
        parameter = next((p for p in function.parameters if p.name == name), None)
        if parameter is not None and frame.call is not None and parameter.default is not None:
            yield from self.resolve(*self.default(key, parameter.default))
            return
        filled = tuple(self._filled(key, name))
        if filled:
            yield from filled
            return
        if parameter is not None and parameter.annotation is not None:
            typed = tuple(instances_of(parameter.annotation, Frame(key), self))
            if typed:
                yield from typed
                return
        if parameter is not None and parameter.doc_type:
            typed = tuple(documented_instances(parameter.doc_type, Frame(key), self))
            if typed:
                yield from typed
                return
        yield Open(Param(name), Frame(key))

    def default(self, key: FunctionKey, value: Value) -> tuple[Value, Frame]:
        """Return a default of a function, and where it is read: a class sees its own names."""
        owner = self.index.owner_class(key) if isinstance(value, Name) else None
        if isinstance(value, Name) and owner is not None:
            bound = self.index.attribute(owner, value.id)
            if bound is not None:
                return bound, Frame(self.index.class_body(owner))
        return value, Frame(key)

    def _filled(self, key: FunctionKey, name: str) -> Iterator[Entity]:
        """Yield what a framework gives to a parameter."""
        if self._entrypoints is None:
            return
        filled = self._entrypoints.filled(key, name)
        yield from filled.entities
        for routine in filled.returned:
            function = self.index.returned(routine)
            yielded = function.yields if function.yields is not None else function.returns
            yield from self.resolve(yielded, Frame(routine))

    def entry(self, owner: ClassKey, name: str) -> ExternalInstance | None:
        """Return what is known of a part of the path that a class of handlers gets by name."""
        return self._entrypoints.entry(owner, name) if self._entrypoints is not None else None

    def imported(self, target: str, path: str) -> Iterator[Entity]:
        """Yield what an import statement in `path` may bind: a module or a name of one."""
        found = module_of(target, path, self.index)
        if found is None:
            full = self.models.canonical(target.lstrip("."))
            yield modelled(self.models.values.get(full), full) or External(full)
            return
        module, names = found
        entities: tuple[Entity, ...] = (Module(module),)
        frame = Frame(FunctionKey(module, "", 0))
        for name in names:
            entities = tuple(
                member
                for entity in entities
                for member in self.members.of(entity, name, Imported(target), frame)
            )
        yield from entities

    def class_around(self, key: FunctionKey) -> ClassKey | None:
        """Return the class in which a method, or a function nested in one, stands."""
        return self.index.owner_class(key) or self.index.owner_class(key._replace(number=0))

    def skips_receiver(self, key: FunctionKey, bound: bool) -> bool:
        """Tell whether the first parameter is filled by the receiver of the call."""
        function = self.index.head(key)
        if self.index.owner_class(key) is None or is_static(function):
            return False
        return bound or is_class_method(function)


def _guards(entity: Entity | None) -> int:
    """Return in how many functions a value was guarded one after the other."""
    count = 0
    while isinstance(entity, Open) and isinstance(entity.value, Refined):
        entity, count = entity.receiver, count + 1
    return count


def is_from_elsewhere(entity: Entity | None, frame: Frame) -> TypeGuard[Open]:
    """Tell whether a value was guarded already, or belongs to another function than `frame`."""
    return isinstance(entity, Open) and (isinstance(entity.value, Refined) or entity.frame != frame)

"""Linking names: from a term in a frame to the entities that it may be.

Resolution goes backward through assignments, attributes and returns of project functions. It
stops at parameters that no frame binds: who calls is asked only by those who need to know
(`callers`, `receivers`). A cycle adds nothing to the answer; answers found inside an open
cycle are not remembered, so that none depends on where the walk began.
"""

from __future__ import annotations

import builtins
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.link.arguments import argument_of, passed_values
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
)
from batten.link.index import CallKey, ClassKey, FunctionKey, is_test, module_parts
from batten.values.combine import plain
from batten.values.terms import (
    Attribute,
    Bag,
    Choice,
    Const,
    Element,
    Format,
    Hole,
    Imported,
    Item,
    Joined,
    Local,
    LocalClass,
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

    from batten.link.index import Index
    from batten.models.model import AttributeModel, CallModel, Models
    from batten.summarize.summary import Function

MAX_FRAMES = 4
MAX_WRAPPERS = 3
MAX_DEPTH = 60
MAX_ENTITIES = 24

_DOCUMENTED_CLASS = re.compile(
    r"(?::(?:py:)?(?:class|obj):)?[`~.]*(?P<name>[A-Za-z_][\w.]*)`?(?: instance| object)?"
)
_BUILTINS = frozenset(dir(builtins)) | {"unicode", "basestring", "long", "xrange", "raw_input"}
# Text is what callers give: its type alone says nothing of it.
_TEXT_TYPES = frozenset({"str", "bytes"})
_STRUCTURE = (Template, Joined, Format, Sequence, Bag, Mapping, Unknown)


class Resolver:
    """Resolves terms of one program; remembers what it found."""

    def __init__(self, index: Index, models: Models) -> None:
        self.index = index
        self.models = models
        self._found: dict[tuple[Value, Frame], tuple[Entity, ...]] = {}
        self._open: dict[tuple[Value, Frame], int] = {}
        self._lowest = MAX_DEPTH
        self._callers: dict[FunctionKey, tuple[CallKey, ...]] = {}
        self._direct_callers: dict[FunctionKey, tuple[CallKey, ...]] = {}
        self._callees: dict[CallKey, tuple[Entity, ...]] = {}
        self._given: dict[tuple[FunctionKey, str, int], tuple[Entity, ...]] = {}
        self._members: dict[tuple[ClassKey, str], tuple[Entity, ...]] = {}
        self._stores: dict[ClassKey, dict[str, list[tuple[FunctionKey, Value]]]] = {}
        self._lineages: dict[ClassKey, tuple[ClassKey | str, ...]] = {}
        self._subclasses: dict[ClassKey, list[ClassKey]] | None = None

    def resolve(self, value: Value, frame: Frame) -> tuple[Entity, ...]:
        """Return what a term may be, each possibility once; empty only inside a cycle."""
        if isinstance(value, (Const, *_STRUCTURE)):
            return (Known(value, frame),)
        key = (value, frame)
        found = self._found.get(key)
        if found is not None:
            return found
        level = self._open.get(key)
        if level is not None:
            self._lowest = min(self._lowest, level)
            return ()
        depth = len(self._open)
        if depth >= MAX_DEPTH:
            self._lowest = -1
            return (Open(value, frame),)
        self._open[key] = depth
        outer, self._lowest = self._lowest, MAX_DEPTH
        entities = tuple(dict.fromkeys(self._resolve(value, frame)))
        if len(entities) > MAX_ENTITIES:
            entities = (Open(value, frame),)
        del self._open[key]
        if self._lowest >= depth:
            self._found[key] = entities
            self._lowest = outer
        else:
            self._lowest = min(outer, self._lowest)
        return entities

    def callees(self, key: CallKey) -> tuple[Entity, ...]:
        """Return what a call may call, asking callers who the receiver is where need be."""
        found = self._callees.get(key)
        if found is None:
            entities = self.resolve(self.index.call(key).function, Frame(key.function))
            found = self._callees[key] = tuple(dict.fromkeys(self._widened(entities)))
        return found

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

    def callers(self, key: FunctionKey) -> tuple[CallKey, ...]:
        """Return every call that may call a function."""
        found = self._callers.get(key)
        if found is None:
            found = self._callers[key] = self._find_callers(key, self.callees)
        return found

    def direct_callers(self, key: FunctionKey) -> tuple[CallKey, ...]:
        """Return the calls that name a function without help from callers of their own.

        Who the receivers of a call are is asked of these alone, so that the question can't
        come back to itself.
        """
        found = self._direct_callers.get(key)
        if found is None:
            found = self._direct_callers[key] = self._find_callers(key, self._named)
        return found

    def _named(self, key: CallKey) -> tuple[Entity, ...]:
        return self.resolve(self.index.call(key).function, Frame(key.function))

    def bound_argument(self, frame: Frame, parameter: str) -> Hole | None:
        """Return what the frame's own call gives to `parameter`, with its place; or None."""
        if frame.call is None or frame.caller is None:
            return None
        call = self.index.function(frame.caller.function).calls[frame.call]
        function = self.index.function(frame.function)
        skip = self._skips_receiver(frame.function, frame.receiver is not None)
        return argument_of(function, parameter, call.arguments, skip)

    def argument(self, key: FunctionKey, parameter: str, caller: CallKey) -> Hole | None:
        """Return what one caller gives to `parameter`; None when it gives nothing."""
        call = self.index.call(caller)
        entities = self.resolve(call.function, Frame(caller.function))
        bound = any(isinstance(e, Routine) and e.key == key and e.receiver for e in entities)
        bound = bound or any(isinstance(e, (ClassObject, Open)) for e in entities)
        skip = self._skips_receiver(key, bound)
        return argument_of(self.index.function(key), parameter, call.arguments, skip)

    def lineage(self, key: ClassKey) -> tuple[ClassKey | str, ...]:
        """Return a class and its bases, nearest first; bases outside the program by name."""
        found = self._lineages.get(key)
        if found is not None:
            return found
        self._lineages[key] = (key,)
        order: dict[ClassKey | str, None] = {key: None}
        waiting: list[ClassKey] = [key]
        for at in waiting:
            body = Frame(self._module_function(at.path))
            for base in self.index.class_(at).bases:
                # `Manager[Node]` derives from `Manager`.
                base = base.base if isinstance(base, Item) else base
                for entity in self.resolve(base, body):
                    if isinstance(entity, ClassObject) and entity.key not in order:
                        order[entity.key] = None
                        waiting.append(entity.key)
                    elif isinstance(entity, External):
                        order[entity.name] = None
                    elif isinstance(entity, Open):
                        order.setdefault("?", None)
        self._lineages[key] = tuple(order)
        return self._lineages[key]

    def subclasses(self, key: ClassKey) -> tuple[ClassKey, ...]:
        """Return all classes derived from a class."""
        if self._subclasses is None:
            self._subclasses = {}
            for cls in self.index.classes():
                for base in self.lineage(cls)[1:]:
                    if isinstance(base, ClassKey):
                        self._subclasses.setdefault(base, []).append(cls)
        return tuple(self._subclasses.get(key, ()))

    # Terms

    def _resolve(self, value: Value, frame: Frame) -> Iterator[Entity]:
        match value:
            case Name(id):
                yield from self._name(id, frame)
            case Param(name):
                yield from self._param(name, frame)
            case Imported(target):
                yield from self.imported(target, frame.function.path)
            case Attribute(base, name):
                for entity in self.resolve(base, frame):
                    yield from self._member(entity, name, value, frame)
            case Result(call):
                yield from self._result(call, value, frame)
            case Choice(alternatives):
                for each in alternatives:
                    yield from self.resolve(each, frame)
            case Hole():
                yield from self.resolve(value.value, frame)
            case Refined(inner, facts):
                for entity in self.resolve(inner, frame):
                    yield (
                        Open(Refined(entity.value, facts), entity.frame)
                        if isinstance(entity, Open)
                        else entity
                    )
            case Item(base, key):
                for entity in self.resolve(base, frame):
                    yield from self._item(entity, key, value, frame)
            case Element(base):
                for entity in self.resolve(base, frame):
                    yield from self._element(entity, value, frame)
            case Local(number):
                yield Routine(FunctionKey(frame.function.path, frame.function.unit, number))
            case LocalClass(number):
                yield ClassObject(ClassKey(frame.function.path, frame.function.unit, number))
            case _:
                yield Known(value, frame)

    def _name(self, name: str, frame: Frame) -> Iterator[Entity]:
        key = frame.function
        at = self.index.function(key).owner
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
        unit = self.index.documents[key.path].units[key.unit]
        if unit.kind.value == "class" and key.number == 0:
            # A class body sees its own names first.
            yield from self._unit_members(key.path, key.unit, name)
        found = False
        for entity in self.global_name(key.path, name):
            found = True
            yield entity
        if not found:
            yield External(name) if name in _BUILTINS else Open(Name(name), frame)

    def global_name(self, path: str, name: str) -> Iterator[Entity]:
        """Yield what a name of a module may be."""
        yield from self._unit_members(path, 0, name)
        module = self._module_function(path)
        function = self.index.function(module)
        if name in function.bound:
            yield from self.resolve(function.bound[name], Frame(module))
        for key, value in self._global_stores(path, name):
            yield from self.resolve(value, Frame(key))
        for source in self.index.documents[path].summaries[0].shape.star_imports:
            for entity in self.imported(source, path):
                if isinstance(entity, Module) and entity.path != path:
                    yield from self.global_name(entity.path, name)

    def _global_stores(self, path: str, name: str) -> Iterator[tuple[FunctionKey, Value]]:
        for unit, summary in enumerate(self.index.documents[path].summaries):
            for number, function in enumerate(summary.shape.functions):
                for stored, value in function.globals:
                    if stored == name:
                        yield FunctionKey(path, unit, number), value

    def _unit_members(self, path: str, unit: int, name: str) -> Iterator[Entity]:
        for member in self.index.members(path, unit, name):
            yield Routine(member) if isinstance(member, FunctionKey) else ClassObject(member)

    def _module_function(self, path: str) -> FunctionKey:
        return FunctionKey(path, 0, 0)

    def _param(self, name: str, frame: Frame) -> Iterator[Entity]:
        key = frame.function
        function = self.index.function(key)
        owner = self.index.owner_class(key)
        first = function.parameters[0].name if function.parameters else ""
        if owner is not None and name == first and not _is_static(function):
            if frame.receiver is not None:
                yield frame.receiver
                return
            yield ClassObject(owner) if _is_class_method(function) else Instance(owner)
            return
        if name == first == "self" and owner is None:
            # A wrapper that a decorator inside a class puts around its methods.
            around = self.index.owner_class(FunctionKey(key.path, key.unit, 0))
            if around is not None:
                yield Instance(around)
                return
        given = self.bound_argument(frame, name)
        if given is not None and frame.caller is not None:
            yield from self.resolve(given.value, frame.caller)
            return
        parameter = next((p for p in function.parameters if p.name == name), None)
        if parameter is not None and frame.call is not None and parameter.default is not None:
            yield from self.resolve(parameter.default, Frame(key))
            return
        if parameter is not None and parameter.annotation is not None:
            typed = tuple(self.instances_of(parameter.annotation, Frame(key)))
            if typed:
                yield from typed
                return
        if parameter is not None and parameter.doc_type:
            typed = tuple(self._documented(parameter.doc_type, Frame(key)))
            if typed:
                yield from typed
                return
        yield Open(Param(name), Frame(key))

    def _documented(self, text: str, frame: Frame) -> Iterator[Entity]:
        """Yield objects of the class of the program that a docstring gives as a type."""
        match = _DOCUMENTED_CLASS.fullmatch(text.strip())
        if match is None:
            return
        dotted = match["name"]
        named = (
            entity
            for entity in self.instances_of(Const(dotted), frame)
            if isinstance(entity, Instance)
        )
        imported = (
            Instance(entity.key)
            for entity in self.imported(dotted, frame.function.path)
            if "." in dotted and isinstance(entity, ClassObject)
        )
        yield from tuple(named) or tuple(imported)

    def instances_of(self, annotation: Value, frame: Frame) -> Iterator[Entity]:
        """Yield objects of the classes that an annotation names."""
        if isinstance(annotation, Const) and isinstance(annotation.value, str):
            text = annotation.value.strip()
            if not all(part.isidentifier() for part in text.split(".")):
                return
            parts = text.split(".")
            annotation = Name(parts[0])
            for part in parts[1:]:
                annotation = Attribute(annotation, part)
        if isinstance(annotation, Item):
            # Optional[X], Annotated[X, ...]: only what is inside can have members.
            head = annotation.base
            name = (
                head.id
                if isinstance(head, Name)
                else head.name
                if isinstance(head, Attribute)
                else ""
            )
            if name in ("Optional", "Annotated", "Union", "Final", "ClassVar"):
                inner = annotation.key
                items = inner.items if isinstance(inner, Sequence) else (inner,)
                for each in items:
                    yield from self.instances_of(plain(each), frame)
            return
        if isinstance(annotation, Choice):
            for each in annotation.alternatives:
                yield from self.instances_of(each, frame)
            return
        if not isinstance(annotation, (Name, Attribute, Imported)):
            return
        for entity in self.resolve(annotation, frame):
            if isinstance(entity, ClassObject):
                yield Instance(entity.key)
            elif (
                isinstance(entity, External)
                and entity.name in self.models.classes
                and entity.name not in _TEXT_TYPES
            ):
                yield ExternalInstance(entity.name)

    # Imports

    def imported(self, target: str, path: str) -> Iterator[Entity]:
        """Yield what an import statement in `path` may bind: a module or a name of one."""
        if target.startswith("."):
            level = len(target) - len(target.lstrip("."))
            package = module_parts(path)
            is_package = path.rsplit("/", 1)[-1].startswith("__init__.")
            above = level - 1 if is_package else level
            base = package[: len(package) - above] if above else package
            names = [part for part in target[level:].split(".") if part]
            module = self._document(path, base, names)
            yield from module if module is not None else (External(target.lstrip(".")),)
            return
        parts = target.split(".")
        for count in range(len(parts), 0, -1):
            found = self._module(".".join(parts[:count]), path)
            if found is not None:
                yield from self._members_of_module(found, parts[count:], target)
                return
        full = self.models.canonical(target)
        yield _read(self.models.values.get(full), full) or External(full)

    def _document(self, path: str, base: list[str], names: list[str]) -> tuple[Entity, ...] | None:
        for count in range(len(names), -1, -1):
            folder = "/" * path.startswith("/") + "/".join((*base, *names[:count]))
            for candidate in (f"{folder}.py", f"{folder}/__init__.py"):
                if candidate in self.index.documents and (count or candidate != path or not names):
                    rest = names[count:]
                    return tuple(self._members_of_module(candidate, rest, ".".join(names)))
        return None

    def _module(self, name: str, path: str) -> str | None:
        """Return the document that a dotted name means to `path`: the one nearest to it."""
        candidates = self.index.modules.get(name, ())
        if not candidates:
            return None
        if "." not in name and name in self.models.classes:
            return None
        here = path.split("/")

        def distance(candidate: str) -> tuple[int, str]:
            there = candidate.split("/")
            shared = 0
            while shared < min(len(here), len(there)) and here[shared] == there[shared]:
                shared += 1
            return (len(here) + len(there) - 2 * shared, candidate)

        nearest = min(candidates, key=distance)
        return None if nearest == path else nearest

    def _members_of_module(self, path: str, names: list[str], target: str) -> Iterator[Entity]:
        entities: tuple[Entity, ...] = (Module(path),)
        for name in names:
            entities = tuple(
                member
                for entity in entities
                for member in self._member(
                    entity, name, Imported(target), Frame(self._module_function(path))
                )
            )
        yield from entities

    # Members

    def _member(self, entity: Entity, name: str, value: Value, frame: Frame) -> Iterator[Entity]:
        match entity:
            case Module(path):
                found = tuple(self.global_name(path, name))
                if found:
                    yield from found
                    return
                package = "/".join(path.split("/")[:-1])
                for candidate in (f"{package}/{name}.py", f"{package}/{name}/__init__.py"):
                    if path.endswith("/__init__.py") and candidate in self.index.documents:
                        yield Module(candidate)
                        return
                yield Open(value, frame)
            case External(dotted):
                full = self.models.canonical(f"{dotted}.{name}")
                known = self.models.values.get(full)
                yield _read(known, full) or External(full)
            case ClassObject(key):
                yield from self._class_member(key, name, None, value, frame)
            case Instance(key):
                yield from self._instance_member(key, name, value, frame)
            case ExternalInstance(owner):
                yield from self._external_member(owner, name, value, frame, entity)
            case Outside(_, _, type):
                attribute = self.models.attribute(type, name) if type is not None else None
                returned = attribute.returns if attribute is not None else None
                if returned is not None and self.models.harmless(returned, "url"):
                    yield ExternalInstance(returned)
                else:
                    yield replace(entity, type=None)
            case Known(Const(text)) if isinstance(text, str):
                yield ExternalMethod("str", name)
            case Known(Template() | Joined() | Format()):
                yield Open(value, frame, entity)
            case _:
                yield Open(value, frame, entity)

    def _external_member(
        self, owner: str, name: str, value: Value, frame: Frame, entity: Entity
    ) -> Iterator[Entity]:
        if self.models.method(owner, name) is not None:
            yield ExternalMethod(owner, name)
            return
        attribute = self.models.attribute(owner, name)
        yield _read(attribute, f"{owner}.{name}") or Open(value, frame, entity)

    def _class_member(
        self, key: ClassKey, name: str, receiver: Entity | None, value: Value, frame: Frame
    ) -> Iterator[Entity]:
        for at in self.lineage(key):
            if isinstance(at, str):
                if self.models.method(at, name) is not None:
                    yield ExternalMethod(at, name)
                    return
                continue
            found = self.index.methods(at, name)
            if found:
                for method in found:
                    yield from self._method(method, receiver)
                return
            attributes = self.index.class_(at).attributes
            if name in attributes:
                yield from self.resolve(attributes[name], self._class_frame(at))
                return
        yield Open(value, frame, receiver or ClassObject(key))

    def _class_frame(self, key: ClassKey) -> Frame:
        return Frame(FunctionKey(key.path, key.unit, 0))

    def _method(self, method: FunctionKey, receiver: Entity | None) -> Iterator[Entity]:
        function = self.index.function(method)
        if _is_property(function):
            yield from self.resolve(function.returns, Frame(method, receiver=receiver))
        elif _is_static(function):
            yield Routine(method)
        else:
            yield Routine(method, receiver)

    def _instance_member(
        self, key: ClassKey, name: str, value: Value, frame: Frame
    ) -> Iterator[Entity]:
        """Yield what an attribute of an object may be: a method, or what anyone stored there."""
        known = self._members.get((key, name))
        if known is None:
            outer, self._lowest = self._lowest, MAX_DEPTH
            known = tuple(dict.fromkeys(self._members_of(key, name, value, frame)))
            if self._lowest == MAX_DEPTH:
                self._members[key, name] = known
            self._lowest = min(outer, self._lowest)
        yield from known or (Open(value, frame, Instance(key)),)

    def _members_of(self, key: ClassKey, name: str, value: Value, frame: Frame) -> Iterator[Entity]:
        receiver = Instance(key)
        found = False
        stored = tuple(self._stored(key, name))
        for entity in stored:
            found = True
            yield entity
        for entity in self._class_member(key, name, receiver, value, frame):
            if isinstance(entity, Open) and entity.value == value:
                continue
            found = True
            yield entity
        for sub in self.subclasses(key):
            for method in self.index.methods(sub, name):
                found = True
                yield from self._method(method, Instance(sub))
            attributes = self.index.class_(sub).attributes
            if name in attributes and not self.index.methods(sub, name):
                found = True
                yield from self.resolve(attributes[name], self._class_frame(sub))
        if not found:
            yield from self._annotated(key, name)

    def _stored(self, key: ClassKey, name: str) -> Iterator[Entity]:
        family = [at for at in self.lineage(key) if isinstance(at, ClassKey)]
        for at in (*family, *self.subclasses(key)):
            for method, value in self._stores_of(at).get(name, ()):
                yield from self.resolve(value, Frame(method))

    def _stores_of(self, key: ClassKey) -> dict[str, list[tuple[FunctionKey, Value]]]:
        found = self._stores.get(key)
        if found is None:
            found = self._stores[key] = {}
            for method in self.index.class_functions(key):
                for store in self.index.function(method).stores:
                    if self._is_self(store.base, method):
                        found.setdefault(store.name, []).append((method, store.value))
        return found

    def _is_self(self, base: Value, method: FunctionKey) -> bool:
        if not isinstance(base, (Param, Name)):
            return False
        function = self.index.function(method)
        if isinstance(base, Param):
            return bool(function.parameters) and function.parameters[0].name == base.name
        return base.id in ("self", "cls")

    def _annotated(self, key: ClassKey, name: str) -> Iterator[Entity]:
        for at in self.lineage(key):
            if isinstance(at, ClassKey) and name in self.index.class_(at).annotations:
                annotation = self.index.class_(at).annotations[name]
                yield from self.instances_of(annotation, self._class_frame(at))
                return

    # Results, items, elements

    def _result(self, number: int, value: Value, frame: Frame) -> Iterator[Entity]:
        call = self.index.function(frame.function).calls[number]
        for callee in self.resolve(call.function, frame):
            match callee:
                case ClassObject(key):
                    yield Instance(key)
                case Routine(key, receiver):
                    yield from self._returned(key, receiver, number, frame)
                case Outside():
                    yield replace(callee, type=None)
                case Open(Param(name), inner, _):
                    yield from self._constructed_by_default(name, inner)
                    yield Open(value, frame, callee)
                case _:
                    model = self.model(callee)
                    if model is not None and model.source is not None:
                        yield Outside(model.source, model.name, model.returns)
                    elif model is not None and model.returns is not None:
                        yield ExternalInstance(model.returns)
                    elif isinstance(callee, External) and callee.name in self.models.classes:
                        yield ExternalInstance(callee.name)
                    else:
                        yield Open(value, frame, callee)

    def _constructed_by_default(self, name: str, frame: Frame) -> Iterator[Entity]:
        """Yield an object of the class that is a parameter's default (`def f(cls=Client)`)."""
        for parameter in self.index.function(frame.function).parameters:
            if parameter.name == name and parameter.default is not None:
                for entity in self.resolve(parameter.default, Frame(frame.function)):
                    if isinstance(entity, ClassObject):
                        yield Instance(entity.key)

    def _returned(
        self, key: FunctionKey, receiver: Entity | None, number: int, frame: Frame
    ) -> Iterator[Entity]:
        function = self.index.function(key)
        if function.yields is not None:
            generator = Bag((function.yields,))
            yield Known(generator, self.frame_of_call(key, receiver, number, frame))
            return
        yield from self.resolve(function.returns, self.frame_of_call(key, receiver, number, frame))

    def frame_of_call(
        self, key: FunctionKey, receiver: Entity | None, number: int, frame: Frame
    ) -> Frame:
        """Return the frame of a callee; beyond the bound it forgets which call it came from."""
        if frame.depth >= MAX_FRAMES or _recursive(key, frame):
            return Frame(key)
        return Frame(key, number, frame, receiver)

    def _item(self, entity: Entity, key: Value, value: Value, frame: Frame) -> Iterator[Entity]:
        match entity:
            case Known(Mapping() as mapping, inner):
                found = [plain(v) for k, v in mapping.entries if k == key]
                known = found or (
                    [plain(v) for _, v in mapping.entries] if not isinstance(key, Const) else []
                )
                for each in known:
                    yield from self.resolve(each, inner)
                if not found:
                    for more in mapping.spread:
                        yield from self.resolve(Item(more, key), inner)
                if not known and not mapping.spread:
                    yield Open(value, frame)
            case Known(Sequence(items), inner) if isinstance(key, Const) and isinstance(
                key.value, int
            ):
                if -len(items) <= key.value < len(items):
                    yield from self.resolve(plain(items[key.value]), inner)
                else:
                    yield Open(value, frame)
            case Known(Sequence() | Bag(), _):
                yield from self._element(entity, value, frame)
            case ExternalInstance(owner):
                lineage = self.models.lineage(owner)
                inside = next((cls.item for cls in lineage if cls.item is not None), None)
                yield _read(inside, owner) or Open(value, frame, entity)
            case Outside():
                yield replace(entity, type=None)
            case Open(inner_value, inner, _) if (
                not isinstance(value, Item) or inner_value != value.base
            ):
                yield Open(Item(inner_value, key), inner, entity)
            case _:
                yield Open(value, frame, entity)

    def _element(self, entity: Entity, value: Value, frame: Frame) -> Iterator[Entity]:
        match entity:
            case Known(Sequence(items), inner):
                for each in items:
                    yield from self.resolve(plain(each), inner)
            case Known(Bag(items, spread), inner):
                for each in items:
                    yield from self.resolve(plain(each), inner)
                for more in spread:
                    yield from self.resolve(Element(more), inner)
            case Known(Mapping(entries, spread), inner):
                for key, _ in entries:
                    yield from self.resolve(key, inner)
                for more in spread:
                    yield from self.resolve(Element(more), inner)
            case Outside():
                yield replace(entity, type=None)
            case Open(inner_value, inner, receiver):
                passed = self.passed(inner_value, inner)
                for each, each_frame in passed:
                    yield from self.resolve(Element(each), each_frame)
                if not passed:
                    yield Open(Element(inner_value), inner, receiver)
            case _:
                yield Open(value, frame, entity)

    def passed(self, value: Value, frame: Frame) -> tuple[tuple[Value, Frame], ...]:
        """Return the arguments whose items or text a call hands on (`sorted(x)`, `str(x)`)."""
        if not isinstance(value, Result):
            return ()
        call = self.index.function(frame.function).calls[value.call]
        found: list[tuple[Value, Frame]] = []
        for callee in self.resolve(call.function, frame):
            model = self.model(callee)
            if model is None or not model.passes:
                return ()
            found += [(given, frame) for given in passed_values(model, call)]
        return tuple(found)

    # Callers

    def _find_callers(
        self, key: FunctionKey, callees: Callable[[CallKey], tuple[Entity, ...]]
    ) -> tuple[CallKey, ...]:
        function = self.index.function(key)
        names = {function.name}
        owner = self.index.owner_class(key)
        constructed = owner if function.name in ("__init__", "__new__") else None
        if constructed is not None:
            names = {self.index.class_(constructed).name, "cls", "__init__"}
            names |= {self.index.class_(sub).name for sub in self.subclasses(constructed)}
        for name in tuple(names):
            names.update(self.index.other_names.get(name, ()))
        # What tests give says nothing of what others may.
        tested = is_test(key.path)
        return tuple(
            caller
            for name in sorted(names)
            for caller in self.index.calls_by_name.get(name, ())
            if (tested or not is_test(caller.function.path))
            and self._reaches(callees(caller), key, constructed)
        )

    def _reaches(
        self, callees: tuple[Entity, ...], key: FunctionKey, constructed: ClassKey | None
    ) -> bool:
        for entity in callees:
            if isinstance(entity, Routine) and entity.key == key:
                return True
            if constructed is not None and isinstance(entity, ClassObject):
                for at in self.lineage(entity.key):
                    if at == constructed:
                        return True
                    if isinstance(at, ClassKey) and self.index.methods(at, "__init__"):
                        break
        return False

    def _widened(self, entities: Iterable[Entity]) -> Iterator[Entity]:
        """Replace members of unknown parameters by members of what callers give."""
        for entity in entities:
            if isinstance(entity, Open) and isinstance(entity.value, Attribute):
                found = tuple(self._through_callers(entity.value, entity.frame))
                if found:
                    yield from found
                    continue
            yield entity

    def _through_callers(self, value: Attribute, frame: Frame) -> Iterator[Entity]:
        for entity in self.resolve(value.base, frame):
            if not isinstance(entity, Open) or not isinstance(entity.value, Param):
                continue
            for actual in self._receivers(entity.frame.function, entity.value.name, 0):
                for member in self._member(actual, value.name, value, frame):
                    if not isinstance(member, Open):
                        yield member

    def _receivers(self, key: FunctionKey, parameter: str, depth: int) -> tuple[Entity, ...]:
        """Return the objects that callers give to a parameter, through a few wrappers."""
        found = self._given.get((key, parameter, depth))
        if found is not None:
            return found
        entities: dict[Entity, None] = {}
        for caller in self.direct_callers(key):
            given = self.argument(key, parameter, caller)
            if given is None:
                continue
            for entity in self.resolve(given.value, Frame(caller.function)):
                if not isinstance(entity, Open):
                    entities[entity] = None
                elif isinstance(entity.value, Param) and depth < MAX_WRAPPERS:
                    inner = self._receivers(entity.frame.function, entity.value.name, depth + 1)
                    entities.update(dict.fromkeys(inner))
        found = self._given[key, parameter, depth] = tuple(entities)
        return found

    def _skips_receiver(self, key: FunctionKey, bound: bool) -> bool:
        function = self.index.function(key)
        if self.index.owner_class(key) is None or _is_static(function):
            return False
        return bound or function.name in ("__init__", "__new__") or _is_class_method(function)


def _read(attribute: AttributeModel | None, name: str) -> Entity | None:
    """Return what a modelled attribute, item or module value is."""
    if attribute is None:
        return None
    if attribute.source is not None:
        return Outside(attribute.source, name, attribute.returns)
    return ExternalInstance(attribute.returns) if attribute.returns is not None else None


def _recursive(key: FunctionKey, frame: Frame) -> bool:
    at: Frame | None = frame
    while at is not None:
        if at.function == key:
            return True
        at = at.caller
    return False


def _decorator_names(function: Function) -> Iterator[str]:
    for decorator in function.decorators:
        if isinstance(decorator, Name):
            yield decorator.id
        elif isinstance(decorator, Attribute):
            yield decorator.name
        elif isinstance(decorator, Imported):
            yield decorator.target.rpartition(".")[2]


def _is_static(function: Function) -> bool:
    return "staticmethod" in _decorator_names(function)


def _is_class_method(function: Function) -> bool:
    return "classmethod" in _decorator_names(function)


def _is_property(function: Function) -> bool:
    return any(
        name in ("property", "cached_property", "reify") for name in _decorator_names(function)
    )

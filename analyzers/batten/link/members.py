"""Attributes: what reading a name from an entity gives."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from batten.link.annotations import instances_of
from batten.link.declared import attribute_of
from batten.link.decorators import is_property, is_static
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
    Super,
    modelled,
)
from batten.link.index import ClassKey, FunctionKey
from batten.link.reads import Entry
from batten.link.shared_objects import SharedObjects
from batten.models.model import Control
from batten.values.terms import NONE, Attribute, Bag, Const, Mapping, Param, Sequence, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.link.resolve import Resolver


_TEXT_METHODS = frozenset({"format", "format_map", "join", "replace"})
_PARSED = "argparse.Namespace"
# Names that Django, WebOb and Pyramid alone give to what a client sent.
_REQUEST_DATA = frozenset({"GET", "POST", "COOKIES", "META", "FILES"})


class Members:
    """The attributes of one program's objects; remembers what it found."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._index = resolver.index
        self._models = resolver.models
        self._hierarchy = resolver.hierarchy
        self._reads = resolver.index.reads
        self._known: dict[tuple[Instance, str], Entry] = {}
        self._on_change = self._forget  # one for all
        self._reads.tables.append(self._known.values)
        self._shared = SharedObjects(resolver)

    def of(self, entity: Entity, name: str, value: Value, frame: Frame) -> Iterator[Entity]:
        """Yield what `entity.name` may be; `value` in `frame` is the term that reads it."""
        if isinstance(entity, Open):
            yield from self._of_unknown(entity, name, value, frame)
            return
        match entity:
            case Module(path):
                found = tuple(self._resolver.global_name(path, name))
                if found:
                    yield from found
                    return
                package = "/".join(path.split("/")[:-1])
                for candidate in (f"{package}/{name}.py", f"{package}/{name}/__init__.py"):
                    if path.endswith("/__init__.py") and self._index.has_document(candidate):
                        yield Module(candidate)
                        return
                yield Open(value, frame)
            case External(dotted):
                full = self._models.canonical(f"{dotted}.{name}")
                known = self._models.values.get(full)
                yield modelled(known, full) or External(full)
            case ClassObject(key) if self._is_member_of_enumeration(key, name):
                yield Instance(key)
            case Instance(key) if name in ("value", "name") and self._hierarchy.is_enumeration(key):
                for each in self._index.attributes(key):
                    yield from self._resolver.resolve(each, self._class_frame(key))
            case Instance(key) if name in _TEXT_METHODS and self._hierarchy.is_enumeration(key):
                # A member of a `StrEnum` is its value.
                yield ExternalMethod("str", name)
            case ClassObject(key):
                yield from self._class_member(key, name, None, value, frame)
            case Instance():
                yield from self._instance_member(entity, name, value, frame)
            case Super(key):
                yield from self._class_member(key, name, Instance(key), value, frame, above=1)
            case Known(Mapping() | Sequence() | Bag()):
                yield Open(value, frame, entity)
            case ExternalInstance(owner):
                yield from self._external_member(owner, name, value, frame, entity)
            case Outside() if entity.declared is not None:
                yield from attribute_of(entity, name, self._resolver)
            case Outside(_, _, type) if type == _PARSED:
                yield self._parsed_argument(name, frame) or entity.part()
            case Outside(_, _, type):
                attribute = self._models.attribute(type, name) if type is not None else None
                returned = attribute.returns if attribute is not None else None
                if returned is not None and self._models.harmless(returned, "url"):
                    yield ExternalInstance(returned)
                else:
                    yield entity.part()
            case Known(Const(None)):
                # Not set yet: what is set later, and elsewhere, is not known.
                yield Open(value, frame)
            case Known(Const(text)) if isinstance(text, str):
                yield ExternalMethod("str", name)
            case _:
                yield from self._of_text(entity, name, value, frame)

    def _of_unknown(self, entity: Open, name: str, value: Value, frame: Frame) -> Iterable[Entity]:
        if name in _REQUEST_DATA:
            match entity.value:
                case Param("request") | Attribute(_, "request"):
                    return (Outside(Control.REMOTE, f"request.{name}"),)
        return self._of_text(entity, name, value, frame)

    def _of_text(self, entity: Entity, name: str, value: Value, frame: Frame) -> Iterable[Entity]:
        of_text = self._resolver.class_of(entity)
        if of_text is not None:
            return self._external_member(of_text, name, value, frame, entity)
        return (Open(value, frame, entity),)

    def _is_member_of_enumeration(self, key: ClassKey, name: str) -> bool:
        bound = self._index.attribute(key, name)
        return bound is not None and self._hierarchy.is_enumeration(key)

    def _external_member(
        self, owner: str, name: str, value: Value, frame: Frame, entity: Entity
    ) -> Iterator[Entity]:
        if self._models.method(owner, name) is not None:
            yield ExternalMethod(owner, name)
            return
        if owner == _PARSED:
            known = self._parsed_argument(name, frame)
            if known is not None:
                yield known
                return
        attribute = self._models.attribute(owner, name)
        if attribute is not None and attribute.passes:
            yield entity
            return
        known = modelled(attribute, f"{owner}.{name}")
        kept = tuple(self._shared.kept(owner, name)) if known is None else ()
        yield from (known,) if known is not None else kept or (Open(value, frame, entity),)

    def _parsed_argument(self, name: str, frame: Frame) -> Entity | None:
        return self._resolver.parsed_arguments.harmless(name, frame.function.path)

    def _class_member(
        self,
        key: ClassKey,
        name: str,
        receiver: Entity | None,
        value: Value,
        frame: Frame,
        *,
        above: int = 0,
        lacking: set[ClassKey | str] | None = None,
    ) -> Iterator[Entity]:
        """Look a name up in a class and its bases, from the base number `above` on.

        Classes that are known to be `lacking` it are passed over, and those that are found so join
        them: classes derived from one have most of their bases in common.
        """
        lacking = set() if lacking is None else lacking
        for at in self._hierarchy.lineage(key)[above:]:
            if at in lacking:
                continue
            if isinstance(at, str):
                if self._models.method(at, name) is not None:
                    yield ExternalMethod(at, name)
                    return
                inherited = modelled(self._models.attribute(at, name), f"{at}.{name}")
                if inherited is not None:
                    if isinstance(inherited, Outside):
                        inherited = replace(inherited, owner=key)
                    yield inherited
                    return
                lacking.add(at)
                continue
            found = self._index.methods(at, name)
            if found:
                for method in found:
                    yield from self._method(method, receiver)
                return
            bound = self._index.attribute(at, name)
            if bound is not None:
                yield from self._resolver.resolve(bound, self._class_frame(at))
                yield from self._stored_elsewhere(at, name)
                return
            lacking.add(at)
        yield Open(value, frame, receiver or ClassObject(key))

    def _class_frame(self, key: ClassKey) -> Frame:
        return Frame(self._index.class_body(key))

    def _method(self, method: FunctionKey, receiver: Entity | None) -> Iterator[Entity]:
        head = self._index.head(method)
        if is_property(head):
            returns = self._index.returned(method).returns
            yield from self._resolver.resolve(returns, Frame(method, receiver=receiver))
        elif is_static(head):
            yield Routine(method)
        else:
            yield Routine(method, receiver)

    def _instance_member(
        self, instance: Instance, name: str, value: Value, frame: Frame
    ) -> Iterator[Entity]:
        """Yield what an attribute of an object may be: a method, or what anyone stored there.

        Part of that may be the term that reads it. What is remembered has the one of who asked
        first, who may be gone by then: each gets its own.
        """
        key = (instance, name)
        own = Open(value, frame, instance)
        entry = self._known.get(key)
        if entry is None:
            entry = Entry(key, self._on_change)
            reader, self._reads.at = self._reads.at, entry
            try:
                found, settled = self._find_members(instance, name, value, frame)
                entry.value = (found, own if own in found else None)
            finally:
                self._reads.at = reader
            if settled:
                self._known[key] = entry
        entry.read_by(self._reads.at)
        known, first = entry.value
        if first is None:
            yield from known or (own,)
        else:
            yield from (own if each == first else each for each in known)

    def _forget(self, key: tuple[Instance, str]) -> None:
        self._known.pop(key, None)

    def _find_members(
        self, instance: Instance, name: str, value: Value, frame: Frame
    ) -> tuple[tuple[Entity, ...], bool]:
        """Return what `_members_of` yields, and whether it holds wherever the walk began."""
        members = partial(self._members_of, instance, name, value, frame)
        known, settled = self._resolver.outside_cycles(members)
        if any(not isinstance(entity, (Open, Known)) for entity in known):
            # What is there later is known: that there is nothing at first says no more.
            known = tuple(entity for entity in known if not _is_none(entity))
        if self._is_filled_later(instance.key, known):
            known = (*known, Open(value, frame, instance))
        return known, settled

    def _is_filled_later(self, key: ClassKey, known: tuple[Entity, ...]) -> bool:
        """Tell whether what is known of an attribute is what it is before it gets a value."""
        if any(map(_is_none_or_empty, known)) and self._hierarchy.is_filled_by_name(key):
            return True
        return bool(known) and all(map(_is_none_or_empty, known)) and any(map(_is_none, known))

    def _members_of(
        self, instance: Instance, name: str, value: Value, frame: Frame
    ) -> Iterator[Entity]:
        key = instance.key
        found = False
        stored = tuple(self._stored(instance, name))
        for entity in stored:
            found = True
            yield entity
        lacking: set[ClassKey | str] = set()
        for entity in self._class_member(key, name, instance, value, frame, lacking=lacking):
            if isinstance(entity, Open) and entity.value == value:
                continue
            found = True
            yield entity
        if not found:
            # A mixin uses what the classes bring that it is mixed into.
            for sub in self._hierarchy.subclasses(key):
                of_sub = self._class_member(sub, name, Instance(sub), value, frame, lacking=lacking)
                for entity in of_sub:
                    if not isinstance(entity, Open):
                        found = True
                        yield entity
        for sub in self._hierarchy.subclasses(key):
            for method in self._index.methods(sub, name):
                found = True
                yield from self._method(method, Instance(sub))
            bound = self._index.attribute(sub, name)
            if bound is not None and not self._index.methods(sub, name):
                found = True
                yield from self._resolver.resolve(bound, self._class_frame(sub))
        if not found:
            for entity in self._annotated(key, name):
                found = True
                yield entity
        elsewhere = tuple(self._stored_elsewhere(key, name))
        if elsewhere and not found:
            # Whoever made the object may have given it more than is seen here.
            yield Open(value, frame, instance)
        yield from elsewhere

    def _stored(self, instance: Instance, name: str) -> Iterator[Entity]:
        key = instance.key
        family = [at for at in self._hierarchy.lineage(key) if isinstance(at, ClassKey)]
        frame = self._constructor_frame(instance, family)
        classes = (*family, *self._hierarchy.subclasses(key))
        for method, value in self._hierarchy.stored_in(classes, name):
            made = frame if frame is not None and frame.function == method else Frame(method)
            yield from self._resolver.resolve(value, made)

    def _constructor_frame(self, instance: Instance, family: list[ClassKey]) -> Frame | None:
        """Return the frame of the constructor that made an object, if its call is known."""
        if instance.made is None:
            return None
        for at in family:
            for method in self._index.methods(at, "__init__"):
                caller, call = instance.made
                return Frame(method, call, Frame(caller), instance)
        return None

    def _stored_elsewhere(self, key: ClassKey, name: str) -> Iterator[Entity]:
        """Yield what others store in the attribute of a class or of its objects."""
        for function, store in self._hierarchy.stores_elsewhere(name):
            owners = self._resolver.resolve(store.base, Frame(function))
            if any(isinstance(o, (ClassObject, Instance)) and o.key == key for o in owners):
                yield from self._resolver.resolve(store.value, Frame(function))

    def _annotated(self, key: ClassKey, name: str) -> Iterator[Entity]:
        for at in self._hierarchy.lineage(key):
            annotation = self._index.annotation(at, name) if isinstance(at, ClassKey) else None
            if isinstance(at, ClassKey) and annotation is not None:
                yield from instances_of(annotation, self._class_frame(at), self._resolver)
                return


def _is_none(entity: Entity) -> bool:
    return isinstance(entity, Known) and entity.value == NONE


def _is_none_or_empty(entity: Entity) -> bool:
    return isinstance(entity, Known) and entity.value in (NONE, Const(""))

"""Values from outside whose type the program declares: models of bodies, typed lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.link.entities import Entity, ExternalInstance, Frame, Instance, Known, Outside, Routine
from batten.link.index import ClassKey
from batten.link.types import harmless_type, item_type, type_names
from batten.values.terms import Computed, Const

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.index import FunctionKey
    from batten.link.resolve import Resolver
    from batten.values.terms import Value


def attribute_of(outside: Outside, name: str, resolver: Resolver) -> Iterator[Entity]:
    """Yield what an attribute of a value from outside is, by the class that it is made into."""
    for key in _classes(outside, resolver):
        for at in resolver.hierarchy.lineage(key):
            if not isinstance(at, ClassKey):
                continue
            methods = resolver.index.methods(at, name)
            if methods:
                yield from (Routine(method, outside) for method in methods)
                return
            annotation = resolver.index.annotation(at, name)
            if annotation is not None:
                yield _taken(outside, annotation, resolver.index.class_body(at), resolver)
                return
    yield outside.part()


def item_of(outside: Outside, key: Value | None, resolver: Resolver) -> Iterator[Entity]:
    """Yield what an entry of a value from outside is; `key` is None for any of them."""
    if outside.declared is not None:
        annotation, where = outside.declared
        inside = item_type(annotation)
        if inside is not None:
            yield _taken(outside, inside, where, resolver)
            return
    if outside.owner is not None and isinstance(key, Const) and isinstance(key.value, str):
        yield _field(outside, outside.owner, key.value, resolver) or outside.part()
        return
    yield outside.part()


def _taken(outside: Outside, annotation: Value, where: FunctionKey, resolver: Resolver) -> Entity:
    frame = Frame(where)
    name = harmless_type(annotation, frame, resolver)
    if name is None:
        return replace(outside, type=None, declared=(annotation, where), owner=None)
    for each in type_names(annotation, frame, resolver):
        if isinstance(each, ClassKey):
            return Instance(each)
    return Known(Computed(name), frame)


def _field(outside: Outside, owner: ClassKey, name: str, resolver: Resolver) -> Entity | None:
    """Return a harmless field that a form or a serializer declares, None for any other."""
    entry = resolver.entry(owner, name) if outside.name.endswith(".kwargs") else None
    if entry is not None:
        return entry
    for at in resolver.hierarchy.lineage(owner):
        value = resolver.index.attribute(at, name) if isinstance(at, ClassKey) else None
        if isinstance(at, ClassKey) and value is not None:
            for entity in resolver.resolve(value, Frame(resolver.index.class_body(at))):
                harmless = isinstance(entity, ExternalInstance) and resolver.models.harmless(
                    entity.name, "url"
                )
                if harmless:
                    return entity
            return None
    return None


def _classes(outside: Outside, resolver: Resolver) -> Iterator[ClassKey]:
    if outside.declared is None:
        return
    annotation, where = outside.declared
    for name in type_names(annotation, Frame(where), resolver):
        if isinstance(name, ClassKey):
            yield name

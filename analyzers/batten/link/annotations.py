"""Objects whose class an annotation or a docstring names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.link.entities import (
    ClassObject,
    Entity,
    External,
    ExternalInstance,
    Frame,
    Instance,
)
from batten.values.combine import plain
from batten.values.terms import Attribute, Choice, Const, Imported, Item, Name, Sequence, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.resolve import Resolver


def instances_of(annotation: Value, frame: Frame, resolver: Resolver) -> Iterator[Entity]:
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
            head.id if isinstance(head, Name) else head.name if isinstance(head, Attribute) else ""
        )
        if name in ("Optional", "Annotated", "Union", "Final", "ClassVar"):
            inner = annotation.key
            items = inner.items if isinstance(inner, Sequence) else (inner,)
            for each in items:
                yield from instances_of(plain(each), frame, resolver)
        return
    if isinstance(annotation, Choice):
        for each in annotation.alternatives:
            yield from instances_of(each, frame, resolver)
        return
    if not isinstance(annotation, (Name, Attribute, Imported)):
        return
    for entity in resolver.resolve(annotation, frame):
        if isinstance(entity, ClassObject):
            yield Instance(entity.key)
        elif (
            isinstance(entity, External)
            and entity.name in resolver.models.classes
            and entity.name not in _TEXT_TYPES
        ):
            yield ExternalInstance(entity.name)


def documented_instances(text: str, frame: Frame, resolver: Resolver) -> Iterator[Entity]:
    """Yield objects of the class of the program that a docstring gives as a type."""
    match = _DOCUMENTED_CLASS.fullmatch(text.strip())
    if match is None:
        return
    dotted = match["name"]
    named = (
        entity
        for entity in instances_of(Const(dotted), frame, resolver)
        if isinstance(entity, Instance)
    )
    imported = (
        Instance(entity.key)
        for entity in resolver.imported(dotted, frame.function.path)
        if "." in dotted and isinstance(entity, ClassObject)
    )
    yield from tuple(named) or tuple(imported)


_DOCUMENTED_CLASS = re.compile(
    r"(?::(?:py:)?(?:class|obj):)?[`~.]*(?P<name>[A-Za-z_][\w.]*)`?(?: instance| object)?"
)
# Text is what callers give: its type alone says nothing of it.
_TEXT_TYPES = frozenset({"str", "bytes"})

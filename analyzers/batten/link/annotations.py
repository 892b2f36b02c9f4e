"""Objects whose class an annotation or a docstring names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.link.entities import (
    ClassObject,
    Entity,
    ExternalInstance,
    Frame,
    Instance,
)
from batten.link.index import ClassKey
from batten.link.types import type_names
from batten.values.terms import Const, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.resolve import Resolver


def instances_of(annotation: Value, frame: Frame, resolver: Resolver) -> Iterator[Entity]:
    """Yield objects of the classes that an annotation names.

    Where text is possible, what libraries say of the other types tells nothing of the value.
    """
    names = type_names(annotation, frame, resolver)
    may_be_text = not _TEXT_TYPES.isdisjoint(names)
    for name in names:
        if isinstance(name, ClassKey):
            yield Instance(name)
        elif not may_be_text and name in resolver.models.classes:
            yield ExternalInstance(name)


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
_TEXT_TYPES = frozenset({"str", "bytes"})

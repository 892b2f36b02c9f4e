"""What is left of an annotated union where a guard has ruled some of its types out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.flow import Leaf, LeafKind
from batten.link.types import harmless_name, type_names
from batten.values.terms import Param

if TYPE_CHECKING:
    from batten.link.entities import Frame
    from batten.link.resolve import Resolver
    from batten.values.terms import Refined


def narrowed(value: Refined, frame: Frame, resolver: Resolver) -> Leaf | None:
    """Return the leaf of a parameter of which only harmless types are left, None for others."""
    refused = {
        name
        for fact in value.facts
        if fact.kind == "not type"
        for name in type_names(fact.value, frame, resolver)
        if name != "?"
    }
    if not refused or not isinstance(value.value, Param):
        return None
    for parameter in resolver.index.head(frame.function).parameters:
        if parameter.name == value.value.name and parameter.annotation is not None:
            names = type_names(parameter.annotation, frame, resolver)
            left = [name for name in names if name not in refused]
            if not left:
                return Leaf(LeafKind.CONSTANT, "is None here")
            harmless = harmless_name(left, resolver)
            if harmless is not None:
                return Leaf(LeafKind.HARMLESS, f"can only be {harmless} here")
    return None

"""The `__init__` that a dataclass, a `NamedTuple` or a pydantic model gets from its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.summary import Function, Parameter, Store
from batten.values.combine import choice, plain
from batten.values.terms import (
    NONE,
    UNKNOWN,
    Attribute,
    Choice,
    Const,
    Imported,
    Item,
    LocalClass,
    Name,
    Param,
    Sequence,
    Template,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def makes_constructor(decorators: Iterable[str], bases: Iterable[Value]) -> bool:
    """Tell whether a class gets a constructor, by the names of its decorators and bases."""
    return any(name in _DECORATORS for name in decorators) or any(
        _last_name(base) in _BASES for base in bases
    )


def constructor(
    annotations: Mapping[str, Value], bound: Mapping[str, Value], site: int
) -> Function:
    """Return the constructor that stores each annotated field of a class in its object.

    `bound` holds what the class's body assigned: the defaults. `site` is the place of the class,
    which stands for those of its fields.
    """
    fields = [name for name, noted in annotations.items() if not _is_of_class(noted)]
    parameters = (
        Parameter(name, "positional", site, _of_names(annotations[name]), _default(bound.get(name)))
        for name in fields
    )
    return Function(
        name="__init__",
        parameters=(Parameter("self", "positional", site), *parameters),
        calls=(),
        returns=NONE,
        yields=None,
        stores=tuple(Store(Param("self"), name, Param(name), site) for name in fields),
        globals=(),
        decorators=(),
        bound={},
        reads={},
        owner=None,
        doc="",
    )


_DECORATORS = frozenset("dataclass define frozen mutable attrs attributes".split())
_BASES = frozenset("NamedTuple BaseModel Struct".split())


def _default(value: Value | None) -> Value | None:
    """Return a field's default; one that the class's body computes is not known outside of it."""
    if value is None or isinstance(value, (Const, Name, Imported, Template)):
        return value
    return UNKNOWN


def _of_names(annotation: Value) -> Value:
    """Return an annotation without what the class's body calls for it: the calls are not here."""
    match annotation:
        case Const() | Name() | Imported() | LocalClass():
            return annotation
        case Attribute(base, name):
            known = _of_names(base)
            return UNKNOWN if known == UNKNOWN else Attribute(known, name)
        case Item(base, key):
            return Item(_of_names(base), _of_names(key))
        case Sequence(items):
            return Sequence(tuple(map(_of_names, map(plain, items))))
        case Choice(alternatives):
            return choice(map(_of_names, alternatives))
        case _:
            return UNKNOWN


def _is_of_class(annotation: Value) -> bool:
    """Tell whether an annotation says that a name is no field (`ClassVar[str]`)."""
    return "ClassVar" in (_last_name(annotation), _last_name(getattr(annotation, "base", NONE)))


def _last_name(value: Value) -> str:
    match value:
        case Name(name) | Attribute(_, name):
            return name
        case Imported(target):
            return target.rpartition(".")[2]
        case Item(base, _):
            return _last_name(base)
    return ""

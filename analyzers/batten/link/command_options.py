"""What the options and arguments of a command line may be, by how they are declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.destinations import destination
from batten.link.entities import ClassObject, Entity, External, ExternalInstance, Frame
from batten.link.index import last_name
from batten.link.proofs import is_fixed_set
from batten.values.terms import Const, Result

if TYPE_CHECKING:
    from batten.link.index import CallKey
    from batten.link.resolve import Resolver
    from batten.summarize.summary import Call
    from batten.values.terms import Value

_SWITCHES = frozenset({"is_flag", "count"})
_ON = frozenset({Const(True), Const(1)})
_COUNTED = frozenset(
    map(Const, ("store_true", "store_false", "store_const", "count", "append_const"))
)
_NUMBERS = frozenset({"IntRange", "FloatRange", "Choice", "DateTime"})


def option_of(call: Call, frame: Frame, resolver: Resolver) -> tuple[str, Entity | None]:
    """Return the parameter that `@click.option(...)` fills, and what it is if it is harmless."""
    names = [
        given.value.value
        for given in call.arguments.positional
        if isinstance(given.value, Const) and isinstance(given.value.value, str)
    ]
    named = dict(call.arguments.named)
    switched = any(name in named and named[name].value in _ON for name in _SWITCHES) or any(
        "/" in name[1:] for name in names
    )
    harmless: Entity | None = ExternalInstance("bool") if switched else None
    if harmless is None and "type" in named:
        harmless = _typed(named["type"].value, frame, resolver)
    return destination(names), harmless


class ParsedArguments:
    """The attributes of `parse_args()` in one program, by the calls of `add_argument`."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def harmless(self, name: str, path: str) -> Entity | None:
        """Return what an attribute is, read in the document `path`; None when it is free text.

        What the document itself declares under the name counts, else what any does.
        """
        calls = self._resolver.index.destinations(name)
        here = [key for key in calls if key.function.path == path]
        found = [self._declared_as(key) for key in here or calls]
        return found[0] if found and all(found) else None

    def _declared_as(self, key: CallKey) -> Entity | None:
        named = dict(self._resolver.index.call(key).arguments.named)
        frame = Frame(key.function)
        action = named.get("action")
        if action is not None and action.value in _COUNTED:
            return ExternalInstance("bool")
        if "type" in named:
            return _typed(named["type"].value, frame, self._resolver)
        if "choices" in named:
            fixed = is_fixed_set(named["choices"].value, frame, self._resolver)
            return ExternalInstance("batten.Token") if fixed else None
        return None


def _typed(value: Value, frame: Frame, resolver: Resolver) -> Entity | None:
    """Return an object of the harmless class that a `type=` makes, None for any other."""
    if isinstance(value, Result):
        # click.Choice(...), click.IntRange(...)
        call = resolver.index.call_in(frame.function, value.call)
        return ExternalInstance("batten.Token") if last_name(call.function) in _NUMBERS else None
    for entity in resolver.resolve(value, frame):
        if isinstance(entity, External) and resolver.models.harmless(entity.name, "url"):
            return ExternalInstance(entity.name)
        if isinstance(entity, External) and entity.name.rpartition(".")[2] in _CLICK_TYPES:
            return ExternalInstance("int")
        if isinstance(entity, ClassObject) and resolver.hierarchy.is_enumeration(entity.key):
            return ExternalInstance("batten.Token")
    return None


_CLICK_TYPES = frozenset({"INT", "FLOAT", "BOOL", "UUID"})

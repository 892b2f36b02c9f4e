"""Parameters that a framework fills: with the request, with parts of it, or from the command line.

It is decided from names, decorators, registrations and annotations alone, before any value is
followed: see `batten.link.registrations`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.link.command_options import option_of
from batten.link.decorators import is_static
from batten.link.entities import (
    ClassObject,
    Entity,
    ExternalInstance,
    Frame,
    Instance,
    Outside,
    Routine,
)
from batten.link.evidence import ROUTE_PATH, ROUTE_SEGMENT, is_identifier_name
from batten.link.index import CallKey, ClassKey, FunctionKey, last_name
from batten.link.patterns import proves_harmless
from batten.link.reads import Memo, Whole
from batten.link.registrations import HANDLER_METHODS, Registrations
from batten.link.routes import PATH, TEXT, TOKEN, groups, matched, placeholders
from batten.link.types import harmless_type, type_names
from batten.models.model import Control, Fill
from batten.values.combine import plain
from batten.values.immutable import immutable
from batten.values.terms import Const, Item, Result, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.parts import Head
    from batten.link.registrations import Registration
    from batten.link.resolve import Resolver
    from batten.models.model import Handlers
    from batten.summarize.summary import Call, Parameter
    from batten.values.terms import Value

_LAMBDA_NAME = re.compile(r"(?i)^(?:lambda_)?(?:handler|main)$|handler$")
_LAMBDA_PARAMETERS = ("event", "context")
_TEXT_TYPES = frozenset({"str", "bytes", "dict", "list", "tuple", "typing.Any", "object", "?"})


@immutable
class Filled:
    """What a framework gives to a parameter: entities, or the results of functions."""

    entities: tuple[Entity, ...] = ()
    returned: tuple[FunctionKey, ...] = ()


NOTHING = Filled()


class Entrypoints:
    """The parameters of one program that frameworks fill; remembers what it found.

    The `resolver` must not ask about parameters itself.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.hierarchy = resolver.hierarchy
        self.module_names = resolver.module_names
        self._index = resolver.index
        self._registrations = Registrations(resolver)
        reads = resolver.index.reads
        self._found = Memo(reads, self._fill)
        self._depended = Whole(reads, self._find_dependencies)

    def filled(self, key: FunctionKey, parameter: str) -> Filled:
        """Return what a framework gives to a parameter, `NOTHING` for any other."""
        return self._found(key).get(parameter, NOTHING)

    def entry(self, owner: ClassKey, name: str) -> ExternalInstance | None:
        """Return what is known of a part of the path that a class of handlers gets by name."""
        known = [
            placeholders(each.path)[name]
            for each in self._registrations.of_class(owner)
            if each.path is not None and name in placeholders(each.path)
        ]
        if known and TEXT not in known and PATH not in known:
            return ExternalInstance(known[0])
        return None

    def _fill(self, key: FunctionKey) -> dict[str, Filled]:
        function = self._index.head(key)
        if not function.parameters:
            return {}
        parameters = self._without_receiver(key, function)
        found: dict[str, Filled] = {}
        registrations = list(self._registrations.of(key))
        for each in registrations:
            self._fill_registered(each, key, parameters, found)
        if not registrations:
            hooked = self._hooked(key, function)
            if hooked is not None and hooked[0] < len(parameters):
                found[parameters[hooked[0]].name] = hooked[1]
            elif key in self._depended():
                self._fill_typed(Control.REMOTE, key, parameters, found)
            elif _is_lambda(function) and self._index.owner_class(key) is None:
                name = function.parameters[0].name
                found[name] = Filled((_from_outside(Control.REMOTE, name),))
        return found

    def _hooked(self, key: FunctionKey, function: Head) -> tuple[int, Filled] | None:
        """Return what a framework gives to a method that it calls by its name, and which it is."""
        owner = self._index.owner_class(key)
        if owner is None:
            return None
        bases = self._resolver.hierarchy.lineage(owner)
        for base in (each for each in bases if isinstance(each, str)):
            model = self._resolver.models.method(base, function.name)
            if model is not None and model.hook is not None:
                made = self._named_class(owner, model.hook.named_by or "")
                entity = ExternalInstance(model.hook.gives) if made is None else Instance(made)
                return model.hook.argument.position or 0, Filled((entity,))
        return None

    def _named_class(self, owner: ClassKey, attribute: str) -> ClassKey | None:
        """Return the class of the program that an attribute of a class names."""
        value = self._attribute(owner, attribute)
        if value is not None:
            for entity in self._resolver.resolve(*value):
                if isinstance(entity, ClassObject):
                    return entity.key
        return None

    def _attribute(self, owner: ClassKey, name: str) -> tuple[Value, Frame] | None:
        for at in self._resolver.hierarchy.lineage(owner):
            bound = self._index.attribute(at, name) if isinstance(at, ClassKey) else None
            if isinstance(at, ClassKey) and bound is not None:
                return bound, Frame(self._index.class_body(at))
        return None

    def _without_receiver(self, key: FunctionKey, function: Head) -> tuple[Parameter, ...]:
        if self._index.owner_class(key) is None or is_static(function):
            return function.parameters
        return function.parameters[1:]

    def _fill_registered(
        self,
        registration: Registration,
        key: FunctionKey,
        parameters: tuple[Parameter, ...],
        found: dict[str, Filled],
    ) -> None:
        handlers = registration.handlers
        fills = handlers.fills if handlers is not None else Fill.PATH
        control = handlers.control if handlers is not None else Control.REMOTE
        if handlers is not None and handlers.request is not None and parameters:
            first, *rest = parameters
            parameters = tuple(rest)
            if first.annotation is None and first.kind == "positional":
                found.setdefault(first.name, Filled((ExternalInstance(handlers.request),)))
        if fills is Fill.NAMED:
            if registration.call is not None:
                self._fill_option(registration.call.function, registration, control, found)
            return
        path = registration.path
        named = placeholders(path) if path is not None else {}
        for parameter in parameters:
            if parameter.name in named and not self._is_harmless(parameter, key):
                entity = self._part_of_path(named[parameter.name], parameter, control, key)
                _add(found, parameter.name, entity)
        if fills is Fill.ALL:
            rest = [each for each in parameters if each.name not in named]
            self._fill_typed(control, key, rest, found)
        elif not named and self._index.owner_class(key) is not None:
            self._fill_positional(path, handlers, key, parameters, found)

    def _fill_option(
        self,
        scope: FunctionKey,
        registration: Registration,
        control: Control,
        found: dict[str, Filled],
    ) -> None:
        call = self._index.call(registration.call) if registration.call is not None else None
        if call is None:
            return
        name, harmless = option_of(call, Frame(scope), self._resolver)
        _add(found, name, harmless or _from_outside(control, name))

    def _fill_positional(
        self,
        path: str | None,
        handlers: Handlers | None,
        key: FunctionKey,
        parameters: tuple[Parameter, ...],
        found: dict[str, Filled],
    ) -> None:
        """Fill the parameters of a method whose path has no names, or is not known."""
        control = handlers.control if handlers is not None else Control.REMOTE
        routed = handlers is not None and handlers.keys is not None and path is None
        if self._index.head(key).name not in HANDLER_METHODS and not routed:
            return
        pattern = self._pattern_of_keys(key, handlers) if routed and handlers is not None else ""
        keys = matched(pattern) if pattern else TEXT
        types = groups(path) if path is not None else []
        for index, parameter in enumerate(parameters):
            if parameter.kind != "positional" or self._is_harmless(parameter, key):
                continue
            if path is None and not routed and is_identifier_name(parameter.name):
                # Most likely the route lets nothing but an id through.
                continue
            if path is not None and index >= len(types):
                continue
            kind = types[index] if index < len(types) else keys
            entity = self._part_of_path(kind, parameter, control, key)
            if isinstance(entity, Outside):
                entity = replace(entity, pattern=pattern)
            _add(found, parameter.name, entity)

    def _pattern_of_keys(self, key: FunctionKey, handlers: Handlers) -> str:
        """Return what a framework takes out of a path for which it makes the route, "" for any."""
        owner = self._index.owner_class(key)
        for name in handlers.keys_from:
            said = self._attribute(owner, name) if owner is not None else None
            if said is not None:
                return str(said[0].value) if isinstance(said[0], Const) else ""
        return handlers.keys or ""

    def _part_of_path(
        self, kind: str, parameter: Parameter, control: Control, key: FunctionKey
    ) -> Entity:
        if kind not in (TEXT, PATH):
            return ExternalInstance(kind)
        # The words for people tell a fix, too, whether slashes are meant.
        name = f"{ROUTE_PATH if kind == PATH else ROUTE_SEGMENT} {parameter.name}"
        return replace(_from_outside(control, "", parameter.annotation, key), name=name)

    # Frameworks that read annotations

    def _fill_typed(
        self,
        control: Control,
        key: FunctionKey,
        parameters: tuple[Parameter, ...] | list[Parameter],
        found: dict[str, Filled],
    ) -> None:
        for parameter in parameters:
            markers = list(self._markers(parameter, key))
            depends = next((m for m in markers if last_name(m.function) in _DEPENDS), None)
            if depends is not None:
                filled = self._dependency(depends, parameter, key)
                if filled is not None:
                    found.setdefault(parameter.name, filled)
            elif not self._is_harmless(parameter, key) and self._is_text(parameter, key):
                entity: Entity = ExternalInstance(TOKEN)
                if not any(self._is_patterned(marker) for marker in markers):
                    entity = _from_outside(control, parameter.name, parameter.annotation, key)
                _add(found, parameter.name, entity)

    def _markers(self, parameter: Parameter, key: FunctionKey) -> Iterator[Call]:
        """Yield the calls that tell how a parameter is filled: `Query(...)`, `Depends(f)`."""
        if isinstance(parameter.default, Result):
            yield self._index.call_in(key, parameter.default.call)
        annotation = parameter.annotation
        if isinstance(annotation, Item) and last_name(annotation.base) == "Annotated":
            inside = annotation.key
            for each in inside.items[1:] if isinstance(inside, Sequence) else ():
                marker = plain(each)
                if isinstance(marker, Result):
                    yield self._index.call_in(key, marker.call)

    def _is_patterned(self, marker: Call) -> bool:
        """Tell whether `Query(pattern="^[a-z]+$")` lets harmless text through only."""
        for name, given in marker.arguments.named:
            if name in ("pattern", "regex") and isinstance(given.value, Const):
                return proves_harmless("search", str(given.value.value))
        return False

    def _dependency(self, marker: Call, parameter: Parameter, key: FunctionKey) -> Filled | None:
        given = marker.arguments.positional
        wanted = given[0].value if given else parameter.annotation
        if wanted is None:
            return None
        for entity in self._resolver.resolve(wanted, Frame(key)):
            if isinstance(entity, Routine):
                return Filled(returned=(entity.key,))
            if isinstance(entity, ClassObject):
                return Filled((Instance(entity.key),))
        return None

    def _find_dependencies(self) -> frozenset[FunctionKey]:
        """Return the functions that others depend on, and constructors of such classes."""
        found: set[FunctionKey] = set()
        for name in sorted(_DEPENDS):
            for key in self._index.calls_of(name):
                for wanted in self._depended_on(key):
                    for entity in self._resolver.resolve(wanted, Frame(key.function)):
                        if isinstance(entity, Routine):
                            found.add(entity.key)
                        elif isinstance(entity, ClassObject):
                            found.update(self._index.methods(entity.key, "__init__"))
        return frozenset(found)

    def _depended_on(self, key: CallKey) -> Iterator[Value]:
        """Yield what `Depends(f)` names, or for `x: C = Depends()` the class."""
        given = self._index.call(key).arguments.positional
        if given:
            yield given[0].value
            return
        for parameter in self._index.head(key.function).parameters:
            if parameter.default == Result(key.call) and parameter.annotation is not None:
                yield parameter.annotation

    def _is_text(self, parameter: Parameter, key: FunctionKey) -> bool:
        """Tell whether what goes into a parameter may be text, or an object made of the request."""
        if parameter.kind not in ("positional", "keyword"):
            return False
        if parameter.annotation is None:
            return True
        names = type_names(parameter.annotation, Frame(key), self._resolver)
        return any(
            isinstance(name, ClassKey)
            or name in _TEXT_TYPES
            or (name not in self._resolver.models.classes and _is_url_type(name))
            for name in names
        )

    def _is_harmless(self, parameter: Parameter, key: FunctionKey) -> bool:
        annotation = parameter.annotation
        if annotation is None:
            return False
        return harmless_type(annotation, Frame(key), self._resolver) is not None


_DEPENDS = frozenset({"Depends", "Security"})


def _add(found: dict[str, Filled], name: str, entity: Entity) -> None:
    """Note one more thing that a parameter may be."""
    known = found.get(name, NOTHING)
    if entity not in known.entities:
        found[name] = Filled((*known.entities, entity), known.returned)


def _from_outside(
    control: Control,
    name: str,
    annotation: Value | None = None,
    key: FunctionKey | None = None,
) -> Outside:
    declared = (annotation, key) if annotation is not None and key is not None else None
    return Outside(control, f"parameter {name}", declared=declared)


def _is_url_type(name: str | ClassKey) -> bool:
    return isinstance(name, str) and name.rpartition(".")[2].endswith(("Url", "UrlStr"))


def _is_lambda(function: Head) -> bool:
    names = tuple(parameter.name for parameter in function.parameters)
    return names == _LAMBDA_PARAMETERS and bool(_LAMBDA_NAME.search(function.name))

"""Which functions a framework calls, and with which paths they were registered.

A function is registered by a decorator (`@app.get("/users/<name>")`), by a call that gets it, or
its class, together with a path (`path("users/<str:name>/", views.user)`), or by being a method
of a class that the framework knows (`class UserView(View)`). Where the framework is not known,
a path with a placeholder of a parameter's name is evidence enough.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from batten.link.entities import ClassObject, Frame, Instance, Known, Open, Routine
from batten.link.index import CallKey, ClassKey, FunctionKey, last_name
from batten.link.reads import SteadyMemo, Whole
from batten.values.combine import plain
from batten.values.immutable import immutable
from batten.values.terms import Attribute, Bag, Const, Result, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.resolve import Resolver
    from batten.models.model import Handlers
    from batten.summarize.summary import Call
    from batten.values.terms import Value

HTTP_METHODS = frozenset("get post put patch delete head options".split())
_RESPONDERS = frozenset(f"on_{name}" for name in (*HTTP_METHODS, "websocket"))
_ACTIONS = frozenset("list create retrieve update partial_update destroy dispatch".split())
HANDLER_METHODS = HTTP_METHODS | _RESPONDERS | _ACTIONS
"""The methods that frameworks call on the objects of handler classes."""

_DECORATORS = HTTP_METHODS | frozenset(
    "route websocket api_route resource view view_config default_handler".split()
)
_REGISTRARS = frozenset(
    """
    path re_path url add_url_rule add_route add_api_route add_resource add_view Route WebSocketRoute
    add_get add_post add_put add_patch add_delete add_head add_options register Application
    add_handlers URLSpec Rule
    """.split()
)
_MAX_NESTING = 3


@immutable
class Registration:
    """One way in which a framework calls a function: with which path, if any, and what it gives.

    `call` is where the function was registered; None when its class says so.
    """

    path: str | None
    handlers: Handlers | None
    call: CallKey | None = None


class Registrations:
    """The registrations of one program."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._index = resolver.index
        reads = resolver.index.reads
        self._by_call = SteadyMemo(reads, self._find_by_call)
        self._tables = Whole(reads, self._find_tables)

    def of(self, key: FunctionKey) -> Iterator[Registration]:
        """Yield how a function was registered."""
        yield from self._decorated(key)
        yield from self._registered.get(key, ())
        owner = self._index.owner_class(key)
        if owner is not None:
            name = self._index.head(key).name
            if name in HANDLER_METHODS or any(True for _ in self._decorated(key)):
                yield from self.of_class(owner)

    def of_class(self, key: ClassKey) -> Iterator[Registration]:
        """Yield how a class of handlers was registered."""
        handlers = self.class_handlers(key)
        known = self._registered_classes.get(key, ())
        for each in known:
            yield Registration(each.path, handlers or each.handlers, each.call)
        if handlers is not None and not known:
            yield Registration(None, handlers)

    def class_handlers(self, key: ClassKey) -> Handlers | None:
        """Return what the framework that a class is derived from gives to its methods."""
        for base in self._resolver.hierarchy.lineage(key):
            if isinstance(base, str):
                found = self._resolver.models.handlers(base)
                if found is not None:
                    return found
        return None

    def _decorated(self, key: FunctionKey) -> Iterator[Registration]:
        function = self._index.head(key)
        scope = key if function.owner is None else key._replace(number=function.owner)
        for decorator in function.decorators:
            calls = self._index.function(scope).calls if isinstance(decorator, Result) else ()
            if isinstance(decorator, Result) and decorator.call < len(calls):
                call = calls[decorator.call]
                handlers = self._handlers(call.function, scope)
                paths = tuple(_paths(call))
                named = last_name(call.function) in _DECORATORS
                if handlers is None and not (named and paths):
                    continue
                for path in paths or (None,):
                    yield Registration(path, handlers, CallKey(scope, decorator.call))
            else:
                handlers = self._handlers(decorator, scope)
                if handlers is not None:
                    yield Registration(None, handlers)

    def _handlers(self, function: Value, scope: FunctionKey) -> Handlers | None:
        for entity in self._resolver.resolve(function, Frame(scope)):
            model = self._resolver.model(entity)
            if model is not None and model.handlers is not None:
                return model.handlers
        return None

    @property
    def _registered(self) -> dict[FunctionKey, list[Registration]]:
        return self._tables()[0]

    @property
    def _registered_classes(self) -> dict[ClassKey, list[Registration]]:
        return self._tables()[1]

    def _find_tables(
        self,
    ) -> tuple[dict[FunctionKey, list[Registration]], dict[ClassKey, list[Registration]]]:
        functions: dict[FunctionKey, list[Registration]] = defaultdict(list)
        classes: dict[ClassKey, list[Registration]] = defaultdict(list)
        for name in sorted(_REGISTRARS | HTTP_METHODS):
            for key in self._index.calls_of(name):
                for target, registration in self._by_call((key, name)):
                    if isinstance(target, ClassKey):
                        classes[target].append(registration)
                    else:
                        functions[target].append(registration)
        return functions, classes

    def _find_by_call(
        self, asked: tuple[CallKey, str]
    ) -> tuple[tuple[FunctionKey | ClassKey, Registration], ...]:
        return tuple(self._registered_by(*asked))

    def _registered_by(
        self, key: CallKey, name: str
    ) -> Iterator[tuple[FunctionKey | ClassKey, Registration]]:
        """Yield the functions and classes that a call registers."""
        call = self._index.call(key)
        frame = Frame(key.function)
        if name in ("Application", "add_handlers"):
            for given in call.arguments.positional:
                yield from self._in_table(given.value, frame, key, 0)
            return
        paths = list(_paths(call))
        arguments = (*call.arguments.positional, *(value for _, value in call.arguments.named))
        candidates = [each.value for each in arguments if not isinstance(each.value, Const)]
        if not paths or not candidates or (name in HTTP_METHODS and not paths[0].startswith("/")):
            return
        handlers = self._handlers(call.function, key.function)
        if name in HTTP_METHODS and handlers is None:
            return
        for value in candidates:
            for target in self._targets(value, frame):
                for path in paths:
                    # A router of resources puts their keys behind what it is given.
                    known = None if name == "register" else path
                    yield target, Registration(known, handlers, key)

    def _in_table(
        self, value: Value, frame: Frame, key: CallKey, depth: int
    ) -> Iterator[tuple[FunctionKey | ClassKey, Registration]]:
        """Read a table of routes: `[(r"/users/(.*)", UserHandler), ...]`."""
        for entity in self._resolver.resolve(value, frame):
            if not isinstance(entity, Known) or not isinstance(entity.value, (Sequence, Bag)):
                continue
            items = [plain(each) for each in entity.value.items]
            first = items[0] if items else None
            if isinstance(first, Const) and isinstance(first.value, str) and len(items) > 1:
                for target in self._targets(items[1], entity.frame):
                    yield target, Registration(first.value, None, key)
            elif depth < _MAX_NESTING:
                for each in items:
                    yield from self._in_table(each, entity.frame, key, depth + 1)

    def _targets(self, value: Value, frame: Frame) -> Iterator[FunctionKey | ClassKey]:
        if isinstance(value, Result):
            callee = self._index.call_in(frame.function, value.call).function
            if isinstance(callee, Attribute) and callee.name == "as_view":
                yield from self._classes(callee.base, frame)
                return
        for entity in self._resolver.resolve(value, frame):
            if isinstance(entity, (Routine, ClassObject, Instance)):
                yield entity.key
            elif isinstance(entity, Open) and isinstance(entity.value, Result):
                # A view that a decorator of a library was put around.
                call = self._index.call_in(entity.frame.function, entity.value.call)
                for given in call.arguments.positional:
                    for inner in self._resolver.resolve(given.value, entity.frame):
                        if isinstance(inner, Routine):
                            yield inner.key

    def _classes(self, value: Value, frame: Frame) -> Iterator[ClassKey]:
        for entity in self._resolver.resolve(value, frame):
            if isinstance(entity, ClassObject):
                yield entity.key


def _paths(call: Call) -> Iterator[str]:
    """Yield the texts that a call gets, of which the path is one."""
    named = (value for name, value in call.arguments.named if name in ("path", "rule", "uri"))
    for given in (*call.arguments.positional, *named):
        if isinstance(given.value, Const) and isinstance(given.value.value, str):
            yield given.value.value

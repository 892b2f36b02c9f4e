"""Parameters that a web framework fills from the request: route parameters and the like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.link.entities import ExternalInstance, Frame
from batten.link.flow import Leaf, LeafKind
from batten.link.index import FunctionKey, last_name
from batten.models.model import Control
from batten.values.terms import Attribute, Const, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.resolve import Resolver
    from batten.summarize.summary import Call, Parameter

_ROUTES = frozenset("route get post put patch delete head options websocket api_route".split())
_PLACEHOLDER = re.compile(
    r"<(?:(?P<converter>\w+)(?:\([^)]*\))?:)?(?P<angle>\w+)>|\{(?P<brace>\w+)(?::(?P<type>\w+))?\}"
)
_HARMLESS_CONVERTERS = frozenset({"int", "float", "uuid", "number"})
_TYPED_FRAMEWORKS = ("fastapi.",)


def remote_parameter(key: FunctionKey, parameter: Parameter, resolver: Resolver) -> Leaf | None:
    """Return the leaf of a parameter that a route fills, None for any other."""
    for call, scope in _decorating_calls(key, resolver):
        if last_name(call.function) not in _ROUTES or not isinstance(call.function, Attribute):
            continue
        path = call.arguments.positional[0].value if call.arguments.positional else None
        if not isinstance(path, Const) or not isinstance(path.value, str):
            continue
        for match in _PLACEHOLDER.finditer(path.value):
            if parameter.name == (match["angle"] or match["brace"]):
                converter = match["converter"] or match["type"]
                if converter in _HARMLESS_CONVERTERS:
                    return Leaf(LeafKind.HARMLESS, f"is converted to {converter} by the route")
                return _from_request(parameter.name)
        if _is_plain(parameter) and _fills_all_parameters(call, scope, resolver):
            return _from_request(parameter.name)
    return None


def _from_request(name: str) -> Leaf:
    why = f"comes from a remote client (route parameter `{name}`)"
    return Leaf(LeafKind.CONTROLLED, why, control=Control.REMOTE)


def _is_plain(parameter: Parameter) -> bool:
    """Tell whether a parameter is no dependency: its default, if any, is a constant."""
    return parameter.default is None or isinstance(parameter.default, Const)


def _fills_all_parameters(call: Call, scope: FunctionKey, resolver: Resolver) -> bool:
    """Tell whether the framework fills parameters from the query, too (FastAPI)."""
    function = call.function
    return isinstance(function, Attribute) and any(
        isinstance(entity, ExternalInstance) and entity.name.startswith(_TYPED_FRAMEWORKS)
        for entity in resolver.resolve(function.base, Frame(scope))
    )


def _decorating_calls(key: FunctionKey, resolver: Resolver) -> Iterator[tuple[Call, FunctionKey]]:
    function = resolver.index.function(key)
    scope = key if function.owner is None else key._replace(number=function.owner)
    calls = resolver.index.function(scope).calls
    for decorator in function.decorators:
        if isinstance(decorator, Result) and decorator.call < len(calls):
            yield calls[decorator.call], scope

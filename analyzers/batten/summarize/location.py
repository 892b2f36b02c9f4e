"""Answers whose `Location` header is set: for the text that is sent, each is a call.

`response.headers["Location"] = url` calls `__setitem__`, `response.location = url` calls
`__setattr__`, and a response that is made with such headers has them set when it is made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.summarize.places import hole
from batten.values.combine import plain
from batten.values.terms import (
    Arguments,
    Attribute,
    Const,
    Hole,
    Imported,
    Mapping,
    Result,
    Sequence,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.summarize.scope import Scope
    from batten.values.terms import Value


def assigned(scope: Scope, target: Node, source: Node, value: Value) -> None:
    """Record that a `Location` is assigned, if it is one; the target has its old value still."""
    subscript = target.type == "subscript"
    base_node = target.child_by_field_name("value" if subscript else "object")
    key_node = target.child_by_field_name("subscript" if subscript else "attribute")
    if base_node is None or key_node is None:
        return
    # Most targets are others: their text tells without evaluating anything.
    key = scope.slice(key_node).strip("'\"")
    if key.lower() != "location" or (subscript and key_node.type != "string"):
        return
    base = scope.evaluate(base_node)
    while isinstance(base, Mapping) and len(base.spread) == 1:
        base = base.spread[0]  # other headers were set before
    if isinstance(base, Mapping) or _is_no_redirect(scope, base):
        return
    name = "__setitem__" if subscript else "__setattr__"
    arguments = (Hole(scope.site(key_node), Const(key), "s", ""), hole(scope, source, "s", value))
    function = Attribute(base, name)
    scope.call(scope.site(target), scope.site(base_node), function, Arguments(arguments))


def made(scope: Scope, callee: Node, result: Result, given: Arguments) -> None:
    """Record that what a call makes has a `Location`, if `headers` with one are given.

    Those are the third argument, or the one of that name.
    """
    named = dict(given.named)
    headers = named.get("headers") or next(iter(given.positional[2:3]), None)
    stays = len(given.positional) < 2 and _STATUS.isdisjoint(named)  # at 200, that is
    if headers is not None and not stays and not _is_no_redirect(scope, result):
        of_result = Attribute(Attribute(result, "headers"), "__setitem__")
        _record(scope, callee, of_result, headers.value)


def returned(scope: Scope, node: Node, value: Value) -> None:
    """Record that an answer of Flask has a `Location`: `return "", 302, {"Location": url}`."""
    if isinstance(value, Sequence) and len(value.items) == 3:
        _, status, headers = map(plain, value.items)
        if _REDIRECTS.match(_status(status)):
            _record(scope, node, Imported(_SET_HEADER), headers)


_SET_HEADER = "werkzeug.datastructures.Headers.__setitem__"
_REDIRECTS = re.compile(r"3\d\d(?!\w)")


def _record(scope: Scope, node: Node, function: Value, headers: Value) -> None:
    for key, value in headers.entries if isinstance(headers, Mapping) else ():
        named_so = isinstance(key, Const) and str(key.value).lower() == "location"
        if named_so and isinstance(value, Hole):
            arguments = Arguments((Hole(value.site, key, "s", ""), value))
            scope.call(value.site, scope.site(node), function, arguments)


def _is_no_redirect(scope: Scope, response: Value) -> bool:
    """Tell whether a response is made with a status at which nobody goes elsewhere (201)."""
    if isinstance(response, Attribute):
        response = response.base
    if not isinstance(response, Result):
        return False
    given = scope.called(response).arguments
    values = (*(each.value for each in given.positional), *(each.value for _, each in given.named))
    return any(_STAYS.match(_status(value)) for value in values)


def _status(value: Value) -> str:
    """Return how a status is written: `201`, `201 CREATED`, `CREATED`, `HTTP_201_CREATED`."""
    if isinstance(value, Const) and isinstance(value.value, (int, str)):
        return str(value.value)
    return value.name if isinstance(value, Attribute) else ""


_STATUS = frozenset({"status", "status_code"})
_STAYS = re.compile(r"(?:HTTP_)?[1245]\d\d(?![\w-])|HTTP_[1245]\d\d_|(?:OK|CREATED|ACCEPTED)$")

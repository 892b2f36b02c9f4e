"""Conditions about an address: which part of it is compared, and with what.

`urlsplit(url).hostname == "x"`, `url.startswith(prefix)` and their like give facts about `url`.
Whether they are enough to trust the address is for `batten.link.address_checks` to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.guarded import keys_holding, unrefined
from batten.summarize.nodes import ATTRIBUTE, CALL, IDENTIFIER, attribute_parts, call_parts
from batten.values.terms import (
    UNKNOWN,
    Attribute,
    Const,
    Fact,
    Imported,
    Item,
    Name,
    Param,
    Result,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from batten.summarize.environment import Key
    from batten.summarize.scope import Scope

URL = "url"
"""The part that is the whole address."""

_PARSERS = frozenset(
    "urlparse urlsplit url_parse url_split parse_url URL furl make_url urldefrag".split()
)
_PARTS = {
    "netloc": "netloc",
    "authority": "netloc",
    "hostname": "host",
    "host": "host",
    "scheme": "scheme",
    "protocol": "scheme",
}
_ITEMS = {0: "scheme", 1: "netloc"}
_SAME = frozenset("lower strip rstrip lstrip casefold decode removeprefix removesuffix".split())
_SAME_ADDRESS = frozenset("urljoin unquote unquote_plus str".split())
_PASSING = _SAME | _SAME_ADDRESS | {"getattr", "pop"}
"""The functions and methods whose result may be an address, or a part of one, given to them."""
_CUTS = frozenset("split partition rsplit rpartition".split())
_MAX_STEPS = 12


def address_facts(
    scope: Scope, subject: Node, relation: str, other: Node
) -> Iterator[tuple[Key, Fact]]:
    """Yield the facts that hold where `subject` stands in a relation to `other`."""
    for part, value in _parts(scope, scope.evaluate(subject)):
        yield from _held(scope, part, value, relation, scope.evaluate(other))


def part_facts(
    scope: Scope, parts: Parts, relation: str, other: Node
) -> Iterator[tuple[Key, Fact]]:
    """Yield the facts that hold where a part of an address stands in a relation to `other`.

    What the whole is equal to, other facts tell.
    """
    for part, value in parts:
        yield from _held(scope, part, value, relation, scope.evaluate(other))


def contained_in(scope: Scope, whole: Node, text: Node) -> Iterator[tuple[Key, Fact]]:
    """Yield the facts that hold where a literal text is somewhere in `whole`."""
    return address_facts(scope, whole, "contains", text)


def truth_facts(scope: Scope, parts: Parts, relation: str) -> Iterator[tuple[Key, Fact]]:
    """Yield the facts that hold where a part of a parsed address `equals` "" or `differs`."""
    for part, value in parts:
        yield from _held(scope, part, value, relation, Const(""))


Parts = list[tuple[str, Value]]
"""The addresses of which a value is some part, but for itself as the whole of one."""


def parts_read(scope: Scope, node: Node) -> Parts:
    """Return the addresses of a part of which an expression is the value.

    It is asked of each condition, and mostly there is none. That is soon told of a name, an
    attribute or a call.
    """
    kind = node.kind_id
    value: Value | None = None
    if kind == IDENTIFIER:
        value = scope.environment.get(scope.slice(node))
    elif kind == ATTRIBUTE:
        base, name = attribute_parts(node)
        if base is None or name is None:
            return []
        attribute = scope.slice(name)
        if attribute in _PARTS or base.kind_id not in _SIMPLE:
            value = scope.evaluate(node)
        elif base.kind_id == IDENTIFIER:
            value = scope.environment.get((scope.evaluate(base), attribute))
    elif kind == CALL:
        callee = call_parts(node)[0]
        if callee is not None and _last_name(scope.callee(node, callee)) in _PASSING:
            value = scope.evaluate(node)
    else:
        value = scope.evaluate(node)
    if value is None or not isinstance(unrefined(value), _OF_ADDRESS):
        return []
    return [(part, each) for part, each in _parts(scope, value) if part != URL]


_OF_ADDRESS = (Attribute, Item, Result)
_SIMPLE = frozenset((IDENTIFIER, CALL))


def _held(
    scope: Scope, part: str, value: Value, relation: str, other: Value
) -> Iterator[tuple[Key, Fact]]:
    fact = Fact("address", Sequence((Const(part), Const(relation), other)))
    for key in tuple(keys_holding(scope, value)):
        yield key, fact


def _parts(scope: Scope, value: Value) -> Iterator[tuple[str, Value]]:
    """Yield the addresses of which a term is a part: (part, address), itself included.

    An address that was parsed is one, too, and so is its host, of which that is the host.
    """
    part = URL
    for _ in range(_MAX_STEPS):
        value = unrefined(value)
        yield part, value
        match value:
            case Result() as result:
                call = scope.called(result)
                name = _last_name(call.function)
                given = call.arguments.positional
                if isinstance(call.function, Attribute) and name in _SAME:
                    value = call.function.base
                elif name in _SAME_ADDRESS and given:
                    value = given[-1].value if name == "urljoin" else given[0].value
                else:
                    return
            case Attribute(base, name) if part == URL and name in _PARTS:
                whole = unrefined(base)
                parsed = _parsed(scope, whole.call) if isinstance(whole, Result) else None
                if parsed is None:
                    return
                part = _PARTS[name]
                yield part, value
                yield part, whole
                value = parsed
            case Item(Result(number), Const(index)):
                call = scope.called(Result(number))
                parsed = _parsed(scope, number)
                if parsed is not None and index in _ITEMS and part == URL:
                    part, value = _ITEMS[index], parsed  # type: ignore[index]
                elif isinstance(call.function, Attribute) and call.function.name in _CUTS:
                    by = call.arguments.positional[0].value if call.arguments.positional else None
                    if by == Const("/") and index == 2:
                        part, value = "netloc", call.function.base
                    elif by == Const(":") and part == URL:
                        part, value = "cut", call.function.base
                        yield from _cut(scope, value)
                        return
                    else:
                        return
                else:
                    return
            case _:
                return


def _cut(scope: Scope, value: Value) -> Iterator[tuple[str, Value]]:
    """Yield the address whose netloc was cut at a colon."""
    for part, address in _parts(scope, value):
        if part in ("netloc", "host"):
            yield "cut" if part == "netloc" else part, address


def _parsed(scope: Scope, number: int) -> Value | None:
    """Return what call `number` parses as an address; None when it does something else."""
    call = scope.called(Result(number))
    name = _last_name(call.function)
    if name == "geturl" or name not in _PARSERS or not call.arguments.positional:
        return None
    value = call.arguments.positional[0].value
    return None if value == UNKNOWN else value


def _last_name(function: Value) -> str:
    match function:
        case Name(name) | Attribute(_, name):
            return name
        case Imported(target):
            return target.rpartition(".")[2]
        case Param(name):
            return name
    return ""

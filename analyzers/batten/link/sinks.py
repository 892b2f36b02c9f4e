"""Which calls send a URL: those that a model knows, and those that the evidence makes clients.

A call on an object of unknown type counts as a request when enough speaks for it: an HTTP verb
as the method's name or first argument, text that begins like a URL, keywords that HTTP clients
take, use of the result as a response, a receiver named like a client. The verb alone is never
enough: `cache.get("/x/%s" % key)` is no request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.link.arguments import given_argument
from batten.link.entities import (
    External,
    ExternalInstance,
    Frame,
    Instance,
    Known,
    Open,
)
from batten.link.index import CallKey
from batten.models.model import Argument, Sink, SinkKind
from batten.values.terms import (
    Attribute,
    Bag,
    Choice,
    Const,
    Format,
    Hole,
    Mapping,
    Name,
    Param,
    Result,
    Sequence,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.entities import Entity
    from batten.link.index import FunctionKey
    from batten.link.resolve import Resolver
    from batten.summarize.summary import Call
    from batten.values.terms import Value

THRESHOLD = 3


@dataclass(frozen=True, slots=True)
class FoundSink:
    """A call that sends a URL, and the argument that holds it."""

    call: CallKey
    sink: Sink
    argument: Hole
    method: str


def sinks_of(key: FunctionKey, resolver: Resolver) -> Iterator[FoundSink]:
    """Yield the sinks among the calls of one function."""
    function = resolver.index.function(key)
    frame = Frame(key)
    for number, call in enumerate(function.calls):
        if not call.arguments.positional and not call.arguments.named:
            continue
        callees = resolver.callees(CallKey(key, number))
        known = False
        for callee in callees:
            model = resolver.model(callee)
            if model is None:
                continue
            known = True
            for sink in model.sinks:
                if not _meant(sink, call, frame, resolver):
                    continue
                given = given_argument(call, sink.argument.position, sink.argument.keyword)
                if given is not None and sink.kind is not SinkKind.TEST_CLIENT:
                    yield FoundSink(CallKey(key, number), sink, given, _verb(sink, call))
        if not known and any(_may_be_client(callee) for callee in callees):
            found = _by_evidence(CallKey(key, number), call, frame, resolver)
            if found is not None:
                yield found


_VERBS = frozenset(
    """
    get post put patch delete head options
    """.split()
)
_REQUESTS = frozenset(
    """
    request fetch urlopen open send call api_call do_request
    """.split()
)
_METHODS = frozenset(verb.upper() for verb in _VERBS)
_HTTP_KEYWORDS = frozenset(
    """
    headers json params timeout verify auth stream allow_redirects files cookies proxies cert
    body method raise_exc follow_redirects
    """.split()
)
_RESPONSE_USES = frozenset(
    """
    json status_code text content raise_for_status ok headers status reason iter_content
    iter_lines read body is_success is_error
    """.split()
)
_CLIENT_WORDS = frozenset(
    """
    client session http https api adapter connection conn request requests rest web browser
    requester transport
    """.split()
)
_OTHER_WORDS = frozenset(
    """
    cache caches dict map mapping registry store config conf settings options params headers
    environ env data kwargs args row record redis db memo lookup table index router routes route
    app blueprint bp mock storage attrs meta metadata context cursor queryset objects
    translations messages flags
    """.split()
)
_URL_LIKE = re.compile(r"(?:https?:/)?/[^\s/]|https?:$|\?[\w.\[\]-]+=|^[\w.-]+/[^\s]*$")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def _meant(sink: Sink, call: Call, frame: Frame, resolver: Resolver) -> bool:
    """Tell whether a sink that asks for another argument's value (`setopt(URL, x)`) has it."""
    if sink.only_with is None:
        return True
    argument, name = sink.only_with
    given = given_argument(call, argument.position, argument.keyword)
    if given is None:
        return False
    last = name.rpartition(".")[2]
    if isinstance(given.value, Attribute) and given.value.name == last:
        return True
    return any(entity == External(name) for entity in resolver.resolve(given.value, frame))


def _may_be_client(entity: Entity) -> bool:
    match entity:
        case Open(_, _, receiver):
            return not isinstance(receiver, (Known, ExternalInstance))
        case _:
            return False


def _by_evidence(key: CallKey, call: Call, frame: Frame, resolver: Resolver) -> FoundSink | None:
    name = _last(call.function)
    if name is None:
        return None
    positional = call.arguments.positional
    first = positional[0].value if positional else None
    says_method = (
        isinstance(first, Const) and isinstance(first.value, str) and first.value in _METHODS
    )
    lower = name.lower().strip("_")
    if lower not in _VERBS and lower not in _REQUESTS and not says_method:
        return None
    method = first.value if says_method and isinstance(first, Const) else lower.upper()
    keyword = next(
        (k for k, _ in call.arguments.named if k in ("url", "uri", "endpoint", "path")), None
    )
    if keyword is not None:
        argument = Argument(None, keyword)
    else:
        argument = Argument(1 if says_method else 0, None)
    given = given_argument(call, argument.position, argument.keyword)
    if given is None or (
        lower in ("open", "send", "call") and not says_method and keyword != "url"
    ):
        return None
    if _score(call, given, keyword, says_method, frame, resolver) < THRESHOLD:
        return None
    verb = str(method) if str(method) in _METHODS else "GET"
    return FoundSink(key, Sink(argument, "url", SinkKind.REQUEST, "unknown"), given, verb)


def _score(
    call: Call,
    given: Hole,
    keyword: str | None,
    says_method: bool,
    frame: Frame,
    resolver: Resolver,
) -> int:
    score = 2 * says_method + 2 * (keyword in ("url", "uri"))
    if says_method and "request" in (_last(call.function) or "").lower():
        score += 1
    if any(_URL_LIKE.match(text) for text in _leading_texts(given.value, frame, resolver, 0)):
        score += 2
    if any(name in _HTTP_KEYWORDS for name, _ in call.arguments.named):
        score += 2
    if any(use in _RESPONSE_USES for use in call.uses):
        score += 2
    words = _receiver_words(call.function, frame, resolver)
    if words & _OTHER_WORDS:
        score -= 3
    elif words & _CLIENT_WORDS:
        score += 1
    if len(call.arguments.positional) == 2 and not says_method:
        second = call.arguments.positional[1].value
        if isinstance(second, Const) and _last(call.function) == "get":
            score -= 2
    return score


def _leading_texts(value: Value, frame: Frame, resolver: Resolver, depth: int) -> Iterator[str]:
    """Yield the literal texts with which a value may begin, asking callers for parameters."""
    if depth > 3:
        return
    for entity in resolver.resolve(value, frame):
        if isinstance(entity, Known):
            match entity.value:
                case Const(str(text)):
                    yield text
                case Template(parts):
                    if isinstance(parts[0], Hole):
                        yield from _leading_texts(parts[0].value, entity.frame, resolver, depth + 1)
                    yield from [part for part in parts[:2] if isinstance(part, str)]
                case Format(_, template, _):
                    yield from _leading_texts(template, entity.frame, resolver, depth + 1)
                case Choice(alternatives):
                    for each in alternatives:
                        yield from _leading_texts(each, entity.frame, resolver, depth + 1)
        elif isinstance(entity, Open) and isinstance(entity.value, Param):
            owner = entity.frame.function
            for caller in resolver.callers(owner):
                given = resolver.argument(owner, entity.value.name, caller)
                if given is not None:
                    yield from _leading_texts(
                        given.value, Frame(caller.function), resolver, depth + 1
                    )


def _receiver_words(function: Value, frame: Frame, resolver: Resolver) -> set[str]:
    if not isinstance(function, Attribute):
        return set()
    base = function.base
    names: list[str] = []
    if isinstance(base, Attribute):
        names.append(base.name)
    elif isinstance(base, Name):
        names.append(base.id)
    elif isinstance(base, Param):
        names.append(base.name)
    elif isinstance(base, Result):
        called = resolver.index.function(frame.function).calls[base.call].function
        names.append(_last(called) or "")
    for entity in resolver.resolve(base, frame):
        if isinstance(entity, Instance):
            names.append(resolver.index.class_(entity.key).name)
        elif isinstance(entity, (External, ExternalInstance)):
            names.append(entity.name.rpartition(".")[2])
        elif isinstance(entity, Known) and isinstance(
            entity.value, (Mapping, Sequence, Bag, Const)
        ):
            names.append("dict")
    return {word.lower() for name in names for word in _WORD.findall(name)}


def _verb(sink: Sink, call: Call) -> str:
    if isinstance(sink.method, str):
        return sink.method.upper()
    if sink.method is not None:
        given = given_argument(call, sink.method.position, sink.method.keyword)
        if given is not None and isinstance(given.value, Const):
            return str(given.value.value).upper()
    name = (_last(call.function) or "").upper()
    return name if name in _METHODS else "GET"


def _last(function: Value) -> str | None:
    if isinstance(function, Attribute):
        return function.name
    return function.id if isinstance(function, Name) else None

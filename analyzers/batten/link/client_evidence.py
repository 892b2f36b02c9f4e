"""When a call on an object of unknown type counts as a request.

Enough has to speak for it: an HTTP verb as the method's name or first argument, text that
begins like a URL, keywords that HTTP clients take, use of the result as a response, a receiver
named like a client. The verb alone is never enough: `cache.get("/x/%s" % key)` is no request.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.link.arguments import given_argument
from batten.link.entities import External, ExternalInstance, Frame, Instance, Known, Open
from batten.link.index import last_name
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

    from batten.link.callers import Callers
    from batten.link.entities import Entity
    from batten.link.resolve import Resolver
    from batten.summarize.summary import Call
    from batten.values.terms import Value

THRESHOLD = 3
METHODS = frozenset("GET POST PUT PATCH DELETE HEAD OPTIONS".split())
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
REQUEST_NAMES = _VERBS | _REQUESTS
"""Names of methods, in lower case and without underscores, that may send a request."""


def may_be_client(entity: Entity) -> bool:
    """Tell whether what is called is unknown enough to be a method of a client."""
    match entity:
        case Open(_, _, receiver):
            return not isinstance(receiver, (Known, ExternalInstance))
        case _:
            return False


def may_be_request(name: str, call: Call) -> bool:
    """Tell whether a call could be a request at all: by its name, or an HTTP method in it."""
    positional = call.arguments.positional
    return name.lower().strip("_") in REQUEST_NAMES or (
        bool(positional) and _method_literal(positional[0].value) is not None
    )


def request_by_evidence(
    call: Call, frame: Frame, callers: Callers
) -> tuple[Sink, Hole, str] | None:
    """Return the sink that a call on an unknown object is, its URL and its verb, or None."""
    name = last_name(call.function)
    positional = call.arguments.positional
    method = _method_literal(positional[0].value) if positional else None
    lower = name.lower().strip("_")
    if lower not in REQUEST_NAMES and method is None:
        return None
    keyword = next(
        (k for k, _ in call.arguments.named if k in ("url", "uri", "endpoint", "path")), None
    )
    if keyword is not None:
        argument = Argument(None, keyword)
    else:
        argument = Argument(0 if method is None else 1, None)
    given = given_argument(call, argument.position, argument.keyword)
    if given is None or (lower in ("open", "send", "call") and method is None and keyword != "url"):
        return None
    missing = THRESHOLD - _score(call, keyword, method, frame, callers.resolver)
    if missing > 0 and not _begins_like_url(given.value, missing, frame, callers):
        return None
    verb = method or (lower.upper() if lower in _VERBS else "GET")
    return Sink(argument, "url", SinkKind.REQUEST, "unknown"), given, verb


def _method_literal(value: Value) -> str | None:
    if isinstance(value, Const) and isinstance(value.value, str) and value.value in METHODS:
        return value.value
    return None


def _score(
    call: Call, keyword: str | None, method: str | None, frame: Frame, resolver: Resolver
) -> int:
    """Return what speaks for a request besides the text that would be its URL."""
    score = 2 * (method is not None) + 2 * (keyword in ("url", "uri"))
    name = last_name(call.function)
    if method is not None and "request" in name.lower():
        score += 1
    if any(name in _HTTP_KEYWORDS for name, _ in call.arguments.named):
        score += 2
    if any(use in _RESPONSE_USES for use in call.uses):
        score += 2
    words = _receiver_words(call.function, frame, resolver)
    if words & _OTHER_WORDS:
        score -= 3
    elif words & _CLIENT_WORDS:
        score += 1
    if len(call.arguments.positional) == 2 and name == "get":
        # `get(key, default)` is what mappings offer.
        score -= 2 * isinstance(call.arguments.positional[1].value, Const)
    return score


def _begins_like_url(value: Value, missing: int, frame: Frame, callers: Callers) -> bool:
    """Tell whether a text makes up for what is missing: a whole address for 3, a path for 2.

    To ask callers for it may lead through half of the program, so it is asked last.
    """
    if missing > 3:
        return False
    return any(
        text.startswith(("http://", "https://"))
        or (missing <= 2 and _URL_LIKE.match(text) is not None)
        for text in _leading_texts(value, frame, callers, 0)
    )


def _leading_texts(value: Value, frame: Frame, callers: Callers, depth: int) -> Iterator[str]:
    """Yield the literal texts with which a value may begin, asking callers for parameters."""
    if depth > 3:
        return
    for entity in callers.resolver.resolve(value, frame):
        if isinstance(entity, Known):
            match entity.value:
                case Const(str(text)):
                    yield text
                case Template(parts):
                    if isinstance(parts[0], Hole):
                        yield from _leading_texts(parts[0].value, entity.frame, callers, depth + 1)
                    yield from [part for part in parts[:2] if isinstance(part, str)]
                case Format(_, template, _):
                    yield from _leading_texts(template, entity.frame, callers, depth + 1)
                case Choice(alternatives):
                    for each in alternatives:
                        yield from _leading_texts(each, entity.frame, callers, depth + 1)
        elif isinstance(entity, Open) and isinstance(entity.value, Param):
            owner = entity.frame.function
            for caller in callers.callers(owner):
                given = callers.argument(owner, entity.value.name, caller)
                if given is not None:
                    yield from _leading_texts(
                        given.value, Frame(caller.function), callers, depth + 1
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
        called = resolver.index.call_in(frame.function, base.call).function
        names.append(last_name(called))
    for entity in resolver.resolve(base, frame):
        if isinstance(entity, Instance):
            names.append(resolver.index.class_(entity.key).name)
        elif isinstance(entity, (External, ExternalInstance)):
            names.append(entity.name.rpartition(".")[2])
        elif isinstance(entity, Known) and isinstance(entity.value, _COLLECTIONS):
            names.append("dict")
    return {word.lower() for name in names for word in _WORD.findall(name)}


_COLLECTIONS = (Mapping, Sequence, Bag)
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

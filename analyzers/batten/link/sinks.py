"""Which calls send a URL: those that a model knows, and those that the evidence makes requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.arguments import given_argument, given_by_callers
from batten.link.client_evidence import (
    METHODS,
    REQUEST_NAMES,
    may_be_client,
    may_be_request,
    request_by_evidence,
)
from batten.link.credentials import credentials
from batten.link.entities import External, Frame
from batten.link.index import is_test, last_name
from batten.models.model import Sink, SinkKind
from batten.values.immutable import immutable
from batten.values.terms import Attribute, Hole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.link.callers import Callers
    from batten.link.index import CallKey
    from batten.link.resolve import Resolver
    from batten.models.model import CallModel
    from batten.summarize.summary import Call

UNTOLD = "{method}"
"""The verb of a call that may be one of several, as it is shown."""


@immutable
class FoundSink:
    """A call that sends a URL, and the argument that holds it.

    `method` is the HTTP verb, as far as the call itself tells; `given_method` is the argument
    that holds it, if there is one. `credentials` is the argument that tells the server who asks
    (`auth`), or "".
    """

    call: CallKey
    sink: Sink
    argument: Hole
    method: str
    given_method: Hole | None = None
    credentials: str = ""


def sink_names(callers: Callers) -> frozenset[str]:
    """Return the names under which a program calls what models know as sinks."""
    index = callers.resolver.index
    known = callers.resolver.models.sink_names()
    return known.union(*(index.other_names(name) for name in known | REQUEST_NAMES))


def may_be_sink(call: Call, names: frozenset[str]) -> bool:
    """Tell whether a call may send a URL, by its name; `names` are the `sink_names`."""
    given = call.arguments
    if not (given.positional or given.named or given.spread):
        return False
    name = last_name(call.function)
    return not name or name in names or may_be_request(name, call)


def sinks_of(key: CallKey, call: Call, callers: Callers) -> Iterator[FoundSink]:
    """Yield what one call sends: once for each URL."""
    resolver, frame = callers.resolver, Frame(key.function)
    callees = callers.callees(key)
    known = False
    models = [resolver.model(callee) for callee in callees]
    for model in models:
        if model is None:
            continue
        known = True
        for sink in model.sinks:
            if not _meant(sink, call, frame, resolver):
                continue
            if sink.kind is SinkKind.TEST_CLIENT:
                continue
            given = given_argument(call, sink.argument.position, sink.argument.keyword)
            holes = (given,) if given is not None else given_by_callers(call, sink.argument)
            method = _given_method(sink, call)
            told = credentials(call, frame, resolver)
            for hole in holes:
                verb = _verb(sink, call, models)
                yield FoundSink(key, sink, hole, verb, method, told)
    # In a test an unknown `client` is one that tests the program, or stands in for another.
    if not known and not is_test(key.function.path) and any(map(may_be_client, callees)):
        request = request_by_evidence(call, frame, callers)
        if request is not None:
            is_verb = last_name(call.function).upper() in METHODS
            method = None if is_verb else _method_by_name(call)
            told = credentials(call, frame, resolver)
            yield FoundSink(key, *request, method, told)


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


def _verb(sink: Sink, call: Call, models: Iterable[CallModel | None]) -> str:
    """Return the verb that a call says, UNTOLD where it depends on what is called."""
    if isinstance(sink.method, str):
        return sink.method.upper() if len(verbs(models)) == 1 else UNTOLD
    name = last_name(call.function).upper()
    return name if name in METHODS else "GET"


def verbs(models: Iterable[CallModel | None]) -> set[str]:
    """Return the verbs that functions send of which the models are given."""
    known = (sink.method for model in models if model is not None for sink in model.sinks)
    return {verb.upper() for verb in known if isinstance(verb, str)}


def _given_method(sink: Sink, call: Call) -> Hole | None:
    if sink.method is None or isinstance(sink.method, str):
        return None
    return given_argument(call, sink.method.position, sink.method.keyword)


def _method_by_name(call: Call) -> Hole | None:
    """Return the argument that holds the HTTP verb, by its keyword or its own name."""
    given = given_argument(call, None, "method")
    named = (each for each in call.arguments.positional if each.name.endswith(("method", "verb")))
    return given or next(named, None)

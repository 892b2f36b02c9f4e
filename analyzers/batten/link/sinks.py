"""Which calls send a URL: those that a model knows, and those that the evidence makes requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.link.arguments import given_argument, given_by_callers
from batten.link.client_evidence import (
    METHODS,
    REQUEST_NAMES,
    may_be_client,
    may_be_request,
    request_by_evidence,
)
from batten.link.entities import External, Frame
from batten.link.index import CallKey, last_name
from batten.models.model import Sink, SinkKind
from batten.values.terms import Attribute, Const, Hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.callers import Callers
    from batten.link.index import FunctionKey
    from batten.link.resolve import Resolver
    from batten.summarize.summary import Call


@dataclass(frozen=True, slots=True)
class FoundSink:
    """A call that sends a URL, and the argument that holds it."""

    call: CallKey
    sink: Sink
    argument: Hole
    method: str


def sinks(callers: Callers) -> Iterator[FoundSink]:
    """Yield the sinks of a program, in the order of its functions and their calls."""
    index = callers.resolver.index
    known = callers.resolver.models.sink_names()
    names = known.union(*(index.other_names.get(name, ()) for name in known | REQUEST_NAMES))
    for key in index.functions():
        yield from _sinks_of(key, names, callers)


def _sinks_of(key: FunctionKey, names: frozenset[str], callers: Callers) -> Iterator[FoundSink]:
    """Yield the sinks among the calls of one function; `names` are those that models know."""
    resolver = callers.resolver
    function = resolver.index.function(key)
    frame = Frame(key)
    for number, call in enumerate(function.calls):
        name = last_name(call.function)
        if name and name not in names and not may_be_request(name, call):
            continue
        callees = callers.callees(CallKey(key, number))
        known = False
        for callee in callees:
            model = resolver.model(callee)
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
                for hole in holes:
                    yield FoundSink(CallKey(key, number), sink, hole, _verb(sink, call))
        if not known and any(may_be_client(callee) for callee in callees):
            request = request_by_evidence(call, frame, callers)
            if request is not None:
                yield FoundSink(CallKey(key, number), *request)


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


def _verb(sink: Sink, call: Call) -> str:
    if isinstance(sink.method, str):
        return sink.method.upper()
    if sink.method is not None:
        given = given_argument(call, sink.method.position, sink.method.keyword)
        if given is not None and isinstance(given.value, Const):
            return str(given.value.value).upper()
    name = last_name(call.function).upper()
    return name if name in METHODS else "GET"

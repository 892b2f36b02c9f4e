"""The HTTP verb that a sink sends at the end of a way: its own, or what the way hands to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.entities import Frame, Known, Open
from batten.link.sinks import UNTOLD, verbs
from batten.values.combine import choice
from batten.values.terms import NONE, Attribute, Choice, Const, Param, Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.link.entities import Entity
    from batten.link.resolve import Resolver
    from batten.link.sinks import FoundSink
    from batten.values.terms import Value


def sent_verb(sink: FoundSink, frame: Frame, resolver: Resolver) -> str:
    """Return the verb, following a parameter that holds it back along the way.

    `frame` is the function that the way has come to, with what it is given on it.
    """
    given = sink.given_method
    here = sink.call.function
    inside = frame if frame.function == here else Frame(here)
    if given is None:
        if sink.method != UNTOLD:
            return sink.method
        called = resolver.index.call(sink.call).function
        told = verbs(map(resolver.model, resolver.resolve(called, inside)))
        return next(iter(told)) if len(told) == 1 else UNTOLD
    return told_verb(
        sink, _given(_before_upper(given.value, inside, resolver), inside, resolver), resolver
    )


def verb_asked(sink: FoundSink, frame: Frame, resolver: Resolver) -> tuple[Value, Frame]:
    """Return the term that holds the verb, and where it is read; that of the call has none."""
    here = sink.call.function
    inside = frame if frame.function == here else Frame(here)
    if sink.given_method is None:
        unknown = sink.method == UNTOLD
        return (resolver.index.call(sink.call).function if unknown else NONE), inside
    return _before_upper(sink.given_method.value, inside, resolver), inside


def told_verb(sink: FoundSink, entities: tuple[Entity, ...], resolver: Resolver) -> str:
    """Return the verb by what the argument that holds it may be."""
    given = sink.given_method
    known = _texts(entities)
    if known:
        return min(known).upper()
    for entity in entities:
        if isinstance(entity, Open) and isinstance(entity.value, Param):
            for parameter in resolver.index.head(entity.frame.function).parameters:
                if parameter.name == entity.value.name and isinstance(parameter.default, Const):
                    return str(parameter.default.value or sink.method).upper()
    name = given.name if given is not None else ""
    return f"{{{name}}}" if "method" in name or "verb" in name else UNTOLD


def _given(value: Value, frame: Frame, resolver: Resolver) -> tuple[Entity, ...]:
    """Return what a verb may be: what the way gives, before what a branch sets in its place."""
    if isinstance(value, Choice):
        given = [each for each in value.alternatives if not isinstance(each, Const)]
        entities = resolver.resolve(choice(given), frame) if given else ()
        if _texts(entities):
            return entities
    return resolver.resolve(value, frame)


def _before_upper(value: Value, frame: Frame, resolver: Resolver) -> Value:
    """Return the text that `value` writes in upper case, or else `value` itself."""
    if isinstance(value, Result):
        function = resolver.index.call_in(frame.function, value.call).function
        if isinstance(function, Attribute) and function.name in ("upper", "lower"):
            return function.base
    return value


def _texts(entities: Iterable[Entity]) -> list[str]:
    """Return those that are a text which is known."""
    return [
        entity.value.value
        for entity in entities
        if isinstance(entity, Known)
        and isinstance(entity.value, Const)
        and isinstance(entity.value.value, str)
    ]

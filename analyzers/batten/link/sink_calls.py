"""The calls of a document that send text, for people who look at one: what is sent, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.link.document import Document
    from batten.link.sinks import FoundSink
    from batten.models.model import SinkKind
    from batten.syntax.text import Span


@immutable
class SinkCall:
    """An argument of a call that is read as a URL, or as a part of one.

    `span` is the call, `callee` what is called, `argument` what is given; `keyword` is what the
    argument is called, "" when it has no name. `start` tells which part it begins with, as in a
    model (`start` for a whole URL). `method` is the HTTP verb, "" when another argument tells it;
    `client` is the library, `unknown` when only the evidence makes the call a request.
    """

    span: Span
    callee: Span
    argument: Span
    keyword: str
    start: str
    kind: SinkKind
    client: str
    method: str


def sink_calls(found: Iterable[FoundSink], document: Document) -> tuple[SinkCall, ...]:
    """Return the calls among `found` that stand in a document, by their place, URLs first."""
    here = [_placed(each, document) for each in found if each.call.function.path == document.path]
    here.sort(key=lambda each: (each.span, each.start != "start", each.argument))
    return tuple(here)


def _placed(found: FoundSink, document: Document) -> SinkCall:
    function = found.call.function
    shape = document.summaries[document.division.numbers[function.unit]].shape
    call = shape.functions[function.number].calls[found.call.call]
    span, callee, argument = (
        document.span(function, site) for site in (call.site, call.callee_site, found.argument.site)
    )
    sink = found.sink
    return SinkCall(
        span,
        callee,
        argument,
        sink.argument.keyword or "",
        sink.start,
        sink.kind,
        sink.client,
        "" if found.given_method is not None else found.method,
    )

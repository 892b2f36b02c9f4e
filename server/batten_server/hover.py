"""`textDocument/hover`: what there is to say of a place.

That is of a finding, of a comment that accepts findings, or of a call that sends a URL.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from lsprotocol import types

from batten.syntax.text import Span
from batten_server.presentation import description, suppression_description
from batten_server.sink_description import sink_description

if TYPE_CHECKING:
    from batten_server.document import Document, Part
    from batten_server.server import BattenServer


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)


async def _hover(ls: BattenServer, params: types.HoverParams) -> types.Hover | None:
    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    part = document.part(params.text_document.uri)
    offset = part.to_offset(params.position, ls.editor.encoding)
    suppressed = await _suppression(ls, document, part, offset)
    if suppressed is not None:
        return suppressed
    report = await ls.diagnostics.report(document)
    if report is None:
        return None
    for finding in report.findings:
        if finding.span.start <= offset <= finding.span.end:
            return types.Hover(
                description(finding, ls.editor), part.to_range(finding.span, ls.editor.encoding)
            )
    return await _sink(ls, document, part, offset)


async def _sink(
    ls: BattenServer, document: Document, part: Part, offset: int
) -> types.Hover | None:
    sinks = await ls.engine.sinks(document, offset)
    if not sinks or not part.holds(sinks[0].callee):
        return None
    inner = min(sinks, key=lambda each: each.callee.end - each.callee.start).callee
    here = [each for each in sinks if each.callee == inner]
    return types.Hover(
        sink_description(here, document.source, ls.editor),
        part.to_range(inner, ls.editor.encoding),
    )


async def _suppression(
    ls: BattenServer, document: Document, part: Part, offset: int
) -> types.Hover | None:
    """Tell of a name in a suppression, or, beside its names, of all of them.

    There is nothing to tell of the reason behind them, nor of what a comment says to another tool.
    """
    for suppression in await ls.engine.suppressions(document):
        names, span = suppression.named, suppression.span
        if names:
            span = Span(span.start, min(names[-1].span.end + len("]"), span.end))
        if not span.start <= offset <= span.end:
            continue
        for name in names:
            if name.span.start <= offset <= name.span.end:
                names, span = (name,), name.span
        if not suppression.is_ours:
            names = tuple(name for name in names if name.codes)
        if names or suppression.is_ours or suppression.is_blanket:
            return types.Hover(
                suppression_description(names, suppression, date.today(), ls.editor),
                part.to_range(span, ls.editor.encoding),
            )
    return None

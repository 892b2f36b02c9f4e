"""`textDocument/hover`: what a finding is, what would be sent, and where to read on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from batten_server.presentation import description
from batten_server.ranges import to_offset, to_range

if TYPE_CHECKING:
    from batten_server.server import BattenServer


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)


async def _hover(ls: BattenServer, params: types.HoverParams) -> types.Hover | None:
    document = ls.document(params.text_document.uri)
    if document is None:
        return None
    offset = to_offset(document.source, params.position, ls.editor.encoding)
    report = await ls.engine.report(document)
    if report is None:
        return None
    for finding in report.findings:
        if finding.span.start <= offset <= finding.span.end:
            return types.Hover(
                description(finding, ls.editor),
                to_range(document.source, finding.span, ls.editor.encoding),
            )
    return None

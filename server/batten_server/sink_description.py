"""What a hover says of a call that sends a URL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from batten.models.model import SinkKind
from batten.report.rule_page import index_uri
from batten_server.presentation import code

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten.link.sink_calls import SinkCall
    from batten.syntax.text import SourceText
    from batten_server.capabilities import Editor

_DOES = {
    SinkKind.REQUEST: "sends a request",
    SinkKind.REDIRECT: "redirects the browser",
    SinkKind.BROWSER: "opens a page in a browser",
    SinkKind.WEBSOCKET: "opens a WebSocket",
}
_PARTS = {"start": "URL"}
"""What an argument is that begins with this part of a URL, where it is not called like that."""

_WITH_VERB = SinkKind.REQUEST
_LONGEST = 60


def sink_description(
    sinks: Sequence[SinkCall], source: SourceText, editor: Editor
) -> types.MarkupContent:
    """Return what is to be said of a call: what it sends, what of it is the URL, where to read on.

    `sinks` are the arguments of the one call in `source`.
    """
    does = _DOES.get(sinks[0].kind, "takes a URL")
    verb = sinks[0].method if sinks[0].kind is _WITH_VERB else ""
    by = "" if sinks[0].client == "unknown" else f" ({sinks[0].client})"
    if not editor.markdown:
        title = f"This call {does}{verb and f': {verb}'}{by}"
        lines = [_argument(each, source, str) for each in sinks]
        return types.MarkupContent(
            types.MarkupKind.PlainText, "\n".join([title, *dict.fromkeys(lines), index_uri()])
        )
    title = f"**This call {does}**{verb and f': {code(verb)}'}{by}"
    lines = [_argument(each, source, code) for each in sinks]
    link = f"[What Batten looks for]({index_uri()})"
    text = "\n\n".join([title, *dict.fromkeys(lines), link])
    return types.MarkupContent(types.MarkupKind.Markdown, text)


def _argument(sink: SinkCall, source: SourceText, marked: Callable[[str], str]) -> str:
    what = _PARTS.get(sink.start, sink.start)
    text = re.sub(r"\s+", " ", source.slice(sink.argument))
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    name = f", its argument {marked(sink.keyword)}" if sink.keyword else ""
    return f"The {what}{name}: {marked(shown)}"

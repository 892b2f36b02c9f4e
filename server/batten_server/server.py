"""The server of one session: what it holds, and where its features are plugged in."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from batten import __version__
from batten_server import code_action, hover, lenient, lifecycle, synchronization
from batten_server.capabilities import Editor
from batten_server.diagnostics import Diagnostics
from batten_server.engine import Engine
from batten_server.parent import Watch
from batten_server.protocol import Protocol
from batten_server.uri import document_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygls.server import ServerErrors

    from batten.analysis.program import Program
    from batten_server.document import Document

_log = logging.getLogger(__name__)


class BattenServer(LanguageServer):
    """One client's session.

    `editor` is what the client can take; `documents` are those it has open, by their names;
    `watch` follows the client's process.
    """

    protocol: Protocol

    def __init__(self, make_program: Callable[[], Program]) -> None:
        super().__init__(
            "batten",
            __version__,
            protocol_cls=Protocol,
            converter_factory=lenient.converter,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
        )
        self.editor = Editor()
        self.watch = Watch()
        self.documents: dict[str, Document] = {}
        self.engine = Engine(make_program)
        self.diagnostics = Diagnostics(self)
        for feature in (lifecycle, synchronization, code_action, hover):
            feature.register(self)

    def document(self, uri: str) -> Document | None:
        """Return the open document behind `uri`, in whichever spelling; None when not open."""
        return self.documents.get(document_name(uri))

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """Log a mistake of ours; pygls would show each of them to the user in a popup."""
        _log.error("%s: %s", source.__name__, error)


def make_server() -> BattenServer:
    """Return a server with the engine behind it, which it loads when the session begins."""
    return BattenServer(_program)


def _program() -> Program:
    # Imported here because here is the analysis thread: the client needs no wait for it.
    from batten.analysis.program import Program
    from batten.models.load import load

    return Program(load())

"""The server of one session: what it holds, and where its features are plugged in."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from batten import __version__
from batten_server import (
    code_action,
    code_action_resolve,
    configuration,
    execute_command,
    file_operations,
    hover,
    lenient,
    lifecycle,
    log,
    notebook,
    synchronization,
)
from batten_server.capabilities import Editor
from batten_server.diagnostics import Diagnostics
from batten_server.documents import Documents
from batten_server.engine import Engine
from batten_server.folders import Folders
from batten_server.garbage import Garbage
from batten_server.incoming import Incoming
from batten_server.parent import Watch
from batten_server.policy import Policy
from batten_server.protocol import Protocol
from batten_server.push import Push
from batten_server.refusal import RefusedError
from batten_server.uri import document_name
from batten_server.workspace_process import WorkspaceProcess
from batten_server.workspace_scan import WorkspaceScan

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygls.server import ServerErrors

    from batten.analysis.program import Program
    from batten_server.document import Document
    from batten_server.notebook import Notebook

_log = logging.getLogger(__name__)


class BattenServer(LanguageServer):
    """One client's session.

    `editor` is what the client can take, and `folders` are those that it shows. `documents` are
    those that it has open, by their names, a notebook as one; `owners` are the names of the
    notebooks that cells belong to; `watch` follows the client's process. `is_initialized` tells
    whether the client has said so; what else it has said and is not read yet is `incoming`.
    """

    protocol: Protocol

    def __init__(self, make_program: Callable[[], Program]) -> None:
        super().__init__(
            "batten",
            __version__,
            protocol_cls=Protocol,
            converter_factory=lenient.converter,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            notebook_document_sync=notebook.SYNC,
        )
        self.editor = Editor()
        self.loop = asyncio.get_running_loop()
        self.is_initialized = False
        self.incoming = Incoming()
        self.watch = Watch()
        self.folders = Folders()
        self.documents = Documents()
        self.notebooks: dict[str, Notebook] = {}
        self.owners: dict[str, str] = {}
        self.policy = Policy(self._complain)
        self._make_program = make_program
        self.engine = self._make_engine()
        self.diagnostics = Diagnostics(self, Push(self))
        self.garbage = Garbage(self.loop)
        self.workspace_process = WorkspaceProcess(self)
        self.workspace_scan = WorkspaceScan(self)
        for feature in _FEATURES:
            feature.register(self)

    def document(self, uri: str) -> Document | None:
        """Return the open document behind `uri`, in whichever spelling; None when not open.

        Behind a cell is its notebook.
        """
        name = document_name(uri)
        return self.documents.get(self.owners.get(name, name))

    def restart_analysis(self) -> None:
        """Begin the analysis anew; what hangs in the old one is left to itself."""
        self.engine.end()
        self.engine = self._make_engine()
        self.engine.start()
        self.diagnostics.restart()

    async def end(self) -> None:
        """Let go of everything: nobody will ask any more."""
        self.diagnostics.end()
        self.protocol.give_up()
        self.engine.end()
        self.workspace_scan.end()
        await self.workspace_process.end()

    def _make_engine(self) -> Engine:
        return Engine(
            self._make_program,
            self.policy.settings,
            lambda: self.editor,
            self.incoming,
        )

    def _complain(self, mistake: str) -> None:
        """Show the user a mistake of theirs; called in the thread of the analysis as well."""
        params = types.ShowMessageParams(types.MessageType.Warning, f"Batten: {mistake}")
        self.loop.call_soon_threadsafe(self.window_show_message, params)

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """Log a mistake of ours; pygls would show each of them to the user in a popup."""
        if not isinstance(error, RefusedError):
            _log.error("%s: %s", source.__name__, error)


_FEATURES = (
    lifecycle,
    configuration,
    file_operations,
    synchronization,
    notebook,
    code_action,
    code_action_resolve,
    hover,
    execute_command,
    log,
)


def make_server() -> BattenServer:
    """Return a server with the engine behind it, which it loads when the session begins."""
    return BattenServer(_program)


def _program() -> Program:
    # Imported here because here is the analysis thread: the client needs no wait for it.
    from batten.analysis.program import Program
    from batten.models.load import load

    return Program(load())

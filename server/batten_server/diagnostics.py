"""`textDocument/publishDiagnostics`: tell the editor the findings of its open documents.

A change only marks its document. The marked are analysed once all messages that have come are
handled, each in its newest text, so that a burst of keys is one analysis. A result whose
document has changed meanwhile is dropped: most editors do not look at the version.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeAlias

from lsprotocol import types

from batten_server.presentation import diagnostic

if TYPE_CHECKING:
    from batten_server.document import Snapshot
    from batten_server.engine import Report
    from batten_server.server import BattenServer

_Shown: TypeAlias = "tuple[str, list[types.Diagnostic], int | None]"


class Diagnostics:
    """What the editor has been told, and what is still to be found out."""

    def __init__(self, server: BattenServer) -> None:
        self._server = server
        self._marked: dict[str, None] = {}
        self._shown: dict[str, _Shown] = {}
        self._task: asyncio.Task[None] | None = None

    def mark(self, name: str) -> None:
        """Have the document analysed and its findings published, soon."""
        self._marked[name] = None
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._catch_up())

    def clear(self, name: str) -> None:
        """Take the findings of a document that was closed out of the editor."""
        self._marked.pop(name, None)
        shown = self._shown.pop(name, None)
        if shown is not None and shown[1]:
            self._send(shown[0], [], None)

    async def _catch_up(self) -> None:
        while self._marked:
            name = next(iter(self._marked))
            del self._marked[name]
            snapshot = self._current(name)
            if snapshot is None:
                continue
            report = await self._server.engine.report(snapshot)
            if report is not None and self._current(name) is snapshot:
                self._publish(report)

    def _current(self, name: str) -> Snapshot | None:
        document = self._server.documents.get(name)
        return None if document is None else document.snapshot()

    def _publish(self, report: Report) -> None:
        """Publish the findings of a report, unless the editor knows the very same already.

        To an editor that looks at versions, the same findings in a new version are news.
        """
        snapshot, editor = report.snapshot, self._server.editor
        found = [diagnostic(finding, report, editor) for finding in report.findings]
        told = snapshot.version if editor.diagnostic_versions else None
        shown = (snapshot.uri, found, told)
        if self._shown.get(snapshot.path) != shown:
            self._shown[snapshot.path] = shown
            self._send(snapshot.uri, found, snapshot.version)

    def _send(self, uri: str, found: list[types.Diagnostic], version: int | None) -> None:
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, found, version)
        )

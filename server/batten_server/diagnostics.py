"""`textDocument/publishDiagnostics`: tell the editor the findings of its open documents.

A change only marks its document. The marked are analysed once all messages that have come are
handled, each in its newest text, so that a burst of keys is one analysis. A result whose
document has changed meanwhile is dropped: most editors do not look at the version. After a
change the other open documents are looked at again, as it may have been in what they call.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from batten_server.presentation import diagnostic

if TYPE_CHECKING:
    from batten_server.document import Document
    from batten_server.engine import Report
    from batten_server.server import BattenServer


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the editor was told last of a document, and the report that this was made from."""

    uri: str
    version: int
    found: list[types.Diagnostic]
    report: Report


class Diagnostics:
    """What the editor has been told, and what is still to be found out.

    Documents are `marked` when their text has changed, and `due` when their findings may have,
    which is all of them after any change.
    """

    def __init__(self, server: BattenServer) -> None:
        self._server = server
        self._marked: dict[str, None] = {}
        self._due: dict[str, None] = {}
        self._shown: dict[str, _Shown] = {}
        self._task: asyncio.Task[None] | None = None

    def mark(self, name: str) -> None:
        """Have a document that was opened or changed analysed, soon, and the result published."""
        self._marked[name] = None
        self._wake()

    def clear(self, name: str) -> None:
        """Take the findings of a document that was closed out of the editor."""
        shown = self._shown.pop(name, None)
        if shown is not None and shown.found:
            self._send(shown.uri, [], None)
        self._due.update(dict.fromkeys(self._server.documents))
        self._wake()

    def _wake(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._catch_up())

    async def _catch_up(self) -> None:
        while self._marked or self._due:
            new = self._changed()
            document = self._next()
            if document is not None:
                report = await self._server.engine.report(document, new)
                is_current = self._server.documents.get(document.path) is document
                if report is not None and is_current:
                    self._publish(report)
        self._server.engine.warm_up()

    def _changed(self) -> list[Document]:
        """Return the marked documents; these are due next, and after them all others."""
        documents = self._server.documents
        new = [documents[name] for name in self._marked if name in documents]
        self._marked.clear()
        if new:
            first = (document.path for document in new)
            self._due = dict.fromkeys((*first, *self._due, *documents))
        return new

    def _next(self) -> Document | None:
        """Take the next document that is due; None when it is not open any more."""
        name = next(iter(self._due), None)
        if name is None:
            return None
        del self._due[name]
        return self._server.documents.get(name)

    def _publish(self, report: Report) -> None:
        """Publish the findings of a report, unless the editor knows the very same already.

        To an editor that looks at versions, the same findings in a new version are news.
        """
        document, editor = report.document, self._server.editor
        shown = self._shown.get(document.path)
        if shown is not None and shown.report is report:
            return
        found = [diagnostic(finding, report, editor) for finding in report.findings]
        self._shown[document.path] = _Shown(document.uri, document.version, found, report)
        if (
            shown is None
            or shown.uri != document.uri
            or shown.found != found
            or (editor.diagnostic_versions and shown.version != document.version)
        ):
            self._send(document.uri, found, document.version)

    def _send(self, uri: str, found: list[types.Diagnostic], version: int | None) -> None:
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, found, version)
        )

"""`batten.scanWorkspace`: the findings of all files of the workspace.

They are those of files on disk; open documents have newer ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten_server.uri import document_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lsprotocol import types

    from batten_server.server import BattenServer


class WorkspaceScan:
    """Scans on demand, and keeps what was found."""

    def __init__(self, server: BattenServer) -> None:
        self._server = server
        self._found: dict[str, list[str]] = {}

    def forget(self, uris: Iterable[str]) -> None:
        """Take the findings of files that were deleted out of the editor."""
        gone = {document_name(uri) for uri in uris}
        left = {uri: each for uri, each in self._found.items() if document_name(uri) not in gone}
        if len(left) < len(self._found):
            self._found = left
            self._deliver()

    async def run(self, token: types.ProgressToken | None) -> dict[str, Any]:
        """Scan, hand the findings to the editor, and return how it went.

        `token` and RefusedError are those of `WorkspaceProcess.run`.
        """
        outcome = await self._server.workspace_process.run("scan_process", token, {})
        if outcome is None:
            return {"cancelled": True}
        self._found = outcome["diagnostics"]
        self._deliver()
        return {"cancelled": False, **outcome["summary"]}

    def _deliver(self) -> None:
        """Hand over what is not open: of open documents the editor has newer findings."""
        documents = self._server.documents
        self._server.diagnostics.outlet.deliver_unopened(
            {uri: each for uri, each in self._found.items() if document_name(uri) not in documents}
        )

"""`batten.scanWorkspace`: the findings of all files of the workspace.

They are those of files on disk; open documents have newer ones. Once somebody has asked for them,
they are kept up to date: the process that has scanned looks again when the editor tells that files
have changed. Where the editor watches none, it looks when somebody has typed and paused: files
are written then. It reads those that have changed and no others (`scan_process.py`).

A file that is open by another name, as links lead to it, is open.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from batten_server.refusal import RefusedError
from batten_server.synchronization import SUFFIXES
from batten_server.uri import document_name, real_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lsprotocol import types

    from batten_server.server import BattenServer


SETTLED = 1.0
"""Seconds without a change after which files are scanned again: a checkout changes many."""
LONGEST = 10.0
"""Seconds after the first change after which they are scanned again though others still change."""
PAUSED = 5.0
"""Seconds after a key after which files may have been written, where nobody tells of that."""

_log = logging.getLogger(__name__)


class WorkspaceScan:
    """Scans on demand, and keeps what was found."""

    def __init__(self, server: BattenServer) -> None:
        self._server = server
        self._found: dict[str, list[str]] = {}
        self._uris: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._is_wanted = False
        self._is_due = False
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0
        self._task: asyncio.Task[None] | None = None

    def forget(self, uris: Iterable[str]) -> None:
        """Take the findings of files that were deleted, or of such folders, out of the editor."""
        names = {document_name(uri).rstrip("/") for uri in uris}
        folders = tuple(f"{name}/" for name in names if not name.endswith(SUFFIXES))
        gone = names & self._uris.keys()
        if folders:
            gone |= {name for name in self._uris if name.startswith(folders)}
        for name in gone:
            del self._found[self._uris.pop(name)]
        if gone:
            self._deliver_soon()

    def opened(self, name: str) -> None:
        """Take the findings of a file out of the editor that is open now by another name.

        By its own, its newer ones take their place.
        """
        if name not in self._uris and self._is_found(name):
            self._deliver_soon()

    def closed(self, name: str) -> None:
        """Show the findings of a file again that was open."""
        if name in self._uris or self._is_found(name):
            self._deliver_soon()

    def _is_found(self, name: str) -> bool:
        """Tell whether there are findings in the file that a name leads to."""
        real = real_name(name) if self._uris else name
        return real in self._uris or real in self._links.values()

    def files_changed(self) -> None:
        """Scan again, soon, if somebody wants to see the findings of all files."""
        now = self._server.loop.time()
        since = now if self._timer is None else self._since
        self._look_in(min(SETTLED, max(since + LONGEST - now, 0)))

    def files_may_change(self) -> None:
        """Scan again after a while if the editor does not tell of files that change."""
        if not self._server.editor.watches_files:
            self._look_in(PAUSED)

    def _look_in(self, seconds: float) -> None:
        if self._is_wanted:
            if self._timer is None:
                self._since = self._server.loop.time()
            else:
                self._timer.cancel()
            self._timer = self._server.loop.call_later(seconds, self._begin_again)

    def end(self) -> None:
        """Scan no more."""
        self._is_wanted = False
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin_again(self) -> None:
        self._timer = None
        self._task = asyncio.ensure_future(self._again())

    async def _again(self) -> None:
        if not self._server.folders.paths:
            self._take({}, {})
            return
        try:
            outcome = await self._server.workspace_process.run_quietly("scan_process")
        except RefusedError:  # somebody scans or fixes: what they see may be older than the files
            self.files_changed()
        except Exception as error:  # nobody waits for an answer
            _log.error("The workspace can't be scanned again: %r", error)
        else:
            if outcome is not None:
                self._take(outcome["diagnostics"], outcome["links"])

    async def run(self, token: types.ProgressToken | None) -> dict[str, Any]:
        """Scan, hand the findings to the editor, and return how it went.

        `token` and RefusedError are those of `WorkspaceProcess.run`.
        """
        outcome = await self._server.workspace_process.run("scan_process", token, {})
        if outcome is None:
            return {"cancelled": True}
        self._is_wanted = True
        self._take(outcome["diagnostics"], outcome["links"])
        return {"cancelled": False, **outcome["summary"]}

    def _take(self, found: dict[str, list[str]], links: dict[str, str]) -> None:
        """Take findings by URI, and what names of theirs lead to that are links."""
        self._found, self._links = found, links
        self._uris = {document_name(uri): uri for uri in found}
        self._deliver()

    def _deliver_soon(self) -> None:
        """Deliver once: a checkout tells of a thousand files, and an editor closes as many."""
        if not self._is_due:
            self._is_due = True
            self._server.loop.call_soon(self._deliver)

    def _deliver(self) -> None:
        """Hand over what is not open: of open documents the editor has newer findings."""
        self._is_due = False
        names = self._server.documents.keys()
        opened = names | {*map(real_name, names)}
        self._server.diagnostics.outlet.deliver_unopened(
            {
                uri: self._found[uri]
                for name, uri in self._uris.items()
                if name not in opened and self._links.get(name, name) not in opened
            }
        )

"""Scanning the whole workspace, in a process of its own.

There it takes neither time from typing nor memory for ever, and it can be stopped at once. Its
findings are those of files on disk; open documents have newer ones.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import uuid
from concurrent.futures import Future
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from batten_server.refusal import invalid
from batten_server.uri import document_name

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from batten_server.server import BattenServer

_log = logging.getLogger(__name__)

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop()); "
    "from batten_server.scan_process import main; main()"
)
"""With our path: an editor's extension may bring libraries that its Python does not know of."""

_LONGEST_LINE = 1 << 30
_PAUSE = 0.2
"""Seconds between two looks whether the user has cancelled."""


class WorkspaceScan:
    """Scans on demand; one at a time."""

    def __init__(self, server: BattenServer) -> None:
        self._server = server
        self._is_running = False
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

        `token` is of the bar that the editor shows already. RefusedError when
        there is no folder to scan, or a scan is running.
        """
        if self._is_running:
            raise invalid("a scan is running already")
        folders = self._folders()
        if not folders:
            raise invalid("no folder is open")
        self._is_running = True
        progress = _Progress(self._server, token)
        try:
            await progress.begin()
            outcome = await self._scan(folders, progress)
        finally:
            self._is_running = False
            progress.end()
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

    def _folders(self) -> list[str]:
        workspace = self._server.workspace
        uris = list(workspace.folders) or [workspace.root_uri]
        return [document_name(uri) for uri in uris if uri and uri.lower().startswith("file:")]

    async def _scan(self, folders: list[str], progress: _Progress) -> dict[str, Any] | None:
        """Return what the process found; None when the user has stopped it."""
        isolated = ["-I"] if sys.flags.isolated else []
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *isolated,
            "-c",
            _PROGRAM,
            json.dumps(sys.path),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        request = {
            "folders": folders,
            "editor": {**asdict(self._server.editor), "encoding": self._encoding},
            "settings": self._server.policy.sent(),
        }
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.close()
            async for line in _lines(process.stdout, progress):
                message: dict[str, Any] = json.loads(line)
                if "summary" in message:
                    return message
                progress.report(message)
            if progress.is_cancelled:
                return None
            raise RuntimeError("the process that scans has died")
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    @property
    def _encoding(self) -> str:
        return self._server.editor.encoding.value


async def _lines(stream: asyncio.StreamReader, progress: _Progress) -> AsyncIterator[bytes]:
    """Yield lines until the stream ends or the user cancels."""
    coming = asyncio.ensure_future(stream.readline())
    try:
        while not progress.is_cancelled:
            done, _ = await asyncio.wait({coming}, timeout=_PAUSE)
            if done:
                line = coming.result()
                if not line:
                    return
                yield line
                coming = asyncio.ensure_future(stream.readline())
    finally:
        coming.cancel()


class _Progress:
    """The bar that the editor shows, where it can."""

    def __init__(self, server: BattenServer, token: types.ProgressToken | None) -> None:
        self._server = server
        self._is_shown = token is not None
        self._token = f"batten-{uuid.uuid4()}" if token is None else token
        # Known to pygls from now on: a cancellation may come together with the bar.
        self._stop: Future[None] = Future()
        server.work_done_progress.tokens[self._token] = self._stop

    @property
    def is_cancelled(self) -> bool:
        return self._stop.cancelled()

    async def begin(self) -> None:
        if not self._is_shown and self._server.editor.progress:
            params = types.WorkDoneProgressCreateParams(self._token)
            try:
                await self._server.window_work_done_progress_create_async(params)
                self._is_shown = True
            except Exception as error:  # whatever an editor answers
                _log.info("the editor shows no progress: %s", error)
        if not self._is_shown:
            return
        self._server.work_done_progress.begin(
            self._token,
            types.WorkDoneProgressBegin("Batten: scan", cancellable=True, percentage=0),
        )

    def report(self, message: dict[str, Any]) -> None:
        if self._is_shown:
            done, total = message["done"], max(message["total"], 1)
            self._server.work_done_progress.report(
                self._token,
                types.WorkDoneProgressReport(
                    cancellable=True,
                    message=f"{message['what']} {done} of {total} files",
                    percentage=100 * done // total,
                ),
            )

    def end(self) -> None:
        if self._is_shown:
            self._server.work_done_progress.end(self._token, types.WorkDoneProgressEnd())
        # pygls would keep it for ever.
        self._server.work_done_progress.tokens.pop(self._token, None)

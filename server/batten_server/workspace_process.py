"""Work on the whole workspace, in a process of its own.

There it takes neither time from typing nor memory for ever, and it can be stopped at once.
`child.py` is the other end. One whose answer stays is kept for the next request, for a while.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import uuid
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from batten_server.refusal import invalid

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from batten_server.server import BattenServer

_log = logging.getLogger(__name__)

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop()); "
    "from batten_server import lazy_types; lazy_types.load(); "
    "from batten_server.{module} import main; main()"
)
"""With our path: an editor's extension may bring libraries that its Python does not know of."""

_LONGEST_LINE = 1 << 30
_PAUSE = 0.2
"""Seconds between two looks whether the user has cancelled."""
PATIENCE = 5.0
"""Seconds that an editor has to say that it shows a bar; work does not wait for ever for that."""
KEPT_FOR = 600.0
"""Seconds without a request after which a process that has stayed is ended."""


class WorkspaceProcess:
    """Runs one piece of such work at a time."""

    def __init__(self, server: BattenServer) -> None:
        self._server = server
        self._is_running = False
        self._kept: dict[str, Process] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def end(self) -> None:
        """End the processes that have stayed."""
        if self._timer is not None:
            self._timer.cancel()
        while self._kept:
            await _ended(self._kept.popitem()[1])

    async def run(
        self, module: str, token: types.ProgressToken | None, more: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """Return what the process of a module, `scan_process` or such, answers to a request.

        None when the user has stopped it. The request has the folders, what the editor can take,
        its settings, and `more`. `token` is of the bar that the editor shows already. RefusedError
        when there is no folder, or some such work is running.
        """
        progress = _Progress(self._server, token)
        return await self._run(module, progress, progress.begin, more)

    async def run_quietly(self, module: str) -> dict[str, Any] | None:
        """Do the same without anybody having asked: nothing is shown."""
        return await self._run(module, _Progress(self._server, None), _nothing, {})

    async def _run(
        self,
        module: str,
        progress: _Progress,
        begin: Callable[[str], Awaitable[None]],
        more: Mapping[str, Any],
    ) -> dict[str, Any] | None:
        if self._is_running:
            raise invalid("the workspace is being looked through already")
        folders = self._server.folders.paths
        if not folders:
            raise invalid("no folder is open")
        editor = {**asdict(self._server.editor), "encoding": self._server.editor.encoding.value}
        request = {
            "folders": folders,
            "editor": editor,
            "settings": self._server.policy.sent(),
            **more,
        }
        self._is_running = True
        try:
            await begin(f"Batten: {module.partition('_')[0]}")
            return await self._answer(module, request, progress)
        finally:
            self._is_running = False
            progress.end()

    async def _answer(
        self, module: str, request: Mapping[str, Any], progress: _Progress
    ) -> dict[str, Any] | None:
        """Have the process that has stayed answer, or another, also where that one dies of it."""
        kept = self._kept.pop(module, None)
        if kept is not None and kept.returncode is None:
            try:
                return await self._answer_of(kept, module, request, progress)
            except _DiedError as error:
                _log.warning("%s; another is asked", error)
        return await self._answer_of(await _started(module), module, request, progress)

    async def _answer_of(
        self, process: Process, module: str, request: Mapping[str, Any], progress: _Progress
    ) -> dict[str, Any] | None:
        assert process.stdin is not None
        assert process.stdout is not None
        stays = False
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            async for line in _lines(process.stdout, progress):
                message: dict[str, Any] = json.loads(line)
                if "what" not in message:
                    stays = message.pop("stays", False)
                    for mistake in message.pop("mistakes"):
                        self._server.policy.tell(mistake)
                    return message
                progress.report(message)
            if progress.is_cancelled:
                return None
            raise _DiedError(f"{module} has died")
        finally:
            if stays:
                self._keep(module, process)
            else:
                await _ended(process)

    def _keep(self, module: str, process: Process) -> None:
        self._kept[module] = process
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(KEPT_FOR, lambda: loop.create_task(self.end()))


def is_isolated() -> bool:
    """Tell whether neither the environment nor the current folder decides what Python loads.

    A server that has started again (`large_pages.py`) is so without the one flag for both.
    """
    flags = sys.flags
    return bool(flags.isolated or (flags.no_user_site and getattr(flags, "safe_path", False)))


class _DiedError(RuntimeError):
    """A process has ended without an answer."""


async def _started(module: str) -> Process:
    """Start a process of a module."""
    isolated = ["-I"] if is_isolated() else []
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *isolated,
        "-c",
        _PROGRAM.format(module=module),
        json.dumps(sys.path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_LONGEST_LINE,
    )


async def _ended(process: Process) -> None:
    """End a process, if it has not ended by itself."""
    assert process.stdin is not None
    process.stdin.close()
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    await process.wait()


async def _nothing(_: str) -> None:
    """Show no bar."""


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

    async def begin(self, title: str) -> None:
        if not self._is_shown and self._server.editor.progress:
            params = types.WorkDoneProgressCreateParams(self._token)
            created = self._server.window_work_done_progress_create_async(params)
            try:
                await asyncio.wait_for(created, PATIENCE)
                self._is_shown = True
            except Exception as error:  # whatever an editor answers, if it does
                _log.info("the editor shows no progress: %r", error)
        if not self._is_shown:
            return
        self._server.work_done_progress.begin(
            self._token,
            types.WorkDoneProgressBegin(title, cancellable=True, percentage=0),
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

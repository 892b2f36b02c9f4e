"""One run of the server: where the client is listened to, and who is told of mistakes."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from batten_server.log import EditorLog
from batten_server.parent import Watch
from batten_server.stdio import serve_stdio
from batten_server.tcp import serve_tcp
from batten_server.web_socket import serve_web_socket

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Coroutine

    from batten_server.server import BattenServer


def serve(arguments: argparse.Namespace, make_server: Callable[[], BattenServer]) -> int:
    """Serve until the client leaves; return the exit code.

    OSError when an address or a log file cannot be had.
    """
    _set_up_logging(arguments.log_file)
    return asyncio.run(_serve(arguments, make_server))


async def _serve(arguments: argparse.Namespace, make_server: Callable[[], BattenServer]) -> int:
    if arguments.tcp is None and arguments.ws is None:
        server = make_server()
        server.watch.end_with(arguments.clientProcessId)
        if arguments.log_file is None:
            _log_to_editor(server)
        return await _until_orphaned(serve_stdio(server), server.watch)
    watch = Watch()
    watch.end_with(arguments.clientProcessId)
    service = (
        serve_web_socket(arguments.ws, make_server)
        if arguments.tcp is None
        else serve_tcp(arguments.tcp, make_server)
    )
    return await _until_orphaned(service, watch)


async def _until_orphaned(service: Coroutine[None, None, int], watch: Watch) -> int:
    """Return the exit code of the service, or 1 when the client's process ends before it."""
    serving, watching = asyncio.create_task(service), asyncio.create_task(watch.gone())
    await asyncio.wait((serving, watching), return_when=asyncio.FIRST_COMPLETED)
    watching.cancel()
    if serving.done():
        return serving.result()
    serving.cancel()
    return 1


def _set_up_logging(file: str | None) -> None:
    """Log to `file`, or what matters to standard error; never to the client's stream.

    pygls stays at warnings: below, it logs whole messages, and with them the user's code.
    """
    handler = logging.StreamHandler() if file is None else logging.FileHandler(file, "a", "utf-8")
    logging.basicConfig(
        level=logging.WARNING,
        handlers=[handler],
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    if file is not None:
        logging.getLogger("batten_server").setLevel(logging.INFO)


def _log_to_editor(server: BattenServer) -> None:
    """Let the editor of the only session have the log; what nobody takes is an error's."""
    root = logging.getLogger()
    root.handlers = [EditorLog(server, handler) for handler in root.handlers]

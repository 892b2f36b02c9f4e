"""`batten server`: start the language server and end with it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from typing import TYPE_CHECKING

from batten_server import garbage
from batten_server.log import EditorLog
from batten_server.parent import Watch
from batten_server.server import make_server
from batten_server.transport import serve_stdio, serve_tcp
from batten_server.web_socket import serve_web_socket

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from batten_server.server import BattenServer


def main(argv: Sequence[str], make_server: Callable[[], BattenServer] = make_server) -> int:
    """Serve until the client leaves; return the exit code.

    0 after an orderly end, 1 when the client went without `shutdown`, 2 for wrong use or an
    address or a log file that cannot be had.
    """
    arguments = _parser().parse_args(argv)
    garbage.begin()
    try:
        _set_up_logging(arguments.log_file)
        return asyncio.run(_serve(arguments, make_server))
    except OSError as error:
        print(f"batten server: {error}", file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        return 1


async def _serve(arguments: argparse.Namespace, make_server: Callable[[], BattenServer]) -> int:
    if arguments.tcp is None and arguments.ws is None:
        server = make_server()
        server.watch.follow(arguments.clientProcessId)
        if arguments.log_file is None:
            _log_to_editor(server)
        return await _until_orphaned(serve_stdio(server), server.watch)
    watch = Watch()
    watch.follow(arguments.clientProcessId)
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="batten server",
        description="Serve an editor over the Language Server Protocol.",
        allow_abbrev=False,
    )
    transport = parser.add_mutually_exclusive_group()
    transport.add_argument(
        "--stdio", action="store_true", help="serve on standard input and output (the default)"
    )
    transport.add_argument(
        "--tcp",
        metavar="HOST:PORT",
        type=_address,
        help="listen here and serve every client that connects; port 0 takes a free one",
    )
    transport.add_argument(
        "--ws",
        metavar="HOST:PORT",
        type=_address,
        help="the same over WebSocket",
    )
    parser.add_argument(
        "--clientProcessId",
        metavar="N",
        type=int,
        help="end when this process, the editor's, is gone",
    )
    parser.add_argument("--log-file", metavar="FILE", help="append the log to this file")
    return parser


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host.strip("[]"), int(port)

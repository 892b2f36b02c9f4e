"""`batten server`: start the language server and end with it.

Nothing that the server is made of is loaded before the garbage collector is told what to do: it
would look through all the classes of the protocol while they are made. Then what is heavy is
loaded in a lighter way, before anybody else loads it.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from batten_server import garbage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten_server.server import BattenServer


TURN = 0.001
"""Seconds that the thread that analyses keeps the others waiting, as long as it computes.

A message takes three turns: it is read, handled and answered. Python's own 5 ms are too long.
"""


def main(argv: Sequence[str], make_server: Callable[[], BattenServer] | None = None) -> int:
    """Serve until the client leaves; return the exit code.

    0 after an orderly end, 1 when the client went without `shutdown`, 2 for wrong use or an
    address or a log file that cannot be had.
    """
    arguments = _parser().parse_args(argv)
    garbage.begin()
    sys.setswitchinterval(TURN)
    try:
        from batten_server import lazy_types, without_openssl

        without_openssl.load()
        lazy_types.load()
        from batten_server import server, service

        return service.serve(arguments, make_server or server.make_server)
    except OSError as error:
        print(f"batten server: {error}", file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        return 1


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

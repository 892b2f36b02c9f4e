"""Serving over WebSocket: each message is one frame, without headers.

Any page that a browser shows could connect to a port of this machine, so only clients that are no
page, and pages of this machine, are let in.
"""

from __future__ import annotations

import asyncio
import re
import sys
from typing import TYPE_CHECKING

from batten_server import garbage
from batten_server.backlog import Backlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from websockets.asyncio.server import ServerConnection

    from batten_server.server import BattenServer

_LARGEST = 1 << 28
"""Bytes of a message: larger than any source, small enough not to fill memory."""

_HERE = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")


class MissingLibraryError(OSError):
    """The library that speaks WebSocket is not installed."""

    def __init__(self) -> None:
        super().__init__("--ws needs the library websockets: pip install 'batten[ws]'")


async def serve_web_socket(
    address: tuple[str, int], make_server: Callable[[], BattenServer]
) -> int:
    """Serve every client that connects, each in a session of its own, until cancelled.

    As with TCP: the place is told on standard error, OSError when it cannot be had.
    """
    try:
        from websockets.asyncio.server import serve  # an extra, and most sessions do without
    except ImportError as error:
        raise MissingLibraryError from error

    async def session(connection: ServerConnection) -> None:
        await _converse(connection, make_server())

    async with serve(session, *address, origins=[None, _HERE], max_size=_LARGEST) as listener:
        for socket in listener.sockets:
            host, port, *_ = socket.getsockname()
            print(f"batten server: listening on ws://{host}:{port}", file=sys.stderr, flush=True)  # noqa: T201
        await listener.serve_forever()
    return 0


async def _converse(connection: ServerConnection, server: BattenServer) -> None:
    """Handle messages until `exit` or the end of the connection."""
    from websockets.exceptions import ConnectionClosed

    output = Connected(connection)
    server.protocol.set_writer(output, include_headers=False)
    sending = asyncio.create_task(output.send())
    try:
        async for frame in connection:
            if server.protocol.receive(frame.encode() if isinstance(frame, str) else frame):
                await asyncio.sleep(0)  # as with the other ways: the handler begins first
            if server.protocol.ended:
                break
    except ConnectionClosed:
        return
    finally:
        await server.end()
        output.close()
        garbage.left(server.loop)
        await sending


class Connected:
    """A connection as pygls wants a writer to be: what is written is sent in order."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection
        self._backlog = Backlog()
        self._is_closed = False
        self._news = asyncio.Event()

    def write(self, data: bytes, about: str | None = None) -> None:
        """Have a message sent after those before it."""
        self._backlog.put(data, about)
        self._news.set()

    def close(self) -> None:
        """Send what is left and end."""
        self._is_closed = True
        self._news.set()

    async def send(self) -> None:
        """Send what is written, until it is closed or nobody is there any more."""
        from websockets.exceptions import ConnectionClosed

        while self._backlog or not self._is_closed:
            if not self._backlog:
                self._news.clear()
                await self._news.wait()
                continue
            try:
                await self._connection.send(self._backlog.take().decode())
            except ConnectionClosed:
                return

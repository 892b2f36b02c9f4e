"""Serving over TCP: every client that connects has a session of its own."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING, cast

from batten_server import garbage
from batten_server.backlog import Backlog
from batten_server.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten_server.server import BattenServer

_log = logging.getLogger(__name__)


async def serve_tcp(address: tuple[str, int], make_server: Callable[[], BattenServer]) -> int:
    """Serve every client that connects, until cancelled.

    `address` is host and port; where it listens is told on standard error, as port 0 takes a
    free one. Raises OSError when the address cannot be had.
    """
    loop = asyncio.get_running_loop()
    sessions: set[asyncio.Task[None]] = set()
    listener = await loop.create_server(lambda: _Connection(make_server(), sessions), *address)
    for socket in listener.sockets:
        host, port, *_ = socket.getsockname()
        print(f"batten server: listening on {host}:{port}", file=sys.stderr, flush=True)  # noqa: T201
    async with listener:
        await listener.serve_forever()
    return 0


class _Connection(asyncio.Protocol):
    """One client; as long as its session lasts, that is one of `sessions`."""

    def __init__(self, server: BattenServer, sessions: set[asyncio.Task[None]]) -> None:
        self._server = server
        self._sessions = sessions
        self._intake = Intake(server.protocol)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._writer = Connected(cast("asyncio.Transport", transport))
        self._server.protocol.set_writer(self._writer)
        session = asyncio.create_task(self._serve(self._writer))
        self._sessions.add(session)
        session.add_done_callback(self._sessions.discard)

    def data_received(self, data: bytes) -> None:
        self._intake.take(data)

    def pause_writing(self) -> None:
        self._writer.pause()

    def resume_writing(self) -> None:
        self._writer.resume()

    def eof_received(self) -> bool:
        self._intake.end()
        return True  # the session closes the connection: it may have something left to say

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None:
            _log.info("a client is gone: %s", error)
        self._intake.end()

    async def _serve(self, writer: Connected) -> None:
        try:
            await self._intake.over()
        finally:
            await self._server.end()
            writer.close()
            garbage.left(self._server.loop)


class Connected:
    """A connection as pygls wants a writer to be; silent once the client is gone.

    asyncio would log each message that nobody gets, and keep all that nobody reads.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._backlog = Backlog()
        self._is_paused = False

    def write(self, data: bytes, about: str | None = None) -> None:
        """Write a message, or have it wait while the client does not read."""
        if self._transport.is_closing():
            return
        self._backlog.put(data, about)
        self._write_on()

    def pause(self) -> None:
        """Have messages wait: there are enough on their way."""
        self._is_paused = True

    def resume(self) -> None:
        """Write those that have waited: the client reads."""
        self._is_paused = False
        self._write_on()

    def close(self) -> None:
        """Write what is left and close the connection."""
        while self._backlog:
            self._transport.write(self._backlog.take())
        self._transport.close()

    def _write_on(self) -> None:
        while self._backlog and not self._is_paused:
            self._transport.write(self._backlog.take())

"""The ways in and out: bytes of standard input and output, or of a TCP connection.

Messages are framed here, not by pygls: its standard input goes through a pool of threads, four
hops for each message, which its handlers share; and it handles a burst one message at a time.
Here one thread reads whatever has come, and all complete messages of it are handled before
anything else runs.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING

from batten_server.output import Output

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from batten_server.server import BattenServer

_log = logging.getLogger(__name__)

_CHUNK = 1 << 16


async def converse(reader: asyncio.StreamReader, server: BattenServer) -> int:
    """Handle messages until `exit` or the end of the stream; return the exit code."""
    protocol = server.protocol
    async for body in frames(reader):
        if protocol.receive(body):
            # Let the handler begin, on the documents as they are before the next message.
            await asyncio.sleep(0)
        if protocol.ended:
            break
    return protocol.exit_code


async def frames(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Yield the bodies of the messages of a stream, up to its end or to what is no message."""
    length = None
    try:
        while line := await reader.readline():
            if line.strip():
                name, _, value = line.partition(b":")
                if name.strip().lower() == b"content-length" and value.strip().isdigit():
                    length = int(value)
            elif length is not None:
                yield await reader.readexactly(length)
                length = None
    except (asyncio.IncompleteReadError, ValueError, OSError) as error:
        _log.warning("the stream from the client broke: %s", error)


async def serve_stdio(server: BattenServer) -> int:
    """Serve the client at the other end of standard input and output."""
    source, sink = _claim_stdio()
    output = Output(sink)
    server.protocol.set_writer(output)
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    threading.Thread(
        target=_read, args=(source, loop, reader), name="batten-stdin", daemon=True
    ).start()
    try:
        return await converse(reader, server)
    finally:
        await server.end()
        output.close()


async def serve_tcp(address: tuple[str, int], make_server: Callable[[], BattenServer]) -> int:
    """Serve every client that connects, each in a session of its own, until cancelled.

    `address` is host and port; where it listens is told on standard error, as port 0 takes a
    free one. Raises OSError when the address cannot be had.
    """

    async def session(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = make_server()
        server.protocol.set_writer(writer)
        try:
            await converse(reader, server)
        finally:
            await server.end()
            writer.close()

    listener = await asyncio.start_server(session, *address)
    for socket in listener.sockets:
        host, port, *_ = socket.getsockname()
        print(f"batten server: listening on {host}:{port}", file=sys.stderr, flush=True)  # noqa: T201
    async with listener:
        await listener.serve_forever()
    return 0


def _claim_stdio() -> tuple[int, int]:
    """Take standard input and output away from the rest of the process.

    A `print` anywhere, or a child process that reads or writes, would otherwise get into the
    conversation. From here on they reach standard error, and read nothing.
    """
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    try:
        os.dup2(2, 1)
    except OSError:  # standard error is closed
        os.dup2(nothing, 1)
    os.close(nothing)
    return source, sink


def _read(source: int, loop: asyncio.AbstractEventLoop, reader: asyncio.StreamReader) -> None:
    """Feed `reader` from a file descriptor; runs in a thread, as not every pipe can be awaited."""
    try:
        while chunk := os.read(source, _CHUNK):
            loop.call_soon_threadsafe(reader.feed_data, chunk)
    except OSError as error:
        _log.warning("standard input cannot be read: %s", error)
    except RuntimeError:  # the loop is closed: the session has ended
        return
    loop.call_soon_threadsafe(reader.feed_eof)

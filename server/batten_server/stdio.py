"""Serving the client at the other end of standard input and output.

pygls would read them in a pool of threads, four hops for each message, which its handlers share.
Here the event loop itself reads, as soon as there is something. It can wait for a pipe or a
socket; where it can't, a thread waits for it.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import stat
import struct
import sys
import threading
from typing import TYPE_CHECKING

from batten_server.intake import Intake
from batten_server.output import Output

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from batten_server.server import BattenServer

_log = logging.getLogger(__name__)

_CHUNK = 1 << 16
_ROOM = 1 << 20
"""Bytes that the pipe from the client shall hold: the text of some ten thousand lines.

With less of it there, reading would go on a little at a time, and wait for its turn each time.
"""


async def serve_stdio(server: BattenServer) -> int:
    """Serve until the client leaves; return the exit code."""
    source, sink = _claim_stdio()
    output = Output(sink)
    server.protocol.set_writer(output)
    intake = Intake(server.protocol)
    is_awaited = _can_be_awaited(source)
    _make_room(source)
    if is_awaited:
        server.incoming.is_there = _awaits_more(source)
        server.loop.add_reader(source, _read_on, source, server.loop, intake)
    else:
        threading.Thread(
            target=_read_all, args=(source, server.loop, intake), name="batten-stdin", daemon=True
        ).start()
    try:
        return await intake.over()
    finally:
        if is_awaited:
            server.loop.remove_reader(source)
        await server.end()
        output.close()


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


def _can_be_awaited(source: int) -> bool:
    """Tell whether the event loop can wait for a file descriptor; on Windows it never can."""
    if sys.platform == "win32":
        return False
    kind = os.fstat(source).st_mode
    return stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)


def _make_room(source: int) -> None:
    """Have a pipe hold more than it does; where that is not possible it works as well."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):  # no pipe, or the user has too many large ones
            fcntl.fcntl(source, fcntl.F_SETPIPE_SZ, _ROOM)


def _awaits_more(source: int) -> Callable[[], bool]:
    """Return what tells whether there is something to be read."""
    readable = select.poll()
    readable.register(source, select.POLLIN)
    return lambda: bool(readable.poll(0))


def _read_on(source: int, loop: asyncio.AbstractEventLoop, intake: Intake) -> None:
    """Read what has come, in the event loop."""
    chunk = _read(source)
    if chunk:
        intake.take(chunk)
    elif chunk is not None:
        loop.remove_reader(source)
        intake.end()


def _read_all(source: int, loop: asyncio.AbstractEventLoop, intake: Intake) -> None:
    """Read up to the end, in a thread."""
    try:
        while (chunk := _read(source)) != b"":
            if chunk is None:
                select.select([source], [], [])
            else:
                loop.call_soon_threadsafe(intake.take, chunk)
        loop.call_soon_threadsafe(intake.end)
    except RuntimeError:  # the loop is closed: the session has ended
        return


def _read(source: int) -> bytes | None:
    """Return the next bytes, none at the end; None from what does not block and has none yet."""
    try:
        chunk = os.read(source, _CHUNK)
        if len(chunk) == _CHUNK and (more := _waiting(source)):
            chunk += os.read(source, more)
        return chunk
    except BlockingIOError:
        return None
    except OSError as error:
        _log.warning("standard input cannot be read: %s", error)
        return b""


def _waiting(source: int) -> int:
    """Return how many bytes are there to be read; 0 where that can't be told."""
    if sys.platform == "win32":
        return 0
    import fcntl
    import termios

    try:
        (count,) = struct.unpack("i", fcntl.ioctl(source, termios.FIONREAD, bytes(4)))
    except OSError:  # of neither a pipe nor a socket
        return 0
    return int(count)

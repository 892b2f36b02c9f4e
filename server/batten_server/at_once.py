"""Writing as much as a file descriptor takes without waiting for whoever reads it.

To make the descriptor itself non-blocking would make it so for all who share it, such as a
terminal's shell. So each kind is asked in its own way.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import stat
import sys
from typing import Protocol

_ROOM = 1 << 18
"""Bytes that a pipe shall hold: the findings of a document of some ten thousand lines."""


class AtOnce(Protocol):
    """A way to write without waiting."""

    def write(self, data: bytes, /) -> int:
        """Write the beginning of `data`; return how many bytes. OSError when nobody reads."""

    def close(self) -> None:
        """Let go of what this way needs; the descriptor stays open."""


def at_once(descriptor: int) -> AtOnce:
    """Return the way to write to a descriptor; it has to be closed."""
    kind = os.fstat(descriptor).st_mode
    if sys.platform == "win32":
        return _Nothing()
    if stat.S_ISSOCK(kind):
        return _Socket(descriptor)
    if stat.S_ISFIFO(kind) and sys.platform == "linux":
        with contextlib.suppress(OSError):  # there is no /proc
            return _Pipe(descriptor)
    return _Polled(descriptor)


class _Pipe:
    """A pipe of Linux, opened once more, without blocking, and made larger."""

    def __init__(self, descriptor: int) -> None:
        import fcntl

        self._own = os.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_NONBLOCK)
        with contextlib.suppress(OSError):  # it is larger, or the user has too many of them
            fcntl.fcntl(self._own, fcntl.F_SETPIPE_SZ, _ROOM)

    def write(self, data: bytes) -> int:
        try:
            return os.write(self._own, data)
        except BlockingIOError:
            return 0

    def close(self) -> None:
        os.close(self._own)


class _Socket:
    """A socket, which can be told each time not to wait."""

    def __init__(self, descriptor: int) -> None:
        self._own = socket.socket(fileno=os.dup(descriptor))

    def write(self, data: bytes) -> int:
        try:
            return self._own.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0

    def close(self) -> None:
        self._own.close()


class _Polled:
    """Any other descriptor: while it can be written to, it has room for a little."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._room = select.poll()
        self._room.register(descriptor, select.POLLOUT)

    def write(self, data: bytes) -> int:
        done = 0
        while done < len(data) and self._room.poll(0):
            done += os.write(self._descriptor, data[done : done + select.PIPE_BUF])
        return done

    def close(self) -> None:
        pass


class _Nothing:
    """A descriptor of Windows, where none tells whether it has room."""

    def write(self, _: bytes) -> int:
        return 0

    def close(self) -> None:
        pass

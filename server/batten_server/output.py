"""Standard output, which keeps nobody waiting while the client is slow to read.

What a pipe takes at once is written at once, which is nearly everything. The rest is left to a
thread, and so is all that comes while it is at work: messages stay in order.
"""

from __future__ import annotations

import logging
import os
import select
import sys
import threading
from queue import SimpleQueue

_log = logging.getLogger(__name__)

AT_ONCE = 1 << 15
"""Bytes that an empty pipe has room for on every system that can tell whether it has room."""
PATIENCE = 1.0
"""Seconds that the end waits for a client that does not read."""


class Output:
    """A file descriptor as pygls wants a writer to be; silent once the client is gone.

    Written to in the thread of the event loop only.
    """

    def __init__(self, sink: int) -> None:
        self._sink = sink
        self._room = _room(sink)
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._left = 0  # counted by the event loop
        self._written = 0  # counted by the thread

    def write(self, data: bytes) -> None:
        """Write a message, or have it written after those before it."""
        if self._left == self._written and len(data) <= AT_ONCE and self._has_room():
            self._write(data)
            return
        self._left += 1
        self._waiting.put(data)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="batten-stdout", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Write what is left, as long as the client reads, and end."""
        if self._thread is None:
            os.close(self._sink)
            return
        self._waiting.put(None)
        self._thread.join(PATIENCE)

    def _has_room(self) -> bool:
        """Tell whether writing a little will surely not have to wait."""
        return self._room is not None and bool(self._room.poll(0))

    def _work(self) -> None:
        while (data := self._waiting.get()) is not None:
            self._write(data)
            self._written += 1
        os.close(self._sink)

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._sink, rest) :]
        except OSError as error:
            # The end of standard input, which comes with this, ends the session.
            _log.info("the client reads no more: %s", error)


def _room(sink: int) -> select.poll | None:
    """Return what tells whether there is room; None on Windows, where nothing does."""
    if sys.platform == "win32":
        return None
    room = select.poll()
    room.register(sink, select.POLLOUT)
    return room

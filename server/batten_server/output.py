"""Standard output, which keeps nobody waiting while the client is slow to read.

What it takes at once is written at once, which is nearly everything. The rest is left to a
thread, and so is all that comes while it is at work: messages stay in order.
"""

from __future__ import annotations

import logging
import os
import threading
from queue import SimpleQueue

from batten_server.at_once import at_once

_log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds that the end waits for a client that does not read."""


class Output:
    """A file descriptor as pygls wants a writer to be; silent once the client is gone.

    Written to in the thread of the event loop only.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._at_once = at_once(descriptor)
        self._waiting: SimpleQueue[bytes | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._left = 0  # counted by the event loop
        self._written = 0  # counted by the thread

    def write(self, data: bytes) -> None:
        """Write a message, or have it written after those before it."""
        if self._left == self._written:
            try:
                data = data[self._at_once.write(data) :]
            except OSError as error:
                _tell(error)
                return
            if not data:
                return
        self._left += 1
        self._waiting.put(data)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="batten-stdout", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Write what is left, as long as the client reads, and end."""
        self._at_once.close()
        if self._thread is None:
            os.close(self._descriptor)
            return
        self._waiting.put(None)
        self._thread.join(PATIENCE)

    def _work(self) -> None:
        while (data := self._waiting.get()) is not None:
            rest = memoryview(data)
            try:
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
            except OSError as error:
                _tell(error)
            self._written += 1
        os.close(self._descriptor)


def _tell(error: OSError) -> None:
    """Log that nobody reads; the end of standard input, which comes with it, ends the session."""
    _log.info("the client reads no more: %s", error)

"""Standard output, which keeps nobody waiting while the client is slow to read.

What it takes at once is written at once, which is nearly everything. The rest is left to a
thread, and so is all that comes while it is at work: messages stay in order. Of what waits, news
take the place of older ones (`backlog.py`).
"""

from __future__ import annotations

import logging
import os
import select
import threading

from batten_server.at_once import at_once
from batten_server.backlog import Backlog

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
        self._backlog = Backlog()
        self._news = threading.Condition()  # of the backlog, for the thread
        self._thread: threading.Thread | None = None
        self._left = 0  # counted by the event loop
        self._written = 0  # counted by the thread
        self._is_closing = False
        self._is_gone = False  # the client, which reads no more

    def write(self, data: bytes, about: str | None = None) -> None:
        """Write a message, or have it written after those before it.

        One `about` something takes the place of an older one that still waits.
        """
        if self._is_gone:
            return
        if self._left == self._written:
            try:
                done = self._at_once.write(data)
            except OSError as error:
                self._give_up(error)
                return
            if done == len(data):
                return
            if done:
                data, about = data[done:], None  # what has begun is to be ended
        with self._news:
            before = len(self._backlog)
            self._backlog.put(data, about)
            self._left += len(self._backlog) - before
            self._news.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="batten-stdout", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Write what is left, as long as the client reads, and end."""
        self._at_once.close()
        if self._thread is None:
            os.close(self._descriptor)
            return
        with self._news:
            self._is_closing = True
            self._news.notify()
        self._thread.join(PATIENCE)

    def _work(self) -> None:
        while (data := self._next()) is not None:
            try:
                self._write_all(memoryview(data))
            except OSError as error:
                self._give_up(error)
            self._written += 1
        os.close(self._descriptor)

    def _write_all(self, rest: memoryview) -> None:
        while rest and not self._is_gone:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:  # who shares the descriptor has made it so
                select.select([], [self._descriptor], [])

    def _next(self) -> bytes | None:
        """Wait for the next message; None when there will be no more."""
        with self._news:
            while not self._backlog:
                if self._is_closing:
                    return None
                self._news.wait()
            return self._backlog.take()

    def _give_up(self, error: OSError) -> None:
        """Write nothing more: nobody reads, and to log that may be to write.

        The end of standard input, which comes with it, ends the session.
        """
        self._is_gone = True
        _log.info("the client reads no more: %s", error)

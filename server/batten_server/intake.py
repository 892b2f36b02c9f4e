"""What comes from a client, handed to its session message by message, in order.

All messages that are there are handled before anything else runs, so that a burst of keys is one
analysis. After a request the others wait until its handler has begun: it is asked about the
documents as they are before the next message.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from batten_server.frames import Frames, NoMessageError

if TYPE_CHECKING:
    from batten_server.protocol import Protocol

_log = logging.getLogger(__name__)


class Intake:
    """The way of a client's bytes to the session of `protocol`; used in the event loop only."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._frames = Frames()
        self._loop = asyncio.get_running_loop()
        self._over = self._loop.create_future()
        self._is_at_end = False  # of the stream
        self._is_waiting = False  # for a handler to begin

    async def over(self) -> int:
        """Wait for `exit` or the end of the stream; return what the server is to exit with."""
        await self._over
        return self._protocol.exit_code

    def take(self, data: bytes) -> None:
        """Take bytes as they come, and handle the messages that are complete with them."""
        self._frames.add(data)
        if not self._is_waiting:
            self._handle()

    def end(self) -> None:
        """Take note that nothing more will come."""
        self._is_at_end = True
        if not self._is_waiting:
            self._handle()

    def _handle(self) -> None:
        self._is_waiting = False
        while not self._over.done() and (body := self._next()) is not None:
            if self._protocol.receive(body):
                self._is_waiting = True
                self._loop.call_soon(self._handle)
                return
            if self._protocol.ended:
                self._over.set_result(None)
        if self._is_at_end and not self._over.done():
            if not self._frames.is_empty:
                _log.warning("the stream from the client broke off in a message")
            self._over.set_result(None)

    def _next(self) -> bytes | None:
        try:
            return self._frames.next()
        except NoMessageError as error:
            _log.warning("the stream from the client broke: %s", error)
            self._over.set_result(None)
            return None

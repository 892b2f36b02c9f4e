"""`window/logMessage`: the log goes to the editor, which keeps it where users look.

What stands on standard error, editors show as errors. So it is used only before the session
begins. `$/setTrace` asks for more: `messages` for what is out of the ordinary, `verbose` for all.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from batten_server.server import BattenServer

_LEVELS = {
    types.TraceValue.Off: logging.WARNING,
    types.TraceValue.Messages: logging.INFO,
    types.TraceValue.Verbose: logging.DEBUG,
}


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    server.feature(types.SET_TRACE)(_set_trace)


class EditorLog(logging.Handler):
    """Sends records of this server to the editor of the one session of this process."""

    def __init__(self, server: BattenServer, before: logging.Handler) -> None:
        """Make a handler that hands to `before` what comes before the session."""
        super().__init__()
        self._server = server
        self._before = before
        self._loop = asyncio.get_running_loop()

    def emit(self, record: logging.LogRecord) -> None:
        """Send a record, from whichever thread it comes."""
        if not self._server.protocol.is_in_session:
            self._before.handle(record)
            return
        message = self.format(record)
        try:
            self._loop.call_soon_threadsafe(self._send, record.levelno, message)
        except RuntimeError:  # the session has ended meanwhile
            self._before.handle(record)

    def _send(self, level: int, message: str) -> None:
        self._server.window_log_message(types.LogMessageParams(_type(level), message))


def apply_trace(trace: types.TraceValue) -> None:
    """Log as much as the editor wants to know; never less than what matters."""
    logging.getLogger("batten_server").setLevel(_LEVELS.get(trace, logging.WARNING))


def _set_trace(ls: BattenServer, _: types.SetTraceParams) -> None:
    apply_trace(ls.protocol.trace)


def _type(level: int) -> types.MessageType:
    if level >= logging.ERROR:
        return types.MessageType.Error
    return types.MessageType.Warning if level >= logging.WARNING else types.MessageType.Log

"""A server on this machine that remembers the target of each request, byte for byte."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Type: text/plain\r\n\r\n"


class Recorder:
    """Answers every request with nothing; `targets` are what was asked for, in order."""

    def __init__(self) -> None:
        self.targets: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def sent_by(self, action: Callable[[], object]) -> bytes:
        """Return the target of the one request that an action makes."""
        before = len(self.targets)
        action()
        (target,) = self.targets[before:]
        return target

    def close(self) -> None:
        """Take no more connections."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
                while b"\r\n\r\n" in received:
                    head, _, received = received.partition(b"\r\n\r\n")
                    line = head.partition(b"\r\n")[0]
                    self.targets.append(line.partition(b" ")[2].rpartition(b" ")[0])
                    connection.sendall(ANSWER)

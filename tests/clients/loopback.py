"""A server on this machine that answers every request and notes what it was asked for."""

import contextlib
import socket
import threading

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


class Server:
    """Answers every request, and keeps the request lines without the version."""

    def __init__(self):
        self.lines = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection, contextlib.suppress(OSError):
                    received = b""
                    while b"\r\n\r\n" not in received:
                        more = connection.recv(65536)
                        if not more:
                            break
                        received += more
                    line = received.partition(b"\r\n")[0].decode("latin-1")
                    self.lines.append(line.rpartition(" ")[0])
                    connection.sendall(ANSWER)

    def close(self):
        self._socket.close()

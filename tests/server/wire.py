"""A server process at the other end of pipes or a socket, and the bytes between."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

STAND_IN = [sys.executable, str(Path(__file__).parent / "stand_in.py")]
TIMEOUT = 60
"""Seconds after which a server that hangs is killed, so that its test fails."""


def environment() -> dict[str, str]:
    """What a process needs to import what this one imports."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def frame(message: Any) -> bytes:
    """A message as it goes over the wire."""
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def opening(uri: str, text: str) -> dict[str, Any]:
    """The notification that opens a document."""
    item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    return {"method": "textDocument/didOpen", "params": {"textDocument": item}}


def initialization(process_id: int | None = None) -> dict[str, Any]:
    """The request that begins a session; its id is 0."""
    params = {"processId": process_id, "rootUri": None, "capabilities": {}}
    return {"id": 0, "method": "initialize", "params": params}


class Wire:
    """Both directions of a conversation, over binary streams."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source = source
        self._sink = sink

    def send(self, *messages: dict[str, Any]) -> None:
        """Write messages, all at once."""
        self.send_bytes(b"".join(map(frame, messages)))

    def send_bytes(self, data: bytes) -> None:
        """Write anything."""
        self._sink.write(data)
        self._sink.flush()

    def receive(self) -> dict[str, Any]:
        """Read the next message; AssertionError for anything that is not a message."""
        length = None
        while line := self._source.readline():
            if not line.strip():
                break
            name, _, value = line.partition(b": ")
            assert name in (b"Content-Length", b"Content-Type"), f"not a header: {line!r}"
            if name == b"Content-Length":
                length = int(value)
        assert length is not None, "the stream ended"
        message = json.loads(self._source.read(length))
        assert isinstance(message, dict)
        return message

    def begin(self, process_id: int | None = None) -> None:
        """Initialize the session."""
        self.send(initialization(process_id))
        assert self.receive()["id"] == 0
        self.send({"method": "initialized", "params": {}})


class Process(Wire):
    """A server process that ends with the test, and is killed when it hangs."""

    def __init__(self, *arguments: str, command: list[str] = STAND_IN, **options: Any) -> None:
        self.process = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            **options,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        super().__init__(self.process.stdout, self.process.stdin)
        self._watchdog = threading.Timer(TIMEOUT, self.process.kill)
        self._watchdog.start()

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self._watchdog.cancel()
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            with contextlib.suppress(OSError):  # what was not sent cannot be sent any more
                stream.close()

    def hang_up(self) -> None:
        """Close the server's standard input."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def wait(self, seconds: float) -> int:
        """Return the exit code; TimeoutExpired when the server is still there by then."""
        return self.process.wait(seconds)

    def errors(self) -> str:
        """What the server wrote to standard error, once it has ended."""
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()

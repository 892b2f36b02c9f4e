"""An editor, as far as a benchmark needs one: a language server's process, asked and timed."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

URI = "file:///benchmark/edited.py"
_CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "publishDiagnostics": {"versionSupport": True, "dataSupport": True},
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
    },
}


class Client:
    """One server with one document open, which is replaced a line at a time."""

    def __init__(
        self, command: Sequence[str], options: dict[str, Any], environment: dict[str, str]
    ) -> None:
        self._began = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._last_id = 0
        self._version = 0
        self.diagnostics: list[dict[str, Any]] = []
        self.actions: list[dict[str, Any]] = []
        params = {"processId": None, "rootUri": None, "capabilities": _CAPABILITIES}
        self.ask("initialize", {**params, "initializationOptions": options})
        self.started = time.perf_counter() - self._began
        self._tell("initialized", {})

    def open(self, text: str) -> float:
        """Open the document; return the seconds from the server's start to its diagnostics."""
        self._version = 1
        document = {"uri": URI, "languageId": "python", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        self._until_diagnosed()
        return time.perf_counter() - self._began

    def open_more(self, text: str, count: int) -> None:
        """Open more documents with this text, and wait until all are diagnosed.

        A thread opens them: a server that can't write because nobody reads would read no more.
        """
        uris = [URI.replace("edited", f"more{number}") for number in range(count)]
        opening = threading.Thread(target=self._open_all, args=(uris, text))
        opening.start()
        left = set(uris)
        while left:
            message = self._receive()
            if message.get("method") == "textDocument/publishDiagnostics":
                left.discard(message["params"]["uri"])
        opening.join()

    def _open_all(self, uris: list[str], text: str) -> None:
        for uri in uris:
            document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
            self._tell("textDocument/didOpen", {"textDocument": document})

    def open_asking(self, text: str) -> float:
        """Open one more document; return the longest seconds that it kept from other answers.

        The server is asked for what it does not know, which takes its event loop and no more.
        """
        uri = URI.replace("edited", "other")
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        longest, is_diagnosed = 0.0, False
        while not is_diagnosed:
            self._last_id += 1
            began = time.perf_counter()
            self._send({"id": self._last_id, "method": "benchmark/nothing", "params": None})
            while (message := self._receive()).get("id") != self._last_id:
                is_diagnosed |= message.get("params", {}).get("uri") == uri
            longest = max(longest, time.perf_counter() - began)
        return longest

    def type_letters(self, line: int, column: int, count: int) -> float:
        """Type letters as fast as they can be sent; return the seconds to the last diagnostics."""
        began = time.perf_counter()
        for number in range(count):
            self._version += 1
            place = {"line": line, "character": column + number}
            change = {"range": {"start": place, "end": place}, "text": "x"}
            self._change([change])
        self._until_diagnosed()
        return time.perf_counter() - began

    def _change(self, changes: list[dict[str, Any]]) -> None:
        document = {"uri": URI, "version": self._version}
        self._tell("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def replace_line(self, line: int, before: str, after: str) -> float:
        """Give a line a new text; return the seconds up to the diagnostics of that very text."""
        self._version += 1
        place = {
            "start": {"line": line, "character": 0},
            "end": {"line": line, "character": len(before)},
        }
        began = time.perf_counter()
        self._change([{"range": place, "text": after}])
        self._until_diagnosed()
        return time.perf_counter() - began

    def code_action(self) -> float:
        """Return the seconds that the code actions at the first finding take."""
        first = self.diagnostics[0]
        params = {
            "textDocument": {"uri": URI},
            "range": first["range"],
            "context": {"diagnostics": [first], "triggerKind": 1},
        }
        began = time.perf_counter()
        self.actions = self.ask("textDocument/codeAction", params) or []
        return time.perf_counter() - began

    def resolve(self) -> float:
        """Return the seconds that it takes to get the edit of the first of these actions."""
        action = next(each for each in self.actions if "data" in each)
        began = time.perf_counter()
        self.ask("codeAction/resolve", action)
        return time.perf_counter() - began

    def memory(self) -> float:
        """Return the resident memory of the server's process in MiB; Linux only."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def cpu(self) -> float:
        """Return the seconds of CPU time that the server's process has taken; Linux only."""
        status = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(status[11]) + int(status[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """End the server."""
        self.ask("shutdown", None)
        self._tell("exit", None)
        self._process.communicate(timeout=20)

    def ask(self, method: str, params: Any) -> Any:
        """Return the result of a request."""
        self._last_id += 1
        self._send({"id": self._last_id, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._last_id and "method" not in message:
                return message.get("result")

    def _until_diagnosed(self) -> None:
        while True:
            message = self._receive()
            if message.get("method") != "textDocument/publishDiagnostics":
                continue
            # Some servers do not say of which version they speak.
            if message["params"].get("version", self._version) == self._version:
                self.diagnostics = message["params"]["diagnostics"]
                return

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        """Return the next message; requests of the server are answered with null."""
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise EOFError("the server has ended")
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "method" in message and "id" in message:
            wants = message["params"].get("items", ()) if message.get("params") else ()
            result = [None] * len(wants) if wants else None
            self._send({"id": message["id"], "result": result})
        return message

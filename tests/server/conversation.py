"""A session with the server in this process: messages in, messages out, nothing between."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any, ClassVar

from expected import Listener
from stand_in import StandIn

from batten_server.server import BattenServer


class Conversation:
    """A client of a server with a stand-in engine.

    `sent` is what the server said, in order, and `about` what each was news of. What a test asks
    for with `told` or `asked` it expects; `begun` are the conversations of a test, whose surprises
    fail it.
    """

    begun: ClassVar[list[Conversation]] = []

    def __init__(self) -> None:
        self.begun.append(self)
        self.listener = Listener()
        self.program = StandIn()
        self.server = BattenServer(lambda: self.program)  # type: ignore[arg-type,return-value]
        self.server.protocol.set_writer(self, include_headers=False)  # type: ignore[arg-type]
        self.sent: list[dict[str, Any]] = []
        self.about: list[str | None] = []
        self._replied: set[Any] = set()
        self._last_id = 0
        self._came = asyncio.Event()

    def write(self, data: bytes, about: str | None = None) -> None:
        self.sent.append(json.loads(data))
        self.about.append(about)
        self.listener.server_says(self.sent[-1])
        self._came.set()

    def close(self) -> None:
        """What a writer has to have."""

    async def end(self) -> None:
        """End the session, as the server does when its client has gone."""
        await self.server.end()

    def raw(self, body: bytes) -> None:
        """Hand the server the body of a message."""
        with contextlib.suppress(ValueError, RecursionError):
            self.listener.client_says(json.loads(body))
        self.server.protocol.receive(body)

    def tell(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        self.raw(json.dumps({"jsonrpc": "2.0", "method": method, "params": params}).encode())

    async def ask(self, method: str, params: Any = None) -> Any:
        """Send a request and return its result; AssertionError when an error comes."""
        answer = await self.answer(method, params)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    async def answer(self, method: str, params: Any = None) -> dict[str, Any]:
        """Send a request and return the whole answer."""
        self._last_id += 1
        message = {"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params}
        self.raw(json.dumps(message).encode())
        return await self.answer_to(self._last_id)

    async def answer_to(self, message_id: Any) -> dict[str, Any]:
        """Return the answer to a request; TimeoutError when none comes, which is the defect."""
        return await asyncio.wait_for(self._answer_to(message_id), timeout=10)

    async def _answer_to(self, message_id: Any) -> dict[str, Any]:
        while True:
            for message in self.sent:
                if "method" not in message and message.get("id", "none at all") == message_id:
                    return message
            self._came.clear()
            await self._came.wait()

    async def asked(self, method: str) -> dict[str, Any]:
        """Return the params of the last request of the server's that is not answered yet."""
        return dict((await self._question(method))["params"])

    async def reply(self, method: str, result: Any) -> None:
        """Answer that request."""
        question = await self._question(method)
        self._replied.add(question["id"])
        message = {"jsonrpc": "2.0", "id": question["id"], "result": result}
        self.raw(json.dumps(message).encode())

    async def refuse(self, method: str) -> None:
        """Answer that request with an error."""
        question = await self._question(method)
        self._replied.add(question["id"])
        error = {"code": -32601, "message": "no such method"}
        message = {"jsonrpc": "2.0", "id": question["id"], "error": error}
        self.raw(json.dumps(message).encode())

    async def _question(self, method: str) -> dict[str, Any]:
        async def wait() -> dict[str, Any]:
            while True:
                for message in reversed(self.sent):
                    is_new = message.get("id") not in self._replied
                    if message.get("method") == method and "id" in message and is_new:
                        return message
                self._came.clear()
                await self._came.wait()

        return await asyncio.wait_for(wait(), timeout=60)

    def told(self, method: str) -> list[dict[str, Any]]:
        """Return the params of the server's notifications of a kind, in order."""
        self.listener.expected.add(method)
        return [message["params"] for message in self.sent if message.get("method") == method]

    async def initialize(self, capabilities: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Begin the session; return the server's capabilities."""
        params = {"processId": None, "rootUri": None, "capabilities": capabilities, **more}
        result = await self.ask("initialize", params)
        self.tell("initialized", {})
        return dict(result["capabilities"])

    def open(self, uri: str, text: str, version: int = 1) -> None:
        """Open a document."""
        item = {"uri": uri, "languageId": "python", "version": version, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, *changes: dict[str, Any]) -> None:
        """Edit a document."""
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": changes}
        self.tell("textDocument/didChange", params)

    def replace(self, uri: str, version: int, text: str) -> None:
        """Give a document a new text."""
        self.change(uri, version, {"text": text})

    def close_document(self, uri: str) -> None:
        """Close a document."""
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})

    async def settle(self) -> None:
        """Wait until the server has nothing left to do."""
        for _ in range(5):
            await asyncio.sleep(0)  # handlers that wait for nothing long get to their end
        while True:
            task = self.server.diagnostics._task
            if task is None or task.done():
                break
            await task
        await self.server.engine._worker.do(lambda: None)

    def published(self, uri: str) -> list[dict[str, Any]]:
        """Return what was published for a document, in order."""
        return [
            message["params"]
            for message in self.sent
            if message.get("method") == "textDocument/publishDiagnostics"
            and message["params"]["uri"] == uri
        ]

    def text(self, uri: str) -> str:
        """Return the text that the server holds for a document."""
        document = self.server.document(uri)
        assert document is not None
        return document.source.text

    def surprises(self) -> list[str]:
        """Return what the server said that nobody expected, such as a popup."""
        return [
            each
            for each in self.listener.surprises
            if not any(f"'method': '{method}'" in each for method in self.listener.expected)
        ]

    def assert_quiet(self) -> None:
        """Assert that the server published findings and said nothing else by itself."""
        said = {message["method"] for message in self.sent if "method" in message}
        assert said <= {"textDocument/publishDiagnostics"}

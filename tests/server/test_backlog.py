"""A client that does not read costs as much as there is to tell, however long its user types."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from batten_server import tcp, web_socket
from batten_server.backlog import Backlog

if TYPE_CHECKING:
    from conversation import Conversation
    from websockets.asyncio.server import ServerConnection

URI = "file:///work/a.py"


def test_news_take_the_place_of_older_ones_and_nothing_else_does() -> None:
    backlog = Backlog()
    for data, about in [
        (b"a1", "a"),
        (b"answer", None),
        (b"b1", "b"),
        (b"a2", "a"),
        (b"answer", None),
        (b"a3", "a"),
    ]:
        backlog.put(data, about)

    taken = [backlog.take() for _ in range(len(backlog))]
    assert taken == [b"answer", b"b1", b"answer", b"a3"]


def type_and_ask(writer: tcp.Connected | web_socket.Connected) -> None:
    for number in range(1000):
        writer.write(b"a%d" % number, "a")
        writer.write(b"b%d" % number, "b")
    writer.write(b"answer")
    writer.write(b"end", "a")


class FullTransport:
    """A transport that has too much after three messages."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.writer = tcp.Connected(cast("asyncio.Transport", self))
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.written.append(data)
        if len(self.written) % 3 == 0:
            self.writer.pause()

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True


def test_a_client_over_tcp_that_does_not_read() -> None:
    transport = FullTransport()
    type_and_ask(transport.writer)
    assert transport.written == [b"a0", b"b0", b"a1"]
    transport.writer.resume()

    assert transport.written == [b"a0", b"b0", b"a1", b"b999", b"answer", b"end"]


def test_what_waits_is_written_over_tcp_when_the_session_ends() -> None:
    transport = FullTransport()
    type_and_ask(transport.writer)
    transport.writer.close()
    transport.writer.write(b"too late")

    assert transport.written == [b"a0", b"b0", b"a1", b"b999", b"answer", b"end"]
    assert transport.is_closed


class FullConnection:
    """A WebSocket that sends when it may."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.may_send = asyncio.Event()

    async def send(self, data: str) -> None:
        await self.may_send.wait()
        self.sent.append(data)


async def test_a_client_over_web_socket_that_does_not_read() -> None:
    connection = FullConnection()
    writer = web_socket.Connected(cast("ServerConnection", connection))
    sending = asyncio.create_task(writer.send())
    writer.write(b"first", "a")
    await asyncio.sleep(0)
    type_and_ask(writer)
    await asyncio.sleep(0)
    writer.close()
    connection.may_send.set()
    await sending

    assert connection.sent == ["first", "b999", "answer", "end"]


async def test_findings_are_news_of_their_document(conversation: Conversation) -> None:
    conversation.open(URI, "bad_one")
    await conversation.settle()
    await conversation.ask("textDocument/hover", {"textDocument": {"uri": URI}, "position": PLACE})
    conversation.close_document(URI)
    await conversation.settle()

    assert conversation.about == [None, URI, None, URI]


PLACE = {"line": 0, "character": 0}

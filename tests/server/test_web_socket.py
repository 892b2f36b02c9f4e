"""Over WebSocket each message is one frame, and nothing that comes in one costs the session."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin
from wire import TIMEOUT, Process, initialization, opening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.client import ClientConnection

URI = "file:///work/a.py"
SHUTDOWN = {"id": "end", "method": "shutdown"}
EXIT = {"method": "exit"}
PLACE = {"line": 0, "character": 0}

SOON = 10.0
"""Seconds that are enough for an end on a busy machine, and far less than what would delay it."""


@pytest.fixture(scope="module")
def web_server() -> Iterator[str]:
    with Process("--ws", "127.0.0.1:0") as process:
        yield address_of(process)


@pytest.fixture
def client(web_server: str) -> Iterator[ClientConnection]:
    with connect(web_server, open_timeout=TIMEOUT) as connection:
        tell(connection, initialization())
        assert heard(connection)["id"] == 0
        yield connection


def test_every_client_has_a_session_of_its_own() -> None:
    with Process("--ws", "127.0.0.1:0") as server:
        address = address_of(server)
        for number in range(3):
            with connect(address, open_timeout=TIMEOUT) as client:
                tell(client, initialization())
                assert heard(client)["id"] == 0
                tell(client, opening(URI, "bad_é " * (number + 1)))
                assert len(heard(client)["params"]["diagnostics"]) == number + 1
                if number:  # the first just hangs up
                    tell(client, SHUTDOWN)
                    assert heard(client)["id"] == "end"
                    tell(client, EXIT)
                    with pytest.raises(ConnectionClosedOK):
                        client.recv(timeout=SOON)
        assert server.process.poll() is None


def test_clients_at_the_same_time_do_not_see_each_other(
    web_server: str, client: ClientConnection
) -> None:
    with connect(web_server) as other:
        tell(other, initialization())
        assert heard(other)["id"] == 0
        tell(client, opening(URI, "bad_one"))
        tell(other, opening(URI, "bad_one bad_two"))

        assert len(heard(client)["params"]["diagnostics"]) == 1
        assert len(heard(other)["params"]["diagnostics"]) == 2
        tell(other, SHUTDOWN)
        assert heard(other)["id"] == "end"
        tell(other, EXIT)
    assert_alive(client)


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        (None, True),
        ("http://localhost:3000", True),
        ("https://127.0.0.1", True),
        ("https://evil.example", False),
        ("http://localhost.evil.example", False),
        ("null", False),
    ],
)
def test_pages_of_other_machines_are_not_let_in(
    web_server: str, origin: str | None, is_let_in: bool
) -> None:
    try:
        with connect(web_server, origin=Origin(origin) if origin else None) as client:
            tell(client, initialization())
            assert heard(client)["id"] == 0
    except InvalidStatus:
        assert not is_let_in
    else:
        assert is_let_in


def test_any_path_will_do(web_server: str) -> None:
    with connect(f"{web_server}/some/path?with=query") as client:
        tell(client, initialization())
        assert heard(client)["id"] == 0


def test_a_message_may_come_in_fragments_and_as_bytes(client: ClientConnection) -> None:
    text = json.dumps({"jsonrpc": "2.0", **opening(URI, "bad_é")}, ensure_ascii=False)
    client.send(text[at : at + 7] for at in range(0, len(text), 7))
    assert len(heard(client)["params"]["diagnostics"]) == 1

    close = {"method": "textDocument/didClose", "params": {"textDocument": {"uri": URI}}}
    client.send(json.dumps({"jsonrpc": "2.0", **close}).encode())
    assert heard(client)["params"]["diagnostics"] == []
    assert_alive(client)


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        '{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}{}',
        '[{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}]',
        'Content-Length: 49\r\n\r\n{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}',
        b"\xff\xfe",
        b"\x00",
    ],
)
def test_a_frame_that_is_no_message_is_refused(client: ClientConnection, frame: str) -> None:
    client.send(frame)

    answer = heard(client)
    assert answer["id"] is None
    assert answer["error"]["code"] in (-32700, -32600)
    assert_alive(client)


def test_text_that_is_no_unicode_ends_the_connection_and_no_other(
    web_server: str, client: ClientConnection
) -> None:
    """The protocol of WebSocket says so."""
    with connect(web_server) as other:
        other.send(b"\xff\xfe", text=True)
        with pytest.raises(ConnectionClosedError):
            other.recv(timeout=SOON)
    assert_alive(client)


def test_a_mistake_in_one_message_costs_that_one(client: ClientConnection) -> None:
    tell(client, opening(URI, "bad_word"))
    heard(client)
    place = {"textDocument": {"uri": URI}, "position": PLACE}
    tell(client, {"id": 7, "method": "textDocument/hover", "params": place})
    tell(client, {"id": 7, "result": None})

    assert heard(client)["id"] == 7
    assert_alive(client)


def test_a_client_that_is_gone_in_the_middle_of_an_analysis_is_not_worth_a_line() -> None:
    with Process("--ws", "127.0.0.1:0") as server:
        address = address_of(server)
        for end in range(4):
            with connect(address) as client:
                tell(client, initialization())
                assert heard(client)["id"] == 0
                tell(client, opening(URI, "bad_word " * 50_000))
                place = {"textDocument": {"uri": URI}, "position": PLACE}
                tell(client, {"id": 7, "method": "textDocument/hover", "params": place})
                if end % 2:
                    client.socket.close()
        with connect(address) as client:
            tell(client, initialization())
            assert heard(client)["id"] == 0
            assert_alive(client)
        server.process.terminate()

        assert server.errors() == ""


def assert_alive(client: ClientConnection) -> None:
    """Assert that the session does its work."""
    tell(client, opening("file:///work/alive.py", "bad_word"))
    while (told := heard(client)).get("params", {}).get("uri") != "file:///work/alive.py":
        pass
    assert len(told["params"]["diagnostics"]) == 1


def address_of(server: Process) -> str:
    """Return where a server listens, of which it tells once."""
    assert server.process.stderr is not None
    return server.process.stderr.readline().decode().split()[-1]


def tell(client: ClientConnection, message: dict[str, Any]) -> None:
    client.send(json.dumps({"jsonrpc": "2.0", **message}))


def heard(client: ClientConnection) -> dict[str, Any]:
    return dict(json.loads(client.recv(timeout=TIMEOUT)))

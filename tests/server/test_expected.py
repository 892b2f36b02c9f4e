"""The check of what a server says, checked: it hears, and it is surprised when it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from expected import Listener

if TYPE_CHECKING:
    from editors import Session

URI = "file:///work/a.py"
PLACE = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 3}}
BARE = {"range": PLACE, "message": "x", "severity": 2, "code": "BTN101", "source": "batten"}


def said(method: str, params: Any, message_id: int | None = None) -> dict[str, Any]:
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    return message if message_id is None else {**message, "id": message_id}


def published(uri: str, *diagnostics: dict[str, Any], version: int | None = 1) -> dict[str, Any]:
    params = {"uri": uri, "version": version, "diagnostics": list(diagnostics)}
    return said("textDocument/publishDiagnostics", params)


def listener(**capabilities: Any) -> Listener:
    """One that has heard a client open a document."""
    heard = Listener()
    heard.client_says(said("initialize", {"capabilities": capabilities}, 1))
    heard.server_says({"jsonrpc": "2.0", "id": 1, "result": {}})
    item = {"uri": URI, "version": 1, "languageId": "python", "text": ""}
    heard.client_says(said("textDocument/didOpen", {"textDocument": item}))
    assert heard.surprises == []
    return heard


@pytest.mark.parametrize(
    "message",
    [
        said("window/showMessage", {"type": 1, "message": "sorry"}),
        said("window/logMessage", {"type": 1, "message": "a mistake of ours"}),
        said("telemetry/event", {}),
        said("batten/nonsense", {}),
        said("workspace/configuration", {"items": []}, 7),
        said("workspace/applyEdit", {"edit": {}}, 7),
        said("workspace/diagnostic/refresh", None, 7),
        said("window/workDoneProgress/create", {"token": 5}, 7),
        said("$/progress", {"token": 5, "value": {"kind": "end"}}),
        said(
            "client/registerCapability",
            {"registrations": [{"id": "a", "method": "workspace/didChangeWatchedFiles"}]},
            7,
        ),
        published("file:///other.py", BARE, version=None),
        published("file:///other.py", version=None),
        published(URI, BARE, version=2),
        published(URI, {**BARE, "tags": [1]}),
        published(URI, {**BARE, "data": 1}),
        published(URI, {**BARE, "relatedInformation": []}),
        published(URI, {**BARE, "codeDescription": {"href": "x"}}),
        published(URI, {**BARE, "range": {"start": PLACE["end"], "end": PLACE["start"]}}),
        published(URI, {"range": PLACE, "message": "no severity"}),
        {"jsonrpc": "2.0", "id": 1, "result": "a second time"},
        {"jsonrpc": "2.0", "id": "unasked", "result": None},
        {"id": 1, "result": None},
    ],
)
def test_what_a_client_did_not_declare_is_a_surprise(message: dict[str, Any]) -> None:
    heard = listener()
    heard.server_says(message)

    assert len(heard.surprises) >= 1


def test_what_it_declared_is_none() -> None:
    heard = listener(
        textDocument={"publishDiagnostics": {"tagSupport": {"valueSet": [1]}, "dataSupport": True}},
        workspace={"applyEdit": True, "configuration": True},
        window={"workDoneProgress": True},
    )
    for message in (
        published(URI, {**BARE, "tags": [1], "data": 1}),
        said("workspace/configuration", {"items": []}, 7),
        said("workspace/applyEdit", {"edit": {}}, 8),
        said("window/workDoneProgress/create", {"token": 5}, 9),
        said("$/progress", {"token": 5, "value": {"kind": "end"}}),
    ):
        heard.server_says(message)
    heard.client_says(said("textDocument/didClose", {"textDocument": {"uri": URI}}))
    heard.server_says(published(URI, version=None))

    assert heard.surprises == []


@pytest.mark.asyncio(loop_scope="session")
async def test_it_hears_the_editors_and_their_servers(editor: Session) -> None:
    buffer = editor.open("x = 1\n")
    await buffer.hover()
    heard = editor.listener

    assert heard._capabilities
    assert buffer.uri.lower() in {uri.replace("é", "%c3%a9") for uri in heard._versions}
    assert "textDocument/hover" in {heard._asked[each] for each in heard._answered}

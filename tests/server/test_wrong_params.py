"""Params that are not what the protocol says get a result or InvalidParams, no internal error."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from conversation import Conversation
from lsprotocol.types import ErrorCodes, LSPErrorCodes

if TYPE_CHECKING:
    from collections.abc import Iterator

URI = "file:///work/a.py"
DOCUMENT = {"uri": URI}
POSITION = {"line": 0, "character": 1}
RANGE = {"start": POSITION, "end": POSITION}
DIAGNOSTIC = {"range": RANGE, "message": "m", "code": "BTN101", "source": "Batten", "severity": 2}
TOKENS = {"workDoneToken": "w", "partialResultToken": "p"}
FIX = {"kind": "batten.fix", "uri": URI, "fingerprint": "word:word", "title": "Make it good"}
REQUESTS: dict[str, dict[str, Any]] = {
    "textDocument/hover": {"textDocument": DOCUMENT, "position": POSITION, "workDoneToken": "w"},
    "textDocument/codeAction": {
        "textDocument": DOCUMENT,
        "range": RANGE,
        "context": {"diagnostics": [DIAGNOSTIC], "only": ["quickfix"], "triggerKind": 1},
        **TOKENS,
    },
    "codeAction/resolve": {
        "title": "Make it good",
        "kind": "quickfix",
        "diagnostics": [DIAGNOSTIC],
        "isPreferred": True,
        "data": FIX,
    },
    "workspace/executeCommand": {
        "command": "batten.explainRule",
        "arguments": ["BTN101"],
        "workDoneToken": "w",
    },
    "textDocument/diagnostic": {
        "textDocument": DOCUMENT,
        "identifier": "batten",
        "previousResultId": "0",
        **TOKENS,
    },
    "workspace/diagnostic": {
        "identifier": "batten",
        "previousResultIds": [{"uri": "file:///work/gone.py", "value": "1"}],
        **TOKENS,
    },
    "initialize": {
        "processId": None,
        "clientInfo": {"name": "c", "version": "1"},
        "locale": "en",
        "rootPath": "/work",
        "rootUri": "file:///work",
        "initializationOptions": {"settings": {}},
        "capabilities": {"general": {"positionEncodings": ["utf-8"]}, "textDocument": {}},
        "trace": "off",
        "workspaceFolders": [{"uri": "file:///work", "name": "work"}],
        "workDoneToken": "w",
    },
}
WRONG: tuple[Any, ...] = (None, True, -1, 5, 2.5, 10**30, "x", "", [], [5], [None], {}, {"x": 5})
REFUSED = (ErrorCodes.InvalidParams.value, LSPErrorCodes.ContentModified.value)
PULLS = {
    "textDocument": {"diagnostic": {}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}


def wrong(params: Any) -> Iterator[Any]:
    """Yield params of which one part, or all, is of another type, or not there."""
    yield from WRONG
    members = params.items() if isinstance(params, dict) else enumerate(params)
    for key, value in members:
        for other in wrong(value) if isinstance(value, (dict, list)) else WRONG:
            changed = copy.copy(params)
            changed[key] = other
            yield changed
        if isinstance(params, dict):
            yield {name: member for name, member in params.items() if name != key}


@pytest.mark.parametrize("method", REQUESTS)
async def test_wrong_params_are_refused_as_such(method: str) -> None:
    conversation = await begun(method)
    answers: dict[str, Any] = {}
    for params in [REQUESTS[method], *wrong(REQUESTS[method])]:
        if method == "initialize":
            conversation = Conversation()
        answers[str(params)] = await conversation.answer(method, params)
        conversation.told("window/showMessage")  # of settings with a wrong key

    assert {
        params: answer["error"]
        for params, answer in answers.items()
        if "error" in answer and answer["error"]["code"] not in REFUSED
    } == {}
    assert "result" in answers[str(REQUESTS[method])]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/codeAction", {"context": {"diagnostics": [], "only": [5]}}),
        ("textDocument/hover", {"workDoneToken": {}}),
        ("textDocument/diagnostic", {"partialResultToken": [5]}),
        ("workspace/executeCommand", {"command": "batten.scanWorkspace", "workDoneToken": {}}),
        ("workspace/executeCommand", {"command": "batten.scanWorkspace", "workDoneToken": True}),
    ],
)
async def test_what_is_no_token_and_no_kind_is_refused(method: str, params: dict[str, Any]) -> None:
    conversation = await begun(method)
    answer = await conversation.answer(method, {**REQUESTS[method], **params})

    assert answer["error"]["code"] == ErrorCodes.InvalidParams.value


async def test_an_odd_diagnostic_does_not_cost_the_actions() -> None:
    method = "textDocument/codeAction"
    conversation = await begun(method)
    odd = {"diagnostics": [{**DIAGNOSTIC, "code": {}}, 5], "triggerKind": 9}

    assert await conversation.ask(method, {**REQUESTS[method], "context": odd}) != []


async def begun(method: str) -> Conversation:
    conversation = Conversation()
    if method != "initialize":
        await conversation.initialize(PULLS)
        conversation.open(URI, "bad_word\n")
        await conversation.settle()
        # News of the workspace, or a question about it would wait for some.
        conversation.server.diagnostics.outlet.deliver_unopened({"file:///work/b.py": []})
    return conversation


CELL = {"uri": "cell:1", "languageId": "python", "version": 1, "text": "bad_word\n"}
NOTEBOOK = {"uri": "file:///work/a.ipynb", "version": 2}
NOTIFICATIONS: dict[str, dict[str, Any]] = {
    "textDocument/didOpen": {
        "textDocument": {**DOCUMENT, "languageId": "python", "version": 1, "text": "bad_word\n"}
    },
    "textDocument/didChange": {
        "textDocument": {**DOCUMENT, "version": 2},
        "contentChanges": [{"range": RANGE, "rangeLength": 0, "text": ""}],
    },
    "textDocument/didClose": {"textDocument": DOCUMENT},
    "notebookDocument/didOpen": {
        "notebookDocument": {
            **NOTEBOOK,
            "notebookType": "jupyter-notebook",
            "metadata": {},
            "cells": [{"kind": 2, "document": "cell:1", "executionSummary": {"executionOrder": 1}}],
        },
        "cellTextDocuments": [CELL],
    },
    "notebookDocument/didChange": {
        "notebookDocument": NOTEBOOK,
        "change": {
            "cells": {
                "structure": {
                    "array": {"start": 0, "deleteCount": 0, "cells": [{"kind": 1, "document": ""}]},
                    "didOpen": [CELL],
                    "didClose": [{"uri": "cell:2"}],
                },
                "data": [{"kind": 2, "document": "cell:1"}],
                "textContent": [
                    {"document": {"uri": "cell:1", "version": 2}, "changes": [{"text": "x"}]}
                ],
            }
        },
    },
    "notebookDocument/didClose": {
        "notebookDocument": {"uri": "file:///work/a.ipynb"},
        "cellTextDocuments": [{"uri": "cell:1"}],
    },
    "workspace/didChangeConfiguration": {"settings": {"batten": {"ignore": ["BTN101"]}}},
    "workspace/didChangeWatchedFiles": {
        "changes": [{"uri": "file:///work/pyproject.toml", "type": 2}]
    },
    "workspace/didChangeWorkspaceFolders": {
        "event": {"added": [{"uri": "file:///work", "name": "work"}], "removed": []}
    },
    "workspace/didDeleteFiles": {"files": [{"uri": "file:///work/b"}]},
    "workspace/didRenameFiles": {"files": [{"oldUri": "file:///work/b", "newUri": "file:///c"}]},
    "$/setTrace": {"value": "off"},
    "$/cancelRequest": {"id": 5},
    "window/workDoneProgress/cancel": {"token": "t"},
}


@pytest.mark.parametrize("method", NOTIFICATIONS)
async def test_a_notification_with_wrong_params_costs_itself(method: str) -> None:
    """And is no mistake of ours, which would be in the log as an error."""
    conversation = await begun(method)
    if method in ("notebookDocument/didChange", "notebookDocument/didClose"):
        conversation.tell("notebookDocument/didOpen", NOTIFICATIONS["notebookDocument/didOpen"])
    for params in wrong(NOTIFICATIONS[method]):
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        conversation.server.protocol.receive(json.dumps(message).encode())
        await conversation.settle()
    conversation.told("window/showMessage")  # of settings with a wrong key
    conversation.told("textDocument/publishDiagnostics")  # of what nobody has opened
    conversation.open("file:///work/other.py", "bad_word\n")

    hover = {"textDocument": {"uri": "file:///work/other.py"}, "position": POSITION}
    assert await conversation.ask("textDocument/hover", hover)


@pytest.mark.parametrize("language", [None, "", 5])
async def test_a_document_in_no_language_is_told_by_its_name(language: object) -> None:
    conversation = await begun("textDocument/hover")
    item = {"uri": "file:///work/b.py", "languageId": language, "version": 1, "text": "bad_word\n"}
    conversation.tell("textDocument/didOpen", {"textDocument": item})

    assert conversation.text("file:///work/b.py") == "bad_word\n"

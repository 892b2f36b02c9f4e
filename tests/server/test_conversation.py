"""Every request is answered once, whatever comes, and the session goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conversation import Conversation

URI = "file:///work/a.py"
AT_START = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
NOT_INITIALIZED, CANCELLED = -32002, -32800


async def assert_alive(conversation: Conversation) -> None:
    """Assert that the session still does its work."""
    conversation.open("file:///work/alive.py", "bad_word\n")
    await conversation.settle()
    assert conversation.published("file:///work/alive.py")[-1]["diagnostics"]


@pytest.mark.parametrize("method", ["textDocument/formatting", "batten/nonsense", "$/nonsense", ""])
async def test_an_unknown_request_is_refused(conversation: Conversation, method: str) -> None:
    answer = await conversation.answer(method, {"a": 1})

    assert answer["error"]["code"] == METHOD_NOT_FOUND


@pytest.mark.parametrize("method", ["batten/nonsense", "$/nonsense", "textDocument/didSave"])
async def test_an_unknown_notification_is_ignored(conversation: Conversation, method: str) -> None:
    conversation.tell(method, {"a": 1})

    assert len(conversation.sent) == 1  # the answer to initialize
    await assert_alive(conversation)


@pytest.mark.parametrize("method", ["textDocument/codeAction", "textDocument/hover"])
@pytest.mark.parametrize(
    "params",
    [
        None,
        [],
        "text",
        {},
        {"textDocument": None},
        {"textDocument": {"uri": URI}},
        {"textDocument": {"uri": URI}, "position": {"line": "x"}, "range": [], "context": 5},
    ],
)
async def test_a_request_with_wrong_params_is_refused(
    conversation: Conversation, method: str, params: Any
) -> None:
    answer = await conversation.answer(method, params)

    assert answer["error"]["code"] == INVALID_PARAMS
    await assert_alive(conversation)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("workspace/didChangeConfiguration", {"settings": {}}),
        ("textDocument/didClose", {"textDocument": {"uri": URI}}),
        ("$/setTrace", {"value": "off"}),
        ("$/cancelRequest", {"id": 1}),
        ("initialized", {}),
        ("exit", None),
    ],
)
async def test_a_notification_that_asks_for_an_answer_is_refused(
    conversation: Conversation, method: str, params: Any
) -> None:
    answer = await conversation.answer(method, params)

    assert answer["error"]["code"] == METHOD_NOT_FOUND
    await assert_alive(conversation)


async def test_a_request_without_params_is_refused(conversation: Conversation) -> None:
    conversation.raw(b'{"jsonrpc": "2.0", "id": "a", "method": "textDocument/hover"}')
    conversation.raw(b'{"jsonrpc": "2.0", "id": "b", "method": "batten/nonsense"}')

    assert (await conversation.answer_to("a"))["error"]["code"] == INVALID_PARAMS
    assert (await conversation.answer_to("b"))["error"]["code"] == METHOD_NOT_FOUND


@pytest.mark.parametrize(
    "method", ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"]
)
@pytest.mark.parametrize("params", [None, {}, {"textDocument": {"uri": 5}}, [1]])
async def test_a_notification_with_wrong_params_is_ignored(
    conversation: Conversation, method: str, params: Any
) -> None:
    conversation.tell(method, params)

    await assert_alive(conversation)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"nonsense",
        b"[" * 100_000,
    ],
)
async def test_what_is_not_json_is_refused(conversation: Conversation, body: bytes) -> None:
    conversation.raw(body)

    assert (await conversation.answer_to(None))["error"]["code"] == PARSE_ERROR
    await assert_alive(conversation)


@pytest.mark.parametrize(
    "message",
    [
        [],
        5,
        {},
        {"jsonrpc": "1.0", "id": 7, "method": "shutdown"},
        {"jsonrpc": "2.0", "id": 7, "method": ["shutdown"]},
        {"jsonrpc": "2.0", "id": {"a": 1}, "method": "shutdown"},
        {"jsonrpc": "2.0", "id": 1.5, "method": "shutdown"},
        {"jsonrpc": "2.0", "id": None, "method": "shutdown"},
    ],
)
async def test_json_that_is_no_message_is_refused(conversation: Conversation, message: Any) -> None:
    conversation.raw(json.dumps(message).encode())

    known = message.get("id") if isinstance(message, dict) else None
    answer = await conversation.answer_to(known if known == 7 else None)
    assert answer["error"]["code"] == INVALID_REQUEST
    await assert_alive(conversation)


@pytest.mark.parametrize(
    "message",
    [
        {"jsonrpc": "2.0", "id": "unasked", "result": 5},
        {"jsonrpc": "2.0", "id": [1], "result": None},
        {"jsonrpc": "2.0", "id": None, "error": {"code": 1, "message": "?"}},
        {"jsonrpc": "2.0"},
    ],
)
async def test_an_answer_to_no_question_is_ignored(
    conversation: Conversation, message: Any
) -> None:
    conversation.raw(json.dumps(message).encode())

    assert len(conversation.sent) == 1
    await assert_alive(conversation)


async def test_a_mistake_of_ours_costs_one_message(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("a mistake of ours")

    with monkeypatch.context() as patch:
        patch.setattr(conversation.server.protocol, "_take_notification", fail)
        conversation.open(URI, "bad_word\n")

    assert "a mistake of ours" in caplog.text
    await assert_alive(conversation)


async def test_an_answer_to_the_clients_own_question_is_ignored(conversation: Conversation) -> None:
    """It keeps its questions and those of ours beside each other, and may mix them up."""
    conversation.open(URI, "bad_word\n")
    place = {"textDocument": {"uri": URI}, "position": AT_START["start"]}
    message = {"jsonrpc": "2.0", "id": "it", "method": "textDocument/hover", "params": place}
    conversation.raw(json.dumps(message).encode())
    conversation.raw(b'{"jsonrpc": "2.0", "id": "it", "result": null}')

    assert (await conversation.answer_to("it"))["result"]["contents"]


async def test_a_question_of_ours_is_not_the_clients_to_cancel() -> None:
    conversation = Conversation()
    await conversation.initialize({"workspace": {"configuration": True}})
    await conversation.asked("workspace/configuration")
    question = next(each["id"] for each in conversation.sent if "method" in each)
    conversation.tell("$/cancelRequest", {"id": question})
    await conversation.reply("workspace/configuration", [{"severity": {"BTN101": "error"}}])
    conversation.open(URI, "bad_word\n")
    await conversation.settle()

    assert conversation.published(URI)[-1]["diagnostics"][0]["severity"] == 1


async def test_nothing_is_done_before_initialize() -> None:
    conversation = Conversation()
    conversation.open(URI, "bad_word\n")
    answer = await conversation.answer("textDocument/hover", {})

    assert answer["error"]["code"] == NOT_INITIALIZED
    assert len(conversation.sent) == 1


async def test_a_second_initialize_is_refused(conversation: Conversation) -> None:
    answer = await conversation.answer("initialize", {"processId": None, "capabilities": {}})

    assert answer["error"]["code"] == INVALID_REQUEST


@pytest.mark.parametrize("params", [{}, None])
async def test_after_shutdown_requests_are_refused(conversation: Conversation, params: Any) -> None:
    assert await conversation.ask("shutdown", params) is None
    answer = await conversation.answer("textDocument/hover", {})

    assert answer["error"]["code"] == INVALID_REQUEST


@pytest.mark.parametrize(
    "capabilities",
    [
        {"textDocument": {"publishDiagnostics": {"tagSupport": {"valueSet": [1, 99, "x"]}}}},
        {"textDocument": {"publishDiagnostics": {"tagSupport": True}}},
        {"textDocument": {"codeAction": {"codeActionLiteralSupport": True}}},
        {"textDocument": {"codeAction": {"resolveSupport": {"properties": 5}}}},
        {"textDocument": {"hover": {"contentFormat": 5}}},
        {"textDocument": {"foldingRange": {"rangeLimit": -1}}},
        {"textDocument": 5, "workspace": {"workspaceEdit": "yes"}},
        {"workspace": {"workspaceEdit": {"resourceOperations": ["copy"]}}},
        {"general": {"positionEncodings": ["utf-7", "utf-8"]}},
        {"general": {"positionEncodings": []}},
        {"unheardOf": {"x": 1}},
    ],
)
async def test_odd_capabilities_cost_themselves_and_not_the_session(
    capabilities: dict[str, Any],
) -> None:
    conversation = Conversation()
    document = capabilities.setdefault("textDocument", {})
    if isinstance(document, dict):
        document.setdefault("publishDiagnostics", {})["codeDescriptionSupport"] = True
    await conversation.initialize(capabilities)

    assert conversation.server.editor.code_description is isinstance(document, dict)
    await assert_alive(conversation)


@pytest.mark.parametrize(
    "more",
    [
        {"trace": "on"},
        {"clientInfo": {"version": "1"}},
        {"clientInfo": "vi"},
        {"processId": "none"},
        {"workspaceFolders": ["file:///work"]},
        {"workspaceFolders": "file:///work", "trace": 1, "locale": {}},
    ],
)
async def test_what_is_odd_about_a_client_does_not_cost_the_session(more: dict[str, Any]) -> None:
    conversation = Conversation()
    await conversation.initialize({}, **more)

    await assert_alive(conversation)


async def test_an_odd_folder_costs_that_one() -> None:
    conversation = Conversation()
    folders = [{"uri": "file:///a"}, {"name": "b"}, None, {"uri": None, "name": "c"}]
    await conversation.initialize({}, workspaceFolders=folders)

    assert list(conversation.server.folders) == ["file:///a"]


@pytest.mark.parametrize(
    "diagnostic",
    [
        {"range": AT_START, "message": "another tool's", "source": "other", "code": 5},
        {"range": AT_START, "message": "odd data", "source": "batten", "data": [1, {"x": None}]},
        {"range": AT_START, "message": "data like a message", "data": {"jsonrpc": "2.0", "id": 1}},
        {"range": AT_START, "message": "unknown tag", "tags": [1, 77]},
        {"range": AT_START, "message": "unknown severity", "severity": "high"},
        {"range": None, "message": "no range"},
        {"message": "no range at all"},
        {"range": {"start": {"line": -1, "character": 0}, "end": {"line": 2**40, "character": 9}}},
        {"range": AT_START, "message": "odd code", "code": {"value": "x", "target": "y"}},
        "not even an object",
        None,
    ],
)
async def test_odd_diagnostics_beside_ours_do_not_cost_the_code_actions(
    conversation: Conversation, diagnostic: Any
) -> None:
    conversation.open(URI, "bad_word\n")
    context = {"diagnostics": [diagnostic, diagnostic], "triggerKind": 44}
    actions = await conversation.ask(
        "textDocument/codeAction",
        {"textDocument": {"uri": URI}, "range": AT_START, "context": context},
    )

    assert [action["title"] for action in actions] == [
        "Make it good",
        "Give it up (may change what is sent for harmless values)",
        "Ignore BTN101 on this line",
    ]


@pytest.mark.parametrize(
    "place",
    [
        {"start": {"line": 0, "character": 4}, "end": {"line": 2**32 - 1, "character": 2**32 - 1}},
        {"start": {"line": -5, "character": -5}, "end": {"line": 0, "character": 2}},
    ],
)
async def test_a_range_out_of_the_text_is_brought_into_it(
    conversation: Conversation, place: dict[str, Any]
) -> None:
    conversation.open(URI, "bad_word\n")
    actions = await conversation.ask(
        "textDocument/codeAction",
        {"textDocument": {"uri": URI}, "range": place, "context": {"diagnostics": []}},
    )

    assert len(actions) == 3


async def test_edits_and_questions_to_a_document_that_is_not_open_do_no_harm(
    conversation: Conversation,
) -> None:
    conversation.change(URI, 2, {"range": AT_START, "text": "x"})
    conversation.close_document(URI)
    params = {"textDocument": {"uri": URI}, "position": AT_START["start"]}

    assert await conversation.ask("textDocument/hover", params) is None
    assert conversation.published(URI) == []
    await assert_alive(conversation)


async def test_an_edit_that_cannot_be_read_is_not_read_as_something_else(
    conversation: Conversation,
) -> None:
    conversation.open(URI, "whole text\n")
    conversation.change(URI, 2, {"range": {"start": {"line": 0}}, "text": "x"})

    assert conversation.text(URI) == "whole text\n"


async def test_a_request_can_be_cancelled(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word sleep_now\n")
    conversation.raw(
        json.dumps(
            {
                "jsonrpc": "2.0",
                "id": "slow",
                "method": "textDocument/hover",
                "params": {"textDocument": {"uri": URI}, "position": AT_START["start"]},
            }
        ).encode()
    )
    conversation.tell("$/cancelRequest", {"id": "slow"})

    assert (await conversation.answer_to("slow"))["error"]["code"] == CANCELLED


@pytest.mark.parametrize("params", [None, {}, {"id": "answered long ago"}, {"id": [1]}])
async def test_a_cancellation_of_nothing_is_ignored(
    conversation: Conversation, params: Any
) -> None:
    conversation.tell("$/cancelRequest", params)

    await assert_alive(conversation)


async def test_a_failing_analysis_answers_with_nothing_and_the_rest_works(
    conversation: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    conversation.open(URI, "bad_word raise_now\n")
    params = {"textDocument": {"uri": URI}, "position": AT_START["start"]}

    assert await conversation.ask("textDocument/hover", params) is None
    assert (
        await conversation.ask(
            "textDocument/codeAction",
            {**params, "range": AT_START, "context": {"diagnostics": []}},
        )
        == []
    )
    await assert_alive(conversation)
    assert (
        len([record for record in caplog.records if "a rule that fails" in (record.exc_text or "")])
        == 1
    )

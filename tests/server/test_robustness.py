"""Texts, bursts and failures that no editor should send, and what they must not cost."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from wire import Process, opening

if TYPE_CHECKING:
    from conversation import Conversation

    from batten.rewrite.edit import Fix
    from batten.rules.finding import Finding

URI = "file:///work/a.py"
HOLE = 'import requests\n\n\ndef f(name):\n    requests.get("https://x.test/?q=%s" % name)\n'
REAL = [__import__("sys").executable, "-m", "batten_server"]
LONG = 120.0
"""Seconds for the largest texts on a busy machine; a hang is far longer."""


def until(server: Process, wanted: Any) -> dict[str, Any]:
    """Read up to the message that is wanted."""
    while not wanted(message := server.receive()):
        assert message.get("method") != "window/showMessage", message
    return message


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("x = 1\n" * 100_000 + HOLE, 1),
        ("x = '" + "a" * 5_000_000 + "'\n" + HOLE, 1),
        ("x = " + "(" * 10_000 + ")" * 10_000 + "\n" + HOLE, 1),
        ("x = " + "[" * 10_000 + "\n" + HOLE, None),
        ("x = " + "-" * 10_000 + "1\n" + HOLE, 1),
        ("if x:\n" + "".join(" " * depth + "if x:\n" for depth in range(1, 500)), 0),
        ("x = '\ud800'\n" + HOLE, 1),
        ("x = 1\0\n" + HOLE, None),
        ('x = """\n' * 2001 + HOLE, None),
        ("# " + "batten: ignore[" * 10_000 + "\n" + HOLE, 1),
        ("f(\n" * 5_000 + "# batten: ignore[BTN102]\n" * 100 + HOLE, None),
        ("\r".join(["x = 1"] * 10_000) + "\r" + HOLE, 1),
    ],
    ids=[
        "100,000 lines",
        "a line of 5 MB",
        "10,000 brackets",
        "10,000 open brackets",
        "10,000 operators",
        "500 blocks",
        "a lone surrogate",
        "a null",
        "odd triple quotes",
        "10,000 half suppressions",
        "suppressions in open brackets",
        "lone carriage returns",
    ],
)
def test_no_text_takes_the_server_away(real: Process, text: str, count: int | None) -> None:
    uri = f"file:///work/{abs(hash(text))}.py"
    began = time.monotonic()
    real.send(opening(uri, text))
    published = until(real, lambda message: message.get("params", {}).get("uri") == uri)
    place = {"line": text.count("\n") - 1, "character": 45}
    params = {"textDocument": {"uri": uri}, "position": place}
    real.send({"id": "hover", "method": "textDocument/hover", "params": params})
    until(real, lambda message: message.get("id") == "hover")
    real.send({"method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}})

    if count is not None:
        assert len(published["params"]["diagnostics"]) == count
    assert time.monotonic() - began < LONG


@pytest.fixture(scope="module")
def real() -> Any:
    """The server as it is, for texts that it survives."""
    with Process("--stdio", command=REAL) as process:
        process._watchdog.cancel()
        process.begin()
        yield process


@pytest.mark.parametrize(
    "text",
    [
        "import requests\n"
        + "".join(
            f'\n\ndef f{n}(name):\n    requests.get("https://x.test/?q=%s" % name)\n'
            for n in range(2_000)
        ),
        "import requests\n\n\ndef f(name):\n"
        + '    requests.get("https://x.test/?q=%s" % name)\n' * 300,
    ],
    ids=["of many functions", "of one function"],
)
def test_a_question_is_answered_while_a_giant_file_is_analysed(real: Process, text: str) -> None:
    """And keys that come meanwhile are taken: what is told first is of the newest text."""
    uri = f"file:///work/giant{len(text)}.py"
    explain = {"command": "batten.explainRule", "arguments": ["BTN101"]}
    real.send(opening(uri, text))
    for version in range(2, 6):
        change = {"range": {"start": END_OF_IMPORT, "end": END_OF_IMPORT}, "text": " "}
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": [change]}
        real.send({"method": "textDocument/didChange", "params": params})
        real.send({"id": version, "method": "workspace/executeCommand", "params": explain})
    said = []
    while len(said) < 5:
        message = real.receive()
        if message.get("id") in range(2, 6):
            said.append(message["id"])
        elif message.get("params", {}).get("uri") == uri:
            said.append("findings")
            assert message["params"]["version"] == 5
            assert len(message["params"]["diagnostics"]) == text.count("%s")
    real.send({"method": "textDocument/didClose", "params": {"textDocument": {"uri": uri}}})

    assert said == [2, 3, 4, 5, "findings"]


END_OF_IMPORT = {"line": 0, "character": 15}


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1",
        "vscode-notebook-cell:/work/a.ipynb#x",
        "git:/work/a.py?ref",
        "",
        "nonsense",
        "file:",
        "file:///",
        "file:///work/%ZZ.py",
        "file:///work/%00.py",
        "file:///" + "x" * 10_000 + ".py",
        "file://host/share/a.py",
    ],
)
async def test_no_uri_is_too_odd(conversation: Conversation, uri: str) -> None:
    conversation.open(uri, "bad_word\n")
    await conversation.settle()

    assert len(conversation.published(uri)[-1]["diagnostics"]) == 1


async def test_slow_questions_do_not_hold_up_typing(conversation: Conversation) -> None:
    """40 of them wait for the analysis; the texts are taken and quick ones are answered."""
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    conversation.program.delay = 0.05
    for number in range(40):
        params = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 1}}
        message = {"jsonrpc": "2.0", "id": f"slow{number}", "method": "textDocument/hover"}
        conversation.replace(URI, number + 2, "bad_word" + "x" * number)
        conversation.raw(json.dumps({**message, "params": params}).encode())
        await asyncio.sleep(0)
    assert conversation.text(URI) == "bad_word" + "x" * 39
    params = {"command": "batten.explainRule", "arguments": ["BTN101"]}
    await conversation.ask("workspace/executeCommand", params)
    answered = [each["id"] for each in conversation.sent if "method" not in each]
    assert "slow39" not in answered

    for number in range(40):
        await conversation.answer_to(f"slow{number}")


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/hover", {"position": {"line": 0, "character": 1}}),
        (
            "textDocument/codeAction",
            {
                "range": {
                    "start": {"line": 0, "character": 1},
                    "end": {"line": 0, "character": 1},
                },
                "context": {"diagnostics": []},
            },
        ),
        ("codeAction/resolve", None),
        ("workspace/executeCommand", {"command": "batten.showDebugInformation"}),
    ],
)
@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8])
async def test_a_request_is_answered_once_whenever_it_is_cancelled(
    conversation: Conversation, method: str, params: Any, turns: int
) -> None:
    conversation.open(URI, "bad_word\n")
    if params is None:
        data = {"kind": "batten.fix", "uri": URI, "fingerprint": "word:word", "title": "Give it up"}
        params = {"title": "x", "data": data}
    sent = {"textDocument": {"uri": URI}, **params}
    message = {"jsonrpc": "2.0", "id": "it", "method": method, "params": sent}
    conversation.raw(json.dumps(message).encode())
    for _ in range(turns):
        await asyncio.sleep(0.001)
    conversation.tell("$/cancelRequest", {"id": "it"})
    await conversation.answer_to("it")
    await conversation.settle()

    assert sum(each.get("id") == "it" for each in conversation.sent) == 1


ALL = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}


async def begin_to_fix_everything(conversation: Conversation) -> None:
    """Ask for the actions of a whole file, and leave when the first fixes have been tried."""
    try_fixes = conversation.program.fixes

    def slowly(finding: Finding) -> tuple[Fix, ...]:
        time.sleep(0.01)
        return try_fixes(finding)

    conversation.program.fixes = slowly  # type: ignore[method-assign]
    conversation.open(URI, "bad_word\n" * 50)
    await conversation.settle()
    params = {"textDocument": {"uri": URI}, "range": ALL, "context": {"diagnostics": []}}
    message = {"jsonrpc": "2.0", "id": "all", "method": "textDocument/codeAction"}
    conversation.raw(json.dumps({**message, "params": params}).encode())
    while not tried(conversation):
        await asyncio.sleep(0.001)


def tried(conversation: Conversation) -> int:
    """Return of how many findings the fixes were tried."""
    return sum(each.startswith("fixes") for each in conversation.program.log)


async def test_a_question_is_answered_while_the_fixes_of_a_whole_file_are_tried(
    conversation: Conversation,
) -> None:
    await begin_to_fix_everything(conversation)
    params = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 1}}
    await conversation.ask("textDocument/hover", params)

    assert tried(conversation) < 25
    titles = [each["title"] for each in (await conversation.answer_to("all"))["result"]]
    assert titles.count("Make it good") == 50


async def test_fixes_that_nobody_waits_for_are_not_tried(conversation: Conversation) -> None:
    await begin_to_fix_everything(conversation)
    conversation.tell("$/cancelRequest", {"id": "all"})
    assert "error" in await conversation.answer_to("all")
    await conversation.settle()

    assert tried(conversation) < 25


async def test_fixes_of_a_text_that_has_changed_are_not_tried(conversation: Conversation) -> None:
    await begin_to_fix_everything(conversation)
    conversation.replace(URI, 2, "bad_word\n")

    assert (await conversation.answer_to("all"))["result"] == []
    assert tried(conversation) < 25


async def test_fixes_are_tried_anew_when_another_document_changes(
    conversation: Conversation,
) -> None:
    await begin_to_fix_everything(conversation)
    conversation.open("file:///work/b.py", "bad_word\n")

    titles = [each["title"] for each in (await conversation.answer_to("all"))["result"]]
    assert titles.count("Make it good") == 50
    assert tried(conversation) > 50


async def test_a_thousand_edits_in_one_notification(conversation: Conversation) -> None:
    conversation.open(URI, "\n")
    start = {"line": 0, "character": 0}
    change = {"range": {"start": start, "end": start}, "text": "bad_x\n"}
    conversation.change(URI, 2, *[change] * 1000)
    await conversation.settle()

    assert len(conversation.published(URI)[-1]["diagnostics"]) == 1000


async def test_documents_come_and_go_without_a_trace(conversation: Conversation) -> None:
    for number in range(100):
        uri = f"file:///work/{number}.py"
        conversation.open(uri, "bad_word\n")
        await conversation.settle()
        conversation.close_document(uri)
    await conversation.settle()

    server = conversation.server
    assert not server.documents
    assert not server.diagnostics.outlet._shown  # type: ignore[attr-defined]
    assert not server.diagnostics.outlet._delivered  # type: ignore[attr-defined]
    assert not server.engine._analysis._diagnoses
    assert not server.engine._analysis._taken


async def test_what_is_running_is_stopped_when_the_client_has_gone(
    conversation: Conversation,
) -> None:
    """A server on a socket would go on with it, for nobody, and other clients would wait."""
    program = conversation.program
    program.held = begun, may_end = threading.Event(), threading.Event()
    conversation.open(URI, "bad_word\n")
    await asyncio.to_thread(begun.wait)
    place = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 1}}
    message = {"jsonrpc": "2.0", "id": "it", "method": "textDocument/hover", "params": place}
    conversation.raw(json.dumps(message).encode())
    await asyncio.sleep(0.01)
    running = {asyncio.current_task()}
    await conversation.end()
    may_end.set()
    await asyncio.sleep(0.05)

    assert program.looked_at == []
    assert asyncio.all_tasks() == running
    thread = conversation.server.engine._worker._thread
    assert thread is not None
    assert not thread.is_alive()


async def test_the_same_failure_is_logged_once(
    conversation: Conversation, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(5):
        conversation.open(f"file:///work/{number}.py", "raise_now\n")
        await conversation.settle()
    conversation.open(URI, "bad_word\n")
    await conversation.settle()

    assert [each.levelname for each in caplog.records if each.levelname == "ERROR"] == ["ERROR"]
    assert len(conversation.published(URI)[-1]["diagnostics"]) == 1
    assert conversation.told("window/showMessage") == []


async def test_a_byte_order_mark_counts_as_the_character_that_the_editor_sent(
    conversation: Conversation,
) -> None:
    conversation.open(URI, "\ufeffbad_word\n")
    await conversation.settle()
    (diagnostic,) = conversation.published(URI)[-1]["diagnostics"]

    assert diagnostic["range"]["start"] == {"line": 0, "character": 1}


async def test_a_text_that_is_switched_to_another_language_has_no_findings(
    conversation: Conversation,
) -> None:
    uri = "untitled:Untitled-1"
    conversation.open(uri, "bad_word\n")
    await conversation.settle()
    conversation.close_document(uri)  # as editors tell it
    item = {"uri": uri, "languageId": "plaintext", "version": 1, "text": "bad_word\n"}
    conversation.tell("textDocument/didOpen", {"textDocument": item})
    await conversation.settle()

    assert conversation.published(uri)[-1]["diagnostics"] == []

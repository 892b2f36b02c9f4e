"""Traps of language servers that have no other test; `traps.md` lists all of them."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from conversation import Conversation

from batten.syntax import text as syntax_text
from batten_server import engine as engine_module
from batten_server import kept_diagnostics as kept_module

URI = "file:///work/a.py"
AT_START = {"line": 0, "character": 0}


def test_every_test_that_the_list_names_exists() -> None:
    here = Path(__file__).parent
    text = (here / "traps.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "| test |" not in line]
    ours = re.findall(r"\| `(test_\w+\.py)`: `(test_\w+)` \|", text)
    extension = re.findall(r'\| `(\w+\.test\.ts)`: "([^"]+)" \|', text)

    assert len(ours) + len(extension) == len([row for row in rows if "---" not in row])
    for file, name in ours:
        tests = (here / file).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {name}\(", tests, re.MULTILINE), (file, name)
    for file, title in extension:
        tests = (here.parents[1] / "vscode-client" / "test" / file).read_text(encoding="utf-8")
        assert f'test("{title}"' in tests, (file, title)


async def test_diagnostics_are_written_down_beside_the_event_loop(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: list[threading.Thread] = []
    written = kept_module.diagnostic

    def noted(*values: Any) -> Any:
        where.append(threading.current_thread())
        return written(*values)

    monkeypatch.setattr(kept_module, "diagnostic", noted)
    conversation.open(URI, "bad_word\n")
    await conversation.settle()

    assert len(conversation.published(URI)[-1]["diagnostics"]) == 1
    assert threading.main_thread() not in where
    assert where


async def test_suppressions_are_looked_for_beside_the_event_loop(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: list[threading.Thread] = []
    found = engine_module.suppressions

    def noted(*values: Any) -> Any:
        where.append(threading.current_thread())
        return found(*values)

    monkeypatch.setattr(engine_module, "suppressions", noted)
    conversation.open(URI, "bad_word  # batten: ignore[BTN102]\n")
    place = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 28}}
    hover = await conversation.ask("textDocument/hover", place)

    assert "unescaped-query-value" in hover["contents"]["value"]
    assert where
    assert threading.main_thread() not in where


async def test_the_lines_of_a_text_are_found_once(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[int] = []
    line_starts = syntax_text._line_starts

    def counted(data: bytes, start: int) -> Any:
        if data:  # who knows no text yet begins with an empty one
            found.append(len(data))
        return line_starts(data, start)

    monkeypatch.setattr(syntax_text, "_line_starts", counted)
    conversation.open(URI, "é = bad_word\n" * 500)
    await conversation.settle()
    assert len(conversation.published(URI)[-1]["diagnostics"]) == 500
    assert len(found) == 1

    place = {"line": 250, "character": 6}
    conversation.change(URI, 2, {"range": {"start": place, "end": place}, "text": "x"})
    await conversation.settle()
    assert len(conversation.published(URI)[-1]["diagnostics"]) == 499
    assert sum(found[1:]) < 100  # the line that was edited


async def test_an_empty_text_is_a_text(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word")
    end = {"line": 0, "character": 8}
    conversation.change(URI, 2, {"range": {"start": AT_START, "end": end}, "text": ""})
    await conversation.settle()
    about = {"textDocument": {"uri": URI}}
    asked = {"range": {"start": AT_START, "end": AT_START}, "context": {"diagnostics": []}}

    assert await conversation.ask("textDocument/hover", {**about, "position": AT_START}) is None
    assert await conversation.ask("textDocument/codeAction", {**about, **asked}) == []
    asked["context"] = {"diagnostics": [], "only": ["source.fixAll"]}
    assert await conversation.ask("textDocument/codeAction", {**about, **asked}) == []
    assert conversation.published(URI)[-1]["diagnostics"] == []


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 12), ("utf-16", 9), ("utf-32", 8)])
async def test_columns_stay_what_was_agreed_on(encoding: str, column: int) -> None:
    """Whatever is made anew in the course of the session."""
    conversation = Conversation()
    announced = await conversation.initialize({"general": {"positionEncodings": [encoding]}})
    assert announced["positionEncoding"] == encoding
    text = '"é😀"  + bad_word\n'
    conversation.open(URI, text)
    await conversation.settle()
    event = {"added": [{"uri": "file:///work", "name": "work"}], "removed": []}
    conversation.tell("workspace/didChangeWorkspaceFolders", {"event": event})
    conversation.tell("workspace/didChangeConfiguration", {"settings": {"batten": {}}})
    await conversation.ask("workspace/executeCommand", {"command": "batten.restartAnalysis"})
    conversation.change(URI, 2, {"range": {"start": AT_START, "end": AT_START}, "text": "x = 1\n"})
    await conversation.settle()
    (diagnostic,) = conversation.published(URI)[-1]["diagnostics"]

    assert diagnostic["range"]["start"] == {"line": 1, "character": column}
    place = {"line": 1, "character": column + 8}
    conversation.change(URI, 3, {"range": {"start": place, "end": place}, "text": "s"})
    assert conversation.text(URI) == "x = 1\n" + text.replace("bad_word", "bad_words")


async def test_a_mistake_of_ours_is_logged_and_never_a_popup(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(conversation.server.diagnostics, "mark", fail)
    monkeypatch.setattr(conversation.server.diagnostics, "report", fail)
    for number in range(3):
        conversation.open(f"file:///work/{number}.py", "bad_word\n")
    params = {"textDocument": {"uri": "file:///work/1.py"}, "position": AT_START}
    answer = await conversation.answer("textDocument/hover", params)

    assert answer["error"]["code"] == -32603
    assert "a mistake of ours" in caplog.text
    assert [
        each for each in conversation.sent if each.get("method", "").startswith("window/")
    ] == []


async def test_what_is_announced_is_what_there_is() -> None:
    announced = await Conversation().initialize({})

    assert announced["codeActionProvider"] == {
        "codeActionKinds": ["quickfix", "source.fixAll.batten"],
        "resolveProvider": True,
    }
    sync = announced["textDocumentSync"]
    assert (sync["openClose"], sync["change"]) == (True, 2)
    assert not sync.get("save")
    assert not sync.get("willSave")
    assert not sync.get("willSaveWaitUntil")
    assert announced["hoverProvider"] is True
    assert announced["workspace"]["workspaceFolders"]["supported"] is True
    providers = {name for name in announced if name.endswith("Provider") and announced[name]}
    assert providers == {"codeActionProvider", "executeCommandProvider", "hoverProvider"}


async def test_what_came_of_a_notification_is_forgotten(conversation: Conversation) -> None:
    for _ in range(50):
        conversation.tell("workspace/didChangeConfiguration", {"settings": {}})
        conversation.tell("workspace/didChangeWatchedFiles", {"changes": []})
        await conversation.settle()
    conversation.open(URI, "x")

    assert len(conversation.server.protocol._request_futures) < 3


async def test_a_revision_of_a_file_is_another_document(conversation: Conversation) -> None:
    """Findings of the one are not shown for the other, nor do their texts mix."""
    revision = "git:/work/a.py?%7B%22ref%22%3A%22HEAD%22%7D"
    conversation.open(URI, "bad_new\n")
    conversation.open(revision, "good\nbad_old\n")
    await conversation.settle()
    conversation.close_document(revision)
    await conversation.settle()

    assert [each["message"] for each in conversation.published(URI)[-1]["diagnostics"]] == [
        "the word new"
    ]
    assert conversation.published(revision)[-1]["diagnostics"] == []
    assert conversation.text(URI) == "bad_new\n"

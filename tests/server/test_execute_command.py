"""The commands that any editor can execute."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from conversation import Conversation

from batten.report.rule_page import page, page_uri
from batten.rules.registry import rules
from batten_server import workspace_process, workspace_scan

if TYPE_CHECKING:
    from pathlib import Path

HOLED = "import requests\n\n\ndef f(name):\n    requests.get('https://x.test/?q=%s' % name)\n"


async def execute(conversation: Conversation, command: str, *arguments: Any) -> Any:
    params = {"command": command, "arguments": list(arguments)}
    return await conversation.ask("workspace/executeCommand", params)


async def test_the_commands_are_announced() -> None:
    announced = await Conversation().initialize({})

    assert set(announced["executeCommandProvider"]["commands"]) == {
        "batten.scanWorkspace",
        "batten.fixWorkspace",
        "batten.restartAnalysis",
        "batten.showDebugInformation",
        "batten.explainRule",
        "batten.openDocumentation",
    }


@pytest.mark.parametrize("name", ["BTN101", "unescaped-path-segment", "btn101"])
async def test_a_rule_is_explained(conversation: Conversation, name: str) -> None:
    assert await execute(conversation, "batten.explainRule", name, "more") == page(rules()[0])


@pytest.mark.parametrize("arguments", [[], [None], ["nothing"], [5], [{"code": "BTN101"}]])
async def test_what_names_no_rule_is_refused(
    conversation: Conversation, arguments: list[Any]
) -> None:
    params = {"command": "batten.explainRule", "arguments": arguments}
    answer = await conversation.answer("workspace/executeCommand", params)

    assert answer["error"]["code"] == -32602


async def test_a_command_that_does_not_exist_is_refused(conversation: Conversation) -> None:
    answer = await conversation.answer("workspace/executeCommand", {"command": "batten.nothing"})

    assert answer["error"]["code"] == -32602


async def test_documentation_is_opened_where_the_editor_can() -> None:
    conversation = Conversation()
    await conversation.initialize({"window": {"showDocument": {"support": True}}})
    task = asyncio.ensure_future(execute(conversation, "batten.openDocumentation", "BTN101"))
    assert (await conversation.asked("window/showDocument"))["uri"] == page_uri("BTN101")
    await conversation.reply("window/showDocument", {"success": True})

    assert await task is True


async def test_documentation_is_offered_only_where_the_editor_can(
    conversation: Conversation,
) -> None:
    assert await execute(conversation, "batten.openDocumentation", "BTN101") is False


async def test_debug_information_names_versions_and_no_text(conversation: Conversation) -> None:
    conversation.open("file:///work/a.py", "bad_word the_users_text\n")
    await conversation.settle()
    told = await execute(conversation, "batten.showDebugInformation")

    assert told["analysis"]["documents"] == ["/work/a.py"]
    assert told["editor"]["encoding"] == "utf-16"
    assert told["editor"]["pulls"] is False
    assert "the_users_text" not in str(told)


async def test_a_restart_leaves_behind_what_hangs(conversation: Conversation) -> None:
    conversation.open("file:///work/a.py", "bad_word\n")
    await conversation.settle()
    conversation.replace("file:///work/a.py", 2, "bad_word sleep_now\n")
    await asyncio.sleep(0.05)
    conversation.replace("file:///work/a.py", 3, "bad_word bad_other\n")
    await execute(conversation, "batten.restartAnalysis")
    await conversation.settle()

    assert len(conversation.published("file:///work/a.py")[-1]["diagnostics"]) == 2


async def begun(tmp_path: Path, capabilities: dict[str, Any]) -> Conversation:
    (tmp_path / "pkg").mkdir()
    for name in ("a.py", "pkg/b.py"):
        (tmp_path / name).write_text(HOLED, encoding="utf-8")
    (tmp_path / "good.py").write_text("x = 1\n", encoding="utf-8")
    conversation = Conversation()
    folders = [{"uri": tmp_path.as_uri(), "name": "x"}]
    await conversation.initialize(capabilities, workspaceFolders=folders)
    return conversation


async def scan(conversation: Conversation) -> asyncio.Future[Any]:
    return asyncio.ensure_future(
        asyncio.wait_for(execute_slowly(conversation, "batten.scanWorkspace"), 60)
    )


async def execute_slowly(conversation: Conversation, command: str) -> Any:
    conversation._last_id += 1
    message_id = conversation._last_id
    conversation.raw(
        b'{"jsonrpc": "2.0", "id": %d, "method": "workspace/executeCommand",'
        b' "params": {"command": "%b"}}' % (message_id, command.encode())
    )
    answer = await conversation._answer_to(message_id)
    assert "error" not in answer, answer["error"]
    return answer["result"]


async def test_a_scan_publishes_the_findings_of_files_that_are_not_open(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, {})
    (tmp_path / "pkg" / "batten.toml").write_text('ignore = ["BTN1"]\n', encoding="utf-8")
    uri = (tmp_path / "a.py").as_uri()
    result = await (await scan(conversation))

    assert result == {"cancelled": False, "files": 3, "findings": 1}
    assert len(conversation.published(uri)[-1]["diagnostics"]) == 1
    assert conversation.published((tmp_path / "pkg" / "b.py").as_uri()) == []
    conversation.assert_quiet()

    conversation.open(uri, "bad_word\n")
    await conversation.settle()
    (published,) = conversation.published(uri)[1:]
    assert published["diagnostics"][0]["message"] == "the word word"
    others = {"changes": [{"uri": (tmp_path / "pkg").as_uri(), "type": 3}]}
    conversation.tell("workspace/didChangeWatchedFiles", others)
    await (await scan(conversation))
    assert len(conversation.published(uri)) == 2


async def test_the_findings_of_a_file_that_is_deleted_are_taken_away(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, {})
    uri = (tmp_path / "a.py").as_uri()
    await (await scan(conversation))
    conversation.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 3}]})
    await conversation.settle()

    assert conversation.published(uri)[-1]["diagnostics"] == []
    assert len(conversation.published((tmp_path / "pkg" / "b.py").as_uri())) == 1


async def test_an_editor_that_pulls_gets_the_findings_of_a_scan_when_it_asks(
    tmp_path: Path,
) -> None:
    pulls = {
        "textDocument": {"diagnostic": {}},
        "workspace": {"diagnostics": {"refreshSupport": True}},
    }
    conversation = await begun(tmp_path, pulls)
    message = {"jsonrpc": "2.0", "id": "question", "method": "workspace/diagnostic"}
    conversation.raw(json.dumps({**message, "params": {"previousResultIds": []}}).encode())
    await (await scan(conversation))
    items = (await conversation.answer_to("question"))["result"]["items"]

    assert {item["uri"] for item in items} == {
        (tmp_path / name).as_uri() for name in ("a.py", "pkg/b.py")
    }
    assert all(item["kind"] == "full" and item["version"] is None for item in items)
    conversation.assert_quiet()


async def test_a_scan_shows_how_far_it_is(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, {"window": {"workDoneProgress": True}})
    task = await scan(conversation)
    await conversation.reply("window/workDoneProgress/create", None)
    await task

    kinds = [told["value"]["kind"] for told in conversation.told("$/progress")]
    assert kinds[0] == "begin"
    assert kinds[-1] == "end"
    assert "report" in kinds


async def test_a_scan_can_be_cancelled(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, {"window": {"workDoneProgress": True}})
    task = await scan(conversation)
    token = (await conversation.asked("window/workDoneProgress/create"))["token"]
    await conversation.reply("window/workDoneProgress/create", None)
    await asyncio.sleep(0)
    conversation.tell("window/workDoneProgress/cancel", {"token": token})

    assert await task == {"cancelled": True}
    assert conversation.told("$/progress")[-1]["value"]["kind"] == "end"


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.3, 1.0])
async def test_a_scan_whose_question_is_taken_back_leaves_nothing_behind(
    tmp_path: Path, seconds: float
) -> None:
    conversation = await begun(tmp_path, {})
    params = {"command": "batten.scanWorkspace"}
    message = {"jsonrpc": "2.0", "id": "scan", "method": "workspace/executeCommand"}
    conversation.raw(json.dumps({**message, "params": params}).encode())
    await asyncio.sleep(seconds)
    conversation.tell("$/cancelRequest", {"id": "scan"})
    answer = await conversation.answer_to("scan")
    assert "result" in answer or answer["error"]["code"] == -32800

    while conversation.server.workspace_process._is_running:
        await asyncio.sleep(0.01)
    assert (await (await scan(conversation)))["findings"] == 2
    assert not conversation.server.work_done_progress.tokens
    await conversation.end()


async def test_a_second_scan_at_the_same_time_is_refused(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, {"window": {"workDoneProgress": True}})
    task = await scan(conversation)
    await conversation.asked("window/workDoneProgress/create")
    params = {"command": "batten.scanWorkspace"}
    answer = await conversation.answer("workspace/executeCommand", params)
    await conversation.refuse("window/workDoneProgress/create")  # no bar, but a scan

    assert answer["error"]["code"] == -32602
    assert (await task)["files"] == 3


async def test_without_a_folder_there_is_nothing_to_scan(conversation: Conversation) -> None:
    params = {"command": "batten.scanWorkspace"}
    answer = await conversation.answer("workspace/executeCommand", params)

    assert answer["error"]["message"] == "no folder is open"


async def test_findings_of_a_scan_follow_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace_scan, "SETTLED", 0.01)
    conversation = await begun(tmp_path, {"window": {"workDoneProgress": True}})
    good = tmp_path / "good.py"
    changed = {"changes": [{"uri": good.as_uri(), "type": 2}]}
    conversation.tell("workspace/didChangeWatchedFiles", changed)
    await asyncio.sleep(0.1)
    assert conversation.server.workspace_scan._task is None  # nobody has asked for it

    task = await scan(conversation)
    await conversation.reply("window/workDoneProgress/create", None)
    await task
    shown = len(conversation.told("$/progress"))
    good.write_text(HOLED, encoding="utf-8")
    for _ in range(3):
        conversation.tell("workspace/didChangeWatchedFiles", changed)
    await asyncio.sleep(0.1)
    again = conversation.server.workspace_scan._task
    assert again is not None
    await again

    assert len(conversation.published(good.as_uri())[-1]["diagnostics"]) == 1
    assert len(conversation.published((tmp_path / "a.py").as_uri())) == 1  # as it was
    assert len(conversation.told("$/progress")) == shown


async def test_the_process_that_has_scanned_is_kept_and_ends_with_the_session(
    tmp_path: Path,
) -> None:
    conversation = await begun(tmp_path, {})
    await (await scan(conversation))
    (kept,) = conversation.server.workspace_process._kept.values()
    (tmp_path / "good.py").write_text(HOLED, encoding="utf-8")
    result = await (await scan(conversation))
    assert result["findings"] == 3
    assert list(conversation.server.workspace_process._kept.values()) == [kept]
    assert kept.returncode is None

    await conversation.end()
    assert kept.returncode is not None
    assert not conversation.server.workspace_process._kept


async def test_a_kept_process_that_has_died_is_replaced(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, {})
    await (await scan(conversation))
    (kept,) = conversation.server.workspace_process._kept.values()
    kept.kill()
    await kept.wait()
    result = await (await scan(conversation))

    assert result == {"cancelled": False, "files": 3, "findings": 2}
    await conversation.end()


async def test_a_kept_process_is_ended_when_nobody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace_process, "KEPT_FOR", 0.01)
    conversation = await begun(tmp_path, {})
    await (await scan(conversation))
    (kept,) = conversation.server.workspace_process._kept.values()

    assert await asyncio.wait_for(kept.wait(), 60) is not None


async def test_where_the_editor_watches_no_files_they_are_looked_at_after_a_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace_scan, "PAUSED", 0.01)
    conversation = await begun(tmp_path, {})
    uri = (tmp_path / "good.py").as_uri()
    await (await scan(conversation))
    conversation.open(uri, HOLED)
    (tmp_path / "good.py").write_text(HOLED, encoding="utf-8")
    conversation.close_document(uri)
    await asyncio.sleep(0.1)
    again = conversation.server.workspace_scan._task
    assert again is not None
    await again

    assert len(conversation.published(uri)[-1]["diagnostics"]) == 1
    await conversation.end()


async def test_a_scan_leaves_no_token_behind(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, {"window": {"workDoneProgress": True}})
    task = await scan(conversation)
    await conversation.reply("window/workDoneProgress/create", None)
    await task

    assert not conversation.server.work_done_progress.tokens


async def test_files_are_read_as_python_reads_them(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, {})
    for name, data in {
        "latin.py": b"# coding: latin-1\n" + HOLED.replace("https", "h\xe9").encode("latin-1"),
        "bom.py": b"\xef\xbb\xbf" + HOLED.encode(),
        "crlf.py": HOLED.replace("\n", "\r\n").encode(),
        "feed.py": HOLED.replace("\n\n", "\n\f\n", 1).encode(),
        "broken.py": b"# coding: utf-8\nx = '\xff'\n" + HOLED.encode(),
        "null.py": HOLED.encode() + b"\0",
    }.items():
        (tmp_path / name).write_bytes(data)
    result = await (await scan(conversation))

    def lines(name: str) -> list[int]:
        (published,) = conversation.published((tmp_path / name).as_uri())
        return [each["range"]["start"]["line"] for each in published["diagnostics"]]

    assert [lines(name) for name in ("latin.py", "bom.py", "crlf.py", "feed.py")] == [
        [5],
        [4],
        [4],
        [4],
    ]
    assert conversation.published((tmp_path / "broken.py").as_uri()) == []
    assert conversation.published((tmp_path / "null.py").as_uri()) == []
    assert result["files"] == 7

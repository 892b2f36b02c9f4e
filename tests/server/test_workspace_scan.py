"""The findings of all files: scanned on demand, kept up to date, and shown of what is not open."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from conversation import Conversation
from scanning import HOLED, begun, scan

from batten_server import workspace_process, workspace_scan

if TYPE_CHECKING:
    from pathlib import Path


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


async def linked(tmp_path: Path, *, folder: str) -> Conversation:
    """Scan one of two folders, `real` and `link`, that are the same."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.py").write_text(HOLED, encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    conversation = Conversation()
    folders = [{"uri": (tmp_path / folder).as_uri(), "name": "x"}]
    await conversation.initialize({}, workspaceFolders=folders)
    return conversation


@pytest.mark.parametrize(("folder", "other"), [("real", "link"), ("link", "real")])
async def test_a_file_that_is_open_by_another_name_is_listed_once(
    tmp_path: Path, folder: str, other: str
) -> None:
    conversation = await linked(tmp_path, folder=folder)
    found, opened = ((tmp_path / name / "a.py").as_uri() for name in (folder, other))
    conversation.open(opened, "bad_word\n")
    await conversation.settle()
    await (await scan(conversation))
    assert conversation.published(found) == []

    conversation.close_document(opened)
    await conversation.settle()
    assert len(conversation.published(found)[-1]["diagnostics"]) == 1
    conversation.open(opened, "bad_word\n")
    await conversation.settle()
    assert conversation.published(found)[-1]["diagnostics"] == []
    assert len(conversation.published(opened)[-1]["diagnostics"]) == 1
    await conversation.end()


async def test_the_findings_of_a_file_that_is_deleted_are_taken_away(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, {})
    uri = (tmp_path / "a.py").as_uri()
    await (await scan(conversation))
    conversation.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 3}]})
    await conversation.settle()

    assert conversation.published(uri)[-1]["diagnostics"] == []
    assert len(conversation.published((tmp_path / "pkg" / "b.py").as_uri())) == 1


@pytest.mark.parametrize(
    ("method", "file"),
    [
        ("workspace/didDeleteFiles", "uri"),
        ("workspace/didRenameFiles", "oldUri"),
    ],
)
async def test_the_findings_in_a_folder_that_is_taken_away_are_taken_away(
    tmp_path: Path, method: str, file: str
) -> None:
    """Whoever watches files is told of the folder at most, and not of what was in it."""
    operations = {"didDelete": True, "didRename": True}
    conversation = await begun(tmp_path, {"workspace": {"fileOperations": operations}})
    announced = conversation.sent[0]["result"]["capabilities"]["workspace"]["fileOperations"]
    await (await scan(conversation))
    params = {file: (tmp_path / "pkg").as_uri(), "newUri": (tmp_path / "new").as_uri()}
    conversation.tell(method, {"files": [params]})
    await conversation.settle()

    assert conversation.published((tmp_path / "pkg" / "b.py").as_uri())[-1]["diagnostics"] == []
    assert len(conversation.published((tmp_path / "a.py").as_uri())) == 1
    assert conversation.server.workspace_scan._timer is not None
    assert {*announced} == {*operations}
    await conversation.end()


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


@pytest.mark.skipif(os.name == "nt", reason="a process can't be held there")
async def test_a_kept_process_that_dies_of_a_request_is_replaced(tmp_path: Path) -> None:
    """It has more in memory than another would have."""
    conversation = await begun(tmp_path, {})
    processes = conversation.server.workspace_process._kept
    await (await scan(conversation))
    (kept,) = processes.values()
    os.kill(kept.pid, signal.SIGSTOP)
    scanning = await scan(conversation)
    while processes:
        await asyncio.sleep(0.01)
    kept.kill()

    assert await scanning == {"cancelled": False, "files": 3, "findings": 2}
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


async def scanned(tmp_path: Path, capabilities: dict[str, Any]) -> tuple[Conversation, str]:
    """A session that has scanned, and the URI of a file with a finding."""
    conversation = await begun(tmp_path, capabilities)
    await (await scan(conversation))
    return conversation, (tmp_path / "a.py").as_uri()


WATCHES = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}


async def test_a_file_that_is_closed_has_the_findings_of_the_scan_again(tmp_path: Path) -> None:
    conversation, uri = await scanned(tmp_path, WATCHES)
    conversation.open(uri, "x = 1\n")
    await conversation.settle()
    assert conversation.published(uri)[-1]["diagnostics"] == []
    conversation.close_document(uri)
    await conversation.settle()

    assert len(conversation.published(uri)[-1]["diagnostics"]) == 1
    await conversation.end()


async def test_an_editor_that_pulls_has_them_again_too(tmp_path: Path) -> None:
    """It asks once more about the document, and from then on about the workspace only."""
    conversation, uri = await scanned(
        tmp_path,
        {
            "textDocument": {"diagnostic": {}},
            "workspace": {"diagnostics": {"refreshSupport": True}},
        },
    )
    about: dict[str, Any] = {"textDocument": {"uri": uri}}
    before = await conversation.ask("workspace/diagnostic", {"previousResultIds": []})
    known = [{"uri": each["uri"], "value": each["resultId"]} for each in before["items"]]
    conversation.open(uri, "x = 1\n")
    assert (await conversation.ask("textDocument/diagnostic", about))["items"] == []
    question = asyncio.ensure_future(
        conversation.ask("workspace/diagnostic", {"previousResultIds": known})
    )
    await asyncio.sleep(0.01)
    assert not question.done()
    conversation.close_document(uri)
    last = await conversation.ask("textDocument/diagnostic", about)

    assert len(last["items"]) == 1
    ((item),) = (await question)["items"]
    assert (item["uri"], item["resultId"]) == (uri, last["resultId"])
    await conversation.end()


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("workspace/didChangeConfiguration", {"settings": {"ignore": ["BTN102"]}}),
        ("workspace/didChangeWorkspaceFolders", None),
    ],
)
async def test_findings_of_a_scan_follow_settings_and_folders(
    tmp_path: Path, method: str, params: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace_scan, "SETTLED", 0.01)
    conversation, uri = await scanned(tmp_path, WATCHES)
    folder = {"uri": tmp_path.as_uri(), "name": "x"}
    conversation.tell(method, params or {"event": {"added": [], "removed": [folder]}})
    await again(conversation)

    assert conversation.published(uri)[-1]["diagnostics"] == []
    assert conversation.server.workspace_scan._timer is None
    await conversation.end()


async def test_a_mistake_in_the_settings_of_a_folder_is_told_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    conversation = await begun(tmp_path, {})
    (tmp_path / "pkg" / "batten.toml").write_text("nonsense = 1\n", encoding="utf-8")
    for _ in range(2):
        await (await scan(conversation))
    await conversation.settle()

    (told,) = conversation.told("window/showMessage")
    assert "nonsense" in told["message"]
    assert capfd.readouterr().err == "", "which editors show as errors"
    await conversation.end()


async def test_a_scan_does_not_wait_for_files_that_change_all_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace_scan, "SETTLED", 0.2)
    monkeypatch.setattr(workspace_scan, "LONGEST", 0.5)
    conversation, uri = await scanned(tmp_path, WATCHES)
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    for _ in range(20):
        changed = {"changes": [{"uri": uri, "type": 2}]}
        conversation.tell("workspace/didChangeWatchedFiles", changed)
        await asyncio.sleep(0.05)
    assert conversation.server.workspace_scan._task is not None
    await again(conversation)

    assert conversation.published(uri)[-1]["diagnostics"] == []
    await conversation.end()


async def test_a_bar_that_the_editor_never_shows_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace_process, "PATIENCE", 0.01)
    conversation = await begun(tmp_path, {"window": {"workDoneProgress": True}})
    assert (await (await scan(conversation)))["findings"] == 2
    await conversation.reply("window/workDoneProgress/create", None)  # late

    assert conversation.told("$/progress") == []
    assert (await (await scan(conversation)))["findings"] == 2
    await conversation.end()


async def again(conversation: Conversation) -> None:
    """Wait until the workspace is scanned again."""
    scanner = conversation.server.workspace_scan
    while scanner._task is None or scanner._timer is not None:
        await asyncio.sleep(0.01)
    await scanner._task


async def test_what_is_closed_at_once_is_delivered_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation, uri = await scanned(tmp_path, {})
    other = (tmp_path / "pkg" / "b.py").as_uri()
    outlet = conversation.server.diagnostics.outlet
    delivered: list[dict[str, list[str]]] = []
    deliver = outlet.deliver_unopened
    monkeypatch.setattr(
        outlet, "deliver_unopened", lambda found: (delivered.append(found), deliver(found))
    )
    for each in (uri, other):
        conversation.open(each, "x = 1\n")
    await conversation.settle()
    for each in (uri, other):
        conversation.close_document(each)
    await conversation.settle()

    assert [sorted(found) for found in delivered] == [sorted([uri, other])]
    assert len(conversation.published(uri)[-1]["diagnostics"]) == 1
    assert len(conversation.published(other)[-1]["diagnostics"]) == 1
    await conversation.end()

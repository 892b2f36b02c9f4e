"""`batten.fixWorkspace`: one edit of the editor's for all safe fixes of all files."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from conversation import Conversation
from editing import index

if TYPE_CHECKING:
    from pathlib import Path

FIX = {"command": "batten.fixWorkspace"}
APPLY = "workspace/applyEdit"
PLAIN = {"workspace": {"applyEdit": True}}
VERSIONED = {"workspace": {"applyEdit": True, "workspaceEdit": {"documentChanges": True}}}
HOLED = """import requests


def find(name):
    return requests.get('https://x.test/?é=1&q=%s' % name)
"""
FIXED = """from urllib.parse import quote

import requests


def find(name):
    return requests.get('https://x.test/?é=1&q=%s' % quote(str(name), safe=''))
"""


async def begun(folder: Path, capabilities: dict[str, Any]) -> Conversation:
    (folder / "pkg").mkdir()
    for name in ("a.py", "pkg/b.py"):
        (folder / name).write_text(HOLED, encoding="utf-8")
    (folder / "good.py").write_text("x = 1\n", encoding="utf-8")
    conversation = Conversation()
    folders = [{"uri": folder.as_uri(), "name": "x"}]
    await conversation.initialize(capabilities, workspaceFolders=folders)
    return conversation


def fix(conversation: Conversation) -> asyncio.Task[dict[str, Any]]:
    conversation.raw(
        b'{"jsonrpc": "2.0", "id": "fix", "method": "workspace/executeCommand",'
        b' "params": {"command": "batten.fixWorkspace"}}'
    )
    return asyncio.ensure_future(asyncio.wait_for(conversation._answer_to("fix"), 60))


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    """The text after edits, made as an editor does that counts in UTF-16."""
    for edit in sorted(edits, key=lambda each: _place(each["range"]["start"]), reverse=True):
        start, end = (
            index(text, *_place(edit["range"][which]), "utf-16") for which in ("start", "end")
        )
        text = text[:start] + edit["newText"] + text[end:]
    return text


def _place(position: dict[str, int]) -> tuple[int, int]:
    return position["line"], position["character"]


async def test_all_files_are_fixed_by_one_edit_of_the_editors(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, PLAIN)
    task = fix(conversation)
    changes = (await conversation.asked(APPLY))["edit"]["changes"]

    assert {uri: applied(HOLED, edits) for uri, edits in changes.items()} == {
        (tmp_path / name).as_uri(): FIXED for name in ("a.py", "pkg/b.py")
    }
    assert (tmp_path / "a.py").read_text("utf-8") == HOLED  # the editor's business
    await conversation.reply(APPLY, {"applied": True})
    assert (await task)["result"] == {
        "cancelled": False,
        "applied": True,
        "files": 2,
        "fixed": 2,
        "skipped": [],
        "left": 0,
    }


async def test_what_is_open_is_fixed_as_it_is_shown(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, VERSIONED)
    uri = (tmp_path / "a.py").as_uri()
    shown, shown_fixed = (f"'é'\n\n{text}" for text in (HOLED, FIXED))
    conversation.open(uri, shown, version=7)
    task = fix(conversation)
    documents = (await conversation.asked(APPLY))["edit"]["documentChanges"]

    by_uri = {each["textDocument"]["uri"]: each for each in documents}
    assert by_uri[uri]["textDocument"]["version"] == 7
    assert applied(shown, by_uri[uri]["edits"]) == shown_fixed
    other = by_uri[(tmp_path / "pkg" / "b.py").as_uri()]
    assert other["textDocument"]["version"] is None
    await conversation.reply(APPLY, {"applied": False, "failureReason": "no"})
    result = (await task)["result"]
    assert (result["applied"], result["files"], result["fixed"]) == (False, 0, 0)


async def test_what_is_edited_meanwhile_is_left_out(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, {**PLAIN, "window": {"workDoneProgress": True}})
    a = tmp_path / "a.py"
    conversation.open(a.as_uri(), HOLED)
    task = fix(conversation)
    await conversation.asked("window/workDoneProgress/create")
    conversation.replace(a.as_uri(), 2, HOLED + "\n")
    await conversation.reply("window/workDoneProgress/create", None)
    changes = (await conversation.asked(APPLY))["edit"]["changes"]
    await conversation.reply(APPLY, {"applied": True})

    assert set(changes) == {(tmp_path / "pkg" / "b.py").as_uri()}
    result = (await task)["result"]
    assert (result["files"], result["fixed"], result["skipped"]) == (1, 1, [a.as_posix()])


async def test_what_is_configured_and_suppressed_counts(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, PLAIN)
    (tmp_path / "pkg" / "batten.toml").write_text('ignore = ["BTN1"]\n', encoding="utf-8")
    (tmp_path / "a.py").write_text("# batten: ignore-file[BTN102] seen\n" + HOLED, encoding="utf-8")

    result = (await fix(conversation))["result"]

    assert (result["applied"], result["files"], result["left"]) == (False, 0, 0)
    conversation.assert_quiet()  # no empty edit


async def test_it_shows_how_far_it_is_and_can_be_cancelled(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, {**PLAIN, "window": {"workDoneProgress": True}})
    task = fix(conversation)
    token = (await conversation.asked("window/workDoneProgress/create"))["token"]
    await conversation.reply("window/workDoneProgress/create", None)
    await asyncio.sleep(0)
    conversation.tell("window/workDoneProgress/cancel", {"token": token})

    assert (await task)["result"] == {"cancelled": True}
    first, *_, last = (told["value"] for told in conversation.told("$/progress"))
    assert (first["kind"], first["title"], first["cancellable"]) == ("begin", "Batten: fix", True)
    assert last["kind"] == "end"


@pytest.mark.parametrize(
    ("capabilities", "why"),
    [({}, "the editor takes no edits from a server"), (PLAIN, "no folder is open")],
)
async def test_where_it_makes_no_sense_it_is_refused(
    capabilities: dict[str, Any], why: str
) -> None:
    conversation = Conversation()
    await conversation.initialize(capabilities)
    answer = await conversation.answer("workspace/executeCommand", FIX)

    assert answer["error"] == {"code": -32602, "message": why}


async def test_a_scan_meanwhile_is_refused(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, {**PLAIN, "window": {"workDoneProgress": True}})
    task = fix(conversation)
    await conversation.asked("window/workDoneProgress/create")
    scan = {"command": "batten.scanWorkspace"}
    answer = await conversation.answer("workspace/executeCommand", scan)
    token = (await conversation.asked("window/workDoneProgress/create"))["token"]
    await conversation.reply("window/workDoneProgress/create", None)
    conversation.tell("window/workDoneProgress/cancel", {"token": token})

    assert answer["error"]["code"] == -32602
    assert (await task)["result"] == {"cancelled": True}


@pytest.mark.parametrize("answer", [None, {"applied": False}, [5], "error"])
async def test_an_editor_may_refuse_the_edit(tmp_path: Path, answer: Any) -> None:
    conversation = await begun(tmp_path, PLAIN)
    task = fix(conversation)
    if answer == "error":
        await conversation.refuse(APPLY)
    else:
        await conversation.reply(APPLY, answer)
    result = (await task)["result"]

    assert (result["applied"], result["fixed"]) == (False, 0)


async def test_who_does_not_answer_keeps_nobody_from_the_next_work(tmp_path: Path) -> None:
    conversation = await begun(tmp_path, PLAIN)
    task = fix(conversation)
    await conversation.asked(APPLY)
    scan = {"jsonrpc": "2.0", "id": "scan", "method": "workspace/executeCommand"}
    conversation.raw(json.dumps({**scan, "params": {"command": "batten.scanWorkspace"}}).encode())
    assert (await conversation._answer_to("scan"))["result"]["findings"] == 2
    conversation.tell("$/cancelRequest", {"id": "fix"})

    assert (await task)["error"]["code"] == -32800
    await conversation.end()


async def test_a_file_that_is_open_by_another_name_is_left_out(tmp_path: Path) -> None:
    """What the editor shows of it may be newer than what is on disk."""
    conversation = await begun(tmp_path, PLAIN)
    (tmp_path / "link.py").symlink_to(tmp_path / "a.py")
    conversation.open((tmp_path / "link.py").as_uri(), "typed = 1\n" + HOLED)
    fixing = fix(conversation)
    params = await conversation.asked(APPLY)
    await conversation.reply(APPLY, {"applied": True})

    assert [*params["edit"]["changes"]] == [(tmp_path / "pkg" / "b.py").as_uri()]
    assert (await fixing)["result"]["skipped"] == [(tmp_path / "a.py").as_posix()]

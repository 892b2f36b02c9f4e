"""What the editor and the project configure, live."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from conversation import Conversation

from batten_server import recent_settings
from batten_server.diagnostics import QUIET

if TYPE_CHECKING:
    from pathlib import Path

URI = "file:///work/a.py"
ASKS = {"workspace": {"configuration": True}}
CONFIGURATION = "workspace/configuration"


async def shown(conversation: Conversation, uri: str = URI) -> int:
    await conversation.settle()
    return len(conversation.published(uri)[-1]["diagnostics"])


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (None, 2),
        ({}, 2),
        ({"ignore": ["BTN101"]}, 0),
        ({"batten": {"ignore": ["BTN101"]}}, 0),
        ({"settings": {"ignore": ["BTN101"]}}, 0),
        ({"minSeverity": "error"}, 1),
        ({"min-severity": "error", "select": None, "trace": {"server": "off"}}, 1),
        ({"perPath": {"a.py": {"minSeverity": "error"}}}, 1),
        ({"exclude": ["*.py"]}, 0),
        ("nonsense", 2),
        ([1, 2], 2),
    ],
)
async def test_settings_come_with_initialize(options: Any, count: int) -> None:
    conversation = Conversation()
    await conversation.initialize({}, initializationOptions=options)
    conversation.open(URI, "bad_word bad_error\n")

    assert await shown(conversation) == count
    conversation.assert_quiet()


@pytest.mark.parametrize(
    "options",
    [
        {"severity": {"BTN101": "note"}},
        {"perPath": {"a.py": {"severity": {"BTN1": "note"}}}},
        {"severity": {"BTN101": "note"}, "minSeverity": "note"},
    ],
)
async def test_a_rule_is_as_severe_as_is_set_and_can_be_fixed(options: Any) -> None:
    conversation = Conversation()
    await conversation.initialize({}, initializationOptions=options)
    conversation.open(URI, "bad_error\n")
    await conversation.settle()
    (diagnostic,) = conversation.published(URI)[-1]["diagnostics"]
    params = {
        "textDocument": {"uri": URI},
        "range": diagnostic["range"],
        "context": {"diagnostics": [diagnostic]},
    }

    assert diagnostic["severity"] == 3
    actions = await conversation.ask("textDocument/codeAction", params)
    assert "Make it good" in {action["title"] for action in actions}


async def test_a_wrong_setting_is_told_once_and_costs_nothing_else() -> None:
    conversation = Conversation()
    await conversation.initialize({}, initializationOptions={"selct": ["BTN101"]})
    for number in range(3):
        conversation.tell("workspace/didChangeConfiguration", {"settings": {"selct": ["BTN101"]}})
        conversation.open(f"file:///work/{number}.py", "bad_word\n")
        assert await shown(conversation, f"file:///work/{number}.py") == 1

    (told,) = conversation.told("window/showMessage")
    assert "there is no key 'selct'; did you mean select?" in told["message"]


async def test_settings_change_while_documents_are_open(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word\n")
    assert await shown(conversation) == 1
    settings = {"batten": {"ignore": ["BTN101"]}}
    conversation.tell("workspace/didChangeConfiguration", {"settings": settings})
    assert await shown(conversation) == 0
    conversation.tell("workspace/didChangeConfiguration", {"settings": None})
    assert await shown(conversation) == 1


async def test_an_editor_that_answers_is_asked_for_everywhere_and_each_folder() -> None:
    conversation = Conversation()
    folders = [{"uri": f"file:///{name}", "name": name} for name in ("one", "two")]
    await conversation.initialize(ASKS, workspaceFolders=folders)
    asked = await conversation.asked(CONFIGURATION)
    assert asked["items"] == [
        {"section": "batten"},
        {"scopeUri": "file:///one", "section": "batten"},
        {"scopeUri": "file:///two", "section": "batten"},
    ]
    await conversation.reply(CONFIGURATION, [None, {"ignore": ["BTN101"]}, {}])
    for name in ("one", "two", "three"):
        conversation.open(f"file:///{name}/a.py", "bad_word\n")

    assert await shown(conversation, "file:///one/a.py") == 0
    assert await shown(conversation, "file:///two/a.py") == 1
    assert await shown(conversation, "file:///three/a.py") == 1

    conversation.tell("workspace/didChangeConfiguration", {"settings": None})
    await conversation.reply(CONFIGURATION, [None, {}, {"ignore": ["BTN101"]}])
    assert await shown(conversation, "file:///one/a.py") == 1
    assert await shown(conversation, "file:///two/a.py") == 0


@pytest.mark.parametrize(("options", "count"), [(None, 2), ({"minSeverity": "error"}, 1)])
async def test_settings_that_are_taken_back_count_no_more(options: Any, count: int) -> None:
    conversation = Conversation()
    await conversation.initialize(ASKS, initializationOptions=options)
    await conversation.reply(CONFIGURATION, [{"ignore": ["BTN101"]}])
    conversation.open(URI, "bad_word bad_error\n")
    assert await shown(conversation) == 0

    conversation.tell("workspace/didChangeConfiguration", {"settings": None})
    await conversation.reply(CONFIGURATION, [None])
    assert await shown(conversation) == count


async def test_a_folder_that_comes_later_is_asked_for() -> None:
    conversation = Conversation()
    await conversation.initialize(ASKS)
    await conversation.reply(CONFIGURATION, [None])
    event = {"added": [{"uri": "file:///late", "name": "late"}], "removed": []}
    conversation.tell("workspace/didChangeWorkspaceFolders", {"event": event})
    await conversation.reply(CONFIGURATION, [None, {"ignore": ["BTN101"]}])
    conversation.open("file:///late/a.py", "bad_word\n")

    assert await shown(conversation, "file:///late/a.py") == 0


@pytest.mark.parametrize("answer", [None, [], [5], ["x", "y"], {"a": 1}])
async def test_an_odd_answer_is_no_answer(answer: Any) -> None:
    conversation = Conversation()
    await conversation.initialize(ASKS)
    await conversation.reply(CONFIGURATION, answer)
    conversation.open(URI, "bad_word\n")

    assert await shown(conversation) == 1
    conversation.close_document(URI)
    assert not conversation.server.protocol._request_futures  # nobody waits any more


@pytest.mark.parametrize("params", [{}, {"params": None}, {"params": {}}, {"params": []}])
async def test_an_editor_is_asked_once_however_it_says_that_it_is_ready(
    params: dict[str, Any],
) -> None:
    conversation = Conversation()
    begin = {"processId": None, "rootUri": None, "capabilities": ASKS}
    await conversation.ask("initialize", begin)
    for _ in range(2):
        message = {"jsonrpc": "2.0", "method": "initialized", **params}
        conversation.raw(json.dumps(message).encode())
    await conversation.reply(CONFIGURATION, [{"ignore": ["BTN101"]}])
    await conversation.settle()

    assert [each.get("method") for each in conversation.sent].count(CONFIGURATION) == 1


async def test_an_editor_that_refuses_to_answer_does_no_harm() -> None:
    conversation = Conversation()
    await conversation.initialize(ASKS)
    await conversation.refuse(CONFIGURATION)
    conversation.open(URI, "bad_word\n")

    assert await shown(conversation) == 1


@pytest.mark.parametrize("is_orderly", [True, False])
async def test_the_end_does_not_wait_for_an_answer_and_says_nothing_of_it(is_orderly: bool) -> None:
    conversation = Conversation()
    await conversation.initialize(ASKS)
    await conversation.asked(CONFIGURATION)
    event = {"added": [{"uri": "file:///late", "name": "late"}], "removed": []}
    conversation.tell("workspace/didChangeWorkspaceFolders", {"event": event})
    await asyncio.sleep(0.01)
    if is_orderly:
        await conversation.ask("shutdown")
    await conversation.end()
    await asyncio.sleep(0.01)

    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_late_answer_does_not_count_any_more() -> None:
    conversation = Conversation()
    await conversation.initialize(ASKS)
    await conversation.asked(CONFIGURATION)
    (first,) = (each["id"] for each in conversation.sent if "method" in each)
    conversation.tell("workspace/didChangeConfiguration", {"settings": None})
    await asyncio.sleep(0.01)
    await conversation.reply(CONFIGURATION, [{"ignore": ["BTN101"]}])
    late = {"jsonrpc": "2.0", "id": first, "result": [{"ignore": []}]}
    conversation.raw(json.dumps(late).encode())
    await asyncio.sleep(0.01)
    conversation.open(URI, "bad_word\n")

    assert await shown(conversation) == 0


async def test_who_does_not_register_is_asked_for_settings_all_the_same() -> None:
    conversation = Conversation()
    watches = {"didChangeWatchedFiles": {"dynamicRegistration": True}}
    await conversation.initialize({"workspace": {**ASKS["workspace"], **watches}})
    await conversation.asked("client/registerCapability")
    await conversation.reply(CONFIGURATION, [{"ignore": ["BTN101"]}])
    conversation.open(URI, "bad_word\n")

    assert await shown(conversation) == 0


async def test_files_are_watched_where_the_editor_can() -> None:
    conversation = Conversation()
    watched = {"didChangeWatchedFiles": {"dynamicRegistration": True}}
    await conversation.initialize({"workspace": watched})
    asked = await conversation.asked("client/registerCapability")

    (registration,) = asked["registrations"]
    assert registration["method"] == "workspace/didChangeWatchedFiles"
    patterns = [each["globPattern"] for each in registration["registerOptions"]["watchers"]]
    assert patterns == ["**/batten.toml", "**/pyproject.toml", "**/*.{py,pyw}"]
    await conversation.reply("client/registerCapability", None)


async def test_a_file_of_the_project_configures_and_the_editor_stands_over_it(
    conversation: Conversation, tmp_path: Path
) -> None:
    (tmp_path / "batten.toml").write_text('min-severity = "error"\n')
    uri = (tmp_path / "a.py").as_uri()
    conversation.open(uri, "bad_word bad_error\n")
    assert await shown(conversation, uri) == 1
    conversation.tell("workspace/didChangeConfiguration", {"settings": {"minSeverity": "note"}})
    assert await shown(conversation, uri) == 2


async def test_a_change_of_the_file_counts_at_once_where_it_is_watched(
    conversation: Conversation, tmp_path: Path
) -> None:
    uri = (tmp_path / "a.py").as_uri()
    conversation.open(uri, "bad_word\n")
    assert await shown(conversation, uri) == 1
    (tmp_path / "batten.toml").write_text('ignore = ["BTN101"]\n')
    changes = [{"uri": (tmp_path / "batten.toml").as_uri(), "type": 1}]
    conversation.tell("workspace/didChangeWatchedFiles", {"changes": changes})
    assert await shown(conversation, uri) == 0


async def test_a_change_of_the_file_counts_with_the_next_key_elsewhere(
    conversation: Conversation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent_settings, "MOMENT", 0.0)
    uri = (tmp_path / "a.py").as_uri()
    conversation.open(uri, "bad_word\n")
    assert await shown(conversation, uri) == 1
    (tmp_path / "batten.toml").write_text('ignore = ["BTN101"]\n')
    conversation.replace(uri, 2, "bad_word \n")
    assert await shown(conversation, uri) == 0


async def test_a_change_of_the_file_that_a_key_did_not_see_counts_at_the_next_pause(
    conversation: Conversation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent_settings, "MOMENT", 1e9)
    uri, other = ((tmp_path / name).as_uri() for name in ("a.py", "b.py"))
    conversation.open(uri, "bad_word\n")
    conversation.open(other, "bad_word\n")
    assert await shown(conversation, uri) == 1
    (tmp_path / "batten.toml").write_text('ignore = ["BTN101"]\n')
    conversation.replace(uri, 2, "bad_word \n")
    assert await shown(conversation, uri) == 1

    await asyncio.sleep(QUIET * 1.5)
    assert await shown(conversation, uri) == 0
    assert await shown(conversation, other) == 0


@pytest.mark.parametrize("is_watched", [True, False])
async def test_a_change_of_the_file_that_a_question_has_seen_first_counts_as_well(
    conversation: Conversation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_watched: bool
) -> None:
    uri = (tmp_path / "a.py").as_uri()
    conversation.open(uri, "bad_word\n")
    assert await shown(conversation, uri) == 1
    monkeypatch.setattr(recent_settings, "monotonic", lambda: time.monotonic() + 10)
    (tmp_path / "batten.toml").write_text('ignore = ["BTN101"]\n')
    place = {"line": 0, "character": 3}
    where = {"textDocument": {"uri": uri}, "range": {"start": place, "end": place}}
    params = {**where, "context": {"diagnostics": []}}
    await conversation.ask("textDocument/codeAction", params)
    if is_watched:
        changes = [{"uri": (tmp_path / "batten.toml").as_uri(), "type": 1}]
        conversation.tell("workspace/didChangeWatchedFiles", {"changes": changes})
    else:
        await asyncio.sleep(QUIET * 1.5)
    assert await shown(conversation, uri) == 0


async def test_a_mistake_in_the_file_is_told_once(tmp_path: Path) -> None:
    conversation = Conversation()
    await conversation.initialize({})
    (tmp_path / "batten.toml").write_text("nothing = 1\n")
    uri = (tmp_path / "a.py").as_uri()
    for version in range(1, 5):
        if version == 1:
            conversation.open(uri, "bad_word\n")
        else:
            conversation.replace(uri, version, "bad_word" + " " * version)
        assert await shown(conversation, uri) == 1

    (told,) = conversation.told("window/showMessage")
    assert "batten.toml: there is no key 'nothing'" in told["message"]


async def test_an_action_ignores_the_rule_in_the_project(
    conversation: Conversation, tmp_path: Path
) -> None:
    file = tmp_path / "batten.toml"
    file.write_bytes(b"# ours\n")
    uri = (tmp_path / "a.py").as_uri()
    conversation.open(uri, "bad_word\n")
    place = {"line": 0, "character": 3}
    params = {
        "textDocument": {"uri": uri},
        "range": {"start": place, "end": place},
        "context": {"diagnostics": []},
    }
    actions = await conversation.ask("textDocument/codeAction", params)

    (action,) = [each for each in actions if each["title"] == "Ignore BTN101 in the project"]
    start = {"line": 0, "character": 0}
    assert action["edit"]["changes"] == {
        file.as_uri(): [
            {"range": {"start": start, "end": start}, "newText": 'ignore = ["BTN101"]\n'}
        ]
    }


@pytest.mark.parametrize(("around", "inside"), [(".", True), ("/", True), ("inner", False)])
async def test_a_project_without_settings_gets_them_where_it_has_a_file(
    tmp_path: Path, around: str, inside: bool
) -> None:
    conversation = Conversation()
    (tmp_path / "pyproject.toml").write_bytes(b"")
    folder = tmp_path / around
    resolves = {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}
    await conversation.initialize(
        {
            "textDocument": {"codeAction": resolves},
            "workspace": {"workspaceEdit": {"documentChanges": True}},
        },
        workspaceFolders=[{"uri": folder.as_uri(), "name": "x"}],
    )
    uri = (tmp_path / "inner" / "a.py").as_uri()
    conversation.open(uri, "bad_word\n")
    place = {"line": 0, "character": 3}
    params = {
        "textDocument": {"uri": uri},
        "range": {"start": place, "end": place},
        "context": {"diagnostics": []},
    }
    actions = await conversation.ask("textDocument/codeAction", params)
    found = [each for each in actions if each["title"] == "Ignore BTN101 in the project"]
    assert len(found) == inside
    if inside:
        resolved = await conversation.ask("codeAction/resolve", found[0])
        (change,) = resolved["edit"]["documentChanges"]
        assert change["textDocument"] == {
            "uri": (tmp_path / "pyproject.toml").as_uri(),
            "version": None,
        }
        assert change["edits"][0]["newText"] == '\n[tool.batten]\nignore = ["BTN101"]\n'

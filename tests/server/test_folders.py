"""Folders of any name come and go, and each has its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from conversation import Conversation

if TYPE_CHECKING:
    from pathlib import Path

CONFIGURATION = "workspace/configuration"
ASKS = {"workspace": {"configuration": True}}
NOTHING = {"ignore": ["BTN101"]}


def folder(uri: str) -> dict[str, str]:
    return {"uri": uri, "name": "x"}


async def begun(*uris: str, **more: Any) -> Conversation:
    conversation = Conversation()
    await conversation.initialize(ASKS, workspaceFolders=[*map(folder, uris)] or None, **more)
    return conversation


def changed(conversation: Conversation, added: list[str], removed: list[str]) -> None:
    event = {"added": [*map(folder, added)], "removed": [*map(folder, removed)]}
    conversation.tell("workspace/didChangeWorkspaceFolders", {"event": event})


async def asked_of(conversation: Conversation) -> list[str]:
    """The folders that the editor is asked about."""
    items = (await conversation.asked(CONFIGURATION))["items"]
    return [each["scopeUri"] for each in items if "scopeUri" in each]


async def shown(conversation: Conversation, uri: str) -> int:
    conversation.open(uri, "bad_word\n")
    await conversation.settle()
    return len(conversation.published(uri)[-1]["diagnostics"])


@pytest.mark.parametrize(
    "uri",
    [
        "file:///work/with%20space",
        "file:///work/100%25",
        "file:///work/100%2525",
        "file:///work/%C3%A9%23%3F",
        "file:///c%3A/work",
        "file:///C:/work",
        "file://host/share",
        "vscode-vfs://github/some/project",
        "file:///work/trailing/",
        "file:///",
    ],
)
async def test_a_folder_may_have_any_name(uri: str) -> None:
    conversation = await begun(uri)
    assert await asked_of(conversation) == [uri], "as the editor spells it"
    await conversation.reply(CONFIGURATION, [None, NOTHING])

    assert await shown(conversation, f"{uri.rstrip('/')}/a.py") == 0
    assert await shown(conversation, "file:///elsewhere/a.py") == (uri != "file:///")


async def test_the_innermost_of_nested_folders_counts() -> None:
    conversation = await begun("file:///work", "file:///work/inner", "file:///work/inner-too")
    await conversation.reply(CONFIGURATION, [None, NOTHING, {}, None])

    assert await shown(conversation, "file:///work/a.py") == 0
    assert await shown(conversation, "file:///work/inner/a.py") == 1
    assert await shown(conversation, "file:///work/inner-too/a.py") == 0


async def test_folders_come_and_go_with_their_settings() -> None:
    conversation = await begun("file:///one")
    await conversation.reply(CONFIGURATION, [None, NOTHING])
    changed(conversation, ["file:///two"], ["file:///one"])
    assert await asked_of(conversation) == ["file:///two"]
    await conversation.reply(CONFIGURATION, [None, NOTHING])

    assert await shown(conversation, "file:///one/a.py") == 1
    assert await shown(conversation, "file:///two/a.py") == 0


async def test_a_folder_that_is_taken_out_and_put_in_at_once_is_there() -> None:
    """As VS Code tells that it has got another name."""
    conversation = await begun("file:///one")
    await conversation.reply(CONFIGURATION, [None, None])
    changed(conversation, ["file:///one"], ["file:///one"])

    assert await asked_of(conversation) == ["file:///one"]


async def test_a_folder_in_two_spellings_is_one() -> None:
    conversation = await begun("file:///work/a%20b", "file:///work/a b/")
    assert len(await asked_of(conversation)) == 1
    await conversation.reply(CONFIGURATION, [None, None])
    changed(conversation, [], ["file:///work/a%20b"])

    assert await asked_of(conversation) == []


@pytest.mark.parametrize("named", ["rootUri", "rootPath"])
async def test_an_editor_that_knows_no_folders_has_a_root(named: str, tmp_path: Path) -> None:
    root = tmp_path.as_uri() if named == "rootUri" else str(tmp_path)
    conversation = await begun(**{named: root})

    assert await asked_of(conversation) == [tmp_path.as_uri()]


async def test_without_a_folder_only_the_settings_of_everywhere_count() -> None:
    conversation = await begun()
    assert await asked_of(conversation) == []
    await conversation.reply(CONFIGURATION, [NOTHING])

    assert await shown(conversation, "file:///alone/a.py") == 0

"""The commands that any editor can execute."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from conversation import Conversation
from stand_in import StandIn

from batten.report.rule_page import page, page_uri
from batten.rules.registry import rules


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


@pytest.mark.parametrize("answer", [None, {}, {"success": False}, [5], "error"])
async def test_documentation_that_the_editor_does_not_show_is_no_mistake(answer: Any) -> None:
    conversation = Conversation()
    await conversation.initialize({"window": {"showDocument": {"support": True}}})
    task = asyncio.ensure_future(execute(conversation, "batten.openDocumentation", "BTN101"))
    if answer == "error":
        await conversation.refuse("window/showDocument")
    else:
        await conversation.reply("window/showDocument", answer)

    assert await task is False


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


@pytest.mark.parametrize("only", [None, ["source.fixAll"]])
async def test_a_restart_answers_what_waits_for_what_hangs(
    conversation: Conversation, only: list[str] | None
) -> None:
    uri = "file:///work/a.py"
    conversation.open(uri, "bad_word\n")
    await conversation.settle()
    conversation.program.held = begun, may_end = threading.Event(), threading.Event()
    start = {"line": 0, "character": 1}
    about = {"textDocument": {"uri": uri}}
    context = {"diagnostics": [], **({} if only is None else {"only": only})}
    conversation.replace(uri, 2, "bad_word bad_other\n")
    await asyncio.to_thread(begun.wait)
    asked = [
        asyncio.ensure_future(conversation.answer(method, {**about, **params}))
        for method, params in (
            ("textDocument/hover", {"position": start}),
            (
                "textDocument/codeAction",
                {"range": {"start": start, "end": start}, "context": context},
            ),
        )
    ]
    await asyncio.sleep(0.01)
    conversation.program = StandIn()
    await execute(conversation, "batten.restartAnalysis")
    hover, actions = [await each for each in asked]
    await conversation.settle()
    may_end.set()

    assert hover["result"]["contents"], "asked again"
    assert "error" not in actions
    assert len(conversation.published(uri)[-1]["diagnostics"]) == 2


async def test_a_restart_leaves_behind_what_hangs(conversation: Conversation) -> None:
    conversation.open("file:///work/a.py", "bad_word\n")
    await conversation.settle()
    conversation.replace("file:///work/a.py", 2, "bad_word sleep_now\n")
    await asyncio.sleep(0.05)
    conversation.replace("file:///work/a.py", 3, "bad_word bad_other\n")
    await execute(conversation, "batten.restartAnalysis")
    await conversation.settle()

    assert len(conversation.published("file:///work/a.py")[-1]["diagnostics"]) == 2

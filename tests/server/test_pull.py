"""Editors that pull: full and unchanged reports, and when they are told to ask again."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from conversation import Conversation

URI = "file:///work/a.py"
OTHER = "file:///work/b.py"
PULLS = {
    "textDocument": {"diagnostic": {"dynamicRegistration": False}},
    "workspace": {"diagnostics": {"refreshSupport": True}},
}


@pytest.fixture
async def pulling() -> Conversation:
    conversation = Conversation()
    await conversation.initialize(PULLS)
    return conversation


async def pull(conversation: Conversation, uri: str = URI, previous: str | None = None) -> Any:
    params = {"textDocument": {"uri": uri}, "previousResultId": previous}
    return await conversation.ask("textDocument/diagnostic", params)


def refreshes(conversation: Conversation) -> int:
    return [message.get("method") for message in conversation.sent].count(
        "workspace/diagnostic/refresh"
    )


@pytest.mark.parametrize(
    ("capabilities", "pulls"),
    [
        (PULLS, True),
        ({"textDocument": PULLS["textDocument"]}, False),
        ({"workspace": PULLS["workspace"]}, False),
        ({}, False),
    ],
)
async def test_an_editor_pulls_or_is_pushed_to_and_never_both(
    capabilities: dict[str, Any], pulls: bool
) -> None:
    conversation = Conversation()
    announced = await conversation.initialize(capabilities)
    conversation.open(URI, "bad_word\n")
    await conversation.settle()

    assert bool(conversation.published(URI)) is not pulls
    assert ("diagnosticProvider" in announced) is pulls
    if not pulls:
        answer = await conversation.answer(
            "textDocument/diagnostic", {"textDocument": {"uri": URI}}
        )
        assert answer["error"]["code"] == -32601


async def test_what_the_editor_has_already_is_not_sent_again(pulling: Conversation) -> None:
    pulling.open(URI, "bad_word\n")
    first = await pull(pulling)
    pulling.replace(URI, 2, "bad_word # more\n")
    second = await pull(pulling, previous=first["resultId"])
    pulling.replace(URI, 3, " bad_word # more\n")
    third = await pull(pulling, previous=first["resultId"])

    assert (first["kind"], len(first["items"])) == ("full", 1)
    assert second == {"kind": "unchanged", "resultId": first["resultId"]}
    assert third["kind"] == "full"
    assert third["resultId"] != first["resultId"]


async def test_an_id_of_an_earlier_opening_is_not_taken_for_a_new_one(
    pulling: Conversation,
) -> None:
    pulling.open(URI, "bad_word\n")
    first = await pull(pulling)
    pulling.close_document(URI)
    pulling.open(URI, "good\n")
    second = await pull(pulling, previous=first["resultId"])

    assert second["kind"] == "full"
    assert second["items"] == []


async def test_what_is_not_open_has_no_findings(pulling: Conversation) -> None:
    assert (await pull(pulling))["items"] == []


async def test_a_change_elsewhere_asks_for_a_refresh(pulling: Conversation) -> None:
    pulling.open(URI, "bad_word\n")
    pulling.open(OTHER, "good\n")
    await pull(pulling)
    await pull(pulling, OTHER)
    pulling.replace(OTHER, 2, "allow_all\n")
    await pulling.settle()

    assert refreshes(pulling) == 1
    assert (await pull(pulling))["items"] == []


async def test_an_editor_asks_by_itself_after_a_change_of_its_text(pulling: Conversation) -> None:
    pulling.open(URI, "bad_word\n")
    first = await pull(pulling)
    pulling.replace(URI, 2, "bad_word bad_other\n")
    await pulling.settle()

    assert refreshes(pulling) == 0
    assert len((await pull(pulling, previous=first["resultId"]))["items"]) == 2


async def test_a_document_out_of_sight_is_told_once(pulling: Conversation) -> None:
    pulling.open(URI, "bad_word\n")
    pulling.open(OTHER, "good\n")
    first = await pull(pulling)
    pulling.replace(OTHER, 2, "allow_all\n")
    await pulling.settle()
    pulling.replace(OTHER, 3, "allow_all \n")
    await pulling.settle()

    assert refreshes(pulling) == 1
    assert (await pull(pulling, previous=first["resultId"]))["kind"] == "full"


async def test_no_refresh_without_need(pulling: Conversation) -> None:
    pulling.open(URI, "bad_word\n")
    pulling.open(OTHER, "good\n")
    await pull(pulling)
    pulling.replace(OTHER, 2, "better\n")
    await pull(pulling, OTHER)
    pulling.close_document(OTHER)
    await pulling.settle()

    assert refreshes(pulling) == 0


async def test_a_question_that_is_overtaken_by_a_change_has_to_be_asked_again(
    pulling: Conversation,
) -> None:
    pulling.program.delay = 0.1
    pulling.open(URI, "bad_word\n")
    question = asyncio.ensure_future(
        pulling.answer("textDocument/diagnostic", {"textDocument": {"uri": URI}})
    )
    await asyncio.sleep(0.02)
    pulling.replace(URI, 2, "bad_word bad_more\n")
    error = (await question)["error"]

    assert error["code"] == -32802
    assert error["data"] == {"retriggerRequest": True}
    assert len((await pull(pulling))["items"]) == 2


async def test_a_key_in_another_document_takes_no_finding_away(pulling: Conversation) -> None:
    pulling.open(URI, "bad_word\n")
    pulling.open(OTHER, "good\n")
    await pulling.settle()
    pulling.program.held = begun, may_end = threading.Event(), threading.Event()
    pulling.replace(URI, 2, "bad_word bad_more\n")
    question = asyncio.ensure_future(pull(pulling))
    hover = asyncio.ensure_future(
        pulling.ask(
            "textDocument/hover",
            {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 1}},
        )
    )
    await asyncio.to_thread(begun.wait)
    pulling.replace(OTHER, 2, "better\n")
    may_end.set()

    assert len((await question)["items"]) == 2
    assert (await hover) is not None


async def test_a_question_about_the_workspace_waits_for_news(pulling: Conversation) -> None:
    question = asyncio.ensure_future(pulling.ask("workspace/diagnostic", {"previousResultIds": []}))
    await asyncio.sleep(0.05)
    assert not question.done()
    found = '{"message":"x"}'
    pulling.server.diagnostics.outlet.deliver_unopened({"file:///work/c.py": [found]})
    (item,) = (await question)["items"]
    assert item["uri"] == "file:///work/c.py"
    assert len(item["items"]) == 1

    known = [{"uri": item["uri"], "value": item["resultId"]}]
    question = asyncio.ensure_future(
        pulling.ask("workspace/diagnostic", {"previousResultIds": known})
    )
    pulling.server.diagnostics.outlet.deliver_unopened({"file:///work/c.py": [found]})
    await asyncio.sleep(0.05)
    assert not question.done()
    pulling.server.diagnostics.outlet.deliver_unopened({})
    (item,) = (await question)["items"]
    assert item["items"] == []


async def test_a_waiting_question_can_be_cancelled_and_ends_with_the_session(
    pulling: Conversation,
) -> None:
    params: dict[str, Any] = {"previousResultIds": []}
    first = asyncio.ensure_future(pulling.answer("workspace/diagnostic", params))
    await asyncio.sleep(0.01)
    pulling.tell("$/cancelRequest", {"id": pulling._last_id})
    assert (await first)["error"]["code"] == -32800

    second = asyncio.ensure_future(pulling.answer("workspace/diagnostic", params))
    await asyncio.sleep(0.01)
    await pulling.ask("shutdown")
    assert (await second)["error"]["code"] == -32800

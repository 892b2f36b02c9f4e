"""Which code actions are offered, in which order and in which form."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import pytest
from conversation import Conversation

from batten_server import engine, safe_fixes
from batten_server.code_action import is_asked_for
from batten_server.loading import Loading

URI = "file:///work/a.py"
OTHER = "file:///work/b.py"
PREFERRED = {"textDocument": {"codeAction": {"isPreferredSupport": True}}}


def at(line: int, start: int, end: int | None = None) -> dict[str, Any]:
    return {
        "start": {"line": line, "character": start},
        "end": {"line": line, "character": start if end is None else end},
    }


async def actions(
    conversation: Conversation, place: dict[str, Any], **context: Any
) -> list[dict[str, Any]]:
    params = {
        "textDocument": {"uri": URI},
        "range": place,
        "context": {"diagnostics": [], **context},
    }
    result = await conversation.ask("textDocument/codeAction", params)
    assert isinstance(result, list)
    return result


def of_kinds(*kinds: str) -> dict[str, Any]:
    """What an editor declares that tells of code actions only which kinds it knows."""
    literal = {"codeActionKind": {"valueSet": list(kinds)}}
    return {"textDocument": {"codeAction": {"codeActionLiteralSupport": literal}}}


KATE = of_kinds("quickfix", "refactor", "source")
"""Kate 22.12 makes all that it is offered for a diagnostic."""

ALE = of_kinds()
"""ALE 3.3 in Vim asks which."""


async def fixes(
    conversation: Conversation, place: dict[str, Any], **context: Any
) -> list[dict[str, Any]]:
    """The actions that fix one finding."""
    return [
        action
        for action in await actions(conversation, place, **context)
        if action["title"].startswith(("Make it good", "Give it up"))
    ]


async def begun(capabilities: dict[str, Any]) -> Conversation:
    conversation = Conversation()
    await conversation.initialize(capabilities)
    return conversation


async def test_the_server_says_that_it_has_quick_fixes() -> None:
    announced = await Conversation().initialize({})

    assert announced["codeActionProvider"]["codeActionKinds"] == [
        "quickfix",
        "source.fixAll.batten",
    ]
    assert announced["textDocumentSync"]["openClose"] is True
    assert announced["textDocumentSync"]["change"] == 2
    assert "diagnosticProvider" not in announced


async def test_the_preferred_fix_comes_first_and_advice_without_an_edit_not_at_all() -> None:
    conversation = await begun(PREFERRED)
    conversation.open(URI, "bad_word\n")
    first, second = await fixes(conversation, at(0, 3))

    assert (first["title"], first["kind"], first["isPreferred"]) == (
        "Make it good",
        "quickfix",
        True,
    )
    assert second["title"] == "Give it up (may change what is sent for harmless values)"
    assert "isPreferred" not in second
    assert [diagnostic["code"] for diagnostic in first["diagnostics"]] == ["BTN101"]


async def test_a_fix_that_is_not_safe_says_so_and_is_never_made_unseen() -> None:
    conversation = await begun(PREFERRED)
    conversation.open(URI, "bad_risky\n")
    first, _ = await fixes(conversation, at(0, 3))

    assert first["title"] == "Give it up (may change what is sent for harmless values)"
    assert "isPreferred" not in first


async def test_an_editor_that_knows_no_preference_is_told_none(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word\n")

    assert all("isPreferred" not in action for action in await actions(conversation, at(0, 3)))


async def test_edits_name_the_version_where_the_editor_takes_it() -> None:
    conversation = await begun({"workspace": {"workspaceEdit": {"documentChanges": True}}})
    conversation.open(URI, "bad_word\n", version=3)
    action, _ = await fixes(conversation, at(0, 3))

    assert action["edit"] == {
        "documentChanges": [
            {
                "textDocument": {"uri": URI, "version": 3},
                "edits": [{"range": at(0, 0, 3), "newText": "good"}],
            }
        ]
    }


async def test_edits_are_plain_changes_elsewhere(conversation: Conversation) -> None:
    conversation.open(URI, "é = bad_word\n")
    action, _ = await fixes(conversation, at(0, 5))

    assert action["edit"] == {"changes": {URI: [{"range": at(0, 4, 7), "newText": "good"}]}}


@pytest.mark.parametrize("place", [at(0, 4), at(0, 12), at(0, 6, 9), at(0, 0, 30)])
async def test_a_finding_is_reached_from_its_ends_and_between(
    conversation: Conversation, place: dict[str, Any]
) -> None:
    conversation.open(URI, "x = bad_word + y\n")

    assert len(await fixes(conversation, place)) == 2


@pytest.mark.parametrize("place", [at(0, 3), at(0, 13), at(1, 0)])
async def test_a_finding_is_not_reached_from_beside_it(
    conversation: Conversation, place: dict[str, Any]
) -> None:
    conversation.open(URI, "x = bad_word + y\n\n")

    assert await actions(conversation, place) == []


async def test_fixes_are_computed_once_for_a_text(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word\n")
    for _ in range(3):
        await actions(conversation, at(0, 3))

    assert conversation.program.log.count("fixes word:word") == 1


async def test_the_text_is_linked_again_once_the_answer_is_out(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked = asyncio.Event()
    loop, program = asyncio.get_running_loop(), conversation.program
    judged = program.judged

    def told(path: str) -> Any:
        if "fixes word:word" in program.log:
            loop.call_soon_threadsafe(linked.set)
        return judged(path)

    monkeypatch.setattr(program, "judged", told)
    conversation.open(URI, "bad_word\n")
    await actions(conversation, at(0, 3))

    await asyncio.wait_for(linked.wait(), 10)


async def test_the_fixes_are_those_of_the_newest_text(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word\n")
    conversation.replace(URI, 2, "# \n bad_word\n")
    action, _ = await fixes(conversation, at(1, 3))

    assert action["edit"]["changes"][URI][0]["range"] == at(1, 1, 4)


async def test_nothing_is_offered_for_a_text_that_changes_meanwhile(
    conversation: Conversation,
) -> None:
    conversation.program.delay = 0.1
    conversation.open(URI, "bad_word\n")
    await conversation.settle()
    conversation.replace(URI, 2, " bad_word\n")
    params = {"textDocument": {"uri": URI}, "range": at(0, 3), "context": {"diagnostics": []}}
    message = {"jsonrpc": "2.0", "id": 9, "method": "textDocument/codeAction", "params": params}
    conversation.raw(json.dumps(message).encode())
    await asyncio.sleep(0)  # as the transport does: the handler has begun
    conversation.replace(URI, 3, "  bad_word\n")

    assert (await conversation.answer_to(9))["result"] == []


@pytest.mark.parametrize(
    ("kind", "only", "asked"),
    [
        ("quickfix", None, True),
        ("quickfix", ["quickfix"], True),
        ("quickfix", [""], True),
        ("quickfix", ["refactor", "quickfix"], True),
        ("quickfix", ["quickfix.batten"], False),
        ("quickfix", ["quick"], False),
        ("quickfix", ["source"], False),
        ("quickfix", [], False),
        ("source.fixAll.batten", None, False),
        ("source.fixAll.batten", ["source"], True),
        ("source.fixAll.batten", ["source.fixAll"], True),
        ("source.fixAll.batten", ["source.fixAll.batten"], True),
        ("source.fixAll.batten", ["source.fixAll.bat"], False),
        ("source.fixAll.batten", ["source.fixAll.batten.more"], False),
        ("source.fixAll.batten", ["source.organizeImports"], False),
    ],
)
def test_kinds_are_a_hierarchy_by_their_dots(
    kind: str, only: list[str] | None, asked: bool
) -> None:
    assert is_asked_for(kind, only) is asked


async def test_all_safe_fixes_are_one_action_when_the_editor_asks_for_it(
    conversation: Conversation,
) -> None:
    conversation.open(URI, "bad_one bad_two\n\n\nbad_three\n")
    (action,) = await actions(conversation, at(1, 0), only=["source.fixAll"])

    assert action["kind"] == "source.fixAll.batten"
    assert action["edit"]["changes"][URI] == [
        {"range": at(0, 0, 10), "newText": "good_one goo"},
        {"range": at(3, 0, 2), "newText": "goo"},
    ]
    assert len(await fixes(conversation, at(0, 3))) == 2, "the document is as it was"


async def test_a_key_stops_the_fixes_of_a_whole_file(conversation: Conversation) -> None:
    program = conversation.program
    conversation.open(URI, "bad_one\n")
    await conversation.settle()
    program.held = begun_, may_end = threading.Event(), threading.Event()
    asked = asyncio.create_task(actions(conversation, at(0, 0), only=["source.fixAll"]))
    await asyncio.to_thread(begun_.wait)
    program.looked_at.clear()
    conversation.replace(URI, 2, "bad_word\n")
    may_end.set()

    assert await asked == []
    await conversation.settle()
    assert "good_one\n" not in program.looked_at
    document = conversation.server.document(URI)
    assert document is not None
    assert program.source(document.path).text == "bad_word\n"


async def test_a_key_in_another_document_comes_first_and_takes_no_fix_away(
    conversation: Conversation,
) -> None:
    """An editor that saves several documents at once has each fixed while others are changed."""
    program = conversation.program
    conversation.open(URI, "bad_one\n")
    conversation.open(OTHER, "bad_other\n")
    await conversation.settle()
    program.held = begun_, may_end = threading.Event(), threading.Event()
    asked = asyncio.create_task(actions(conversation, at(0, 0), only=["source.fixAll"]))
    await asyncio.to_thread(begun_.wait)
    program.looked_at.clear()
    conversation.replace(OTHER, 2, "bad_word\n")
    may_end.set()
    (action,) = await asked

    assert action["edit"]["changes"][URI] == [{"range": at(0, 0, 2), "newText": "goo"}]
    await conversation.settle()
    assert program.looked_at[0] == "bad_word\n"
    document = conversation.server.document(URI)
    assert document is not None
    assert program.source(document.path).text == "bad_one\n"


async def test_who_types_on_and_on_in_another_document_leaves_no_question_without_an_answer(
    conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation.open(URI, "bad_one\n")
    await conversation.settle()

    async def stopped(*_: object) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(conversation.server.engine, "fix_all", stopped)
    monkeypatch.setattr(safe_fixes, "LONGEST", 0.05)

    assert await actions(conversation, at(0, 0), only=["source.fixAll"]) == []


async def test_what_fixes_need_is_waited_for_by_who_wants_them_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow, may_end = Loading(), threading.Event()
    slow.begin(lambda: _wait(may_end))
    monkeypatch.setattr(engine, "loading", lambda: slow)
    conversation = await begun({})
    conversation.open(URI, "bad_word\n")
    conversation.open(OTHER, "bad_word\n")
    offered = asyncio.ensure_future(fixes(conversation, at(0, 3)))
    await conversation.settle()
    conversation.replace(OTHER, 2, "\n")
    await conversation.settle()

    assert not offered.done()
    assert conversation.published(OTHER)[-1]["version"] == 2
    may_end.set()
    good, unsafe = await offered
    assert (good["title"], unsafe["title"][:10]) == ("Make it good", "Give it up")


def _wait(event: threading.Event) -> None:
    assert event.wait(60)


async def test_an_editor_that_makes_all_that_it_is_offered_gets_the_one_fix_of_the_diagnostic() -> (
    None
):
    conversation = await begun(KATE)
    conversation.open(URI, "bad_one bad_two\n")
    await conversation.settle()
    _, second = conversation.published(URI)[-1]["diagnostics"]

    (action,) = await actions(conversation, at(0, 0, 15), diagnostics=[second])

    assert action["edit"]["changes"][URI] == [{"range": at(0, 8, 11), "newText": "good"}]


async def test_the_menu_of_such_an_editor_has_all_safe_fixes_too() -> None:
    conversation = await begun(KATE)
    conversation.open(URI, "bad_one\nbad_two\n")
    offered = await actions(conversation, at(0, 0, 7))

    assert [each["kind"] for each in offered].count("source.fixAll.batten") == 1
    assert len(await fixes(conversation, at(0, 0, 7))) == 2


async def test_an_editor_that_lets_choose_gets_all_for_a_diagnostic() -> None:
    conversation = await begun(ALE)
    conversation.open(URI, "bad_one\n")
    await conversation.settle()
    (diagnostic,) = conversation.published(URI)[-1]["diagnostics"]

    offered = await actions(conversation, at(0, 0, 7), diagnostics=[diagnostic])

    assert "Make it good" in [each["title"] for each in offered]
    assert len(offered) > 2


async def test_notes_are_fixed_one_by_one_only(conversation: Conversation) -> None:
    conversation.open(URI, "bad_note\n")

    assert await actions(conversation, at(0, 0), only=["source.fixAll"]) == []
    assert await fixes(conversation, at(0, 3))


async def test_there_is_no_such_action_when_there_is_nothing_to_fix(
    conversation: Conversation,
) -> None:
    conversation.open(URI, "good\n")

    assert await actions(conversation, at(0, 0), only=["source.fixAll.batten"]) == []


async def test_an_editor_that_wants_another_kind_gets_nothing(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word\n")

    assert await actions(conversation, at(0, 3), only=["source.organizeImports"]) == []
    assert len(await fixes(conversation, at(0, 3), only=["quickfix"])) == 2


async def test_one_action_at_most_is_preferred_and_never_one_that_ignores() -> None:
    conversation = await begun(PREFERRED)
    conversation.open(URI, "bad_word bad_word\n")
    offered = await actions(conversation, at(0, 2))

    assert [each["title"] for each in offered if each.get("isPreferred")] == ["Make it good"]
    assert any(each["title"].startswith("Ignore") for each in offered)


async def test_actions_do_not_go_by_what_others_say_of_the_place(
    conversation: Conversation,
) -> None:
    conversation.open(URI, "bad_word\n")
    foreign = {"range": at(0, 0, 8), "message": "x", "source": "other", "code": "BTN101", "data": 5}

    assert len(await fixes(conversation, at(0, 2), diagnostics=[foreign])) == 2

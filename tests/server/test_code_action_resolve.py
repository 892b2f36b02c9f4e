"""An action that was chosen is worked out for the text as it is then, or refused."""

from __future__ import annotations

from typing import Any

import pytest
from conversation import Conversation

URI = "file:///work/a.py"
RESOLVES = {
    "textDocument": {
        "codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}
    }
}
CONTENT_MODIFIED = -32801


@pytest.fixture
async def resolving() -> Conversation:
    conversation = Conversation()
    await conversation.initialize(RESOLVES)
    return conversation


async def action(conversation: Conversation, title: str, character: int = 3) -> dict[str, Any]:
    """The only action that is called so."""
    place = {"line": 0, "character": character}
    params = {
        "textDocument": {"uri": URI},
        "range": {"start": place, "end": place},
        "context": {"diagnostics": []},
    }
    actions = await conversation.ask("textDocument/codeAction", params)
    (found,) = [each for each in actions if each["title"].startswith(title)]
    return dict(found)


async def test_a_fix_comes_without_its_edit_and_gets_it_when_chosen(
    resolving: Conversation,
) -> None:
    resolving.open(URI, "bad_word\n")
    offered = await action(resolving, "Make it good")
    resolved = await resolving.ask("codeAction/resolve", offered)

    assert "edit" not in offered
    (edit,) = resolved["edit"]["changes"][URI]
    assert (edit["range"]["start"]["character"], edit["newText"]) == (0, "good")


async def test_a_fix_is_that_of_the_newest_text(resolving: Conversation) -> None:
    resolving.open(URI, "bad_word\n")
    offered = await action(resolving, "Make it good")
    resolving.replace(URI, 2, "  bad_word\n")
    resolved = await resolving.ask("codeAction/resolve", offered)

    (edit,) = resolved["edit"]["changes"][URI]
    assert edit["range"]["start"]["character"] == 2


@pytest.mark.parametrize("text", ["good\n", "bad_other\n", None])
async def test_what_is_not_to_be_fixed_any_more_is_refused(
    resolving: Conversation, text: str | None
) -> None:
    resolving.open(URI, "bad_word\n")
    offered = await action(resolving, "Make it good")
    if text is None:
        resolving.close_document(URI)
    else:
        resolving.replace(URI, 2, text)
    answer = await resolving.answer("codeAction/resolve", offered)

    assert answer["error"]["code"] == CONTENT_MODIFIED


async def test_all_findings_of_a_rule_are_fixed_by_one_action(resolving: Conversation) -> None:
    resolving.open(URI, "bad_one bad_two\n")
    offered = await action(resolving, "Make the safe fixes of all BTN101")
    resolved = await resolving.ask("codeAction/resolve", offered)

    (edit,) = resolved["edit"]["changes"][URI]
    assert edit["newText"] == "good_one goo"


async def test_one_finding_has_no_action_for_all(resolving: Conversation) -> None:
    resolving.open(URI, "bad_one\n")
    with pytest.raises(ValueError, match="not enough values"):
        await action(resolving, "Make the safe fixes of all")


async def test_an_editor_that_does_not_resolve_gets_the_edit_at_once(
    conversation: Conversation,
) -> None:
    conversation.open(URI, "bad_one bad_two\n")

    assert "edit" in await action(conversation, "Make the safe fixes of all BTN101")
    assert "data" not in await action(conversation, "Make it good")


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        [],
        {"kind": "other"},
        {"kind": "batten.fix"},
        {"kind": "batten.fix", "uri": 5, "fingerprint": "x", "title": "y"},
        {"kind": "batten.fixAll", "uri": URI, "code": "BTN101", "more": "z"},
    ],
)
async def test_what_is_not_ours_comes_back_as_it_was(resolving: Conversation, data: object) -> None:
    resolving.open(URI, "bad_word\n")
    foreign = {"title": "x", "data": data}

    resolved = await resolving.ask("codeAction/resolve", foreign)
    assert resolved["title"] == "x"
    assert "edit" not in resolved

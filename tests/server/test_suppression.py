"""A comment takes a finding away, an action writes it, and a hover tells what it is about."""

from __future__ import annotations

from typing import Any

import pytest
from conversation import Conversation

URI = "file:///work/a.py"


async def shown(conversation: Conversation) -> int:
    await conversation.settle()
    return len(conversation.published(URI)[-1]["diagnostics"])


async def suppress(conversation: Conversation, line: int, character: int) -> dict[str, Any]:
    place = {"line": line, "character": character}
    params = {
        "textDocument": {"uri": URI},
        "range": {"start": place, "end": place},
        "context": {"diagnostics": []},
    }
    actions = await conversation.ask("textDocument/codeAction", params)
    (found,) = [each for each in actions if each["title"].startswith("Ignore")]
    return dict(found)


async def test_a_comment_takes_the_finding_away(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word\n")
    assert await shown(conversation) == 1
    conversation.replace(URI, 2, "bad_word  # batten: ignore[BTN101]\n")
    assert await shown(conversation) == 0


async def test_a_comment_for_another_rule_does_not(conversation: Conversation) -> None:
    conversation.open(URI, "bad_word  # batten: ignore[BTN102]\n")

    assert await shown(conversation) == 1


FADES = {"textDocument": {"publishDiagnostics": {"tagSupport": {"valueSet": [1, 2]}}}}


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# batten: ignore[BTN102]", "there is no such finding here"),
        ("# batten: ignore[BTN101] until 2020-01-31", "it ended on 2020-01-31"),
        ("# batten: ignore[nonsense]", "there is no rule 'nonsense'"),
        ("# batten: ignore", "it needs the code of a rule in brackets"),
    ],
)
async def test_a_comment_that_suppresses_nothing_is_faded(comment: str, reason: str) -> None:
    conversation = Conversation()
    await conversation.initialize(FADES)
    conversation.open(URI, f"bad_word  {comment}\n")
    await conversation.settle()
    finding, faded = conversation.published(URI)[-1]["diagnostics"]

    assert finding["code"] == "BTN101"
    assert "tags" not in finding
    assert (faded["tags"], faded["severity"]) == ([1], 4)
    assert faded["message"].startswith(f"This comment suppresses nothing: {reason}")
    at = {"line": 0, "character": 10}
    assert faded["range"] == {"start": at, "end": {**at, "character": 10 + len(comment)}}


@pytest.mark.parametrize(
    "text",
    [
        "bad_word  # batten: ignore[BTN101]\n",
        "# batten: ignore-file[BTN101]\nbad_word\n",
        "x = 1  # nosec\n",
        "x = 1  # noqa: S608\n",
        'x = "# batten: ignore[BTN101]"\n',
    ],
)
async def test_a_comment_that_does_or_is_not_ours_stays_as_it_is(text: str) -> None:
    conversation = Conversation()
    await conversation.initialize(FADES)
    conversation.open(URI, text)
    await conversation.settle()

    assert conversation.published(URI)[-1]["diagnostics"] == []


async def test_a_comment_on_a_finding_that_nobody_wants_to_see_is_not_faded() -> None:
    conversation = Conversation()
    await conversation.initialize(FADES, initializationOptions={"ignore": ["BTN101"]})
    conversation.open(URI, "bad_word  # batten: ignore[BTN101]\n")
    await conversation.settle()

    assert conversation.published(URI)[-1]["diagnostics"] == []


async def test_an_editor_that_can_not_fade_hears_nothing_of_it(conversation: Conversation) -> None:
    conversation.open(URI, "x = 1  # batten: ignore[BTN102]\n")
    await conversation.settle()

    assert conversation.published(URI)[-1]["diagnostics"] == []


@pytest.mark.parametrize(
    ("text", "line", "character", "place", "comment"),
    [
        ("x = bad_word\n", 0, 6, (0, 12), "  # batten: ignore[BTN101]"),
        ('x = f"""\n{bad_word}\n"""\n', 1, 4, (2, 3), "  # batten: ignore[BTN101]"),
        ("f(\n  bad_word,\n  y)\n", 1, 4, (1, 11), "  # batten: ignore[BTN101]"),
        ("bad_word  # batten: ignore[BTN102] x\n", 0, 3, (0, 33), ", BTN101"),
    ],
)
async def test_an_action_writes_the_comment_where_it_counts(
    conversation: Conversation,
    text: str,
    line: int,
    character: int,
    place: tuple[int, int],
    comment: str,
) -> None:
    conversation.open(URI, text)
    action = await suppress(conversation, line, character)

    at = {"line": place[0], "character": place[1]}
    assert action["edit"]["changes"][URI] == [
        {"range": {"start": at, "end": at}, "newText": comment}
    ]
    assert action["kind"] == "quickfix"
    assert "isPreferred" not in action
    conversation.change(URI, 2, {"range": {"start": at, "end": at}, "text": comment})
    assert await shown(conversation) == 0


async def test_suppressed_findings_are_not_fixed(conversation: Conversation) -> None:
    conversation.open(URI, "bad_one  # batten: ignore[BTN101]\nbad_two\n")
    place = {"line": 0, "character": 0}
    params = {
        "textDocument": {"uri": URI},
        "range": {"start": place, "end": place},
        "context": {"diagnostics": [], "only": ["source.fixAll"]},
    }
    (action,) = await conversation.ask("textDocument/codeAction", params)

    (edit,) = action["edit"]["changes"][URI]
    assert edit["range"]["start"]["line"] == 1


@pytest.mark.parametrize(
    ("comment", "at", "said"),
    [
        ("# batten: ignore[BTN101] why", 20, "BTN101 unescaped-path-segment"),
        ("# batten: ignore[BTN101, BTN9] why", 28, "No rule goes by `BTN9`"),
        ("# batten: ignore[BTN101] until 2001-01-01", 20, "It ended on 2001-01-01"),
        ("# noqa: BTN102", 10, "BTN102 unescaped-query-value"),
    ],
)
async def test_a_hover_tells_what_a_name_in_a_comment_stands_for(
    conversation: Conversation, comment: str, at: int, said: str
) -> None:
    conversation.open(URI, f"{comment}\n")
    params = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": at}}
    hover = await conversation.ask("textDocument/hover", params)

    assert said in hover["contents"]["value"]


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# batten: ignore[BTN101] why", ["BTN101 unescaped-path-segment"]),
        ("# batten: ignore[BTN101, BTN102]", ["BTN101 unescaped-path", "BTN102 unescaped-query"]),
        ("# batten: ignore[BTN101, BTN9]", ["BTN101 unescaped-path", "No rule goes by `BTN9`"]),
        ("# batten: ignore-file[BTN101] until 2001-01-01", ["BTN101", "It ended on 2001-01-01"]),
        (
            "# batten: ignore why",
            ["It suppresses nothing: it needs the code of a rule in brackets"],
        ),
        ("# nosec", ["It accepts every finding in its statement"]),
        ("# noqa: E501, BTN102", ["BTN102 unescaped-query-value"]),
    ],
)
async def test_a_hover_beside_the_names_tells_of_all_of_them(
    conversation: Conversation, comment: str, said: list[str]
) -> None:
    conversation.open(URI, f"x = 1  {comment}\n")
    params = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 10}}
    hover = await conversation.ask("textDocument/hover", params)

    assert [each for each in said if each not in hover["contents"]["value"]] == []
    assert "E501" not in hover["contents"]["value"]
    assert hover["range"]["start"]["character"] == 7


@pytest.mark.parametrize(("comment", "at"), [("# noqa: E501", 10), ("# noqa: E501, BTN102", 10)])
async def test_there_is_no_hover_on_what_is_said_to_another_tool(
    conversation: Conversation, comment: str, at: int
) -> None:
    conversation.open(URI, f"{comment}\n")
    params = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": at}}

    assert await conversation.ask("textDocument/hover", params) is None


async def test_there_is_no_hover_on_the_reason(conversation: Conversation) -> None:
    conversation.open(URI, "# batten: ignore[BTN101] why\n")
    params = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 27}}

    assert await conversation.ask("textDocument/hover", params) is None

"""A hover tells what the finding is and what would be sent."""

from __future__ import annotations

from typing import Any

from conversation import Conversation

from batten.report.rule_page import index_uri, page_uri
from batten.rules.finding import Finding, Severity
from batten.syntax.text import Span
from batten_server.capabilities import Editor
from batten_server.presentation import description

URI = "file:///work/a.py"


async def hover(conversation: Conversation, character: int) -> Any:
    position = {"line": 0, "character": character}
    params = {"textDocument": {"uri": URI}, "position": position}
    return await conversation.ask("textDocument/hover", params)


async def test_a_hover_shows_the_attack_before_and_after_the_fix() -> None:
    conversation = Conversation()
    await conversation.initialize({"textDocument": {"hover": {"contentFormat": ["markdown"]}}})
    conversation.open(URI, "x = bad_word\n")
    shown = await hover(conversation, 6)

    assert shown["range"]["start"] == {"line": 0, "character": 4}
    assert shown["range"]["end"] == {"line": 0, "character": 12}
    assert shown["contents"] == {
        "kind": "markdown",
        "value": f"**[BTN101 bad-word]({page_uri('BTN101')})** · warning\n\n"
        "the word word\n\n"
        "Sent with `` ../`x` ``, now and after the fix:\n\n"
        "```diff\n- GET /../`x`\n+ GET /..%2F%60x%60\n```",
    }


async def test_an_editor_that_shows_the_diagnostic_beside_gets_what_it_does_not_say() -> None:
    conversation = Conversation()
    await conversation.initialize(
        {
            "textDocument": {"hover": {"contentFormat": ["markdown"]}},
            "experimental": {"batten": {"hoverShowsDiagnostics": True}},
        }
    )
    conversation.open(URI, "x = bad_word\n")
    shown = await hover(conversation, 6)

    assert shown["contents"]["value"] == (
        f"**[BTN101 bad-word]({page_uri('BTN101')})** · warning\n\n"
        "Sent with `` ../`x` ``, now and after the fix:\n\n"
        "```diff\n- GET /../`x`\n+ GET /..%2F%60x%60\n```"
    )


def test_a_message_is_words_and_code_and_never_markup() -> None:
    finding = Finding(
        code="BTN101",
        name="bad-word",
        severity=Severity.NOTE,
        message="`a_b*` in `[x](y)` <b> a_b *c* ` [z](z)",
        path="/work/a.py",
        span=Span(0, 1),
        context="word",
        witness=None,
        trace=(),
        fingerprint="",
    )
    shown = description(finding, Editor(markdown=True)).value

    assert shown.splitlines()[-1] == (r"`a_b*` in `[x](y)` \<b\> a\_b \*c\* \` \[z\](z)")


async def test_an_editor_without_markdown_gets_plain_text(conversation: Conversation) -> None:
    conversation.open(URI, "x = bad_word\n")
    shown = await hover(conversation, 12)

    assert shown["contents"]["kind"] == "plaintext"
    assert shown["contents"]["value"].splitlines() == [
        "BTN101 bad-word (warning)",
        "the word word",
        "With ../`x` is sent:",
        "    GET /../`x`",
        "After the fix:",
        "    GET /..%2F%60x%60",
        page_uri("BTN101"),
    ]


async def test_there_is_no_hover_beside_a_finding(conversation: Conversation) -> None:
    conversation.open(URI, "x = bad_word\n")

    assert await hover(conversation, 3) is None


MARKDOWN = {"textDocument": {"hover": {"contentFormat": ["markdown"]}}}


async def test_a_call_that_sends_tells_what_it_sends_and_where() -> None:
    conversation = Conversation()
    await conversation.initialize(MARKDOWN)
    conversation.open(URI, "x = 'é'; send('https://x.test/`q`')\n")
    shown = await hover(conversation, 10)

    assert shown["range"]["start"]["character"] == 9
    assert shown["range"]["end"]["character"] == 13
    assert shown["contents"]["value"].split("\n\n") == [
        "**This call sends a request**: ` GET ` (sender)",
        "The URL, its argument ` url `: `` 'https://x.test/`q`' ``",
        f"[What Batten looks for]({index_uri()})",
    ]
    assert await hover(conversation, 20) is None


async def test_a_finding_says_more_than_the_call(conversation: Conversation) -> None:
    conversation.open(URI, "send(bad_word)\n")

    assert (await hover(conversation, 7))["contents"]["value"].startswith("BTN101 bad-word")
    assert (await hover(conversation, 2))["contents"]["value"].splitlines() == [
        "This call sends a request: GET (sender)",
        "The URL, its argument url: bad_word",
        index_uri(),
    ]


async def test_a_long_argument_is_shown_shortened_and_in_one_line(
    conversation: Conversation,
) -> None:
    conversation.open(URI, "send('https://x.test/'\n     " + "+ name " * 20 + ")\n")
    line = (await hover(conversation, 2))["contents"]["value"].splitlines()[1]

    assert line.startswith("The URL, its argument url: 'https://x.test/' + name + name")
    assert line.endswith("...")
    assert len(line) < 100

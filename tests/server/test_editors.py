"""The whole way, engine included, under what VS Code, Neovim and Emacs declare of themselves."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from batten.report.rule_page import page_uri

if TYPE_CHECKING:
    from editors import Buffer, Session

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLIENT = """\
import requests


class Client:
    def show(self, name):
        "é 😀 and \\t a tab"
        return requests.get("https://api.test/é/😀?limit=1&name=%s" % name)

    def delete(self, title):
        return requests.delete(f"https://api.test/😀/{title}")
"""

OTHERS = """\
import requests


def first(title):
    return requests.get("https://api.test/books?title=%s" % title)


class Client:
    def get(self, url):
        return requests.get("https://api.test" + url)

    def show(self):
        pass

    def last(self, author):
        return self.get("/books?author=%s" % author)
"""


async def test_the_range_is_exactly_the_hole(editor: Session) -> None:
    buffer = editor.open(CLIENT)
    in_query, in_path = await buffer.diagnostics()

    end = CLIENT.index(")\n\n    def delete")
    assert in_query.range == types.Range(buffer.position(end - 4), buffer.position(end))
    start = CLIENT.index("{title}") + 1
    assert in_path.range == types.Range(buffer.position(start), buffer.position(start + 5))


async def test_a_diagnostic_holds_what_the_editor_can_show(editor: Session) -> None:
    buffer = editor.open(CLIENT)
    diagnostic, _ = await buffer.diagnostics()

    assert diagnostic.source == "batten"
    assert diagnostic.severity is types.DiagnosticSeverity.Warning
    assert isinstance(diagnostic.code, str)
    assert diagnostic.code.startswith("BTN1")
    if editor.kind.code_description:
        assert diagnostic.code_description == types.CodeDescription(page_uri(diagnostic.code))
    else:
        assert diagnostic.code_description is None
    if editor.kind.related_information:
        assert diagnostic.related_information
        for related in diagnostic.related_information:
            assert related.location.uri == buffer.uri
            assert buffer.slice(related.location.range)
    else:
        assert diagnostic.related_information is None


async def test_an_incremental_change_moves_the_findings(editor: Session) -> None:
    buffer = editor.open(CLIENT)
    await buffer.diagnostics()
    at = CLIENT.index("é/😀?limit")
    buffer.replace(at, at, "😀é")
    buffer.replace(0, 0, "# 😀\r\n")

    assert [buffer.slice(found.range) for found in await buffer.diagnostics()] == ["name", "title"]


async def test_a_change_brings_and_takes_findings(editor: Session) -> None:
    buffer = editor.open(CLIENT)
    await buffer.diagnostics()
    start = buffer.text.index("?limit=1&name=%s")
    buffer.replace(start, start + len("?limit=1&name=%s"), "?limit=%d")
    end = buffer.text.index("{title}")
    buffer.replace(end, end + len("{title}"), "{title}?by={author}")

    assert await buffer.shown() >= {"title", "author"}


async def test_closing_clears(editor: Session) -> None:
    buffer = editor.open(CLIENT)
    assert await buffer.diagnostics()

    await buffer.close()


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
async def test_the_preferred_fix_closes_the_hole(editor: Session, line_end: str) -> None:
    buffer = editor.open(CLIENT.replace("\n", line_end))
    for left in (1, 0):
        diagnostic = (await buffer.diagnostics())[0]
        cursor = types.Range(diagnostic.range.start, diagnostic.range.start)
        actions = await buffer.actions(cursor)
        assert [action.is_preferred for action in actions].count(True) == 1
        assert actions[0].is_preferred
        assert actions[0].kind == types.CodeActionKind.QuickFix
        await buffer.accept(actions[0])
        assert len(await buffer.diagnostics()) == left

    ast.parse(buffer.text)
    assert buffer.text.count(line_end) == buffer.text.count("\n")
    again = editor.open(buffer.text)
    assert await again.diagnostics() == []


async def test_no_action_where_there_is_no_finding(editor: Session) -> None:
    buffer = editor.open(CLIENT)
    start = types.Position(0, 0)

    assert await buffer.actions(types.Range(start, start)) == []
    whole = types.Range(start, buffer.position(len(CLIENT)))
    assert await buffer.actions(whole, only=["source.organizeImports"]) == []
    assert await buffer.actions(whole, only=["quickfix"])


async def test_a_hover_shows_what_would_be_sent(editor: Session) -> None:
    buffer = editor.open(CLIENT)
    (diagnostic, _) = await buffer.diagnostics()
    hover = await buffer.hover(buffer.index(diagnostic.range.start))

    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert str(diagnostic.code) in hover.contents.value
    assert "name=" in hover.contents.value


async def test_findings_of_intact_functions_stay_while_code_is_half_typed(
    editor: Session,
) -> None:
    buffer = editor.open(OTHERS)
    assert await buffer.shown() >= {"title", "author"}
    await type_in(buffer, 'self.get("/x?name=%s" % name)')

    assert await buffer.shown() >= {"title", "author", "name"}


async def test_an_open_triple_quote_takes_no_finding_away(editor: Session) -> None:
    buffer = editor.open(OTHERS)
    await type_in(buffer, '"""')


async def type_in(buffer: Buffer, text: str) -> None:
    """Type letter by letter in the place of `pass`; the other findings must be there always."""
    at = buffer.text.index("pass")
    buffer.replace(at, at + len("pass"), "")
    for letter in text:
        buffer.replace(at, at, letter)
        at += 1
        assert await buffer.shown() >= {"title", "author"}, f"after {buffer.text[:at]!r}"


@pytest.mark.parametrize("separator", ["\f", "\u2028", "\x1c", "\x85"])
async def test_characters_that_only_look_like_line_ends_do_not_shift_edits(
    editor: Session, separator: str
) -> None:
    text = CLIENT.replace("class Client", f"# {separator} 😀\n{separator}\n\nclass Client")
    buffer = editor.open(text)
    at = buffer.text.index("% name)") + 2
    buffer.replace(at, at + 4, "other")

    assert [buffer.slice(found.range) for found in await buffer.diagnostics()] == ["other", "title"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# only a comment",
        "\0",
        "\ud800",
        "def f(:\n",
        "x" * 100_000,
        "(" * 2_000,
        "\r\r\r",
    ],
)
async def test_no_text_is_too_odd_to_be_opened(editor: Session, text: str) -> None:
    buffer = editor.open(text)

    assert await buffer.diagnostics() == []


async def test_all_safe_fixes_can_be_made_at_once(editor: Session) -> None:
    buffer = editor.open(CLIENT)
    assert len(await buffer.diagnostics()) == 2
    start = types.Position(0, 0)
    (action,) = await buffer.actions(types.Range(start, start), only=["source.fixAll"])
    await buffer.accept(action)

    assert await buffer.diagnostics() == []
    ast.parse(buffer.text)


async def test_every_finding_of_a_file_can_be_fixed_in_turn(editor: Session) -> None:
    buffer = editor.open(OTHERS)
    while found := await buffer.diagnostics():
        actions = await buffer.actions(found[0].range)
        await buffer.accept(actions[0])
        assert len(await buffer.diagnostics()) == len(found) - 1

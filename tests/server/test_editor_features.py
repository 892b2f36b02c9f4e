"""What the editors of `test_editors` can do beyond showing and fixing a finding."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types

from batten.report.rule_page import page
from batten.rules.registry import rules
from editors import TIMEOUT

if TYPE_CHECKING:
    from editors import Buffer, Session

pytestmark = pytest.mark.asyncio(loop_scope="session")

TWO = """\
import requests


def f(name, title):
    requests.get("https://api.test/😀?q=%s" % name)
    requests.get(f\"\"\"https://api.test/?q={title}&x={
        1}\"\"\")
"""


async def chosen(buffer: Buffer, title: str, nth: int = 0) -> types.CodeAction:
    """The only action of a finding that is called so."""
    diagnostic = (await buffer.diagnostics())[nth]
    actions = await buffer.actions(diagnostic.range)
    (action,) = [each for each in actions if each.title.startswith(title)]
    return action


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
async def test_a_finding_can_be_accepted_with_a_comment(editor: Session, line_end: str) -> None:
    buffer = editor.open(TWO.replace("\n", line_end))
    assert len(await buffer.diagnostics()) == 2
    for left, nth in ((1, 0), (0, 0)):
        await buffer.accept(await chosen(buffer, "Ignore BTN102", nth))
        assert len(await buffer.diagnostics()) == left

    assert f"% name)  # batten: ignore[BTN102]{line_end}" in buffer.text
    assert f'1}}""")  # batten: ignore[BTN102]{line_end}' in buffer.text


async def test_a_comment_is_faded_once_there_is_nothing_left_to_accept(editor: Session) -> None:
    buffer = editor.open("def f(name):\n    send(name)  # batten: ignore[BTN102]\n")
    (faded,) = await buffer.diagnostics()

    assert faded.tags is not None
    assert list(faded.tags) == [types.DiagnosticTag.Unnecessary]
    assert faded.severity is types.DiagnosticSeverity.Hint
    assert buffer.slice(faded.range) == "# batten: ignore[BTN102]"
    assert await buffer.actions(faded.range) == []


async def test_a_byte_order_mark_stays_the_first_character(editor: Session) -> None:
    buffer = editor.open("\ufeff" + TWO)
    while found := await buffer.diagnostics():
        await buffer.accept(await chosen(buffer, "Escape", len(found) - 1))
    assert buffer.text.startswith("\ufefffrom urllib.parse import quote\n\nimport requests\n")

    buffer.replace(0, 1, "")
    assert await buffer.diagnostics() == []
    buffer.replace(
        0, len(buffer.text), "from requests import get; get(f'https://x.test/?q={name}')"
    )
    assert await buffer.shown() == {"name"}
    buffer.replace(0, 0, "\ufeff")
    assert await buffer.shown() == {"name"}


async def test_all_findings_of_a_rule_can_be_fixed_at_once(editor: Session) -> None:
    buffer = editor.open(TWO)
    diagnostic = (await buffer.diagnostics())[0]
    actions = await buffer.actions(diagnostic.range, trigger=types.CodeActionTriggerKind.Invoked)
    (action,) = [each for each in actions if each.title.startswith("Make the safe fixes of all")]
    await buffer.accept(action)

    assert await buffer.diagnostics() == []


async def test_a_fix_of_an_old_text_is_refused(editor: Session) -> None:
    if not editor.kind.resolves:
        pytest.skip("gets the edit at once")
    buffer = editor.open(TWO)
    diagnostic = (await buffer.diagnostics())[0]
    action = (await buffer.actions(diagnostic.range))[0]
    at = buffer.text.index("% name")
    buffer.replace(at, at + len("% name"), "% 5")

    with pytest.raises(Exception, match="the text has changed"):
        await editor.client.code_action_resolve_async(action)


async def test_what_an_editor_has_is_not_sent_again(editor: Session) -> None:
    if not editor.kind.pulls:
        pytest.skip("is pushed to")
    buffer = editor.open(TWO)
    first = await buffer.pulled()
    assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
    end = len(buffer.text)
    buffer.replace(end, end, "# more\n")
    second = await buffer.pulled(first.result_id)

    assert isinstance(second, types.RelatedUnchangedDocumentDiagnosticReport)
    assert second.result_id == first.result_id


async def test_a_name_in_a_comment_is_explained(editor: Session) -> None:
    buffer = editor.open("x = 1  # batten: ignore[BTN101] why\n")
    hover = await buffer.hover(buffer.text.index("BTN101"))

    assert hover is not None
    assert isinstance(hover.contents, types.MarkupContent)
    assert "unescaped-path-segment" in hover.contents.value
    assert hover.range == buffer.range("BTN101")


async def test_a_rule_is_explained(editor: Session) -> None:
    params = types.ExecuteCommandParams("batten.explainRule", arguments=["BTN101"])
    answer = await editor.client.workspace_execute_command_async(params)

    assert answer == page(rules()[0])


async def test_settings_are_live(editor: Session) -> None:
    buffer = editor.open(TWO)
    assert len(await buffer.diagnostics()) == 2
    try:
        await configure(editor, buffer, {"ignore": ["BTN102"]}, 0)
    finally:
        await configure(editor, buffer, {}, 2)


async def configure(editor: Session, buffer: Buffer, settings: dict[str, Any], count: int) -> None:
    """Change the settings, as each editor does that answers when it is asked."""
    editor.settings = settings
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))

    async def until() -> None:
        while len(await buffer.diagnostics()) != count:
            await asyncio.sleep(0.02)

    await asyncio.wait_for(until(), TIMEOUT)


async def test_an_editor_registers_what_it_can(editor: Session) -> None:
    capabilities = editor.kind.capabilities.workspace
    assert capabilities is not None
    watched = capabilities.did_change_watched_files
    can_watch = watched is not None and watched.dynamic_registration is True

    assert (types.WORKSPACE_DID_CHANGE_WATCHED_FILES in editor.registered) is can_watch


WRAPPER = """\
import requests


def send(path):
    return requests.get("https://api.test/" + path)
"""
CALLER = """\
from {module} import send


def show(name):
    return send("things/%s" % name)
"""


async def test_a_wrapper_that_is_edited_changes_the_findings_of_open_callers(
    editor: Session,
) -> None:
    wrapper = editor.open(WRAPPER)
    module = wrapper.uri.rpartition("/")[2].removesuffix(".py")
    caller = editor.open(CALLER.format(module=module))
    await until_shown(caller, {"name"})

    at = wrapper.text.index("+ path") + 2
    wrapper.replace(at, at + len("path"), "str(len(path))")
    await until_shown(caller, set())

    wrapper.replace(at, at + len("str(len(path))"), "path")
    await until_shown(caller, {"name"})


async def until_shown(buffer: Buffer, wanted: set[str]) -> None:
    """Wait until the editor shows findings at these texts; TimeoutError when it never does."""

    async def shown() -> None:
        while await buffer.shown() != wanted:
            await asyncio.sleep(0.01)

    await asyncio.wait_for(shown(), TIMEOUT)


async def test_the_cells_of_a_notebook_are_one_program(editor: Session) -> None:
    if not editor.kind.pulls:
        pytest.skip("has no notebooks")
    uris = [f"vscode-notebook-cell:/work/n.ipynb#{name}" for name in "ab"]
    texts = ["import requests\n%matplotlib inline\n", TWO.partition("\n\n\n")[2]]
    editor.client.notebook_document_did_open(
        types.DidOpenNotebookDocumentParams(
            types.NotebookDocument(
                "file:///work/n.ipynb",
                "jupyter-notebook",
                1,
                [types.NotebookCell(types.NotebookCellKind.Code, uri) for uri in uris],
            ),
            [
                types.TextDocumentItem(uri, "python", 1, text)
                for uri, text in zip(uris, texts, strict=True)
            ],
        )
    )
    counts = []
    for uri in uris:
        identifier = types.TextDocumentIdentifier(uri)
        params = types.DocumentDiagnosticParams(identifier)
        report = await editor.client.text_document_diagnostic_async(params)
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        counts.append([each.range.start.line for each in report.items])

    assert counts == [[], [1, 2]]

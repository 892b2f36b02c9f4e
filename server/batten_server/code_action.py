"""`textDocument/codeAction`: what can be done about the findings under the cursor, or about all.

Answered from the server's own findings: editors ask at every move of the cursor, mostly
without telling a diagnostic, and what they tell may be another tool's. An editor that fetches
the edit of the action that was chosen gets it then, for the text as it is then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from batten.rewrite.edit import Level
from batten.rules.finding import Severity
from batten_server.code_action_data import FixAll, IgnoreRule, OneFix
from batten_server.execute_command import OPEN_DOCUMENTATION
from batten_server.ignore_rule import ignore_rule
from batten_server.presentation import diagnostic
from batten_server.safe_fixes import safe_fixes
from batten_server.workspace_edit import workspace_edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.rewrite.edit import Fix
    from batten_server.analysis import Fixable
    from batten_server.capabilities import Editor
    from batten_server.document import Document
    from batten_server.server import BattenServer


FIX_ALL = "source.fixAll.batten"
"""The kind of the action that makes all safe fixes of a document, as editors do on saving."""

_QUICK_FIX = types.CodeActionKind.QuickFix


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    options = types.CodeActionOptions(
        code_action_kinds=[_QUICK_FIX, FIX_ALL], resolve_provider=True
    )
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(_code_action)


async def _code_action(ls: BattenServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    uri = params.text_document.uri
    document = ls.document(uri)
    if document is None:
        return []
    only = params.context.only
    actions: list[types.CodeAction] = []
    if is_asked_for(_QUICK_FIX, only):
        span = document.part(uri).to_span(params.range, ls.editor.encoding)
        found = await ls.engine.fixes(document, span)
        if ls.editor.takes_every_action and params.context.diagnostics:
            meant = [
                each for each in found if _is_meant(each, params.context.diagnostics, ls.editor)
            ]
            return list(_fixes(ls, uri, document, meant))[:1]
        actions += _fixes(ls, uri, document, found)
        actions += await _fixes_of_rules(ls, uri, document, found, params.context.trigger_kind)
        actions += await _suppressions(ls, document, found)
        actions += _ignored_rules(ls, uri, document, found)
        actions += _documentation(ls, found)
    # The menu of such an editor names no kind, and there it lets the user choose.
    if is_asked_for(FIX_ALL, only) or (ls.editor.takes_every_action and only is None):
        actions += await _fix_all(ls, document)
    if ls.document(uri) is not document:
        return []  # typed on meanwhile: the edits would go astray
    return actions


def _is_meant(fixable: Fixable, diagnostics: Sequence[types.Diagnostic], editor: Editor) -> bool:
    """Tell whether the editor asks about this finding, and not only about a place with it."""
    ours = diagnostic(fixable.finding, fixable.report, editor)
    return any((each.range, each.code) == (ours.range, ours.code) for each in diagnostics)


def _fixes(
    ls: BattenServer, uri: str, document: Document, found: Sequence[Fixable]
) -> Iterator[types.CodeAction]:
    for fixable in found:
        for fix in sorted(fixable.fixes, key=lambda fix: not fix.preferred):
            edit = workspace_edit(document, fix.edits, ls.editor) if fix.edits else None
            if edit is None:
                continue
            action = types.CodeAction(
                title=f"{fix.title}{fix.level.caution}",
                kind=_QUICK_FIX,
                diagnostics=[diagnostic(fixable.finding, fixable.report, ls.editor)],
                is_preferred=_is_preferred(fix, ls.editor),
            )
            if ls.editor.resolves_edits:
                action.data = OneFix(uri, fixable.finding.fingerprint, fix.title).written()
            else:
                action.edit = edit
            yield action


def _is_preferred(fix: Fix, editor: Editor) -> bool | None:
    """Tell whether an editor may make a fix without showing it: no other than a safe one."""
    is_best = fix.preferred and fix.level is Level.SAFE
    return True if is_best and editor.preferred_actions else None


async def _fixes_of_rules(
    ls: BattenServer,
    uri: str,
    document: Document,
    found: Sequence[Fixable],
    trigger: types.CodeActionTriggerKind | None,
) -> list[types.CodeAction]:
    """Return an action for each rule under the cursor that has a safe fix and more findings."""
    if not ls.editor.resolves_edits and trigger is types.CodeActionTriggerKind.Automatic:
        return []  # finding the edits takes too long to do it at every move of the cursor
    codes = dict.fromkeys(
        fixable.finding.code
        for fixable in found
        if any(fix.preferred and fix.level is Level.SAFE for fix in fixable.fixes)
    )
    actions = []
    for code in codes:
        others = [each for each in found[0].report.findings if each.code == code]
        if len(others) > 1:
            title = f"Make the safe fixes of all {code} in this file"
            task = FixAll(uri, code)
            actions += await _of_whole_file(ls, document, title, _QUICK_FIX, task)
    return actions


async def _fix_all(ls: BattenServer, document: Document) -> list[types.CodeAction]:
    # As on the command line: what is most likely harmless is changed only when asked for.
    edits = await safe_fixes(ls, document, lambda each: each.severity >= Severity.WARNING)
    edit = workspace_edit(document, edits, ls.editor)
    if not edits or edit is None:
        return []
    return [types.CodeAction(title="Make all safe fixes of Batten", kind=FIX_ALL, edit=edit)]


async def _of_whole_file(
    ls: BattenServer, document: Document, title: str, kind: str, task: FixAll
) -> list[types.CodeAction]:
    if ls.editor.resolves_edits:
        return [types.CodeAction(title=title, kind=kind, data=task.written())]
    edits = await safe_fixes(ls, document, task.wants)
    edit = workspace_edit(document, edits, ls.editor)
    if not edits or edit is None:
        return []
    return [types.CodeAction(title=title, kind=kind, edit=edit)]


async def _suppressions(
    ls: BattenServer, document: Document, found: Sequence[Fixable]
) -> list[types.CodeAction]:
    """Return an action for each rule under the cursor that accepts its finding; never preferred."""
    comments = await ls.engine.ignored(document, [fixable.finding for fixable in found])
    actions: dict[str, types.CodeAction] = {}
    for fixable, comment in zip(found, comments, strict=False):
        code = fixable.finding.code
        edit = workspace_edit(document, [comment], ls.editor)
        if code not in actions and edit is not None:
            actions[code] = types.CodeAction(
                title=f"Ignore {code} on this line",
                kind=_QUICK_FIX,
                diagnostics=[diagnostic(fixable.finding, fixable.report, ls.editor)],
                edit=edit,
            )
    return list(actions.values())


def _ignored_rules(
    ls: BattenServer, uri: str, document: Document, found: Sequence[Fixable]
) -> Iterator[types.CodeAction]:
    for code in dict.fromkeys(fixable.finding.code for fixable in found):
        edit = ignore_rule(ls, document, code)
        if edit is not None:
            action = types.CodeAction(f"Ignore {code} in the project", kind=_QUICK_FIX)
            if ls.editor.resolves_edits:
                action.data = IgnoreRule(uri, code).written()
            else:
                action.edit = edit
            yield action


def _documentation(ls: BattenServer, found: Sequence[Fixable]) -> Iterator[types.CodeAction]:
    if not ls.editor.shows_documents:
        return
    for code in dict.fromkeys(fixable.finding.code for fixable in found):
        title = f"Open the documentation of {code}"
        command = types.Command(title, OPEN_DOCUMENTATION, arguments=[code])
        yield types.CodeAction(title=title, kind=_QUICK_FIX, command=command)


def is_asked_for(kind: str, only: Sequence[str] | None) -> bool:
    """Tell whether the editor wants actions of `kind`.

    Kinds are a hierarchy by their dots: `source` asks for `source.fixAll.batten` too, `sour`
    does not. An editor that names none gets quick fixes, and nothing that acts on the whole
    file unasked.
    """
    if only is None:
        return kind == _QUICK_FIX
    return any(not wanted or (kind + ".").startswith(wanted + ".") for wanted in only)

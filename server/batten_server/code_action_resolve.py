"""`codeAction/resolve`: the edit of the action that was chosen, for the text as it is now.

Editors that apply it do not compare versions, so what is not true of the current text any more is
refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from batten_server.code_action_data import FixAll, IgnoreRule, task_in
from batten_server.ignore_rule import ignore_rule
from batten_server.refusal import content_modified
from batten_server.safe_fixes import safe_fixes
from batten_server.workspace_edit import workspace_edit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.rewrite.edit import Edit
    from batten_server.code_action_data import OneFix
    from batten_server.document import Document
    from batten_server.server import BattenServer


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    server.feature(types.CODE_ACTION_RESOLVE)(_resolve)


async def _resolve(ls: BattenServer, action: types.CodeAction) -> types.CodeAction:
    task = task_in(action.data)
    if task is None:  # another server's, or with its edit from the beginning
        return action
    document = ls.document(task.uri)
    if document is None:
        raise content_modified("the document is not open any more")
    if isinstance(task, IgnoreRule):
        edit = ignore_rule(ls, document, task.code)
    else:
        edits = await _edits(ls, document, task)
        edit = workspace_edit(document, edits, ls.editor) if edits else None
    if edit is None or ls.document(task.uri) is not document:
        raise content_modified("the text has changed: this is not to be fixed any more")
    action.edit = edit
    return action


async def _edits(
    ls: BattenServer, document: Document, task: OneFix | FixAll
) -> Iterable[Edit] | None:
    if isinstance(task, FixAll):
        return await safe_fixes(ls, document, task.wants)
    report = await ls.diagnostics.report(document)
    for finding in report.findings if report is not None else ():
        if finding.fingerprint == task.fingerprint:
            for fixable in await ls.engine.fixes(document, finding.span):
                if fixable.finding == finding:
                    fixes = (fix for fix in fixable.fixes if fix.title == task.title)
                    return next((fix.edits for fix in fixes), None)
    return None

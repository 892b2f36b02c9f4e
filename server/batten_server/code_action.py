"""`textDocument/codeAction`: the verified fixes of the findings under the cursor, or of all.

Answered from the server's own findings: editors ask at every move of the cursor, mostly
without telling a diagnostic, and what they tell may be another tool's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from batten_server.presentation import diagnostic
from batten_server.ranges import to_range, to_span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from batten.rewrite.edit import Edit
    from batten_server.capabilities import Editor
    from batten_server.document import Document
    from batten_server.server import BattenServer


FIX_ALL = "source.fixAll.batten"
"""The kind of the action that makes all safe fixes of a document, as editors do on saving."""


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    options = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL])
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)(_code_action)


async def _code_action(ls: BattenServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    document = ls.document(params.text_document.uri)
    only = params.context.only
    actions: list[types.CodeAction] = []
    if document is not None and is_asked_for(types.CodeActionKind.QuickFix, only):
        actions += await _quick_fixes(ls, document, params.range)
    if document is not None and is_asked_for(FIX_ALL, only):
        actions += await _fix_all(ls, document)
    if ls.document(params.text_document.uri) is not document:
        return []  # typed on meanwhile: the edits would go astray
    return actions


async def _quick_fixes(
    ls: BattenServer, document: Document, place: types.Range
) -> list[types.CodeAction]:
    span = to_span(document.source, place, ls.editor.encoding)
    return [
        types.CodeAction(
            title=fix.title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic(fixable.finding, fixable.report, ls.editor)],
            is_preferred=True if fix.preferred and ls.editor.preferred_actions else None,
            edit=_workspace_edit(document, fix.edits, ls.editor),
        )
        for fixable in await ls.engine.fixes(document, span)
        for fix in sorted(fixable.fixes, key=lambda fix: not fix.preferred)
        if fix.edits
    ]


async def _fix_all(ls: BattenServer, document: Document) -> list[types.CodeAction]:
    edits = await ls.engine.fix_all(document)
    if not edits:
        return []
    return [
        types.CodeAction(
            title="Make all safe fixes of Batten",
            kind=FIX_ALL,
            edit=_workspace_edit(document, edits, ls.editor),
        )
    ]


def is_asked_for(kind: str, only: Sequence[str] | None) -> bool:
    """Tell whether the editor wants actions of `kind`.

    Kinds are a hierarchy by their dots: `source` asks for `source.fixAll.batten` too, `sour`
    does not. An editor that names none gets quick fixes, and nothing that acts on the whole
    file.
    """
    if only is None:
        return kind == types.CodeActionKind.QuickFix
    return any(not wanted or (kind + ".").startswith(wanted + ".") for wanted in only)


def _workspace_edit(
    document: Document, edits: Iterable[Edit], editor: Editor
) -> types.WorkspaceEdit:
    text_edits = [
        types.TextEdit(to_range(document.source, edit.span, editor.encoding), edit.text)
        for edit in edits
    ]
    if not editor.document_changes:
        return types.WorkspaceEdit(changes={document.uri: text_edits})
    identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, text_edits)])

"""`batten.fixWorkspace`: all safe fixes of all files of the workspace, as one edit of the editor's.

Nothing is written here: what is open is changed in the editor, and what is not, by the editor.
A document that was edited while the fixes were looked for is left out, and so is a file that is
open by another name, as links lead to it: what the editor shows of it may be newer.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from batten.rewrite.edit import Edit
from batten.syntax.text import SourceText, Span
from batten_server.document import Document
from batten_server.refusal import invalid
from batten_server.uri import real_name
from batten_server.workspace_edit import joined, workspace_edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten_server.server import BattenServer


_log = logging.getLogger(__name__)


async def fix_workspace(ls: BattenServer, token: types.ProgressToken | None) -> dict[str, Any]:
    """Have the editor make the fixes, and return how it went.

    `token` and RefusedError are those of `WorkspaceProcess.run`; refused is also an editor that
    takes no edits.
    """
    if not ls.editor.applies_edits:
        raise invalid("the editor takes no edits from a server")
    begun = {path: each for path, each in ls.documents.items() if not each.cells}
    texts = {"open": {path: document.source.text for path, document in begun.items()}}
    outcome = await ls.workspace_process.run("fix_process", token, texts)
    if outcome is None:
        return {"cancelled": True}
    edits = {
        path: edit
        for path, found in outcome["edits"].items()
        if (edit := _edit(ls, path, found, begun)) is not None
    }
    applied = await _apply(ls, list(edits.values())) if edits else False
    return {
        "cancelled": False,
        "applied": applied,
        "files": len(edits) if applied else 0,
        "fixed": sum(outcome["fixed"][path] for path in edits) if applied else 0,
        "skipped": sorted(outcome["edits"].keys() - edits.keys()),
        "left": outcome["left"],
    }


def _edit(
    ls: BattenServer, path: str, found: Mapping[str, Any], begun: Mapping[str, Document]
) -> types.WorkspaceEdit | None:
    """Return the edit of one document; None when its text may be another one meanwhile."""
    if ls.documents.get(path) is not begun.get(path):
        return None
    document = begun.get(path)
    if document is None:
        if real_name(path) in map(real_name, ls.documents):
            return None
        document = Document(Path(path).as_uri(), path, None, SourceText(found["text"]))
    edits = [Edit(Span(start, end), text) for start, end, text in found["edits"]]
    return workspace_edit(document, edits, ls.editor)


async def _apply(ls: BattenServer, edits: list[types.WorkspaceEdit]) -> bool:
    params = types.ApplyWorkspaceEditParams(joined(edits), label="Batten: all safe fixes")
    try:
        return bool((await ls.workspace_apply_edit_async(params)).applied)
    except Exception as error:  # whatever an editor answers
        _log.info("the editor makes no edits: %s", error)
        return False

"""Edits in the form that an editor takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from batten.rewrite.edit import Edit
    from batten_server.capabilities import Editor
    from batten_server.document import Document, Part


def workspace_edit(
    document: Document, edits: Iterable[Edit], editor: Editor
) -> types.WorkspaceEdit | None:
    """Return the edits of a document; None when one reaches over cells of a notebook."""
    by_part: dict[Part, list[types.TextEdit]] = {}
    for edit in edits:
        part = document.part_of(edit.span)
        if part is None:
            return None
        place = part.to_range(edit.span, editor.encoding)
        by_part.setdefault(part, []).append(types.TextEdit(place, edit.text))
    if not editor.document_changes:
        return types.WorkspaceEdit(changes={part.uri: each for part, each in by_part.items()})
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(part.uri, part.version), each
            )
            for part, each in by_part.items()
        ]
    )


def joined(edits: Iterable[types.WorkspaceEdit]) -> types.WorkspaceEdit:
    """Return edits of different documents, all for one editor, as one."""
    changes: dict[str, Sequence[types.TextEdit]] = {}
    documents: list[types.TextDocumentEdit] = []
    for edit in edits:
        changes |= edit.changes or {}
        documents += (
            each for each in edit.document_changes or () if isinstance(each, types.TextDocumentEdit)
        )
    return (
        types.WorkspaceEdit(document_changes=documents)
        if documents
        else types.WorkspaceEdit(changes=changes)
    )

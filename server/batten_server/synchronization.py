"""`textDocument/didOpen`, `didChange`, `didClose`: keep our copies in step with the editor's.

These come with every key. They store, mark what is to be analysed, and leave. What is open as a
notebook may be open as a text too, in JSON: that is not what is looked at.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from batten_server.document import opened
from batten_server.uri import document_name

if TYPE_CHECKING:
    from batten_server.change import DocumentChange
    from batten_server.server import BattenServer

_log = logging.getLogger(__name__)

SUFFIXES = (".py", ".pyi", ".pyw")


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_did_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_did_change)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_did_close)


def _did_open(ls: BattenServer, params: types.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    if not is_python(item):
        _log.info("%s is %s, not Python", item.uri, item.language_id)
        return
    document = opened(item)
    if document.path in ls.notebooks:
        _log.info("%s is open as a notebook", item.uri)
        return
    ls.documents[document.path] = document
    ls.workspace_scan.opened(document.path)
    ls.diagnostics.mark(document.path)


def _did_change(ls: BattenServer, told: DocumentChange) -> None:
    name = document_name(told.uri)
    if name not in ls.documents or name in ls.notebooks:
        _log.info("%s changed but is not open", told.uri)
        return
    ls.documents.change(name, told.version, told.changes, ls.editor.encoding)
    ls.diagnostics.outdate(name)
    ls.workspace_scan.files_may_change()


def _did_close(ls: BattenServer, params: types.DidCloseTextDocumentParams) -> None:
    document = ls.documents.get(document_name(params.text_document.uri))
    if document is not None and document.path not in ls.notebooks:
        del ls.documents[document.path]
        ls.diagnostics.clear(document.path)
        ls.engine.forget(document.path)
        ls.workspace_scan.closed(document.path)
        ls.workspace_scan.files_may_change()


def is_python(item: types.TextDocumentItem) -> bool:
    """Tell whether a text is one that we look at."""
    return "python" in item.language_id.lower() or item.uri.lower().endswith(SUFFIXES)

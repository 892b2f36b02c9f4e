"""`textDocument/didOpen`, `didChange`, `didClose`: keep our copies in step with the editor's.

These come with every key. They store, mark what is to be analysed, and leave.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from batten_server.document import Document
from batten_server.uri import document_name

if TYPE_CHECKING:
    from batten_server.server import BattenServer

_log = logging.getLogger(__name__)

_SUFFIXES = (".py", ".pyi", ".pyw")


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_did_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_did_change)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_did_close)


def _did_open(ls: BattenServer, params: types.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    if not _is_python(item):
        _log.info("%s is %s, not Python", item.uri, item.language_id)
        return
    name = document_name(item.uri)
    ls.documents[name] = Document(item, ls.editor.encoding)
    ls.diagnostics.mark(name)


def _did_change(ls: BattenServer, params: types.DidChangeTextDocumentParams) -> None:
    name = document_name(params.text_document.uri)
    document = ls.documents.get(name)
    if document is None:
        _log.info("%s changed but is not open", params.text_document.uri)
        return
    document.change(params.text_document.version, params.content_changes)
    ls.diagnostics.mark(name)


def _did_close(ls: BattenServer, params: types.DidCloseTextDocumentParams) -> None:
    name = document_name(params.text_document.uri)
    if ls.documents.pop(name, None) is not None:
        ls.diagnostics.clear(name)
        ls.engine.forget(name)


def _is_python(item: types.TextDocumentItem) -> bool:
    return "python" in item.language_id.lower() or item.uri.lower().endswith(_SUFFIXES)

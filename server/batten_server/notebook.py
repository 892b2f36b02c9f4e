"""`notebookDocument/did*`: the cells of a notebook are one program.

They are put together in their order. Lines for IPython (`%matplotlib`, `!pip`) become comments
of the same length, cells in another language blanks, so that a place in a cell is a place in the
program. Of a line that measures a statement (`%time f()`) that statement is left.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from lsprotocol import types

from batten.project.rows import rows_of
from batten.syntax.text import SourceText
from batten_server.change import edits
from batten_server.document import Document, Part, opened
from batten_server.synchronization import is_python
from batten_server.uri import document_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten_server.server import BattenServer

_log = logging.getLogger(__name__)

SYNC = types.NotebookDocumentSyncOptions(
    # lsprotocol's clients cannot read the shorter form that leaves "any notebook" out.
    [types.NotebookDocumentFilterWithNotebook("*", [types.NotebookCellLanguage("python")])]
)
"""Only the cells in Python are sent."""


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)(_did_open)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)(_did_change)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)(_did_close)


class Cell(NamedTuple):
    """A cell as the editor has it, and what of it is Python."""

    document: Document
    python: str


def _cell(document: Document) -> Cell:
    return Cell(document, python_of(document.source) + "\n")


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook at one moment: its cells in order.

    Some editors tell of other cells than those in Python too, and count them: these are None.
    """

    uri: str
    version: int
    cells: tuple[Cell | None, ...]

    @property
    def texts(self) -> tuple[Cell, ...]:
        """The cells in Python."""
        return tuple(cell for cell in self.cells if cell is not None)

    def document(self) -> Document:
        """Return the cells as one program."""
        parts: list[Part] = []
        start = 0
        for cell in self.texts:
            (shown,) = cell.document.parts
            parts.append(replace(shown, start=start + shown.start))
            start += len(cell.python.encode("utf-8", "surrogatepass"))
        # With no cell there is no text, and no part but this.
        parts = parts or [Part(self.uri, self.version, SourceText(""))]
        path = document_name(self.uri)
        source = SourceText("".join(cell.python for cell in self.texts))
        return Document(self.uri, path, self.version, source, tuple(parts))


def python_of(source: SourceText) -> str:
    """Return the text of a cell without what is not Python, in as many bytes."""
    data = bytearray(source.data)
    magic = _CELL_MAGIC.match(source.data)
    if magic is not None and magic[1] not in _PYTHON_MAGICS:
        return re.sub(rb"[^\r\n]", b" ", source.data).decode()
    lines = list(_IPYTHON.finditer(source.data))
    if lines:
        rows = rows_of(source)
        for line in lines:
            row = rows.at(line.start(1))
            # A line that goes on from the one before may begin with `%`, too.
            if row.is_first and not source.data[row.span.start : line.start(1)].strip():
                measured = _MEASURED.match(source.data, line.start(1))
                if measured is None:
                    data[line.start(1)] = ord("#")
                else:
                    data[slice(*measured.span())] = b"0".ljust(len(measured[0]) - 1) + b";"
    return data.decode("utf-8", "surrogatepass")


_CELL_MAGIC = re.compile(rb"\s*%%(\w+)")
_PYTHON_MAGICS = frozenset({b"capture", b"prun", b"python", b"python3", b"time", b"timeit"})
_MEASURED = re.compile(
    rb"%(?:time|timeit|prun)[ \t]+(?:-[nrplsTD][ \t]*\S+[ \t]+|-\w+[ \t]+)*"
    rb"(?!(?:async|class|def|for|if|match|try|while|with)\b)(?=[\w\"'(\[{])"
)
"""What stands before a statement that is no block."""
_IPYTHON = re.compile(rb"^[ \t]*([%!?])", re.MULTILINE)


def _did_open(ls: BattenServer, params: types.DidOpenNotebookDocumentParams) -> None:
    given = params.notebook_document
    cells = _in_order(given.cells, _opened(params.cell_text_documents))
    _put(ls, Notebook(given.uri, given.version, cells))


def _did_change(ls: BattenServer, params: types.DidChangeNotebookDocumentParams) -> None:
    given = params.notebook_document
    before = ls.notebooks.get(document_name(given.uri))
    if before is None:
        _log.info("%s changed but is not open", given.uri)
        return
    cells = list(before.cells)
    change = params.change.cells
    if change is not None and change.structure is not None:
        array = change.structure.array
        texts = {cell.document.path: cell for cell in before.texts}
        texts.update(_opened(change.structure.did_open or ()))
        end = array.start + array.delete_count
        cells[array.start : end] = _in_order(array.cells or (), texts)
    for edited in (change.text_content or ()) if change is not None else ():
        name = document_name(edited.document.uri)
        for index, cell in enumerate(cells):
            if cell is not None and cell.document.path == name:
                changed = cell.document.changed(
                    edited.document.version, edits(edited.changes), ls.editor.encoding
                )
                cells[index] = _cell(changed)
    ls.engine.outdated()
    _put(ls, replace(before, version=given.version, cells=tuple(cells)))


def _did_close(ls: BattenServer, params: types.DidCloseNotebookDocumentParams) -> None:
    path = document_name(params.notebook_document.uri)
    notebook = ls.notebooks.pop(path, None)
    if notebook is not None:
        _find_owners(ls)
        del ls.documents[path]
        ls.diagnostics.clear(path)
        ls.engine.forget(path)


def _opened(items: Iterable[types.TextDocumentItem]) -> dict[str, Cell]:
    """Return the cells in Python, by their names."""
    documents = map(opened, filter(is_python, items))
    return {document.path: _cell(document) for document in documents}


def _in_order(
    cells: Iterable[types.NotebookCell], texts: dict[str, Cell]
) -> tuple[Cell | None, ...]:
    """Return cells in their order; None for one that is no code, or in another language."""
    return tuple(
        texts.get(document_name(cell.document))
        if cell.kind == types.NotebookCellKind.Code
        else None
        for cell in cells
    )


def _put(ls: BattenServer, notebook: Notebook) -> None:
    document = notebook.document()
    ls.notebooks[document.path] = notebook
    ls.documents[document.path] = document
    _find_owners(ls)
    ls.diagnostics.mark(document.path)


def _find_owners(ls: BattenServer) -> None:
    """Find out which notebook each cell belongs to; of several it is the last."""
    ls.owners = {
        cell.document.path: path
        for path, notebook in ls.notebooks.items()
        for cell in notebook.texts
    }

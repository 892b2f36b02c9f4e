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
    from collections.abc import Iterable, Mapping

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


class Place(NamedTuple):
    """A place in the order of a notebook: the name of its cell, and whether that is code."""

    name: str
    is_code: bool


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook at one moment: its cells in order.

    `known` are those in Python that are open, by name. Some editors tell of others too, and count
    them; and a cell that has no place, as it is taken out to be put in elsewhere, stays open until
    the editor closes it.
    """

    uri: str
    version: int
    places: tuple[Place, ...]
    known: Mapping[str, Cell]

    @property
    def texts(self) -> tuple[Cell, ...]:
        """The cells in Python, in order."""
        return tuple(
            self.known[each.name]
            for each in self.places
            if each.is_code and each.name in self.known
        )

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
    places, known = _in_order(given.cells), _opened(params.cell_text_documents)
    _put(ls, Notebook(given.uri, given.version, places, known))


def _did_change(ls: BattenServer, params: types.DidChangeNotebookDocumentParams) -> None:
    given = params.notebook_document
    before = ls.notebooks.get(document_name(given.uri))
    if before is None:
        _log.info("%s changed but is not open", given.uri)
        return
    places, known = list(before.places), dict(before.known)
    change = params.change.cells
    if change is not None and change.structure is not None:
        structure = change.structure
        end = structure.array.start + structure.array.delete_count
        places[structure.array.start : end] = _in_order(structure.array.cells or ())
        for each in structure.did_close or ():
            known.pop(document_name(each.uri), None)
        known |= _opened(structure.did_open or ())
    if change is not None and change.data:
        changed = {each.name: each for each in _in_order(change.data)}
        places = [changed.get(each.name, each) for each in places]
    for edited in (change.text_content or ()) if change is not None else ():
        name = document_name(edited.document.uri)
        if name in known:
            known[name] = _cell(
                known[name].document.changed(
                    edited.document.version, edits(edited.changes), ls.editor.encoding
                )
            )
    ls.engine.outdated()
    _put(ls, Notebook(before.uri, given.version, tuple(places), known))


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


def _in_order(cells: Iterable[types.NotebookCell]) -> tuple[Place, ...]:
    return tuple(
        Place(document_name(cell.document), cell.kind == types.NotebookCellKind.Code)
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

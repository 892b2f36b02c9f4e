"""`textDocument/diagnostic` and `workspace/diagnostic`: the editor asks for the findings.

It asks again after each change of a document. What changes elsewhere, it is told with
`workspace/diagnostic/refresh`. A question about the workspace stays open until there is
something new: editors ask it again two seconds after each answer, for ever.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from lsprotocol import types

from batten_server.refusal import server_cancelled
from batten_server.uri import document_name
from batten_server.written import Written, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.syntax.text import SourceText
    from batten_server.analysis import Diagnosis
    from batten_server.server import BattenServer


@dataclass(frozen=True, slots=True)
class _Given:
    """Diagnostics and the id that they go by; another list never gets the same id.

    `source` is the text that they are of; None for a file that is not open.
    """

    result_id: str
    found: list[str]
    source: SourceText | None = None


class Pull:
    """What the editor has asked for, and what it has to be told to ask for again.

    `_given` are the findings of open documents by URI, `_unopened` those of other files.
    """

    def __init__(self, server: BattenServer) -> None:
        self._server = server
        self._ids = map(str, count(1))
        self._given: dict[str, _Given] = {}
        self._uris: dict[str, set[str]] = {}
        self._unopened: dict[str, _Given] = {}
        self._is_stale = False
        self._news = asyncio.Event()

    def give(self, diagnosis: Diagnosis) -> dict[str, _Given]:
        """Return the findings of each part of a document, as they are given from now on."""
        found = diagnosis.written
        for part in diagnosis.document.parts:
            of_part = found[part.uri]
            known = self._given.get(part.uri)
            is_known = known is not None and known.found == of_part
            result_id = known.result_id if known is not None and is_known else next(self._ids)
            self._given[part.uri] = _Given(result_id, of_part, part.source)
        for uri in self._uris.get(diagnosis.document.path, set()) - set(found):
            self._given.pop(uri, None)  # a cell that is gone
        self._uris[diagnosis.document.path] = set(found)
        return {uri: self._given[uri] for uri in found}

    def deliver(self, diagnosis: Diagnosis) -> None:
        """Note whether the editor has other findings than these, of a text that did not change.

        After a change of the text it asks without being told.
        """
        for part in diagnosis.document.parts:
            known = self._given.get(part.uri)
            if known is None or known.source is not part.source:
                continue
            if known.found != diagnosis.written[part.uri]:
                self._is_stale = True
                del self._given[part.uri]  # told once: it may be out of sight, and not asked for

    def clear(self, path: str) -> None:
        """Forget a document that was closed: the editor drops what it pulled by itself.

        And with it what it knew of the file from before it was open.
        """
        self._unopened = {
            uri: given for uri, given in self._unopened.items() if document_name(uri) != path
        }
        for uri in self._uris.pop(path, ()):
            self._given.pop(uri, None)

    def settle(self) -> None:
        """Have the editor ask again if what it has is old."""
        if self._is_stale:
            self._is_stale = False
            self._server.workspace_diagnostic_refresh(None)

    def unopened(self, name: str) -> _Given | None:
        """Return the findings of a file that is not open; None when they are not known."""
        found = (given for uri, given in self._unopened.items() if document_name(uri) == name)
        return next(found, None)

    def deliver_unopened(self, found: dict[str, list[str]]) -> None:
        """Take the findings of files that are not open, in the place of those from before."""
        self._unopened = {
            uri: known
            if (known := self._unopened.get(uri)) is not None and known.found == each
            else _Given(next(self._ids), each)
            for uri, each in found.items()
        }
        self._news.set()

    async def news(self, known: dict[str, str]) -> list[str]:
        """Return reports, as JSON, of what is new to an editor that knows some, once there is."""
        while not (found := list(self._new(known))):
            self._news.clear()
            await self._news.wait()
        return found

    def _new(self, known: dict[str, str]) -> Iterator[str]:
        names = {document_name(uri): result_id for uri, result_id in known.items()}
        there = {document_name(uri) for uri in self._unopened}
        for uri, given in self._unopened.items():
            name = document_name(uri)
            if names.get(name) != given.result_id and name not in self._server.documents:
                yield _full(given, uri)
        for uri in known:
            if uri in self._given or document_name(uri) in there | self._server.documents.keys():
                continue
            if known[uri] != _GONE:
                yield _full(_Given(_GONE, []), uri)


_GONE = "0"
"""The id of no findings in a file that had some."""


def _full(given: _Given, uri: str | None = None) -> str:
    """Return a full report of a document, or, with its URI, of one in the workspace."""
    about = "" if uri is None else f'"uri":{json.dumps(uri)},"version":null,'
    items = listed(given.found)
    return f'{{"kind":"full",{about}"resultId":"{given.result_id}","items":{items}}}'


def register(server: BattenServer) -> Pull:
    """Plug the feature in; for editors that pull only."""
    options = types.DiagnosticOptions(
        identifier="batten", inter_file_dependencies=True, workspace_diagnostics=True
    )
    server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)(_of_document)
    server.feature(types.WORKSPACE_DIAGNOSTIC)(_of_workspace)
    return Pull(server)


async def _of_document(
    ls: BattenServer, params: types.DocumentDiagnosticParams
) -> types.DocumentDiagnosticReport | Written:
    uri, outlet = params.text_document.uri, ls.diagnostics.outlet
    assert isinstance(outlet, Pull)
    document = ls.document(uri)
    if document is None:
        # An editor asks once more when it has closed a document, and then about all files only.
        unopened = outlet.unopened(document_name(uri))
        return Written(_full(unopened)) if unopened else _nothing()
    diagnosis = await ls.diagnostics.diagnosis(document)
    if ls.document(uri) is not document:
        raise server_cancelled("the document has changed meanwhile")
    if diagnosis is None:
        return _nothing()
    given = outlet.give(diagnosis)[document.part(uri).uri]
    if params.previous_result_id == given.result_id:
        return types.RelatedUnchangedDocumentDiagnosticReport(given.result_id)
    return Written(_full(given))


def _nothing() -> types.RelatedFullDocumentDiagnosticReport:
    return types.RelatedFullDocumentDiagnosticReport([])


async def _of_workspace(ls: BattenServer, params: types.WorkspaceDiagnosticParams) -> Written:
    outlet = ls.diagnostics.outlet
    assert isinstance(outlet, Pull)
    known = {each.uri: each.value for each in params.previous_result_ids}
    return Written(f'{{"items":{listed(await outlet.news(known))}}}')

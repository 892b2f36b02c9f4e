"""`textDocument/publishDiagnostics`: tell the editor the findings of its open documents."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from batten_server.uri import document_name
from batten_server.written import listed

if TYPE_CHECKING:
    from batten_server.analysis import Diagnosis
    from batten_server.server import BattenServer


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the editor was told last of one of its texts, and that as one piece of JSON."""

    version: int | None
    found: list[str]
    listed: bytes


class Push:
    """What the editor has been told: by URI of a text, and the last of each document."""

    def __init__(self, server: BattenServer) -> None:
        self._server = server
        self._shown: dict[str, _Shown] = {}
        self._delivered: dict[str, Diagnosis] = {}
        self._unopened: dict[str, list[str]] = {}

    def deliver(self, diagnosis: Diagnosis) -> None:
        """Publish the diagnostics of a document, unless the editor knows the very same already.

        To an editor that looks at versions, the same findings in a new version are news.
        """
        document, by_uri = diagnosis.document, diagnosis.written
        before = self._delivered.get(document.path)
        if before is diagnosis:
            return
        self._delivered[document.path] = diagnosis
        if before is not None:
            self._withdraw({part.uri for part in before.document.parts} - set(by_uri))
        for part in document.parts:
            if part.uri == document.uri and document.path in self._server.notebooks:
                continue  # a notebook without cells: the editor shows nothing of it
            found = by_uri[part.uri]
            shown = self._shown.get(part.uri)
            if shown is None:
                self._drop_unopened(part.uri)
            is_known = shown is not None and shown.found == found
            told = shown.listed if shown is not None and is_known else _listed(found)
            self._shown[part.uri] = _Shown(part.version, found, told)
            if (
                shown is None
                or not is_known
                or (self._server.editor.diagnostic_versions and shown.version != part.version)
            ):
                self._send(part.uri, told, part.version)

    def clear(self, path: str) -> None:
        """Take the findings of a document that was closed out of the editor."""
        last = self._delivered.pop(path, None)
        if last is not None:
            self._withdraw({part.uri for part in last.document.parts})

    def settle(self) -> None:
        """Do nothing: all has been published."""

    def deliver_unopened(self, found: dict[str, list[str]]) -> None:
        """Publish findings of files that are not open, in the place of those told before."""
        for uri in self._unopened.keys() - found.keys():
            self._send(uri, _NOTHING, None)
        for uri, each in found.items():
            if self._unopened.get(uri) != each:
                self._send(uri, _listed(each), None)
        self._unopened = dict(found)

    def _drop_unopened(self, uri: str) -> None:
        """Forget what was found in a file that is open now, in whichever spelling."""
        name = document_name(uri)
        for other in [each for each in self._unopened if document_name(each) == name]:
            del self._unopened[other]

    def _withdraw(self, uris: set[str]) -> None:
        for uri in sorted(uris):
            shown = self._shown.pop(uri, None)
            if shown is not None and shown.found:
                self._send(uri, _NOTHING, None)

    def _send(self, uri: str, told: bytes, version: int | None) -> None:
        of_version = "" if version is None else f',"version":{version}'
        head = f'{{"uri":{json.dumps(uri)}{of_version},"diagnostics":'
        method = types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
        self._server.protocol.notify_written(method, head.encode(), told, b"}", about=uri)


def _listed(found: list[str]) -> bytes:
    return listed(found).encode("ascii")


_NOTHING = _listed([])

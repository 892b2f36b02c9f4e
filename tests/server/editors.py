"""The server as a process, under what the editors declare of themselves."""

from __future__ import annotations

import asyncio
import copy
import itertools
import json
import os
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from editing import index, position
from expected import Listener
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import make_test_lsp_client

COMMAND = [sys.executable, "-m", "batten_server", "--stdio"]
TIMEOUT = 30


def recorded(name: str) -> types.ClientCapabilities:
    """The capabilities in a recording of ours."""
    path = Path(__file__).parent / "clients" / f"{name}.json"
    recording = json.loads(path.read_text(encoding="utf-8"))
    return default_converter().structure(  # type: ignore[no-untyped-call,no-any-return]
        recording["capabilities"], types.ClientCapabilities
    )


@dataclass(frozen=True)
class EditorKind:
    """An editor, and what this server makes of its capabilities, said once more by hand."""

    capabilities: types.ClientCapabilities
    encoding: str
    related_information: bool
    code_description: bool
    document_changes: bool
    pulls: bool
    resolves: bool


EDITORS = {
    "vscode": EditorKind(
        recorded("visual_studio_code"),
        encoding="utf-16",
        related_information=True,
        code_description=True,
        document_changes=True,
        pulls=True,
        resolves=True,
    ),
    "neovim": EditorKind(
        client_capabilities("neovim@v0.11.0"),
        encoding="utf-8",
        related_information=True,
        code_description=False,
        document_changes=False,
        pulls=False,
        resolves=True,
    ),
    "emacs": EditorKind(
        client_capabilities("emacs@v29.1"),
        encoding="utf-32",
        related_information=False,
        code_description=False,
        document_changes=True,
        pulls=False,
        resolves=False,
    ),
}


class Session:
    """One editor and its server."""

    def __init__(self, kind: EditorKind, client: LanguageClient) -> None:
        self.kind = kind
        self.client = client
        self.published: dict[str, types.PublishDiagnosticsParams] = {}
        self._numbers = itertools.count(1)
        self.settings: dict[str, object] = {}
        self.refreshed = 0
        self.registered: list[str] = []
        for method in (
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,
            types.WORKSPACE_CONFIGURATION,
            types.CLIENT_REGISTER_CAPABILITY,
            types.WORKSPACE_DIAGNOSTIC_REFRESH,
        ):
            client.protocol.fm._features.pop(method, None)
        client.feature(types.WORKSPACE_CONFIGURATION)(partial(self._configure))
        client.feature(types.CLIENT_REGISTER_CAPABILITY)(partial(self._register))
        client.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)(partial(self._refresh))
        client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(partial(self._remember))
        self._came = asyncio.Event()
        self.listener = Listener()
        self._listen()

    def _listen(self) -> None:
        """Hear both sides as JSON, before anything is made of it."""
        protocol, listener = self.client.protocol, self.listener
        structure, send = protocol.structure_message, protocol._send_data

        def structure_heard(data: dict[str, Any]) -> Any:
            if "jsonrpc" in data:
                listener.server_says(copy.deepcopy(data))
            return structure(data)

        def send_heard(data: Any) -> None:
            written = json.dumps(data, default=protocol._serialize_message)
            listener.client_says(json.loads(written))
            send(data)

        protocol.structure_message = structure_heard  # type: ignore[method-assign]
        protocol._send_data = send_heard  # type: ignore[method-assign]

    @classmethod
    async def start(cls, kind: EditorKind) -> Session:
        """Start the server and initialize it.

        The client looks at versions, whatever the editor does: then the server publishes for
        every text, and the tests know what they wait for.
        """
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        config = ClientServerConfig(COMMAND, make_test_lsp_client, environment)
        client = await config.start()
        assert isinstance(client, LanguageClient)
        session = cls(kind, client)
        capabilities = copy.deepcopy(kind.capabilities)
        assert capabilities.text_document is not None
        assert capabilities.text_document.publish_diagnostics is not None
        capabilities.text_document.publish_diagnostics.version_support = True
        result = await client.initialize_session(types.InitializeParams(capabilities))
        assert result.capabilities.position_encoding == kind.encoding
        # An engine that cannot be loaded shall fail here, once, and not in every test.
        assert await session.open("").diagnostics() == []
        assert (result.capabilities.diagnostic_provider is not None) is kind.pulls
        return session

    async def end(self) -> None:
        """Shut the server down; it must have said nothing unexpected up to its end."""
        await self.client.shutdown_session()
        await self.client.stop()
        assert self.client.messages == []
        assert self.client.log_messages == []
        assert self.listener.surprises == []
        if self.kind.pulls:
            assert self.published == {}, "pushed in a session that pulls"

    def open(self, text: str) -> Buffer:
        """Open a new document."""
        buffer = Buffer(self, f"file:///work/Caf%C3%A9/file{next(self._numbers)}.py", text)
        buffer.open()
        return buffer

    async def published_for(self, uri: str, version: int | None) -> list[types.Diagnostic]:
        """Return what is published last for a document, once it is for this version of it."""
        while uri not in self.published or self.published[uri].version != version:
            self._came.clear()
            await asyncio.wait_for(self._came.wait(), TIMEOUT)
        return list(self.published[uri].diagnostics)

    def _configure(self, params: types.ConfigurationParams) -> list[object]:
        return [self.settings for _ in params.items]

    def _register(self, params: types.RegistrationParams) -> None:
        self.registered += [each.method for each in params.registrations]

    def _refresh(self, _: None) -> None:
        self.refreshed += 1

    def _remember(self, params: types.PublishDiagnosticsParams) -> None:
        self.published[params.uri] = params
        self._came.set()


@dataclass
class Buffer:
    """A document open in an editor."""

    session: Session
    uri: str
    text: str
    version: int = field(default=0)

    def open(self) -> None:
        self.version += 1
        item = types.TextDocumentItem(self.uri, "python", self.version, self.text)
        self.session.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    async def close(self) -> None:
        """Close the document and wait until its findings are gone from the editor."""
        self.session.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(self.uri))
        )
        if self.session.kind.pulls:
            assert await self.diagnostics() == []
        else:
            assert await self.session.published_for(self.uri, None) == []

    def replace(self, start: int, end: int, text: str) -> None:
        """Edit `text[start:end]`, as one incremental change."""
        self.version += 1
        change = types.TextDocumentContentChangePartial(
            types.Range(self.position(start), self.position(end)), text
        )
        self.session.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.version, self.uri), [change]
            )
        )
        self.text = self.text[:start] + text + self.text[end:]

    def position(self, at: int) -> types.Position:
        return types.Position(*position(self.text, at, self.session.kind.encoding))

    def range(self, wanted: str) -> types.Range:
        """The range of the only occurrence of `wanted`."""
        assert self.text.count(wanted) == 1
        at = self.text.index(wanted)
        return types.Range(self.position(at), self.position(at + len(wanted)))

    async def hover(self, at: int = 0) -> types.Hover | None:
        return await asyncio.wait_for(
            self.session.client.text_document_hover_async(
                types.HoverParams(types.TextDocumentIdentifier(self.uri), self.position(at))
            ),
            TIMEOUT,
        )

    async def diagnostics(self) -> list[types.Diagnostic]:
        """What the editor shows for the document as it is now."""
        if not self.session.kind.pulls:
            return await self.session.published_for(self.uri, self.version)
        report = await self.pulled()
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        return list(report.items)

    async def pulled(self, previous: str | None = None) -> types.DocumentDiagnosticReport:
        """What the server answers to an editor that pulls."""
        document = types.TextDocumentIdentifier(self.uri)
        return await asyncio.wait_for(
            self.session.client.text_document_diagnostic_async(
                types.DocumentDiagnosticParams(document, previous_result_id=previous)
            ),
            TIMEOUT,
        )

    async def shown(self) -> set[str]:
        """The texts under the diagnostics."""
        return {self.slice(diagnostic.range) for diagnostic in await self.diagnostics()}

    def slice(self, place: types.Range) -> str:
        return self.text[self.index(place.start) : self.index(place.end)]

    def index(self, place: types.Position) -> int:
        return index(self.text, place.line, place.character, self.session.kind.encoding)

    async def actions(
        self,
        place: types.Range,
        only: list[str] | None = None,
        trigger: types.CodeActionTriggerKind = types.CodeActionTriggerKind.Automatic,
    ) -> list[types.CodeAction]:
        context = types.CodeActionContext(diagnostics=[], only=only, trigger_kind=trigger)
        answer = await asyncio.wait_for(
            self.session.client.text_document_code_action_async(
                types.CodeActionParams(types.TextDocumentIdentifier(self.uri), place, context)
            ),
            TIMEOUT,
        )
        # lsprotocol takes an action that has a command for a command.
        commands = [action for action in answer or () if isinstance(action, types.Command)]
        assert all(action.title.startswith("Open the documentation") for action in commands)
        return [action for action in answer or () if isinstance(action, types.CodeAction)]

    async def accept(self, action: types.CodeAction) -> None:
        """Apply an action in the editor and tell the server."""
        if action.edit is None:
            assert self.session.kind.resolves
            action = await self.session.client.code_action_resolve_async(action)
        for edit in self.edits_of(action):
            self.replace(self.index(edit.range.start), self.index(edit.range.end), edit.new_text)

    def edits_of(self, action: types.CodeAction) -> list[types.TextEdit]:
        """The edits of an action, from the last to the first, in the form this editor takes."""
        assert action.edit is not None
        if self.session.kind.document_changes:
            assert action.edit.changes is None
            assert action.edit.document_changes is not None
            (change,) = action.edit.document_changes
            assert isinstance(change, types.TextDocumentEdit)
            assert change.text_document.uri == self.uri
            assert change.text_document.version == self.version
            edits = change.edits
        else:
            assert action.edit.document_changes is None
            assert action.edit.changes is not None
            edits = action.edit.changes[self.uri]
        plain = [edit for edit in edits if isinstance(edit, types.TextEdit)]
        assert len(plain) == len(edits)
        return sorted(plain, key=lambda edit: (edit.range.start.line, edit.range.start.character))[
            ::-1
        ]

"""What a client expects of a server: it may say nothing that the client did not declare.

A `Listener` hears both sides of a conversation, as JSON. All that the server says has to be
an answer to a question, or of a kind that the client has declared to take, in a form that it has
declared to take. Everything else is a surprise, and so are popups and the log, unless the
test has said that it expects them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

PUBLISH = "textDocument/publishDiagnostics"
NEEDS = {
    "workspace/configuration": "workspace.configuration",
    "workspace/diagnostic/refresh": "workspace.diagnostics.refreshSupport",
    "workspace/applyEdit": "workspace.applyEdit",
    "window/workDoneProgress/create": "window.workDoneProgress",
    "window/showDocument": "window.showDocument.support",
}
"""By method, the capability that a client has to have to be told or asked."""

REGISTERED_BY = {
    "workspace/didChangeConfiguration": "workspace.didChangeConfiguration",
    "workspace/didChangeWatchedFiles": "workspace.didChangeWatchedFiles",
}
BARE = {"range", "message", "severity", "code", "source"}
"""What a diagnostic may have in any case."""


class Listener:
    """Hears a conversation; `surprises` is what was said that nobody could expect.

    `expected` are methods that a test waits for, whatever the client declared.
    """

    def __init__(self) -> None:
        self.surprises: list[str] = []
        self.expected: set[str] = set()
        self._capabilities: dict[str, Any] = {}
        self._asked: dict[Any, str] = {}
        self._answered: set[Any] = set()
        self._versions: dict[str, int | None] = {}
        self._closed: set[str] = set()
        self._tokens: set[Any] = set()
        self._scans = False

    def client_says(self, message: Any) -> None:
        """Hear a message of the client's, which may be anything."""
        if not isinstance(message, dict) or "method" not in message:
            return
        method, params = message["method"], message.get("params")
        if "id" in message and isinstance(message["id"], (int, str)):
            self._asked[message["id"]] = method
            self._answered.discard(message["id"])
        if not isinstance(params, dict):
            return
        if method == "initialize" and isinstance(params.get("capabilities"), dict):
            self._capabilities = params["capabilities"]
        if isinstance(params.get("workDoneToken"), (str, int)):
            self._tokens.add(params["workDoneToken"])
        if params.get("command") == "batten.scanWorkspace":
            self._scans = True
        self._follow(str(method), params)

    def server_says(self, message: dict[str, Any]) -> None:
        """Hear a message of the server's."""
        for surprise in self._heard(message):
            self.surprises.append(f"{surprise}: {str(message)[:500]}")

    def _follow(self, method: str, params: dict[str, Any]) -> None:
        """Keep account of what is open, cells of notebooks included."""
        document = params.get("textDocument")
        if method.endswith(("/didOpen", "/didChange")):
            self._opened(document)
            for cell in params.get("cellTextDocuments") or ():
                self._opened(cell)
        elif method.endswith("/didClose"):
            self._close(document)
            for cell in params.get("cellTextDocuments") or ():
                self._close(cell)
        cells = (params.get("change") or {}).get("cells") or {}
        structure = cells.get("structure") or {}
        for cell in structure.get("didOpen") or ():
            self._opened(cell)
        for cell in structure.get("didClose") or ():
            self._close(cell)
        for content in cells.get("textContent") or ():
            self._opened(content.get("document"))

    def _opened(self, document: Any) -> None:
        if isinstance(document, dict) and isinstance(document.get("uri"), str):
            self._versions[_name(document["uri"])] = document.get("version")

    def _close(self, document: Any) -> None:
        if isinstance(document, dict) and isinstance(document.get("uri"), str):
            self._versions.pop(_name(document["uri"]), None)
            self._closed.add(_name(document["uri"]))

    def _heard(self, message: dict[str, Any]) -> Iterator[str]:
        if message.get("jsonrpc") != "2.0":
            yield "not JSON-RPC 2.0"
        method = message.get("method")
        if method is None:
            yield from self._answer(message)
        elif method in self.expected:
            return
        elif method == PUBLISH:
            yield from self._published(message["params"])
        elif method in NEEDS:
            if not self._declares(NEEDS[method]):
                yield f"the client does not declare {NEEDS[method]}"
            if method == "window/workDoneProgress/create":
                self._tokens.add(message["params"]["token"])
        elif method == "client/registerCapability":
            for each in message["params"]["registrations"]:
                where = REGISTERED_BY.get(each["method"])
                if where is None or not self._declares(f"{where}.dynamicRegistration"):
                    yield f"the client can't register {each['method']}"
        elif method == "$/progress":
            if message["params"]["token"] not in self._tokens:
                yield "nobody knows this token"
        else:
            yield f"nobody expects {method}"

    def _answer(self, message: dict[str, Any]) -> Iterator[str]:
        message_id = message.get("id")
        if message_id is None:
            if "error" not in message:
                yield "an answer to nobody"
            return
        if message_id not in self._asked or message_id in self._answered:
            yield "an answer to no question, or a second one"
        self._answered.add(message_id)
        result, method = message.get("result"), self._asked.get(message_id)
        if method == "textDocument/diagnostic" and result:
            yield from self._diagnostics(result.get("items", ()))
        elif method == "textDocument/codeAction":
            for action in result or ():
                yield from self._action(action)

    def _published(self, params: dict[str, Any]) -> Iterator[str]:
        uri, version = _name(params["uri"]), params.get("version")
        if self._look("textDocument.diagnostic") is not None and self._declares(
            "workspace.diagnostics.refreshSupport"
        ):
            yield "pushed to a client that pulls"
        if uri in self._versions:
            current = self._versions[uri]
            if version is not None and current is not None and version > current:
                yield "a version that the client does not have yet"
        elif params["diagnostics"] and not self._scans:
            yield "about a document that is not open"
        elif not params["diagnostics"] and not self._scans and uri not in self._closed:
            yield "about a document that was never open"
        elif version is not None:
            yield "a version of what is not open"
        yield from self._diagnostics(params["diagnostics"])

    def _diagnostics(self, diagnostics: Any) -> Iterator[str]:
        may_have = set(BARE)
        for place in ("textDocument.diagnostic.", "textDocument.publishDiagnostics."):
            if self._declares(f"{place}relatedInformation"):
                may_have.add("relatedInformation")
            if self._declares(f"{place}codeDescriptionSupport"):
                may_have.add("codeDescription")
            if self._declares(f"{place}dataSupport"):
                may_have.add("data")
            if self._look(f"{place}tagSupport.valueSet"):
                may_have.add("tags")
        for each in diagnostics:
            if not each.keys() <= may_have:
                yield f"a diagnostic with {each.keys() - may_have}, which the client can't take"
            if not each.keys() >= BARE:
                yield f"a diagnostic without {BARE - each.keys()}"
            start, end = (tuple(each["range"][edge].values()) for edge in ("start", "end"))
            if not (0, 0) <= start <= end:
                yield "a range from its end to its start"

    def _action(self, action: dict[str, Any]) -> Iterator[str]:
        about = "textDocument.codeAction."
        if "isPreferred" in action and not self._declares(f"{about}isPreferredSupport"):
            yield "preferred, for a client that knows no such thing"
        properties = self._look(f"{about}resolveSupport.properties") or ()
        if "edit" in action:
            form = "documentChanges" if self._takes_versions() else "changes"
            if list(action["edit"]) != [form]:
                yield f"the client takes an edit as {form}"
        elif "command" not in action and "disabled" not in action and "edit" not in properties:
            yield "an action without an edit, for a client that asks for none"

    def _takes_versions(self) -> bool:
        return self._declares("workspace.workspaceEdit.documentChanges")

    def _declares(self, path: str) -> bool:
        return self._look(path) is True

    def _look(self, path: str) -> Any:
        value: Any = self._capabilities
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value


def _name(uri: str) -> str:
    """Return one spelling of a URI: clients escape more or less of it, and of a drive's letter."""
    return unquote(uri).lower()

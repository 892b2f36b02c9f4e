"""The folders that are open in the editor, which come and go.

pygls decodes their URIs: of one whose name has a percent sign it no longer tells which it is. And a
folder that is taken out and put in again in one message, as it has got another name, it would
take out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten_server.uri import document_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lsprotocol import types


class Folders:
    """The URIs of the folders, as the editor spells them, each once."""

    def __init__(self) -> None:
        self._uris: dict[str, str] = {}

    def __iter__(self) -> Iterator[str]:
        return iter([*self._uris.values()])

    @property
    def paths(self) -> list[str]:
        """Return where those are that are on this machine."""
        return [name for name, uri in self._uris.items() if uri.lower().startswith("file:")]

    def begin(self, folders: Iterable[types.WorkspaceFolder], root: str | None) -> None:
        """Take the folders that a session begins with; one that names none may have a root."""
        uris = [each.uri for each in folders] or ([root] if root else [])
        self._uris = {_name(uri): uri for uri in uris}

    def change(self, event: types.WorkspaceFoldersChangeEvent) -> None:
        """Take out and put in what the editor tells."""
        for each in event.removed:
            self._uris.pop(_name(each.uri), None)
        for each in event.added:
            self._uris[_name(each.uri)] = each.uri


def _name(uri: str) -> str:
    name = document_name(uri)
    return name.rstrip("/") or name

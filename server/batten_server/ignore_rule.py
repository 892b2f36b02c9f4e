"""The action that ignores a rule in the configuration of the project.

It edits a file that is there already: the one that configures the finding's file, or the nearest
`pyproject.toml` in the editor's folders. The file may be open, but editors send us no TOML; so it
is read when the action is worked out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from batten.project.configuration import SHARED_FILE, Configurations
from batten.project.configuration_edit import ignoring
from batten.project.settings_table import ConfigurationError
from batten.syntax.text import SourceText
from batten_server.document import Document
from batten_server.workspace_edit import workspace_edit

if TYPE_CHECKING:
    from lsprotocol import types

    from batten_server.server import BattenServer


def ignore_rule(ls: BattenServer, document: Document, code: str) -> types.WorkspaceEdit | None:
    """Return the edit that ignores a rule in a document's project; None without a sure way."""
    path = _file(ls, document.path)
    if path is None:
        return None
    try:
        source = SourceText(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError):
        return None
    edit = ignoring(source, path.name, code)
    if edit is None:
        return None
    file = Document(path.as_uri(), path.as_posix(), None, source)
    return workspace_edit(file, [edit], ls.editor)


def _file(ls: BattenServer, path: str) -> Path | None:
    try:
        configured = Configurations().nearest(path).file
    except ConfigurationError:
        return None
    if configured is not None:
        return Path(configured)
    for around in Path(path).parents:
        place = f"{around.as_posix()}/"
        is_inside = any(place.startswith(f"{each.rstrip('/')}/") for each in ls.folders.paths)
        if is_inside and (around / SHARED_FILE).is_file():
            return around / SHARED_FILE
    return None

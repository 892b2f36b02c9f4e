"""`workspace/didDeleteFiles`, `didRenameFiles`: folders that the user takes away in the editor.

Whoever watches files is told of the folder at most, and not of what was in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from batten_server.server import BattenServer

_FOLDERS = types.FileOperationRegistrationOptions(
    [
        types.FileOperationFilter(
            types.FileOperationPattern("**", matches=types.FileOperationPatternKind.Folder),
            scheme="file",
        )
    ]
)


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    server.feature(types.WORKSPACE_DID_DELETE_FILES, _FOLDERS)(_did_delete)
    server.feature(types.WORKSPACE_DID_RENAME_FILES, _FOLDERS)(_did_rename)


def _did_delete(ls: BattenServer, params: types.DeleteFilesParams) -> None:
    ls.workspace_scan.forget(each.uri for each in params.files)
    ls.workspace_scan.files_changed()


def _did_rename(ls: BattenServer, params: types.RenameFilesParams) -> None:
    ls.workspace_scan.forget(each.old_uri for each in params.files)
    ls.workspace_scan.files_changed()

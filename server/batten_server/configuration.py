"""Settings: what the editor sends, and when the project's files have changed.

An editor may send settings in `initialize`, with `workspace/didChangeConfiguration`, or
answer `workspace/configuration`, for each of its folders; whatever comes last counts. Files are
looked at again while somebody types, once in a while, and when they pause; where the editor
watches them, at once.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from batten.project.configuration import OWN_FILE, SHARED_FILE
from batten_server.policy import SECTION
from batten_server.uri import document_name

if TYPE_CHECKING:
    from batten_server.server import BattenServer

_log = logging.getLogger(__name__)


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(_did_change_configuration)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_did_change_watched_files)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(_did_change_folders)


async def begin(ls: BattenServer) -> None:
    """Ask the editor for its settings, and to tell about changes, as far as it can."""
    registrations = []
    if ls.editor.tells_configuration:
        options = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        registrations.append(_registration(types.WORKSPACE_DID_CHANGE_CONFIGURATION, options))
    if ls.editor.watches_files:
        watchers = [types.FileSystemWatcher(f"**/{name}") for name in (OWN_FILE, SHARED_FILE)]
        watchers.append(types.FileSystemWatcher("**/*.{py,pyw}"))
        watched = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        registrations.append(_registration(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, watched))
    # At once: who does not answer the one question may answer the other.
    await asyncio.gather(_register(ls, registrations), _ask(ls))


async def _register(ls: BattenServer, registrations: list[types.Registration]) -> None:
    if registrations:
        try:
            params = types.RegistrationParams(registrations)
            await ls.client_register_capability_async(params)
        except Exception as error:  # whatever an editor answers; files are looked at anyway
            _log.info("the editor does not register what it said it could: %s", error)


def _registration(method: str, options: Any) -> types.Registration:
    return types.Registration(f"batten-{method}", method, options)


async def _did_change_configuration(
    ls: BattenServer, params: types.DidChangeConfigurationParams
) -> None:
    if ls.editor.configuration:
        await _ask(ls)
    else:
        ls.policy.take(params.settings)
        _reconsider(ls)


async def _did_change_watched_files(
    ls: BattenServer, params: types.DidChangeWatchedFilesParams
) -> None:
    deleted = types.FileChangeType.Deleted
    ls.workspace_scan.forget(each.uri for each in params.changes if each.type == deleted)
    ls.workspace_scan.files_changed()
    if any(each.uri.endswith((OWN_FILE, SHARED_FILE)) for each in params.changes):
        _reconsider(ls)


async def _did_change_folders(
    ls: BattenServer, params: types.DidChangeWorkspaceFoldersParams
) -> None:
    ls.folders.change(params.event)
    ls.workspace_scan.files_changed()
    await _ask(ls)


async def _ask(ls: BattenServer) -> None:
    """Ask for the settings of everywhere and of each folder, and judge by the answer."""
    if not ls.editor.configuration:
        return
    number, folders = ls.policy.asked(), list(ls.folders)
    items = [types.ConfigurationItem(scope_uri=uri, section=SECTION) for uri in (None, *folders)]
    try:
        answer = await ls.workspace_configuration_async(types.ConfigurationParams(items))
    except Exception as error:  # whatever an editor answers
        _log.info("the editor does not tell its settings: %s", error)
        return
    everywhere, *inner = [*(answer or ()), *[None] * len(items)][: len(items)]
    for_folders = {
        document_name(uri): sent
        for uri, sent in zip(folders, inner, strict=True)
        if sent is not None
    }
    if ls.policy.take_answer(number, everywhere, for_folders):
        _reconsider(ls)


def _reconsider(ls: BattenServer) -> None:
    ls.workspace_scan.files_changed()
    ls.engine.reconsider()
    ls.diagnostics.look_again()

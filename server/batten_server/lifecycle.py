"""`initialize` and `initialized`: the session learns who the client is and gets ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from batten.syntax.text import Encoding
from batten_server import configuration, pull
from batten_server.capabilities import editor
from batten_server.diagnostics import Diagnostics
from batten_server.log import apply_trace

if TYPE_CHECKING:
    from batten_server.server import BattenServer


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    server.feature(types.INITIALIZE)(_initialize)
    server.feature(types.INITIALIZED)(_initialized)


def _initialize(ls: BattenServer, params: types.InitializeParams) -> None:
    # pygls has chosen the encoding by now: the first on the client's list that it knows.
    encoding = Encoding(ls.workspace.position_encoding)
    ls.watch.follow(params.process_id)
    ls.folders.begin(params.workspace_folders or (), ls.workspace.root_uri)
    ls.editor = editor(params.capabilities, encoding)
    ls.policy.take(params.initialization_options)
    if params.trace in (types.TraceValue.Messages, types.TraceValue.Verbose):
        apply_trace(params.trace)
    if ls.editor.pulls:
        ls.diagnostics = Diagnostics(ls, pull.register(ls))


async def _initialized(ls: BattenServer, _: types.InitializedParams) -> None:
    if ls.is_initialized:
        return  # what is registered is registered once
    ls.is_initialized = True
    ls.engine.start()
    await configuration.begin(ls)

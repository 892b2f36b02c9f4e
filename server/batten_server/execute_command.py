"""`workspace/executeCommand`: what the user can ask for by name. docs/editors.md lists it.

Arguments come as any JSON, and more or fewer than needed: handlers take them as they are.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from batten import __version__
from batten.report.rule_page import page, page_uri
from batten.rules.registry import rule_named
from batten_server.refusal import invalid
from batten_server.workspace_fix import fix_workspace

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from batten.rules.rule import Rule
    from batten_server.server import BattenServer

    _Command = Callable[[BattenServer, types.ExecuteCommandParams], Awaitable[Any]]

_log = logging.getLogger(__name__)

SCAN_WORKSPACE = "batten.scanWorkspace"
FIX_WORKSPACE = "batten.fixWorkspace"
RESTART = "batten.restartAnalysis"
DEBUG_INFORMATION = "batten.showDebugInformation"
EXPLAIN = "batten.explainRule"
OPEN_DOCUMENTATION = "batten.openDocumentation"


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    for name in _COMMANDS:
        server.command(name)(_execute)  # so that pygls announces it
    server.feature(types.WORKSPACE_EXECUTE_COMMAND)(_execute)


async def _execute(ls: BattenServer, params: types.ExecuteCommandParams) -> Any:
    command = _COMMANDS.get(params.command)
    if command is None:
        raise invalid(f"there is no command {params.command!r}")
    return await command(ls, params)


async def _scan_workspace(ls: BattenServer, params: types.ExecuteCommandParams) -> dict[str, Any]:
    return await ls.workspace_scan.run(params.work_done_token)


async def _fix_workspace(ls: BattenServer, params: types.ExecuteCommandParams) -> dict[str, Any]:
    return await fix_workspace(ls, params.work_done_token)


async def _restart(ls: BattenServer, _: types.ExecuteCommandParams) -> None:
    ls.restart_analysis()


async def _debug_information(ls: BattenServer, _: types.ExecuteCommandParams) -> dict[str, Any]:
    return {
        "version": __version__,
        "python": sys.version,
        "platform": sys.platform,
        "editor": {**asdict(ls.editor), "encoding": ls.editor.encoding.value},
        "folders": sorted(ls.folders),
        "analysis": await ls.engine.state(),
    }


async def _explain(_: BattenServer, params: types.ExecuteCommandParams) -> str:
    return page(_rule(params))


async def _open_documentation(ls: BattenServer, params: types.ExecuteCommandParams) -> bool:
    uri = page_uri(_rule(params).code)
    if not ls.editor.shows_documents:
        return False
    try:
        shown = await ls.window_show_document_async(types.ShowDocumentParams(uri))
    except Exception as error:  # whatever an editor answers
        _log.info("the editor shows no document: %s", error)
        return False
    return bool(shown.success)


_COMMANDS: dict[str, _Command] = {
    SCAN_WORKSPACE: _scan_workspace,
    FIX_WORKSPACE: _fix_workspace,
    RESTART: _restart,
    DEBUG_INFORMATION: _debug_information,
    EXPLAIN: _explain,
    OPEN_DOCUMENTATION: _open_documentation,
}


def _rule(params: types.ExecuteCommandParams) -> Rule:
    name = params.arguments[0] if params.arguments else None
    rule = rule_named(name) if isinstance(name, str) else None
    if rule is None:
        raise invalid(f"the first argument has to name a rule; {name!r} names none")
    return rule

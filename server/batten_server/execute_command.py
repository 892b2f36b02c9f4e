"""`workspace/executeCommand`: what the user can ask for by name. docs/editors.md lists it.

Arguments come as any JSON, and more or fewer than needed: handlers take them as they are.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from batten import __version__
from batten.report.rule_page import page, page_uri
from batten.rules.registry import rule_named
from batten_server.refusal import invalid

if TYPE_CHECKING:
    from batten.rules.rule import Rule
    from batten_server.server import BattenServer

SCAN_WORKSPACE = "batten.scanWorkspace"
RESTART = "batten.restartAnalysis"
DEBUG_INFORMATION = "batten.showDebugInformation"
EXPLAIN = "batten.explainRule"
OPEN_DOCUMENTATION = "batten.openDocumentation"


def register(server: BattenServer) -> None:
    """Plug the feature in."""
    server.command(SCAN_WORKSPACE)(_scan_workspace)
    server.command(RESTART)(_restart)
    server.command(DEBUG_INFORMATION)(_debug_information)
    server.command(EXPLAIN)(_explain)
    server.command(OPEN_DOCUMENTATION)(_open_documentation)


async def _scan_workspace(ls: BattenServer, *_: Any) -> dict[str, Any]:
    return await ls.workspace_scan.run()


async def _restart(ls: BattenServer, *_: Any) -> None:
    ls.restart_analysis()


async def _debug_information(ls: BattenServer, *_: Any) -> dict[str, Any]:
    return {
        "version": __version__,
        "python": sys.version,
        "platform": sys.platform,
        "editor": {name: str(getattr(ls.editor, name)) for name in ls.editor.__slots__},
        "folders": sorted(ls.workspace.folders),
        "analysis": await ls.engine.state(),
    }


async def _explain(_: BattenServer, *arguments: Any) -> str:
    return page(_rule(arguments))


async def _open_documentation(ls: BattenServer, *arguments: Any) -> bool:
    uri = page_uri(_rule(arguments).code)
    if not ls.editor.shows_documents:
        return False
    shown = await ls.window_show_document_async(types.ShowDocumentParams(uri))
    return bool(shown.success)


def _rule(arguments: tuple[Any, ...]) -> Rule:
    name = arguments[0] if arguments else None
    rule = rule_named(name) if isinstance(name, str) else None
    if rule is None:
        raise invalid(f"the first argument has to name a rule; {name!r} names none")
    return rule

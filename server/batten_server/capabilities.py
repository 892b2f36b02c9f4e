"""What the editor can take, reduced once to what the server asks about.

Nothing else looks at the client's capabilities. Everything that a client did not declare is
taken as missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsprotocol import types

from batten.syntax.text import Encoding


@dataclass(frozen=True, slots=True)
class Editor:
    """The abilities of the client of this session; the defaults are a client that declares none.

    `encoding` is what its columns count. It can show `related_information` with a diagnostic
    and a link from its code (`code_description`), hands a diagnostic's `data` back
    (`diagnostic_data`) and looks at the version that diagnostics are for
    (`diagnostic_versions`). It takes edits of versioned documents (`document_changes`), tells
    the `preferred` action from others, and renders `markdown` in a hover.
    """

    encoding: Encoding = Encoding.UTF16
    related_information: bool = False
    code_description: bool = False
    diagnostic_data: bool = False
    diagnostic_versions: bool = False
    document_changes: bool = False
    preferred_actions: bool = False
    markdown: bool = False


def editor(capabilities: types.ClientCapabilities, encoding: Encoding) -> Editor:
    """Reduce a client's capabilities; `encoding` is the position encoding agreed on with it."""
    publish = "text_document.publish_diagnostics."
    formats = _look(capabilities, "text_document.hover.content_format") or ()
    return Editor(
        encoding=encoding,
        related_information=_can(capabilities, publish + "related_information"),
        code_description=_can(capabilities, publish + "code_description_support"),
        diagnostic_data=_can(capabilities, publish + "data_support"),
        diagnostic_versions=_can(capabilities, publish + "version_support"),
        document_changes=_can(capabilities, "workspace.workspace_edit.document_changes"),
        preferred_actions=_can(capabilities, "text_document.code_action.is_preferred_support"),
        markdown=types.MarkupKind.Markdown in formats,
    )


def _can(capabilities: types.ClientCapabilities, path: str) -> bool:
    return _look(capabilities, path) is True


def _look(capabilities: types.ClientCapabilities, path: str) -> Any:
    """Follow the attributes of a dotted path; None where one is missing."""
    value: Any = capabilities
    for name in path.split("."):
        value = getattr(value, name, None)
    return value

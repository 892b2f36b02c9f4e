"""What the editor can take, reduced once to what the server asks about.

Nothing else looks at the client's capabilities. Everything that a client did not declare is
taken as missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from batten.syntax.text import Encoding

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Editor:
    """The abilities of the client of this session; the defaults are a client that declares none.

    `encoding` is what its columns count. It `pulls` diagnostics, or else gets them pushed; one
    that could pull but can't be told to pull again would miss what changes in other files. It can
    show `related_information` with a diagnostic and a link from its code (`code_description`),
    hands a diagnostic's `data` back (`diagnostic_data`), fades what is `unnecessary` and looks at
    the version that diagnostics are for (`diagnostic_versions`). It makes edits that we ask for
    (`applies_edits`), takes those of versioned documents (`document_changes`), tells the
    `preferred` action from others, fetches the edit of an action when it is chosen
    (`resolves_edits`), and renders `markdown` in a hover, beside the diagnostic itself when it
    says `hover_shows_diagnostics` (of LSP nothing says that; our extension declares it as
    experimental). It shows `progress` and a document (`shows_documents`), answers
    `workspace/configuration`, can be asked to tell when that changes (`tells_configuration`), and
    watches files for us. One that `takes_every_action` makes all quick fixes that it gets for a
    diagnostic, one after the other, and lets nobody choose.
    """

    encoding: Encoding = Encoding.UTF16
    pulls: bool = False
    related_information: bool = False
    code_description: bool = False
    diagnostic_data: bool = False
    unnecessary: bool = False
    diagnostic_versions: bool = False
    applies_edits: bool = False
    document_changes: bool = False
    preferred_actions: bool = False
    resolves_edits: bool = False
    markdown: bool = False
    hover_shows_diagnostics: bool = False
    progress: bool = False
    shows_documents: bool = False
    configuration: bool = False
    tells_configuration: bool = False
    watches_files: bool = False
    takes_every_action: bool = False


_KINDS = "text_document.code_action.code_action_literal_support.code_action_kind.value_set"


def editor(capabilities: types.ClientCapabilities, encoding: Encoding) -> Editor:
    """Reduce a client's capabilities; `encoding` is the position encoding agreed on with it."""
    pulls = _look(capabilities, "text_document.diagnostic") is not None and _can(
        capabilities, "workspace.diagnostics.refresh_support"
    )
    described = "text_document.diagnostic." if pulls else "text_document.publish_diagnostics."
    publish = "text_document.publish_diagnostics."
    action = "text_document.code_action."
    formats = _several(capabilities, "text_document.hover.content_format")
    resolved = _several(capabilities, action + "resolve_support.properties")
    return Editor(
        encoding=encoding,
        pulls=pulls,
        related_information=_can_either(capabilities, described, publish, "related_information"),
        code_description=_can_either(capabilities, described, publish, "code_description_support"),
        diagnostic_data=_can_either(capabilities, described, publish, "data_support"),
        unnecessary=_fades(capabilities, described) or _fades(capabilities, publish),
        diagnostic_versions=_can(capabilities, publish + "version_support"),
        applies_edits=_can(capabilities, "workspace.apply_edit"),
        document_changes=_can(capabilities, "workspace.workspace_edit.document_changes"),
        preferred_actions=_can(capabilities, action + "is_preferred_support"),
        resolves_edits="edit" in resolved and _can(capabilities, action + "data_support"),
        markdown=types.MarkupKind.Markdown in formats,
        hover_shows_diagnostics=_declares(capabilities.experimental, "hoverShowsDiagnostics"),
        progress=_can(capabilities, "window.work_done_progress"),
        shows_documents=_can(capabilities, "window.show_document.support"),
        configuration=_can(capabilities, "workspace.configuration"),
        tells_configuration=_can(
            capabilities, "workspace.did_change_configuration.dynamic_registration"
        ),
        watches_files=_can(capabilities, "workspace.did_change_watched_files.dynamic_registration"),
        # Seen in Kate 22.12, which knows kinds of actions and tells nothing of how it takes edits.
        takes_every_action=bool(_look(capabilities, _KINDS))
        and _look(capabilities, "workspace.workspace_edit") is None,
    )


def _can_either(capabilities: types.ClientCapabilities, pull: str, publish: str, what: str) -> bool:
    """Look in both places: until LSP 3.18 only `publishDiagnostics` could say it."""
    return _can(capabilities, pull + what) or _can(capabilities, publish + what)


def _fades(capabilities: types.ClientCapabilities, described: str) -> bool:
    tags = _several(capabilities, described + "tag_support.value_set")
    return types.DiagnosticTag.Unnecessary.value in tags


def _declares(experimental: Any, name: str) -> bool:
    """Look under `experimental.batten`, which may be anything."""
    return _get(_get(experimental, "batten"), name) is True


def _get(holder: Any, name: str) -> Any:
    """Return a member of a JSON object, however it was read; None where there is none."""
    return holder.get(name) if isinstance(holder, dict) else getattr(holder, name, None)


def _can(capabilities: types.ClientCapabilities, path: str) -> bool:
    return _look(capabilities, path) is True


def _several(capabilities: types.ClientCapabilities, path: str) -> Sequence[Any]:
    """Return a list that is declared; an empty one where there is something else."""
    found = _look(capabilities, path)
    return found if isinstance(found, (list, tuple)) else ()


def _look(capabilities: types.ClientCapabilities, path: str) -> Any:
    """Follow the attributes of a dotted path; None where one is missing."""
    value: Any = capabilities
    for name in path.split("."):
        value = getattr(value, name, None)
    return value

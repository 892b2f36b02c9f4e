"""What the recorded editors declare, as the server understands it."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conversation import Conversation

from batten.syntax.text import Encoding
from batten_server.capabilities import Editor

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

THEIRS = resources.files("pytest_lsp.clients")
OURS = Path(__file__).parent / "clients"


def declared(recording: Traversable | Path) -> dict[str, Any]:
    return dict(json.loads(recording.read_text(encoding="utf-8"))["capabilities"])


@pytest.mark.parametrize(
    ("recording", "editor"),
    [
        (
            OURS / "visual_studio_code.json",
            Editor(
                encoding=Encoding.UTF16,
                related_information=True,
                code_description=True,
                pulls=True,
                diagnostic_data=True,
                unnecessary=True,
                applies_edits=True,
                document_changes=True,
                preferred_actions=True,
                resolves_edits=True,
                markdown=True,
                progress=True,
                shows_documents=True,
                configuration=True,
                tells_configuration=True,
                watches_files=True,
            ),
        ),
        (
            THEIRS / "neovim_v0.11.0.json",
            Editor(
                encoding=Encoding.UTF8,
                related_information=True,
                diagnostic_data=True,
                unnecessary=True,
                applies_edits=True,
                preferred_actions=True,
                resolves_edits=True,
                markdown=True,
                progress=True,
                shows_documents=True,
                configuration=True,
            ),
        ),
        (
            THEIRS / "emacs_v29.1.json",
            Editor(
                encoding=Encoding.UTF32,
                unnecessary=True,
                applies_edits=True,
                document_changes=True,
                preferred_actions=True,
                markdown=True,
                progress=True,
                configuration=True,
                watches_files=True,
            ),
        ),
    ],
)
async def test_an_editor_is_taken_at_its_word(
    recording: Traversable | Path, editor: Editor
) -> None:
    conversation = Conversation()
    announced = await conversation.initialize(declared(recording))

    assert conversation.server.editor == editor
    assert announced["positionEncoding"] == editor.encoding.value


async def test_an_editor_that_declares_nothing_can_nothing_and_counts_in_utf16(
    conversation: Conversation,
) -> None:
    assert conversation.server.editor == Editor(encoding=Encoding.UTF16)

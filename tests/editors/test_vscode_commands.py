"""The commands of the extension, and the Python that the user has selected: vscode/commands.mjs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from test_vscode import no_recent_python, play, seen
from vscode_stub import python_extension

if TYPE_CHECKING:
    from session import Example


def test_the_selected_python_serves_and_commands_answer(example: Example) -> None:
    findings = example.findings("client.py")
    packed = example.folder.parent / "python.vsix"
    python_extension(packed, Path(os.path.realpath(sys.executable)))
    play(
        "commands.mjs",
        example.folder,
        {
            **no_recent_python(example),
            "findings": seen(findings),
            "left": sum(not example.is_fixed(each) for each in findings),
        },
        packed,
    )

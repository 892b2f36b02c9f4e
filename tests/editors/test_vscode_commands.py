"""The commands of the extension, and the Python that the user has selected: vscode/commands.mjs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
            "workspace": fixed_workspace(example),
        },
        packed,
    )


def fixed_workspace(example: Example) -> dict[str, Any]:
    """Return what the user is told of fixing all in the folder, and what the files hold then."""
    names = sorted(path.name for path in example.folder.glob("*.py"))
    fixed = {name: example.fixed(name) for name in names}
    changed = {name: text for name, text in fixed.items() if text != example.text(name)}
    count = sum(sum(map(example.is_fixed, example.findings(name))) for name in names)
    return {"told": f"{count} findings fixed in {len(changed)} files", "files": fixed}

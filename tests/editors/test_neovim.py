"""Neovim, with the configurations that docs/editors.md shows: neovim/person.lua."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from session import EDITORS, ROOT, Example, needed, run, with_batten

HERE = ROOT / "tests/editors/neovim"


@pytest.mark.parametrize(
    ("program", "configuration"),
    [
        (EDITORS / "neovim/bin/nvim", "init.lua"),
        (EDITORS / "neovim/bin/nvim", "init-before-0.11.lua"),
        (Path("/usr/bin/nvim"), "init-before-0.11.lua"),
    ],
    ids=["new", "new-as-before", "old"],
)
def test_finds_fixes_and_saves(
    program: Path, configuration: str, example: Example, tmp_path: Path
) -> None:
    needed(program)
    findings = example.findings("client.py")
    first = findings[0]
    expected = example.edited("client.py", first["fix"]["edits"])
    fixed_all = example.fixed("client.py")
    report = tmp_path / "report.json"
    run(
        [
            *(program, "--headless", "-u", HERE / configuration, "-i", "NONE", "-n"),
            *(example.folder / "client.py", "-c", f"luafile {HERE / 'person.lua'}"),
        ],
        limit=300,
        REPORT=str(report),
        FIX=first["fix"]["title"],
        LEFT=str(len(findings) - sum(map(example.is_fixed, findings))),
        PATH=with_batten(),
        XDG_STATE_HOME=str(tmp_path),
    )
    told = json.loads(report.read_text("utf-8"))
    assert told["seen"] == [
        {"line": each["line"], "text": each["text"], "message": each["message"]}
        for each in findings
    ]
    assert told["fixed"] == expected
    assert example.text("client.py") == fixed_all

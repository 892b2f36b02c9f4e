"""Vim with ALE, with the configuration that docs/editors.md shows: vim/person.vim."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from session import ROOT, Example, needed, run, with_batten

if TYPE_CHECKING:
    from pathlib import Path

HERE = ROOT / "tests/editors/vim"
ALE = "/usr/share/vim/vimfiles/pack/dist-bundle/opt/ale"


def test_finds_fixes_and_saves(example: Example, tmp_path: Path) -> None:
    needed("vim", there=[ALE])
    findings = example.findings("client.py")
    first = findings[0]
    expected = example.edited("client.py", first["fix"]["edits"])
    fixed_all = example.fixed("client.py")
    report = tmp_path / "report.json"
    run(
        [
            *("vim", "-N", "-u", HERE / "vimrc", "-i", "NONE", "-n", "-es"),
            *("-S", HERE / "person.vim", example.folder / "client.py"),
        ],
        limit=300,
        REPORT=str(report),
        FIX=first["fix"]["title"],
        LEFT=str(len(findings) - sum(map(example.is_fixed, findings))),
        PATH=with_batten(),
        HOME=str(tmp_path),
    )
    told = json.loads(report.read_text("utf-8"))
    assert told["seen"] == [
        {"line": each["line"], "text": each["text"], "message": each["message"]}
        for each in findings
    ]
    assert told["fixed"] == expected
    assert example.text("client.py") == fixed_all

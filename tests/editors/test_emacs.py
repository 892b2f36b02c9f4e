"""Emacs with Eglot, with the configuration that docs/editors.md shows: emacs/person.el."""

from __future__ import annotations

from typing import TYPE_CHECKING

from session import ROOT, Example, needed, run, with_batten

if TYPE_CHECKING:
    from pathlib import Path


def test_finds_fixes_and_saves(example: Example, tmp_path: Path) -> None:
    needed("emacs")
    findings = example.findings("client.py")
    first = findings[0]
    expected = example.edited("client.py", first["fix"]["edits"])
    fixed_all = example.fixed("client.py")
    printed = run(
        ["emacs", "--batch", "-l", ROOT / "tests/editors/emacs/person.el"],
        limit=300,
        TARGET=str(example.folder / "client.py"),
        FIX=first["fix"]["title"],
        LEFT=str(len(findings) - sum(map(example.is_fixed, findings))),
        PATH=with_batten(),
        HOME=str(tmp_path),
    )
    seen = [line for line in printed.splitlines() if line.startswith("seen ")]
    told = [line for line in printed.splitlines() if line.startswith("told ")]
    assert seen == [f"seen {each['line']} {each['text']}" for each in findings]
    assert told == [f"told batten [{each['code']}]: {each['message']}" for each in findings]
    assert example.text("client.py.fixed") == expected
    assert example.text("client.py") == fixed_all

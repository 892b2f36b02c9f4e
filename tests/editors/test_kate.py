"""Kate on a screen that nobody sees, with the configuration of docs/editors.md: kate/person.py."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from session import PICTURES, ROOT, Example, needed, run, with_batten

if TYPE_CHECKING:
    from pathlib import Path

SCREEN_READERS = "/usr/libexec/at-spi-bus-launcher"


def test_finds_fixes_and_saves(example: Example, tmp_path: Path) -> None:
    needed("kate", "xvfb-run", "xdotool", "dbus-run-session", "import", SCREEN_READERS)
    findings = example.findings("client.py")
    first = findings[0]
    expected = example.edited("client.py", first["fix"]["edits"])
    fixed_all = example.fixed("client.py")
    listed = [told_by_kate(each) for each in findings]
    unfixed = [told_by_kate(each) for each in findings if not example.is_fixed(each)]
    home, report, pictures = tmp_path / "home", tmp_path / "report.json", PICTURES / "kate"
    home.mkdir(mode=0o700)
    pictures.mkdir(parents=True, exist_ok=True)
    run(
        [
            *("dbus-run-session", "--", "xvfb-run", "--auto-servernum"),
            *("--server-args=-screen 0 1100x700x24", sys.executable),
            *(ROOT / "tests/editors/kate/person.py", example.folder / "client.py"),
            *(str(first["line"]), str(first["column"] + 1)),
        ],
        limit=300,
        REPORT=str(report),
        EXPECTED=json.dumps({"all": listed, "left": unfixed}),
        PICTURES=str(pictures),
        PATH=with_batten(),
        HOME=str(home),
    )
    told = json.loads(report.read_text("utf-8"))
    assert told["seen"] == listed
    assert told["fixed"] == expected
    assert told["left"] == unfixed
    assert example.text("client.py") == fixed_all


def told_by_kate(finding: dict[str, Any]) -> str:
    return f"({finding['code']}) {finding['message']}"

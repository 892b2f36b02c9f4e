"""Kate on a screen that nobody sees, with the configuration of docs/editors.md: kate/person.sh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from session import PICTURES, ROOT, Example, needed, run, with_batten

if TYPE_CHECKING:
    from pathlib import Path


def test_fixes_and_saves(example: Example, tmp_path: Path) -> None:
    needed("kate", "xvfb-run", "xdotool", "dbus-run-session", "import")
    first = example.findings("client.py")[0]
    expected = example.edited("client.py", first["fix"]["edits"])
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    run(
        [
            *(ROOT / "tests/editors/kate/person.sh", example.folder / "client.py"),
            *(str(first["line"]), str(first["column"] + 1)),
        ],
        limit=120,
        PICTURES=str(PICTURES / "kate"),
        PATH=with_batten(),
        HOME=str(home),
    )
    assert example.text("client.py") == expected

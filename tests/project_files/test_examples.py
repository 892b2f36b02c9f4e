"""The examples say of each of their lines what Batten reports there, and it does."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"

MARKS = {"defect": "warning", "note": "note"}


def batten(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "batten", *arguments],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def reported(folder: Path) -> list[tuple[str, int, str]]:
    """Return path, line and severity of each finding in `folder`, sorted."""
    done = batten("scan", "--format", "json", ".", cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    return sorted(
        (Path(found["path"]).name, found["range"]["start"]["line"], found["severity"])
        for found in json.loads(done.stdout)["findings"]
    )


def marked(folder: Path) -> list[tuple[str, int, str]]:
    """Return path, line and severity of each marked line in `folder`, sorted."""
    return sorted(
        (path.name, number, MARKS[mark[1]])
        for path in folder.rglob("*.py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (mark := re.search(r"  # (defect|note)$", line))
    )


def test_exactly_the_marked_lines_are_reported() -> None:
    assert marked(EXAMPLES)
    assert reported(EXAMPLES) == marked(EXAMPLES)


def test_all_defects_are_gone_after_the_fixes(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    batten("fix", "examples", cwd=tmp_path)
    assert [found for found in reported(tmp_path / "examples") if found[2] != "note"] == []


def test_listing_is_reviewed_by_its_own_line_numbers() -> None:
    done = batten("review", "review-request.txt", cwd=EXAMPLES)
    assert (done.returncode, done.stderr) == (1, "")
    listing = (EXAMPLES / "review-request.txt").read_text("utf-8").splitlines()
    defects = [line.split()[0] for line in listing if "{customer}" in line or "street=" in line]
    assert defects == ["21", "24"]
    assert [number for number in defects if not re.search(rf"\b{number}\b", done.stdout)] == []


def test_file_without_defects_gets_one_line() -> None:
    done = batten("review", "inventory/stock.py", cwd=EXAMPLES)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "No security defects are detected in the code\n"

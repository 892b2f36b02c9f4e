"""Running a real editor on a copy of the examples.

An editor that is missing is a skip that names it; where the variable CI is set, a failure.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
EDITORS = ROOT / ".editors"
PICTURES = EDITORS / "pictures"


@dataclass(frozen=True)
class Example:
    """A copy of the examples to work on."""

    folder: Path

    def text(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")

    def findings(self, name: str) -> list[dict[str, Any]]:
        """Return what the command line finds in a file, in order; all of it on one line each."""
        lines = self.text(name).splitlines()
        listed = json.loads(batten("scan", "--format", "json", name, cwd=self.folder))["findings"]
        found = []
        for finding in listed:
            start, end = finding["range"]["start"], finding["range"]["end"]
            assert start["line"] == end["line"]
            found.append(
                {
                    "line": start["line"],
                    "column": start["column"],
                    "text": lines[start["line"] - 1][start["column"] - 1 : end["column"] - 1],
                    "severity": finding["severity"],
                    "code": finding["code"],
                    "message": finding["message"],
                    "witness": finding.get("witness"),
                    "fix": next((each for each in finding["fixes"] if each["preferred"]), None),
                }
            )
        return sorted(found, key=lambda each: (each["line"], each["column"]))

    def edited(self, name: str, edits: list[dict[str, Any]]) -> str:
        """Return the file with edits as the command line tells them: from 1, by characters."""
        lines = self.text(name).splitlines(keepends=True)
        for edit in reversed(edits):
            start, end = edit["range"]["start"], edit["range"]["end"]
            assert start["line"] == end["line"]
            line = lines[start["line"] - 1]
            before, after = line[: start["column"] - 1], line[end["column"] - 1 :]
            lines[start["line"] - 1] = before + edit["text"] + after
        return "".join(lines)

    @staticmethod
    def is_fixed(finding: dict[str, Any]) -> bool:
        """Tell whether fixing all fixes a finding: notes are left alone."""
        return finding["fix"] is not None and finding["severity"] != "note"

    def fixed(self, name: str) -> str:
        """Return the file as `batten fix` would leave it."""
        other = self.folder.parent / "fixed"
        shutil.copytree(self.folder, other, dirs_exist_ok=True)
        batten("fix", name, cwd=other)
        return (other / name).read_text("utf-8")


def batten(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "batten", *arguments],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def needed(*programs: str | Path, there: Sequence[str] = ()) -> None:
    """Skip, or fail where CI wants all editors, when a program or a file of one is missing."""
    missing = [program for program in programs if shutil.which(program) is None]
    missing += [path for path in there if not Path(path).exists()]
    for each in missing:
        message = f"{Path(each).name} is not there: make editors installs it"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


def run(command: list[str | Path], limit: float, **environment: str) -> str:
    """Run an editor's session to its end; what it prints is told when it fails."""
    session = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        printed, _ = session.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(session.pid, signal.SIGKILL)  # with all that it has started
        printed, _ = session.communicate()
        pytest.fail(f"not within {limit} s: {printed}")
    print(printed)
    assert session.returncode == 0, printed
    return printed


def with_batten() -> str:
    """Return a PATH on which the recipes find the program."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

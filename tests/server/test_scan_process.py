"""The process that scans a workspace keeps what it knows, and reads what has changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from batten_server import scan_process
from batten_server.capabilities import Editor
from batten_server.child import Request
from batten_server.policy import Policy
from batten_server.scan_process import Files

if TYPE_CHECKING:
    from pathlib import Path

WRAPPER = """\
import requests


def send(path):
    return requests.get("https://x.test/" + path)
"""
CALLER = """\
from wrapper import send


def show(name):
    return send("things/%s" % name)
"""
SAFE = WRAPPER.replace("+ path", "+ str(len(path))")


class Workspace:
    """A folder with files, and a scan that is asked again."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.read: list[str] = []
        self._files = Files()
        read = scan_process.read

        def noted(path: str) -> Any:
            self.read.append(path.rpartition("/")[2])
            return read(path)

        monkeypatch.setattr(scan_process, "read", noted)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.write_text(text, encoding="utf-8")
        moment = path.stat().st_mtime_ns + len(self.read) + 1  # clocks of file systems are coarse
        os.utime(path, ns=(moment, moment))

    def scan(self) -> dict[str, int]:
        """Return how many findings each file has."""
        paths = tuple(sorted(each.as_posix() for each in self.root.glob("*.py")))
        request = Request(paths, Editor(), Policy(lambda mistake: None), {}, [])
        self.outcome = self._files.scan(request, lambda what, done, total: None)  # type: ignore[arg-type]
        found = self.outcome["diagnostics"].items()
        return {uri.rpartition("/")[2]: len(each) for uri, each in found}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = Workspace(tmp_path, monkeypatch)
    made.write("wrapper.py", WRAPPER)
    made.write("caller.py", CALLER)
    return made


def test_what_has_not_changed_is_not_read_again(workspace: Workspace) -> None:
    assert workspace.scan() == {"caller.py": 1}
    assert workspace.read == ["caller.py", "wrapper.py"]
    assert workspace.scan() == {"caller.py": 1}
    assert workspace.read == ["caller.py", "wrapper.py"]


def test_a_change_counts_in_the_files_that_call_what_has_changed(workspace: Workspace) -> None:
    workspace.scan()
    workspace.write("wrapper.py", SAFE)
    assert workspace.scan() == {}
    workspace.write("wrapper.py", WRAPPER)
    assert workspace.scan() == {"caller.py": 1}
    assert workspace.read == ["caller.py", "wrapper.py", "wrapper.py", "wrapper.py"]


def test_files_come_and_go(workspace: Workspace) -> None:
    workspace.scan()
    (workspace.root / "wrapper.py").unlink()
    assert workspace.scan() == {}
    workspace.write("wrapper.py", WRAPPER)
    workspace.write("more.py", CALLER)
    assert workspace.scan() == {"caller.py": 1, "more.py": 1}
    assert workspace.outcome["summary"] == {"files": 3, "findings": 2}


def test_a_file_that_can_not_be_read_any_more_is_forgotten(workspace: Workspace) -> None:
    workspace.scan()
    (workspace.root / "wrapper.py").write_bytes(b"\xff" + WRAPPER.encode())
    assert workspace.scan() == {}
    assert workspace.outcome["summary"] == {"files": 1, "findings": 0}
    workspace.write("wrapper.py", WRAPPER)
    assert workspace.scan() == {"caller.py": 1}


def test_what_is_found_is_what_a_scan_from_the_beginning_finds(workspace: Workspace) -> None:
    texts = {"wrapper.py": [WRAPPER, SAFE, ""], "caller.py": [CALLER, WRAPPER, "x = (", CALLER]}
    for turn in range(8):
        for name, versions in texts.items():
            workspace.write(name, versions[turn % len(versions)])
        kept = workspace.scan()
        diagnostics = workspace.outcome["diagnostics"]
        workspace._files = Files()
        assert workspace.scan() == kept
        assert workspace.outcome["diagnostics"] == diagnostics


def test_a_large_workspace_is_not_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.scan()
    assert workspace.outcome["stays"]
    monkeypatch.setattr(scan_process, "KEPT", 100)
    workspace.scan()
    assert not workspace.outcome["stays"]

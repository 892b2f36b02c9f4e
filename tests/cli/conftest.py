"""The command line in this process, in a folder of its own."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from batten.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

HOLED = """\
import requests


def users(name):
    return requests.get("https://api.example.com/users?name=%s" % name)
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Here:
    """The current folder of a test."""

    root: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def file(self, name: str, content: str | bytes = HOLED) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def batten(self, *arguments: str, stdin: str | bytes = b"") -> Ended:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        self.capture.readouterr()
        code = main(arguments)
        written = self.capture.readouterr()
        assert "Traceback" not in written.err
        return Ended(code, written.out, written.err)


@pytest.fixture
def here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Here:
    """An empty current folder, with nothing in the environment that changes output."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "BATTEN_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return Here(tmp_path, capsys, monkeypatch)


@pytest.fixture
def cache(
    here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """An empty cache of this test."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("BATTEN_CACHE_DIR", str(folder))
    return folder

"""A process for the workspace ends with whoever asks it, and says nothing about it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
from scanning import HOLED
from wire import TIMEOUT, environment

from batten_server.capabilities import Editor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHILD = [sys.executable, "-c", "from batten_server.scan_process import main; main()"]

Child = subprocess.Popen[bytes]


@pytest.fixture
def child() -> Iterator[Child]:
    with subprocess.Popen(
        CHILD,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        yield process
        process.kill()


def request(folder: Path) -> bytes:
    (folder / "a.py").write_text(HOLED, encoding="utf-8")
    asked = {
        "folders": [str(folder)],
        "editor": {**asdict(Editor()), "encoding": "utf-16"},
        "settings": {"everywhere": None, "folders": {}},
    }
    return json.dumps(asked).encode() + b"\n"


def ask(child: Child, folder: Path) -> None:
    assert child.stdin is not None
    child.stdin.write(request(folder))
    child.stdin.flush()


def answered(child: Child) -> int:
    """Return how many findings the next answer has."""
    assert child.stdout is not None
    while "what" in (message := json.loads(child.stdout.readline())):
        pass
    return int(message["summary"]["findings"])


def test_whoever_asked_may_be_gone(child: Child, tmp_path: Path) -> None:
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    ask(child, tmp_path)

    assert child.wait(TIMEOUT) == 0
    assert child.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="it is another signal there")
def test_it_is_ended_by_whoever_asks_and_not_by_the_terminal(child: Child, tmp_path: Path) -> None:
    assert child.stdin is not None
    assert child.stderr is not None
    ask(child, tmp_path)
    assert answered(child) == 1
    child.send_signal(signal.SIGINT)
    ask(child, tmp_path)
    assert answered(child) == 1

    child.stdin.close()
    assert child.wait(TIMEOUT) == 0
    assert child.stderr.read() == b""

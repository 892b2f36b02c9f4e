"""The memory that a process takes is told whichever heap it has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from wire import environment

from batten_server import memory_taken as module
from batten_server.memory_taken import memory_taken

MUCH = 50_000_000
PROGRAM = f"""
from batten_server.memory_taken import memory_taken
before = memory_taken()
kept = [(number, str(number)) for number in range(500_000)]
assert memory_taken() > before + {MUCH}, (before, memory_taken())
"""


@pytest.mark.parametrize("heap", ["pymalloc", "malloc"])
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only Python's own heap is counted")
def test_what_is_taken_of_either_heap_is_seen(heap: str) -> None:
    command = [sys.executable, "-c", PROGRAM]
    subprocess.run(command, env={**environment(), "PYTHONMALLOC": heap}, check=True, timeout=60)


def test_without_proc_the_objects_are_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "_PAGES", tmp_path / "nothing")
    monkeypatch.setattr(sys, "getallocatedblocks", lambda: 1_000)

    assert memory_taken() == 100_000


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="there is no /proc")
def test_with_proc_it_is_what_the_system_says() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[1])

    assert memory_taken() == pytest.approx(pages * os.sysconf("SC_PAGE_SIZE"), rel=0.1)

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from batten.project.sights import WatchedDisk, are_seen

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTIONS: dict[str, Callable[[WatchedDisk, str], object]] = {
    "kind": WatchedDisk.kind,
    "is_there": WatchedDisk.is_there,
    "stamp": WatchedDisk.stamp,
    "real": WatchedDisk.real,
    "inside": WatchedDisk.inside,
    "content": WatchedDisk.content,
}
posix = pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")


def make(path: Path, what: str) -> None:
    """Have a path be something else."""
    if path.is_dir() and not path.is_symlink():
        for each in path.iterdir():
            each.unlink()
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
    if what == "file":
        path.write_text("x = 1\n")
    elif what == "other file":
        path.write_text("x = 2\n")
    elif what == "link":
        path.symlink_to(path.with_name("elsewhere"))
    elif what in ("folder", "folder with a file"):
        path.mkdir()
        if what == "folder with a file":
            (path / "a.py").write_text("")


def looked(question: str, path: Path) -> WatchedDisk:
    disk = WatchedDisk()
    with suppress(OSError):
        QUESTIONS[question](disk, str(path))
    return disk


@posix
@pytest.mark.parametrize(
    ("question", "before", "after"),
    [
        ("kind", "file", "folder"),
        ("kind", "nothing", "file"),
        ("is_there", "file", "nothing"),
        ("is_there", "nothing", "folder"),
        ("stamp", "nothing", "file"),
        ("stamp", "file", "folder"),
        ("real", "file", "link"),
        ("inside", "folder", "folder with a file"),
        ("inside", "folder with a file", "folder"),
        ("inside", "nothing", "folder"),
        ("content", "file", "other file"),
        ("content", "file", "nothing"),
        ("content", "nothing", "file"),
        ("content", "folder", "nothing"),
    ],
)
def test_what_looks_different_is_noticed(tmp_path, question, before, after):
    path = tmp_path / "it"
    make(path, before)
    sights = looked(question, path).sights()
    assert sights
    assert are_seen(sights)
    make(path, after)
    assert not are_seen(sights)
    make(path, before)
    assert are_seen(sights)


def test_a_file_with_the_same_size_and_time_is_read(tmp_path):
    path = tmp_path / "a.py"
    make(path, "file")
    before = path.stat()
    sights = looked("content", path).sights()
    make(path, "other file")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert not are_seen(sights)


def test_when_a_file_was_written_makes_no_difference(tmp_path):
    path = tmp_path / "a.py"
    make(path, "file")
    disk = WatchedDisk()
    disk.stamp(str(path))
    disk.content(str(path))
    os.utime(path, (1, 1))
    assert are_seen(disk.sights())


def test_what_changed_while_it_was_looked_at_is_not_told(tmp_path):
    path = tmp_path / "a.py"
    make(path, "file")
    disk = WatchedDisk()
    disk.content(str(path))
    disk.content(str(path))
    assert len(disk.sights()) == 1
    make(path, "other file")
    disk.content(str(path))
    assert disk.sights() is None


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="shells hand nothing over there")
def test_what_a_shell_hands_over_is_read_once():
    reading, writing = os.pipe()
    os.write(writing, b"x = 1\n")
    os.close(writing)
    path = f"/dev/fd/{reading}"
    disk = WatchedDisk()
    assert disk.content(path) == b"x = 1\n"
    assert disk.sights() is None
    assert not are_seen([("content", path, b"")])
    os.close(reading)


def test_what_is_no_question_is_not_seen(tmp_path):
    assert not are_seen([("__init__", str(tmp_path), b"")])
    assert are_seen([])

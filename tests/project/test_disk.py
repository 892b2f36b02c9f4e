from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from batten.project.disk import DISK, NoFileError


def test_the_whole_content_is_read(tmp_path):
    file = tmp_path / "a.py"
    for content in (b"", b"x", b"x = 1\r\n" * 1_000_000):
        file.write_bytes(content)
        assert DISK.content(str(file)) == content


@pytest.mark.parametrize("change", [b"", b"x = 1\n" * 400_000])
def test_a_file_that_changes_its_size_meanwhile_is_read_to_its_end(tmp_path, monkeypatch, change):
    file = tmp_path / "a.py"
    file.write_bytes(b"x = 1\n")
    opened = os.open

    def changing(path, *arguments):
        file.write_bytes(change)
        return opened(path, *arguments)

    monkeypatch.setattr(os, "open", changing)
    assert DISK.content(str(file)) == change


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")
def test_a_file_that_tells_no_size_is_read_to_its_end():
    assert DISK.content("/proc/self/stat").startswith(b"%d " % os.getpid())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.py")
    with pytest.raises(NoFileError):
        DISK.content(str(tmp_path / "a.py"))
    assert DISK.stamp(str(tmp_path / "a.py")) is None
    assert stat.S_ISFIFO(DISK.kind(str(tmp_path / "a.py")))


def test_what_can_not_be_read_is_an_error(tmp_path):
    with pytest.raises(IsADirectoryError if sys.platform != "win32" else PermissionError):
        DISK.content(str(tmp_path))
    with pytest.raises(FileNotFoundError):
        DISK.content(str(tmp_path / "gone.py"))
    with pytest.raises(ValueError, match="null"):
        DISK.content("a\0b")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_of_a_folder_what_matters_is_told(tmp_path):
    for name in ("b.py", "a.pyw", ".gitignore", "pyvenv.cfg", "notes.txt", "x.pyc"):
        (tmp_path / name).write_text("")
    for name in ("z", "folder.py"):
        (tmp_path / name).mkdir()
    (tmp_path / "link.py").symlink_to(tmp_path / "b.py")
    (tmp_path / "to_folder.py").symlink_to(tmp_path / "z")
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    assert DISK.inside(str(tmp_path)) == (
        ("folder.py", "z"),
        ("a.pyw", "b.py"),
        ("link.py",),
        (".gitignore", "pyvenv.cfg"),
    )

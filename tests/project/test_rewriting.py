from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from batten.project import rewriting
from batten.project.rewriting import FileChangedError, rewrite

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.py"
    path.write_bytes(b"old\r\n")
    return path


def test_the_content_is_replaced_and_nothing_is_left_beside_it(file):
    rewrite(str(file), b"old\r\n", b"new\r\n")

    assert file.read_bytes() == b"new\r\n"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("mode", [0o755, 0o600, 0o664])
def test_permissions_stay(file, mode):
    file.chmod(mode)

    rewrite(str(file), b"old\r\n", b"new")

    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give")
def test_the_owner_stays(file):
    os.chown(file, 1234, 4321)

    rewrite(str(file), b"old\r\n", b"new")

    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 4321)


def test_a_link_stays_a_link_and_its_file_is_rewritten(file, tmp_path):
    link = tmp_path / "link.py"
    link.symlink_to(file.name)

    rewrite(str(link), b"old\r\n", b"new")

    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_a_file_that_changed_meanwhile_is_left_alone(file):
    with pytest.raises(FileChangedError):
        rewrite(str(file), b"older\n", b"new")

    assert file.read_bytes() == b"old\r\n"
    assert list(file.parent.iterdir()) == [file]


def test_a_failure_half_way_leaves_the_file_as_it_was(file, monkeypatch):
    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rewriting.os, "fsync", fail)

    with pytest.raises(OSError, match="No space"):
        rewrite(str(file), b"old\r\n", b"new")

    assert file.read_bytes() == b"old\r\n"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes all")
def test_a_read_only_file_is_refused(file):
    file.chmod(0o444)

    with pytest.raises(PermissionError):
        rewrite(str(file), b"old\r\n", b"new")

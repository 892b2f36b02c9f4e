from __future__ import annotations

import errno
import os
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from batten.project import cache_folder
from batten.project.cache_folder import CacheFolder, usual_folder

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")


@pytest.fixture
def folder(tmp_path: Path) -> CacheFolder:
    return CacheFolder(str(tmp_path / "cache"))


def inside(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "runs"


def runs(tmp_path: Path) -> list[str]:
    return sorted(path.stem for path in inside(tmp_path).glob("*.run"))


# Where it is


@posix
@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"BATTEN_CACHE_DIR": "here", "XDG_CACHE_HOME": "/xdg"}, "here"),
        ({"BATTEN_CACHE_DIR": "", "XDG_CACHE_HOME": "/xdg"}, "/xdg/batten"),
        ({"XDG_CACHE_HOME": "xdg"}, "/home/me/.cache/batten"),
        ({}, "/home/me/.cache/batten"),
    ],
)
def test_the_folder_is_where_the_user_has_caches(monkeypatch, environment, expected):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("HOME", "/home/me")
    assert usual_folder(environment) == expected


@posix
def test_the_folder_on_a_mac(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("HOME", "/Users/me")
    assert usual_folder({}) == "/Users/me/Library/Caches/batten"


def test_the_folder_on_windows(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    found = usual_folder({"LOCALAPPDATA": "C:/Users/me/AppData/Local"})
    assert found is not None
    assert Path(found) == Path("C:/Users/me/AppData/Local/batten/cache")
    assert usual_folder({}) is None


@posix
def test_without_a_home_there_is_none(monkeypatch):
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert usual_folder({}) is None


# What is kept


def test_what_is_written_is_read(folder: CacheFolder):
    assert folder.read("a") is None
    folder.write("a", b"one")
    folder.write("b", b"two")
    assert (folder.read("a"), folder.read("b")) == (b"one", b"two")
    folder.write("a", b"three")
    assert folder.read("a") == b"three"


@posix
def test_nobody_else_can_look_into_it(folder: CacheFolder, tmp_path):
    before = os.umask(0)
    try:
        folder.write("a", b"one")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
    assert stat.S_IMODE(inside(tmp_path).stat().st_mode) == 0o700
    assert stat.S_IMODE((inside(tmp_path) / "a.run").stat().st_mode) == 0o600


def test_git_and_backups_pass_it_by(folder: CacheFolder, tmp_path):
    (tmp_path / "cache").mkdir()
    folder.write("a", b"one")
    assert (inside(tmp_path) / ".gitignore").read_text() == "*\n"
    assert (inside(tmp_path) / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d1")
    assert [*(tmp_path / "cache").iterdir()] == [inside(tmp_path)]  # the user's own folder


# Bounds


def test_the_run_that_was_used_longest_ago_goes_first(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(cache_folder, "MOST_RUNS", 3)
    for age, name in enumerate("dcba", 1):
        folder.write(name, b"x")
        os.utime(inside(tmp_path) / f"{name}.run", (time.time() - 100 + age,) * 2)
        if name == "b":
            assert folder.read("d") == b"x"  # which makes it the newest
    assert runs(tmp_path) == ["a", "b", "d"]


def test_all_runs_together_have_a_size(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(cache_folder, "MOST_BYTES", 25)
    for age, name in enumerate("abc", 1):
        folder.write(name, b"x" * 10)
        os.utime(inside(tmp_path) / f"{name}.run", (time.time() - 100 + age,) * 2)
    assert runs(tmp_path) == ["b", "c"]


def test_a_run_that_is_too_large_is_not_kept(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(cache_folder, "LARGEST_RUN", 5)
    folder.write("a", b"123456")
    assert folder.read("a") is None
    folder.write("b", b"12345")
    assert folder.read("b") == b"12345"


def test_a_file_that_is_too_large_is_not_read(folder, tmp_path, monkeypatch):
    folder.write("a", b"123456")
    monkeypatch.setattr(cache_folder, "LARGEST_RUN", 5)
    assert folder.read("a") is None


def test_what_a_stopped_run_left_behind_goes(folder, tmp_path):
    folder.write("a", b"one")
    old, new = inside(tmp_path) / "x.part", inside(tmp_path) / "y.part"
    old.write_bytes(b"")
    new.write_bytes(b"")
    os.utime(old, (time.time() - 7200,) * 2)
    folder.write("b", b"two")
    assert not old.exists()
    assert new.exists()


def test_a_folder_that_was_not_made_for_it_stays_as_it_is(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(cache_folder, "MOST_BYTES", 0)
    inside(tmp_path).mkdir(parents=True)
    for name in ("installer.run", "download.part"):
        (inside(tmp_path) / name).write_bytes(b"of the user")
        os.utime(inside(tmp_path) / name, (time.time() - 7200,) * 2)
    folder.write("a", b"one")
    names = [path.name for path in inside(tmp_path).iterdir()]
    assert sorted(names) == ["download.part", "installer.run"]


@posix
def test_a_folder_that_others_can_write_to_gets_no_mark(folder, tmp_path):
    inside(tmp_path).mkdir(parents=True)
    inside(tmp_path).chmod(0o777)
    folder.write("a", b"one")
    assert [*inside(tmp_path).iterdir()] == []


def test_a_folder_that_was_emptied_is_marked_again(folder, tmp_path):
    folder.write("a", b"one")
    for path in inside(tmp_path).glob("[!.]*"):  # as a shell has it
        path.unlink()
    folder.write("a", b"two")
    assert folder.read("a") == b"two"
    assert (inside(tmp_path) / "CACHEDIR.TAG").exists()


def test_a_folder_without_anything_is_used(folder, tmp_path):
    inside(tmp_path).mkdir(parents=True)
    folder.write("a", b"one")
    assert folder.read("a") == b"one"


# What is not as it should be


@posix
@pytest.mark.parametrize("mode", [0o720, 0o702])
def test_a_folder_that_others_can_write_to_is_not_used(folder, tmp_path, mode):
    folder.write("a", b"one")
    inside(tmp_path).chmod(mode)
    assert folder.read("a") is None
    folder.write("b", b"two")
    assert runs(tmp_path) == ["a"]


@posix
def test_a_file_that_others_can_write_to_is_not_read(folder, tmp_path):
    folder.write("a", b"one")
    (inside(tmp_path) / "a.run").chmod(0o622)
    assert folder.read("a") is None


@posix
def test_what_belongs_to_somebody_else_is_not_used(folder, tmp_path, monkeypatch):
    folder.write("a", b"one")
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    assert folder.read("a") is None
    folder.write("b", b"two")
    assert runs(tmp_path) == ["a"]


@posix
def test_links_are_not_followed(folder, tmp_path):
    folder.write("a", b"one")
    (inside(tmp_path) / "b.run").symlink_to(inside(tmp_path) / "a.run")
    assert folder.read("b") is None
    other = tmp_path / "other"
    other.mkdir()
    (other / "runs").symlink_to(inside(tmp_path))
    assert CacheFolder(str(other)).read("a") is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with a name")
def test_a_pipe_is_not_waited_for(folder, tmp_path):
    folder.write("a", b"one")
    os.mkfifo(inside(tmp_path) / "b.run")
    assert folder.read("b") is None


def test_a_folder_in_the_place_of_a_run_is_none(folder, tmp_path):
    folder.write("a", b"one")
    (inside(tmp_path) / "b.run").mkdir()
    assert folder.read("b") is None
    folder.write("b", b"two")
    assert folder.read("b") is None
    assert not [*inside(tmp_path).glob("*.part")]


@pytest.mark.parametrize("name", ["cache", "cache/runs"])
def test_a_file_in_the_place_of_the_folder_is_none(folder, tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"")
    folder.write("a", b"one")
    assert folder.read("a") is None


@pytest.mark.parametrize("failing", ["mkdir", "replace"])
def test_a_full_or_read_only_disk_keeps_nothing(folder, tmp_path, monkeypatch, failing):
    def fail(*_arguments: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, failing, fail)
        folder.write("a", b"one")
    assert folder.read("a") is None
    assert not [*tmp_path.rglob("*.part")]


def test_the_folder_may_be_named_from_the_current_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    CacheFolder("here/there").write("a", b"one")
    assert CacheFolder(str(tmp_path / "here" / "there")).read("a") == b"one"
    assert CacheFolder("here/there").read("a") == b"one"
    CacheFolder(".").write("a", b"two")
    assert (tmp_path / "runs" / "a.run").read_bytes() == b"two"


def test_a_current_folder_that_is_gone_is_none(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    folder = CacheFolder("here")
    folder.write("a", b"one")
    assert folder.read("a") is None


def test_a_folder_that_cannot_be_named_is_none():
    folder = CacheFolder("no\0folder")
    folder.write("a", b"one")
    assert folder.read("a") is None


def test_many_at_once_leave_whole_runs(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(cache_folder, "MOST_RUNS", 3)
    wrong: list[bytes] = []

    def work(number: int) -> None:
        for turn in range(30):
            name = str(turn % 5)
            folder.write(name, name.encode() * (1_000 + number))
            data = folder.read(name)
            if data is not None and {*data} != {*name.encode()}:
                wrong.append(data)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong
    assert len(runs(tmp_path)) <= 3 + 4
    assert not [*inside(tmp_path).glob("*.part")]

"""Scans that are answered as they were before, since nothing that they look at has changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from batten.cli import main as main_module
from batten.cli import question
from batten.project.kept_answers import Answer
from batten.report.formats import Format

if TYPE_CHECKING:
    from pathlib import Path

HOLED = """\
import requests


def users(name):
    return requests.get("https://api.example.com/users?name=%s" % name)
"""
FORMATS = [form.value for form in Format]


@pytest.fixture
def work(monkeypatch) -> list[tuple[str, ...]]:
    """The commands that were worked out so far, not only answered again."""
    done: list[tuple[str, ...]] = []
    before = main_module._work

    def working(given, asked):
        done.append(tuple(given))
        return before(given, asked)

    monkeypatch.setattr(main_module, "_work", working)
    return done


def answers(cache: Path) -> list[Path]:
    return sorted(cache.glob("answers/*.run"))


def project(here) -> None:
    here.file("app/client.py")
    here.file("app/bad.py", b"\xff")
    here.file("app/ours.py", HOLED.replace("% name)", "% name)  # batten: ignore[BTN1O2]"))
    here.file("lib/name\u3042.py")


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_is_told_in_each_format(here, cache, work, form):
    project(here)
    arguments = ("scan", "--format", form, ".", "gone.py")
    first = here.batten(*arguments)
    assert (first.code, len(work)) == (2, 1)
    assert here.batten(*arguments) == first
    assert len(work) == 1


@pytest.mark.parametrize("colour", ["NO_COLOR", "FORCE_COLOR"])
def test_what_has_colours_is_told_in_colours(here, cache, work, colour):
    project(here)
    here.batten("scan")
    here.patch.setenv(colour, "1")
    first = here.batten("scan")
    assert ("\x1b[" in first.out) == (colour == "FORCE_COLOR")
    work.clear()
    assert here.batten("scan") == first
    assert work == []


def test_another_question_is_another_answer(here, cache, work, monkeypatch):
    project(here)
    first = here.batten("scan", "app")
    assert here.batten("scan", "lib") != first
    assert "BTN102" not in here.batten("scan", "app", "--min-severity", "error").out
    assert here.batten("scan", "app", "--exit-zero").code == 0
    monkeypatch.chdir(here.root / "app")
    assert here.batten("scan", "../app").out != first.out
    assert len(work) == 5
    with monkeypatch.context() as patch:
        patch.setattr("time.strftime", lambda _: "2999-01-01")
        here.batten("scan", "../app")
    with monkeypatch.context() as patch:
        patch.setattr(question, "engine_mark", lambda: b"another")
        here.batten("scan", "../app")
    assert len(work) == 7
    here.batten("scan", "../app")
    assert len(work) == 7


def excluded(here) -> None:
    here.file("batten.toml", 'exclude = ["app"]\n')


def ignored(here) -> None:
    here.file("app/.gitignore", "client.py\n")


def edited(here) -> None:
    path = here.root / "app" / "client.py"
    before = path.stat()
    here.file("app/client.py", HOLED.replace("users(name", "users(nome"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def added(here) -> None:
    here.file("app/inner/new.py")


def removed(here) -> None:
    (here.root / "app" / "client.py").unlink()


def mended(here) -> None:
    here.file("app/bad.py", HOLED)


def named(here) -> None:
    here.file("gone.py")


def with_environment(here) -> None:
    here.file("app/pyvenv.cfg", "")


def in_package(here) -> None:
    here.file("app/build/__init__.py", "")


@pytest.mark.parametrize(
    "change",
    [excluded, ignored, edited, added, removed, mended, named, with_environment, in_package],
)
def test_what_changes_the_answer_is_seen(here, cache, work, change):
    project(here)
    here.file("app/build/made.py")
    arguments = ("scan", ".", "gone.py")
    first = here.batten(*arguments)
    change(here)
    second = here.batten(*arguments)
    assert second != first
    assert second == here.batten("scan", "--no-cache", ".", "gone.py")
    work.clear()
    assert here.batten(*arguments) == second
    assert work == []


def test_a_change_of_the_settings_is_seen(here, cache):
    project(here)
    settings = here.file("batten.toml", 'ignore = ["BTN101"]\n')
    assert "BTN102" in here.batten("scan").out
    settings.write_text('ignore = ["BTN102"]\n')
    assert "BTN102" not in here.batten("scan").out
    settings.unlink()
    here.file("pyproject.toml", '[tool.batten]\nignore = ["BTN10"]\n')
    assert "BTN102" not in here.batten("scan").out
    here.file("app/batten.toml", "")
    assert "BTN102" in here.batten("scan").out


def test_the_settings_and_rules_of_folders_around_are_seen(here, cache, monkeypatch):
    here.file("repository/.git/HEAD", "")
    here.file("repository/app/client.py")
    monkeypatch.chdir(here.root / "repository" / "app")
    first = here.batten("scan")
    ignoring = here.file("repository/.gitignore", "client.py\n")
    assert here.batten("scan").out == ""
    ignoring.unlink()
    assert here.batten("scan") == first
    here.file("batten.toml", 'ignore = ["BTN102"]\n')
    assert here.batten("scan").out == ""


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_leads_elsewhere_is_seen(here, cache):
    here.file("one/client.py")
    here.file("two/client.py", "x = 1\n")
    link = here.root / "link.py"
    link.symlink_to("one/client.py")
    first = here.batten("scan")
    link.unlink()
    link.symlink_to("two/client.py")
    assert here.batten("scan") == first  # each file is told once, by its real path
    assert here.batten("scan", "link.py").out == ""
    link.unlink()
    link.symlink_to("one/client.py")
    assert "link.py:5" in here.batten("scan", "link.py").out


def test_other_files_make_no_difference(here, cache, work):
    project(here)
    first = here.batten("scan")
    here.file("app/notes.txt", "")
    here.file("app/__pycache__/client.cpython-311.pyc", b"")
    here.batten("scan")
    work.clear()
    here.file("app/more.txt", "")
    here.file("app/__pycache__/other.cpython-311.pyc", b"")
    assert here.batten("scan") == first
    assert work == []


def test_all_that_a_scan_opens_is_noted(here, cache):
    project(here)
    here.file("pyproject.toml", '[tool.batten]\nignore = ["BTN101"]\n')
    here.file("app/.gitignore", "made.py\n")
    here.file("app/build/__init__.py", "")
    code = (
        "import json, sys; from batten.cli import main, question; opened, disks = [], [];"
        "sys.addaudithook(lambda event, told: opened.append(str(told[0]).rstrip('/'))"
        " if event in ('open', 'os.scandir', 'os.listdir') else None);"
        "before = question.WatchedDisk;"
        "question.WatchedDisk = lambda: disks.append(before()) or disks[-1];"
        "main.main(['scan', *sys.argv[1:]]);"
        "print(json.dumps([opened, disks[0].sights()], default=str), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "--format", "sarif", ".", "gone.py"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=here.root)
    opened, sights = json.loads(done.stderr.splitlines()[-1])
    root = here.root.as_posix()
    seen = {path.rstrip("/") for _, path, _ in sights}
    inside = {path for path in opened if path.startswith(root)}
    assert inside >= {root, f"{root}/app/client.py", f"{root}/pyproject.toml"}
    assert inside <= seen


# What is not kept


@pytest.mark.parametrize("arguments", [("--no-cache",), ("--output", ""), ("--select", "X")])
def test_what_is_wrong_or_not_to_be_kept_is_not_kept(here, cache, arguments):
    project(here)
    here.batten("scan", *arguments)
    assert answers(cache) == []


@pytest.mark.parametrize("now", ["another Batten", "another day"])
def test_what_was_found_while_the_question_changed_is_not_kept(here, cache, monkeypatch, now):
    project(here)
    before = question.WatchedDisk.inside

    def replaced(disk, folder):
        if now == "another Batten":
            monkeypatch.setattr(question, "engine_mark", lambda: b"another")
        else:
            monkeypatch.setattr("time.strftime", lambda _: "2999-01-01")
        return before(disk, folder)

    monkeypatch.setattr(question.WatchedDisk, "inside", replaced)
    assert here.batten("scan").code == 1
    assert list(cache.rglob("*.run")) == []


# Where to


@pytest.mark.parametrize("named", [["--output", "found.txt"], ["--output=found.txt"]])
def test_output_goes_to_its_file_each_time(here, cache, work, named):
    project(here)
    first = here.batten("scan", *named, "app")
    found = here.root / "found.txt"
    written = found.read_bytes()
    assert b"BTN102" in written
    for before in (b"", None):
        found.unlink()
        if before is not None:
            found.write_bytes(before)
        assert here.batten("scan", *named, "app") == first
        assert found.read_bytes() == written
    assert len(work) == 1
    found.unlink()
    found.mkdir()
    refused = here.batten("scan", *named, "app")
    assert (refused.code, "can't write found.txt" in refused.err) == (2, True)


def test_which_file_is_written_to_is_not_for_an_answer_to_say(here, cache, monkeypatch):
    project(here)
    first = here.batten("scan", "app")
    monkeypatch.setattr(question, "kept_answer", lambda *_: Answer(0, "", "x", "other.txt", ""))
    assert here.batten("scan", "app") == first
    assert here.batten("scan", "app", "--output", "found.txt").code == 1
    assert not (here.root / "other.txt").exists()


@pytest.mark.parametrize("named", [["--cache-dir", "there"], ["--cache-dir=there"]])
def test_the_folder_that_is_named_holds_the_answer(here, cache, work, named, tmp_path_factory):
    project(here)
    here.batten("scan", *named, "app")
    assert here.batten("scan", *named, "app").code == 1
    assert len(work) == 1
    assert len(answers(here.root / "there")) == 1
    assert answers(cache) == []


def test_the_last_folder_that_is_named_counts_and_paths_are_none(here, cache):
    project(here)
    here.batten("scan", "--cache-dir=one", "app", "--cache-dir", "two")
    assert len(answers(here.root / "two")) == 1
    assert here.batten("scan", "app", "--", "--cache-dir=three", "--cache-dir").code == 2
    assert sorted(path.name for path in here.root.iterdir()) == ["app", "lib", "two"]
    assert len(answers(cache)) == 1


def test_an_answer_takes_a_fraction_of_what_a_command_line_loads(here, cache):
    project(here)
    code = (
        "import json, sys; before = set(sys.modules); from batten.cli.main import main;"
        "main(['scan', *sys.argv[1:]]);"
        "print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)"
    )
    for form in FORMATS:
        command = [sys.executable, "-c", code, "--format", form]
        for _ in range(2):
            done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=here.root)
        loaded = json.loads(done.stderr.splitlines()[-1])
        ours = {name for name in loaded if name.startswith("batten.")}
        assert ours == {
            "batten.cli",
            "batten.cli.main",
            "batten.cli.question",
            "batten.cli.terminal",
            "batten.cli.usage",
            "batten.cli.words",
            "batten.project",
            "batten.project.cache_folder",
            "batten.project.digest",
            "batten.project.disk",
            "batten.project.engine_identity",
            "batten.project.kept_answers",
            "batten.project.sights",
        }, form
        heavy = {"argparse", "contextlib", "dataclasses", "hashlib", "pathlib", "re", "typing"}
        assert not heavy & set(loaded), form

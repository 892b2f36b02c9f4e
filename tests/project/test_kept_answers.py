from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.project.cache_folder import ANSWERS, CacheFolder
from batten.project.kept_answers import Answer, keep, kept_answer
from batten.project.sights import WatchedDisk

if TYPE_CHECKING:
    from pathlib import Path

OUTPUT = "a.py:1:1: \x1b[1;31merror\x1b[0m é\n"
ANSWER = Answer(1, "batten: bad.py: can't be read\n", OUTPUT, None, "batten: 1 error\n")


@pytest.fixture
def folder(tmp_path: Path) -> CacheFolder:
    return CacheFolder(str(tmp_path / "cache"), ANSWERS)


@pytest.fixture
def disk(tmp_path: Path) -> WatchedDisk:
    """A disk on which a file with an odd name was seen."""
    path = tmp_path / "a\udcff\n.py"
    path.write_text("x = 1\n")
    disk = WatchedDisk()
    disk.content(str(path))
    return disk


def told(answer: Answer | None) -> tuple[int, str, str, str | None, str] | None:
    return (
        None
        if answer is None
        else (answer.code, answer.before, answer.output, answer.file, answer.after)
    )


@pytest.mark.parametrize("file", [None, "", "found.txt"])
def test_an_answer_is_given_again_as_it_was(folder, disk, file):
    answer = Answer(1, ANSWER.before, OUTPUT, file, ANSWER.after)
    keep(folder, "ab", answer, disk.sights())
    assert told(kept_answer(folder, "ab")) == told(answer)
    assert kept_answer(folder, "cd") is None


def test_an_answer_to_what_looked_different_is_not_given(folder, disk, tmp_path):
    keep(folder, "ab", ANSWER, disk.sights())
    (tmp_path / "a\udcff\n.py").write_text("x = 2\n")
    assert kept_answer(folder, "ab") is None


def test_an_answer_to_another_question_is_not_given(folder, disk):
    keep(folder, "ab", ANSWER, disk.sights())
    folder.write("cd", folder.read("ab"))
    assert kept_answer(folder, "cd") is None


def test_what_is_broken_is_no_answer(folder, disk):
    keep(folder, "ab", ANSWER, disk.sights())
    whole = folder.read("ab")
    for broken in (b"", b"{}", b"batten answer 1\n\n", whole[:-1], whole + b" ", whole[:-64]):
        folder.write("ab", broken)
        assert kept_answer(folder, "ab") is None


@pytest.mark.parametrize(
    "pieces",
    [
        "",
        "1",
        "1\0\0",
        "one\0\0\0\0",
        "1\0\0\0\0\0content",
        "1\0\0\0\0\0content\0/a.py\0no digest",
        "1\0\0\0\0\0forget\0/a.py\0" + "00" * 32,
        "1\0\0\x1b[2J\0\0",
        "1\0\0\x1b[31\0\0",
        "1\0\0\x1b]0;title\x07\0\0",
        "1\0\0over\rwritten\0\0",
        "1\0\0\udc9b2J\0\0",
    ],
)
def test_what_is_of_another_form_is_no_answer(folder, monkeypatch, pieces):
    from batten.project import kept_answers

    body = pieces.encode("utf-8", "surrogatepass")
    digest = kept_answers._digest("ab", body)
    folder.write("ab", b"\n".join((b"batten answer 1", digest, body)))
    assert kept_answer(folder, "ab") is None


def test_what_is_of_this_form_is_an_answer(folder):
    keep(folder, "ab", Answer(1, "", "", None, ""), [])
    assert folder.read("ab").endswith(b"\n1\0\0\0\0")
    assert kept_answer(folder, "ab") is not None


@pytest.mark.parametrize("output", ["a\0b", "\x1b[2J", "\x1b[K"])
def test_what_would_not_be_taken_is_not_kept(folder, output):
    keep(folder, "ab", Answer(0, "", output, None, ""), [])
    assert folder.read("ab") is None

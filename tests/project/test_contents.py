from __future__ import annotations

import pytest

from batten.project.contents import Contents, read_all
from batten.project.problem import Kind, Problem
from batten.project.source_file import NotReadError

ENGINE = b"engine"


def digest(files: dict, engine: bytes = ENGINE) -> str:
    return Contents(files).digest(engine)


def test_a_file_is_read_once(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    contents = read_all([str(path)])
    path.write_text("x = 2\n")
    assert contents.read(str(path)).source.text == "x = 1\n"


def test_what_can_not_be_read_is_told_when_somebody_asks(tmp_path):
    contents = read_all([str(tmp_path / "gone.py")])
    with pytest.raises(NotReadError, match="no such file"):
        contents.read(str(tmp_path / "gone.py"))


def test_the_digest_is_of_all_that_is_read():
    gone = Problem("/a", Kind.MISSING, "no such file or folder")
    refused = Problem("/a", Kind.UNREADABLE, "can't be read: Permission denied")
    runs = [
        {},
        {"/a": b""},
        {"/a": b"x"},
        {"/b": b"x"},
        {"/a": b"x", "/b": b"x"},
        {"/a": b"", "/b": b"xx"},
        {"/a/b": b"x"},
        {"/a": gone},
        {"/a": refused},
        {"/a\udcff": b""},
    ]
    assert len({digest(files) for files in runs}) == len(runs)
    assert digest({"/a": b"x"}) == digest({"/a": b"x"})
    assert digest({"/a": b"x"}) != digest({"/a": b"x"}, b"another")

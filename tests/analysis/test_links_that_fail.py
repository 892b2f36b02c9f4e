"""Linking that fails is begun anew, and says so: once, though it may fail again with every key."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from batten.analysis.program import Program
from batten.link.trace import Tracer
from batten.models.load import load
from batten.syntax.text import SourceText

if TYPE_CHECKING:
    import pytest

CODE = "import requests\n\ndef f(name):\n    requests.get('https://x.test/%s' % name)\n"


def failing(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let linking fail so many times from now on."""
    left = [None] * times
    run = Tracer.run

    def run_or_fail(tracer: Tracer) -> None:
        if left:
            left.pop()
            raise LookupError("what is gone")
        run(tracer)

    monkeypatch.setattr(Tracer, "run", run_or_fail)


def test_one_document_is_linked_anew_and_a_line_tells_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program = Program(load())
    program.put("/a.py", SourceText(CODE))
    first = program.findings("/a.py")
    failing(monkeypatch, 1)
    program.put("/a.py", SourceText(CODE.replace("%s'", "%s?a'")))
    with caplog.at_level(logging.WARNING):
        assert len(program.findings("/a.py")) == len(first) == 1

    assert caplog.messages == [
        "Linking failed (LookupError('what is gone')): documents are linked anew"
    ]


def test_several_documents_are_linked_one_by_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program = Program(load())
    program.put("/a.py", SourceText(CODE))
    program.put("/b.py", SourceText(CODE))
    failing(monkeypatch, 1)
    with caplog.at_level(logging.WARNING):
        assert [len(program.findings(path)) for path in ("/a.py", "/b.py")] == [1, 1]

    (line,) = caplog.messages
    assert line.endswith("documents are linked one by one")


def test_the_same_failure_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program = Program(load())
    with caplog.at_level(logging.WARNING):
        for number in range(5):
            failing(monkeypatch, 1)
            program.put("/a.py", SourceText(f"{CODE}\nx = {number}\n"))
            program.findings("/a.py")

    assert len(caplog.messages) == 1


def test_a_document_without_a_name_is_linked_with_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An editor may say `file:///`."""
    for path in ("", "/", "//"):
        program = Program(load())
        program.put(path, SourceText(CODE))
        program.put("/a.py", SourceText(CODE))

        assert len(program.findings(path)) == len(program.findings("/a.py")) == 1
    assert caplog.records == []

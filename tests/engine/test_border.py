"""Work that was stopped is gone on with, whatever has been typed meanwhile, to the same end."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from test_incremental import _EDITS

from batten.analysis.program import Program
from batten.analysis.trial import Trial
from batten.rewrite.edit import Level
from batten.summarize.unit import Summarizer
from batten.syntax.text import SourceText
from corpus import FIXTURES, models

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.summarize.summary import Summary
    from batten.syntax.units import UnitKind

    Edit = Callable[[list[str]], list[str]]

_SOME = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


class Stopped(BaseException):
    """What stops the work."""


class After:
    """Stops the work after some borders were passed."""

    def __init__(self, borders: int) -> None:
        self.left = borders

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Stopped


def _asked(program: Program, texts: dict[str, str], borders: int) -> bool:
    """Put texts and ask for all findings; tell whether that was not stopped."""
    program.border.check = After(borders)
    try:
        for path, text in texts.items():
            program.put(path, SourceText(text))
        for path in texts:
            program.findings(path)
    except Stopped:
        return False
    return True


def _answers(program: Program, texts: dict[str, str]) -> object:
    program.border.check = lambda: None
    for path, text in texts.items():
        program.put(path, SourceText(text))
    return {path: program.findings(path) for path in texts}


@_SOME
@given(
    name=st.sampled_from(sorted(FIXTURES)),
    steps=st.lists(
        st.tuples(st.integers(0, 9), _EDITS, st.booleans(), st.integers(0, 80)),
        min_size=1,
        max_size=6,
    ),
)
def test_a_stop_at_any_border_changes_no_finding(
    name: str, steps: list[tuple[int, Edit, bool, int]]
) -> None:
    texts = {path: fixture.code for path, fixture in FIXTURES[name].items()}
    program = Program(models())
    first = texts
    for which, edit, back, borders in steps:
        _asked(program, texts, borders)
        path = sorted(texts)[which % len(texts)]
        texts = {**texts, path: "\n".join(edit(texts[path].split("\n")))}
        if back:
            _asked(program, texts, borders // 2)
            texts = first

    assert _answers(program, texts) == _answers(Program(models()), texts)


def test_what_was_half_said_is_not_said_of_a_text_without_findings() -> None:
    """There is one tuple of no flows: it is that of before, and yet not all is as it was."""
    without = "import requests\n\ndef g(p):\n    return p\n"
    found = "import requests\n\ndef f(p):\n    requests.get(f'https://h.test/{p}/{p.q}')\n"
    for borders in range(100):
        program = Program(models())
        assert _asked(program, {"/a.py": without}, 1_000)
        is_stopped = not _asked(program, {"/a.py": found}, borders)
        assert _answers(program, {"/a.py": without}) == {"/a.py": ()}
        if not is_stopped:
            break
    else:
        raise AssertionError("it is always stopped")


def _fixes(program: Program, texts: dict[str, str]) -> object:
    return [program.fixes_to_make(program.findings(path), {Level.SAFE}) for path in texts]


@settings(max_examples=12, deadline=None, derandomize=True)
@given(name=st.sampled_from(sorted(FIXTURES)), borders=st.integers(0, 300))
def test_a_stop_while_fixes_are_tried_changes_no_fix(name: str, borders: int) -> None:
    texts = {path: fixture.code for path, fixture in FIXTURES[name].items()}
    program, other = Program(models()), Program(models())
    assert _answers(program, texts) == _answers(other, texts)
    program.border.check = After(borders)
    with contextlib.suppress(Stopped):
        _fixes(program, texts)
    program.border.check = lambda: None

    assert _fixes(program, texts) == _fixes(other, texts)


def test_the_copy_of_a_program_in_which_fixes_are_tried_is_stopped_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = Program(models())
    _answers(
        program,
        {"/a.py": "import requests\n\ndef f(p):\n    requests.get(f'https://h.test/{p}/x')\n"},
    )
    whole = Trial.findings

    def findings(trial: Trial, source: SourceText) -> object:
        program.border.check = After(0)
        return whole(trial, source)

    monkeypatch.setattr(Trial, "findings", findings)
    with pytest.raises(Stopped):
        _fixes(program, {"/a.py": ""})


@settings(max_examples=12, deadline=None, derandomize=True)
@given(name=st.sampled_from(sorted(FIXTURES)), borders=st.integers(1, 40))
@example(name=min(FIXTURES), borders=1)
def test_work_that_is_stopped_again_and_again_comes_to_an_end(name: str, borders: int) -> None:
    texts = {path: fixture.code for path, fixture in FIXTURES[name].items()}
    program = Program(models())
    passes = 0
    while not _asked(program, texts, borders + passes):
        passes += 1
        assert passes < 1_000

    assert _answers(program, texts) == _answers(Program(models()), texts)


def test_units_that_were_read_before_a_stop_are_not_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[bytes] = []
    summarized = Summarizer.summarize

    def noted(
        self: Summarizer, kind: UnitKind, text: bytes, before: bytes | None = None
    ) -> Summary:
        read.append(text)
        return summarized(self, kind, text, before)

    monkeypatch.setattr(Summarizer, "summarize", noted)
    code = "".join(f"def f{number}(x):\n    return x.a{number}\n\n" for number in range(20))
    program = Program(models())
    assert not _asked(program, {"/a.py": code}, 12)
    typed = code.replace("x.a3", "x.b3").replace("x.a15", "x.b15")
    assert _asked(program, {"/a.py": typed}, 100)

    units_of_both = {each for each in read if b"b3" in each or b"b15" in each}
    assert len(units_of_both) == 2
    assert len(read) == len(set(read)) == 21 + 1

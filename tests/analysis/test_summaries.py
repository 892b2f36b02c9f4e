"""What was typed and is taken back is not summarized again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.analysis.gone_texts import MAX_GONE
from batten.analysis.program import Program
from batten.models.load import load
from batten.summarize.unit import Summarizer
from batten.syntax.text import SourceText

if TYPE_CHECKING:
    from batten.summarize.summary import Summary
    from batten.syntax.units import UnitKind

_MODELS = load()
_TEXT = """import requests

def one(name):
    text = "a"
    return requests.get("https://api.example/%s" % name)
"""


@pytest.fixture
def summarized(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The texts that are summarized, in turn."""
    texts: list[bytes] = []
    summarize = Summarizer.summarize

    def noting(
        self: Summarizer, kind: UnitKind, text: bytes, before: bytes | None = None
    ) -> Summary:
        texts.append(text)
        return summarize(self, kind, text, before)

    monkeypatch.setattr(Summarizer, "summarize", noting)
    return texts


def found(program: Program, text: str) -> tuple[object, ...]:
    program.put("/w/a.py", SourceText(text))
    return program.findings("/w/a.py")


@pytest.mark.parametrize(
    "typed",
    ["text = (", 'text = """', "more", "def other(): pass\n    text =", "\ndef other(): text ="],
)
def test_a_text_that_comes_again_is_known(summarized: list[bytes], typed: str) -> None:
    program = Program(_MODELS)
    before = found(program, _TEXT)
    found(program, _TEXT.replace("text =", typed))
    summarized.clear()

    assert found(program, _TEXT) == before
    assert not summarized


def test_broken_text_is_not_gone_back_to(summarized: list[bytes]) -> None:
    program = Program(_MODELS)
    broken = _TEXT.replace('"a"', '("a"')
    for text in (_TEXT, broken, _TEXT):
        found(program, text)
    summarized.clear()
    found(program, broken)

    assert len(summarized) == 1


def test_only_the_last_few_are_known(summarized: list[bytes]) -> None:
    program = Program(_MODELS)
    texts = [_TEXT.replace("text", "t" * count) for count in range(1, MAX_GONE + 3)]
    for text in texts:
        found(program, text)
    summarized.clear()
    for text in reversed(texts):
        found(program, text)

    assert len(summarized) == 1


def test_a_text_is_known_in_its_own_document_only(summarized: list[bytes]) -> None:
    program = Program(_MODELS)
    for path in ("/w/a.py", "/w/b.py"):
        summarized.clear()
        program.put(path, SourceText(_TEXT.replace("text", "more")))
        program.put(path, SourceText(_TEXT))
        assert len([text for text in summarized if b"def one" in text]) == 2

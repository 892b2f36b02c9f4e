"""A key in a script without functions costs its own lines, however long the script is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.analysis.program import Program
from batten.link import numbered_sinks
from batten.link.sinks import sinks_of
from batten.summarize import statements
from batten.syntax.text import SourceText
from corpus import models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.callers import Callers
    from batten.link.keys import CallKey
    from batten.link.sinks import FoundSink
    from batten.summarize.summary import Call

PIECE = """\
value_{0} = input("which? ")
answer_{0} = requests.get("https://a.example/things/%s" % value_{0}, timeout=10)
if answer_{0}.status_code == 200:
    names.append(answer_{0}.json()["name"])
"""
COUNT = 300
SCRIPT = "import requests\n\nnames = []\n" + "".join(map(PIECE.format, range(COUNT)))
PATH = "/script.py"


class Counted:
    """What was worked out since it was set to nothing."""

    calls = 0
    branches = 0


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    found = Counted()

    def sinks(key: CallKey, call: Call, callers: Callers) -> Iterator[FoundSink]:
        found.calls += 1
        return sinks_of(key, call, callers)

    handlers = statements._HANDLERS
    number, branch = next((each, do) for each, do in handlers.items() if do is statements._if)

    def counted_branch(scope: object, node: object) -> None:
        found.branches += 1
        branch(scope, node)  # type: ignore[arg-type]

    monkeypatch.setattr(numbered_sinks, "sinks_of", sinks)
    monkeypatch.setitem(handlers, number, counted_branch)
    return found


@pytest.mark.parametrize("place", [3, COUNT // 2, COUNT - 3])
@pytest.mark.parametrize("word", ["value_{}", "answer_{}"])
def test_a_letter_costs_the_lines_that_use_the_name(
    counted: Counted, place: int, word: str
) -> None:
    program = Program(models())
    program.put(PATH, SourceText(SCRIPT))
    program.findings(PATH)
    name = word.format(place)
    texts = [SCRIPT.replace(f"{name} = ", f"{name}{'x' * count} = ") for count in range(1, 9)]
    for text in texts[:4]:
        program.put(PATH, SourceText(text))
        program.findings(PATH)
    counted.calls = counted.branches = 0
    for text in texts[4:]:
        program.put(PATH, SourceText(text))
        assert program.findings(PATH) == _anew(text)

    rest = len(texts[4:])
    assert counted.branches - rest * COUNT <= rest * 16, "but for those read anew"
    assert counted.calls - rest * COUNT <= rest * 8


def _anew(text: str) -> object:
    program = Program(models())
    program.put(PATH, SourceText(text))
    return program.findings(PATH)

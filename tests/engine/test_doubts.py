"""What an edit leaves as it is: answers in doubt that hold, on circles and off them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batten.analysis.program import Program
from batten.link import doubts, links
from batten.link.open_terms import OpenTerms
from batten.syntax.text import SourceText
from corpus import models

if TYPE_CHECKING:
    from batten.link.point import Demand, Traced
    from batten.rules.finding import Finding

PATH = "/work/a.py"
_NAMES = tuple(f"f{number}" for number in range(6))
_VALUES = st.sampled_from(
    [
        "'fixed'",
        "'a/b?c=' + a",
        "a",
        "b",
        "input()",
        "str(int(a))",
        "'/x/%s' % b",
        "f'{a}/{b}'",
        "f1(b, a)",
        "f3(a, a)",
        "f5('/y/' + a, b)",
    ]
)
_STATEMENTS = st.one_of(
    st.builds("a = {}".format, _VALUES),
    st.builds("if b.isdigit(): a = {}".format, _VALUES),
    st.builds("{}({}, {})".format, st.sampled_from(_NAMES), _VALUES, _VALUES),
    st.builds("return {}".format, _VALUES),
    st.builds("requests.get('https://api.example/' + {})".format, _VALUES),
    st.builds("requests.get({})".format, _VALUES),
)
_BODIES = st.lists(_STATEMENTS, min_size=1, max_size=3)


def _text(bodies: list[list[str]]) -> str:
    parts = ["import requests\n"]
    for name, body in zip(_NAMES, bodies, strict=True):
        parts += [f"def {name}(a, b):", *[f"    {line}" for line in body], ""]
    return "\n".join(parts)


def _fresh(text: str) -> tuple[Finding, ...]:
    program = Program(models())
    program.put(PATH, SourceText(text))
    return program.findings(PATH)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(
    bodies=st.lists(_BODIES, min_size=len(_NAMES), max_size=len(_NAMES)),
    edits=st.lists(st.tuples(st.integers(0, 5), _BODIES), min_size=1, max_size=6),
    is_shallow=st.booleans(),
)
def test_functions_that_call_each_other_in_any_way_are_judged_as_if_they_were_new(
    bodies: list[list[str]], edits: list[tuple[int, list[str]]], is_shallow: bool
) -> None:
    program = Program(models())
    program.put(PATH, SourceText(_text(bodies)))
    program.findings(PATH)
    most = 2 if is_shallow else doubts.MAX_OPEN
    for number, body in edits:
        bodies[number] = body
        program.put(PATH, SourceText(_text(bodies)))
        with mock.patch.object(links, "Tracer", None), mock.patch.object(doubts, "MAX_OPEN", most):
            found = program.findings(PATH)  # nothing is linked anew
        assert found == _fresh(_text(bodies))


WRAPPERS = """\
import requests

def send(path):
    return requests.get("https://api.example/" + path)

def named(kind, name):
    return send(kind + "/" + name)

def caller(name):
    log(1)
    return named("books", name)

def other(name):
    return named("shelves", name)
"""
RECURSIVE = WRAPPERS.replace(
    '    return send(kind + "/" + name)',
    """\
    if not kind:
        return named("all", name)
    return send(kind + "/" + name)""",
)


def _answered(before: str, after: str) -> list[str]:
    """Return the functions whose open terms are asked about after an edit, each once."""
    program = Program(models())
    program.put(PATH, SourceText(before))
    program.findings(PATH)
    asked: dict[str, None] = {}
    answer = OpenTerms.answer

    def noted(self: OpenTerms, demand: Demand) -> Traced:
        asked[demand.frame.function.unit] = None
        return answer(self, demand)

    with mock.patch.object(OpenTerms, "answer", noted):
        program.put(PATH, SourceText(after))
        found = program.findings(PATH)
    assert found == _fresh(after)
    return sorted(asked)


def test_what_is_given_as_before_is_not_asked_about() -> None:
    assert _answered(WRAPPERS, WRAPPERS.replace("log(1)", "log(2)")) == []


def test_an_answer_that_holds_is_asked_alone() -> None:
    """Another constant is a constant: who made a text of it is not concerned."""
    after = WRAPPERS.replace('"books"', '"magazines"')

    assert _answered(WRAPPERS, after) == ["named"]


def test_another_answer_is_told_to_all_who_made_something_of_it() -> None:
    after = WRAPPERS.replace('named("books", name)', "named(input(), name)")

    assert _answered(WRAPPERS, after) == ["caller", "named", "send"]


@pytest.mark.parametrize("given", ["input()", "'x'", "str(int(name))"])
def test_answers_on_a_circle_are_the_least_that_hold_together(given: str) -> None:
    after = RECURSIVE.replace('named("books", name)', f'named("books", {given})')

    assert _answered(RECURSIVE, after)
    assert _answered(after, RECURSIVE)

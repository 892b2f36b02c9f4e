"""Objects that callers give are kept caller by caller, and are what a fresh start finds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batten.link.callers import Callers
from batten.syntax.text import SourceText
from corpus import analysed

_COUNT = 6
_CALLS = [
    "fetch(requests, name)",
    "fetch(requests.Session(), name)",
    "fetch(Own(), name)",
    "fetch(name, name)",
    "fetch(path=name)",
    "fetch(session=self.session, path=name)",
    "fetch(options['session'], name)",
    "other(requests, name)",
    "fetch(requests, fetch(Own(), name))",
    "pass",
]
_DEFAULTS = ["session", "session=requests", "session=None", "session=Own()", "*session"]
_edits = st.tuples(st.integers(-1, _COUNT - 1), st.sampled_from(_CALLS), st.sampled_from(_DEFAULTS))


def _text(calls: list[str], parameter: str) -> str:
    methods = "".join(
        f"\n    def method_{number}(self, name, **options):\n        {each}\n"
        for number, each in enumerate(calls)
    )
    return (
        "import requests\n\n\n"
        "class Own:\n    def get(self, url):\n        return requests.get(url)\n\n\n"
        f"def fetch({parameter}, path=''):\n"
        "    return session.get(f'http://api.example/items?name={path}')\n\n\n"
        "class Client:\n    def __init__(self):\n        self.session = requests.Session()\n"
        f"{methods}"
    )


@given(st.lists(st.sampled_from(_CALLS), min_size=_COUNT, max_size=_COUNT), st.lists(_edits))
@settings(max_examples=80, deadline=None)
def test_objects_that_are_kept_are_those_of_a_fresh_start(
    calls: list[str], edits: list[tuple[int, str, str]]
) -> None:
    parameter = _DEFAULTS[0]
    program = analysed([("/m.py", _text(calls, parameter))])
    program.findings("/m.py")
    for number, call, other in edits:
        if number < 0:
            parameter = other
        elif call == "pass":
            calls = [*calls[:number], *calls[number + 1 :]]
        elif calls[number : number + 1] == [call]:
            calls = [*calls[:number], call, *calls[number:]]
        else:
            calls = [*calls[:number], call, *calls[number + 1 :]]
        text = _text(calls, parameter)
        program.put("/m.py", SourceText(text))
        assert program.findings("/m.py") == analysed([("/m.py", text)]).findings("/m.py")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The callers that were asked for what they give."""
    found: list[object] = []
    own = Callers._find_given

    def noted(callers: Callers, parameter: Any, caller: Any) -> object:
        found.append(caller)
        return own(callers, parameter, caller)

    monkeypatch.setattr(Callers, "_find_given", noted)
    return found


def test_a_caller_that_changes_is_asked_alone(asked: list[object]) -> None:
    calls = ["fetch(requests, name)"] * _COUNT
    program = analysed([("/m.py", _text(calls, "session"))])
    assert program.findings("/m.py")
    assert len(set(asked)) == _COUNT
    for typed in ("fetch(requests, nam)", "x = 1; fetch(requests, name)", "f(0); fetch(Own(), 1)"):
        asked.clear()
        program.put("/m.py", SourceText(_text([typed, *calls[1:]], "session")))
        assert program.findings("/m.py")
        assert len(set(asked)) <= 2  # with a call before it it is another call


def test_what_else_a_function_does_is_not_read(asked: list[object]) -> None:
    calls = ["x = 1; fetch(options['session'], name); y = 2"] * _COUNT
    program = analysed([("/m.py", _text(calls, "session"))])
    program.findings("/m.py")
    assert asked
    asked.clear()
    program.put("/m.py", SourceText(_text([calls[0] + "; log(y)", *calls[1:]], "session")))
    program.findings("/m.py")
    assert not asked

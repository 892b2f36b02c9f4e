"""What the calls of a name call is kept call by call, and is what a fresh start finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from batten.link.callers import Callers
from batten.syntax.text import SourceText
from corpus import analysed

if TYPE_CHECKING:
    import pytest

_COUNT = 8
_CALLS = [
    "self.get(f'/{name}')",
    "self.geta(f'/{name}')",
    "Other().get(f'/{name}')",
    "name.get('x')",
    "Other(name)",
    "self.get(self.get(name))",
    "pass",
]
_BASES = ["", "(Base)", "(Other)"]
_METHODS = ["get", "geta", "got"]
_edits = st.tuples(
    st.integers(0, _COUNT - 1),
    st.sampled_from(_CALLS),
    st.sampled_from(_BASES),
    st.sampled_from(_METHODS),
)


def _text(calls: list[str], base: str, method: str) -> str:
    methods = "".join(
        f"\n    def method_{number}(self, name):\n        {each}\n"
        for number, each in enumerate(calls)
    )
    sent = "        return requests.get('http://api.example' + url)\n"
    return (
        "import requests\n\nclass Base:\n"
        f"    def get(self, url):\n{sent}\n"
        f"class Other:\n    def __init__(self, url=''):\n{sent}\n    def get(self, url):\n{sent}\n"
        f"class Client{base}:\n    def {method}(self, url):\n{sent}{methods}"
    )


@given(st.lists(st.sampled_from(_CALLS), min_size=_COUNT, max_size=_COUNT), st.lists(_edits))
@settings(max_examples=60, deadline=None)
def test_calls_that_come_and_go_are_found_as_at_a_fresh_start(
    calls: list[str], edits: list[tuple[int, str, str, str]]
) -> None:
    program = analysed([("/m.py", _text(calls, "", "get"))])
    program.findings("/m.py")
    for number, call, base, method in edits:
        calls = [*calls[:number], call, *calls[number + 1 :]]
        text = _text(calls, base, method)
        program.put("/m.py", SourceText(text))
        assert program.findings("/m.py") == analysed([("/m.py", text)]).findings("/m.py")


def test_a_call_that_goes_or_comes_is_looked_at_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[object] = []
    own = Callers._find_targets

    def counted(callers: Callers, callees: object, call: object) -> object:
        looked_at.append(call)
        return own(callers, callees, call)  # type: ignore[arg-type]

    monkeypatch.setattr(Callers, "_find_targets", counted)
    calls = ["self.get(f'/{name}')"] * _COUNT
    program = analysed([("/m.py", _text(calls, "", "get"))])
    program.findings("/m.py")
    assert len(set(looked_at)) >= _COUNT
    looked_at.clear()
    for typed in ("self.geta(f'/{name}')", "self.get(f'/{name}')"):
        program.put("/m.py", SourceText(_text([typed, *calls[1:]], "", "get")))
        program.findings("/m.py")

    assert len(set(looked_at)) == 1

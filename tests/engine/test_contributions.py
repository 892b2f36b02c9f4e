"""What many callers give is kept one by one, and is what an analysis from the beginning finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from batten.link.arrival import Arrivals
from batten.link.contributions import MANY
from batten.link.open_terms import OpenTerms
from batten.link.trace import Tracer
from batten.syntax.text import SourceText
from corpus import analysed

if TYPE_CHECKING:
    import pytest

_GIVEN = [
    'f"/items/{name}"',
    'f"/items/{int(name)}"',
    '"/items"',
    '"http://api.my-company.com/items"',
    "name",
    "self.address",
    "self.also(name)",
    "",
]
_WRAPPERS = [
    'def get(self, url="/"):\n        return requests.get(BASE + url)',
    'def get(self, url="/"):\n        return requests.get(BASE + url + "1")',
    'def get(self, url="/"):\n        return requests.get(f"{BASE}/x?y={url}")',
    'def get(self, url):\n        """:param url: an address."""\n        return self.also(url)',
    "def get(self, url):\n        return None",
    "def get(self, url: int):\n        return requests.get(BASE + url)",
    "def get(self, url: str):\n        return requests.get(BASE + url)",
]
_COUNT = MANY + 2
_edits = st.tuples(st.integers(-1, _COUNT - 1), st.sampled_from(_GIVEN), st.sampled_from(_WRAPPERS))


def _text(wrapper: str, given_by: list[str]) -> str:
    methods = "".join(
        f"\n    def method_{number}(self, name):\n        return self.get({each})\n"
        for number, each in enumerate(given_by)
    )
    return (
        'import requests\n\nBASE = "http://api.example"\n\nclass Client:\n'
        "    def __init__(self, address):\n        self.address = address\n\n"
        f"    {wrapper}\n\n    def also(self, url):\n        return requests.get(BASE + url)\n"
        f"{methods}"
    )


@given(st.lists(st.sampled_from(_GIVEN), min_size=_COUNT, max_size=_COUNT), st.lists(_edits))
@settings(max_examples=60, deadline=None)
def test_callers_that_are_kept_give_what_they_would_give_anew(
    given_by: list[str], edits: list[tuple[int, str, str]]
) -> None:
    wrapper = _WRAPPERS[0]
    program = analysed([("/m.py", _text(wrapper, given_by))])
    program.findings("/m.py")
    for number, other, other_wrapper in edits:
        if number < 0:
            wrapper = other_wrapper
        else:
            given_by = [*given_by[:number], other, *given_by[number + 1 :]]
        text = _text(wrapper, given_by)
        program.put("/m.py", SourceText(text))
        assert program.findings("/m.py") == analysed([("/m.py", text)]).findings("/m.py")


def test_one_caller_that_changes_is_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    given_by = [f'f"/items/{number}/{{name}}"' for number in range(_COUNT)]
    program = analysed([("/m.py", _text(_WRAPPERS[0], given_by))])
    program.findings("/m.py")
    read: list[object] = []
    own = OpenTerms._given_by

    def counted(terms: OpenTerms, *asked: object) -> object:
        read.append(asked[0])
        return own(terms, *asked)

    monkeypatch.setattr(OpenTerms, "_given_by", counted)
    counts: list[int] = []
    for typed in ("a", "b", "c"):
        given_by[3] = f'f"/items/{typed}/{{name}}"'
        text = _text(_WRAPPERS[0], given_by)
        program.put("/m.py", SourceText(text))
        read.clear()
        assert len(program.findings("/m.py")) == _COUNT
        counts.append(len(read))

    assert counts[0] >= _COUNT  # what is kept is kept from the first edit on
    assert counts[1:] == [1, 1]


def test_callers_that_are_not_in_question_are_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[object] = []
    own, find_sources = Tracer._ask_again, Arrivals._find_sources

    def counted(tracer: Tracer, *asked: object) -> None:
        looked_at.append(asked[1])
        own(tracer, *asked)  # type: ignore[arg-type]

    def counted_sources(arrivals: Arrivals, asked: object) -> object:
        looked_at.append(asked)
        return find_sources(arrivals, asked)  # type: ignore[arg-type]

    monkeypatch.setattr(Tracer, "_ask_again", counted)
    monkeypatch.setattr(Arrivals, "_find_sources", counted_sources)
    wrapper = 'def get(self, part):\n        return requests.get(f"{BASE}/items/{part}")'
    # One gives what it gets, so that it is known where the value comes in.
    given_by = ["name", *[f'f"{number}-{{int(name)}}"' for number in range(_COUNT)]]
    program = analysed([("/m.py", _text(wrapper, given_by))])
    assert program.findings("/m.py")
    for typed in ("a", "b", "c"):
        given_by[3] = f'f"{typed}-{{int(name)}}"'
        program.put("/m.py", SourceText(_text(wrapper, given_by)))
        looked_at.clear()
        assert program.findings("/m.py")

    assert len(looked_at) == 1, looked_at


def test_callers_that_a_type_made_idle_are_asked_again_when_it_is_gone() -> None:
    given_by = [_GIVEN[0]] * _COUNT
    program = analysed([("/m.py", _text(_WRAPPERS[0], given_by))])
    for parameter in ("url", "url=None", "url: int", "url: str"):
        wrapper = f"def get(self, {parameter}):\n        return requests.get(BASE + url)"
        text = _text(wrapper, given_by)
        program.put("/m.py", SourceText(text))
        assert program.findings("/m.py") == analysed([("/m.py", text)]).findings("/m.py")

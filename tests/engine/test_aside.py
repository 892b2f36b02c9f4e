"""What tests and examples give to the program, and what tests send themselves."""

from __future__ import annotations

import pytest

from batten.analysis.program import Program
from batten.models.load import load
from batten.syntax.text import SourceText

_MODELS = load()
_API = """
import requests


def user(name):
    return requests.get("https://h.example/u/" + name)
"""
_CALLER = "from api import user\n\nuser('bob')\n"


def found(**documents: str) -> list[str]:
    """Return the paths of the findings of warnings in some documents."""
    program = Program(_MODELS)
    paths = ["/p/" + name.replace("__", "/") + ".py" for name in documents]
    for path, text in zip(paths, documents.values(), strict=True):
        program.put(path, SourceText(text))
    return [path for path in paths for _ in program.findings(path)]


@pytest.mark.parametrize("caller", ["examples__show", "example__show", "tests__show", "test_api"])
def test_what_an_example_or_a_test_gives_says_nothing_of_what_others_may(caller: str) -> None:
    assert found(api=_API, **{caller: _CALLER}) == ["/p/api.py"]


def test_what_the_program_itself_gives_does() -> None:
    assert found(api=_API, show=_CALLER) == []


@pytest.mark.parametrize(("path", "count"), [("test_api", 0), ("tests__api", 0), ("app", 1)])
def test_a_client_of_unknown_kind_in_a_test_is_none_that_sends(path: str, count: int) -> None:
    sent = 'def one(client, name):\n    return client.get(f"/users/{name}?q=1")\n'
    assert len(found(**{path: sent})) in (count, 2 * count)


def test_a_client_that_is_known_sends_in_a_test_as_well() -> None:
    sent = 'import requests\n\ndef one(n):\n    return requests.get(f"https://h.example/u/{n}")\n'
    assert found(test_api=sent) == ["/p/test_api.py"]

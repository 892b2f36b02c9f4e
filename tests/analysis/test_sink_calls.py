"""Which calls of a document send text, and which argument it is."""

from __future__ import annotations

import pytest

from batten.analysis.program import Program
from batten.models.load import load
from batten.syntax.text import SourceText

CLIENT = """\
import requests
import somewhere

S = requests.Session()

def find(name, session: requests.Session, text, verb):
    requests.get("https://x.test/" + name, params=text)
    session.request("PUT", url=f"/items/{name}")
    S.request(verb, "https://x.test/")
    somewhere.Session().get(text)
"""


@pytest.fixture(scope="module")
def program() -> Program:
    found = Program(load())
    found.put("/w/client.py", SourceText(CLIENT))
    return found


def test_the_calls_are_told_with_their_arguments(program: Program) -> None:
    source = program.source("/w/client.py")
    told = [
        (
            source.slice(each.callee),
            each.start,
            source.slice(each.argument),
            each.method,
            each.client,
        )
        for each in program.sinks("/w/client.py")
    ]

    assert told == [
        ("requests.get", "start", '"https://x.test/" + name', "GET", "requests"),
        ("requests.get", "query", "text", "GET", "requests"),
        ("session.request", "start", 'f"/items/{name}"', "", "requests"),
        ("S.request", "start", '"https://x.test/"', "", "requests"),
    ]


def test_they_follow_an_edit(program: Program) -> None:
    moved = "# é\n" + CLIENT.replace("params=text", "")
    program.put("/w/client.py", SourceText(moved))
    again = Program(load())
    again.put("/w/client.py", SourceText(moved))

    assert program.sinks("/w/client.py") == again.sinks("/w/client.py")
    assert len(again.sinks("/w/client.py")) == 3

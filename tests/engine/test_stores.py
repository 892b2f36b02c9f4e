"""What a method stores in one attribute concerns those who read that one, not all of the class."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from batten.analysis.program import Program
from batten.models.load import load
from batten.syntax.text import SourceText

if TYPE_CHECKING:
    from types import FrameType

MODELS = load()
BEGINNING = """\
import requests


class Api:
    def __init__(self, host, retries, session=None):
        self.host = host
        self.retries = retries
        self.session = session or requests.Session()

"""


@pytest.mark.parametrize(
    "after", ["self.retriesx = retries", "self.retries = host", "self.retries = 3"]
)
def test_an_attribute_that_no_request_reads_costs_no_request(after: str) -> None:
    few, many = (work(methods, after) for methods in (10, 80))

    # Each method is asked what it stores, and no more; to look at its request takes hundreds.
    assert (many - few) / 70 < 10


@pytest.mark.parametrize(
    "after", ["self.host = 'https://h.example'", "self.host = 'https://' + host", "self.hos = host"]
)
def test_those_who_read_an_attribute_see_what_is_stored_there_now(after: str) -> None:
    text = client(5, host="self.host")
    changed = text.replace("self.host = host", after)
    program, anew = Program(MODELS), Program(MODELS)
    anew.put("/a.py", SourceText(changed))
    for each in (text, changed):
        program.put("/a.py", SourceText(each))
        found = program.findings("/a.py")

    assert found == anew.findings("/a.py") != ()


def client(methods: int, host: str) -> str:
    """Return a class whose methods all send something to a host by the session that it keeps."""
    each = (
        f"    def get{number}(self, name):\n"
        f"        return self.session.get({host} + '/things/{number}/%s' % name)\n\n"
        for number in range(methods)
    )
    return BEGINNING + "".join(each)


def work(methods: int, after: str) -> int:
    """Return how many functions are called to link a changed text and to judge it."""
    text = client(methods, host="'https://h.example'")
    changed = text.replace("self.retries = retries", after)
    assert changed != text
    program = Program(MODELS)
    for each in (text, changed, text):  # what is done only once is done
        program.put("/a.py", SourceText(each))
        program.judged("/a.py")
    program.put("/a.py", SourceText(changed))
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        program.judged("/a.py")
    finally:
        sys.setprofile(None)
    return calls

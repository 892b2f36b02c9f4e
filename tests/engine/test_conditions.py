"""What a condition calls is called once, however often it is asked what the condition proves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.summarize.unit import summarize
from batten.syntax.units import UnitKind

if TYPE_CHECKING:
    from batten.summarize.summary import Function


@pytest.mark.parametrize(
    "condition",
    [
        "get(a) == 1",
        "get(a) is None",
        "get(a).ready",
        "get(a).ready == 1",
        "get(a) in b",
        "3 == get(a)",
        "not get(a).ready",
    ],
)
def test_a_call_in_a_condition_is_recorded_once(condition: str) -> None:
    assert len(_function(condition).calls) == 1


@pytest.mark.parametrize(
    "part",
    [
        "urlsplit(a).netloc",
        "urlsplit(a).netloc.lower()",
        "urlsplit(a)[1]",
        'getattr(urlsplit(a), "netloc")',
        "[urlsplit(a).netloc].pop()",
        '{"host": urlsplit(a).netloc}["host"]',
    ],
)
def test_a_part_of_an_address_is_compared_wherever_it_comes_from(part: str) -> None:
    (promise,) = _function(f'{part} == "example.com"').promises
    assert (promise.parameter, promise.outcome) == ("a", "true")
    assert [fact.kind for fact in promise.facts] == ["address"]


def _function(condition: str) -> Function:
    text = f"def check(a, b):\n    if {condition}:\n        return True\n    return False\n"
    return summarize(UnitKind.FUNCTION, text.encode()).shape.functions[0]

"""Values that are put into each other, again and again: each is read once, not along all ways.

Such code is legal and short, and there are twice as many ways through its values with each line.
So the work is counted, and given up where it is more than a bound.
"""

from __future__ import annotations

import sys

import pytest

from batten.analysis.program import Program
from batten.syntax.text import SourceText
from corpus import models

HEAD = "import requests\n\n\ndef f(b, k, x, y):\n"
SENT = "    requests.get('https://x.test/' + x)\n    requests.get('https://x.test/' + y)\n"


class TooMuchError(BaseException):
    """More work was done than there may be; nothing in the program may take it for its own."""


class Bounded:
    """Counts the calls inside of a `with`, and ends them beyond a bound."""

    def __init__(self, most: int) -> None:
        self._left = most

    def __enter__(self) -> Bounded:
        sys.setprofile(self._count)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _count(self, _frame: object, event: str, _function: object) -> None:
        self._left -= event in ("call", "c_call")
        if self._left < 0:
            sys.setprofile(None)
            raise TooMuchError


def _either(first: str, second: str) -> str:
    return f"    if b:\n        {first}\n    else:\n        {second}\n"


def _in_loops(depth: int) -> str:
    return "".join(
        f"{'    ' * level}while k:\n{'    ' * level}    x += k\n{'    ' * level}    k = x + b\n"
        for level in range(1, depth + 1)
    )


_KINDS: dict[str, tuple[str, str]] = {
    "texts": ("", "    if k:\n        x += k\n    else:\n        k += x\n" * 24),
    "paths": ("", _either("x = x / k", "k = k / x") * 24),
    "a path that doubles": ("", "    x = x / x\n" * 40),
    "operators": ("", f"    x |= k\n{_either('k %= x', 'x /= k')}    k += x\n" * 20),
    "loops in loops": ("", _in_loops(20)),
    "lists": ("", _either("x = [i + k for i in x if i]", "k = [*k, *x]") * 80),
    "dicts": (
        "    x = {}\n",
        "".join(
            f"    if b:\n        x['a{n}'] = k\n    if k:\n        x['a{n % 13}'] = x\n"
            for n in range(66)
        )
        + "    x = x[k]\n",
    ),
    "dicts in dicts": ("    x = {'q': b}\n", "    x = {**x, **x, b: x}\n" * 40),
}


@pytest.mark.parametrize("kind", _KINDS)
def test_what_grows_into_each_other_is_read_in_bounded_work(kind: str) -> None:
    begun, repeated = _KINDS[kind]
    program = Program(models())
    text = HEAD + begun + repeated + SENT

    with Bounded(1_200_000):
        program.put("/large.py", SourceText(text))
        found = program.findings("/large.py")

    assert any(finding.span.start == text.rindex("y") for finding in found)

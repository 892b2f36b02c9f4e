"""So much work is spent on a unit and no more: beyond, precision is lost and no finding is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from test_grown_together import HEAD, SENT, Bounded

from batten.analysis.program import Program
from batten.summarize import builder
from batten.summarize.alike import is_same
from batten.summarize.unit import Summarizer, summarize
from batten.syntax.text import SourceText
from batten.syntax.units import UnitKind
from corpus import models


def _nested(around: str, depth: int = 22) -> str:
    """Return an expression in an expression in an expression."""
    inner = "x"
    for _ in range(depth):
        inner = around.replace("_", inner)
    return inner


_CONDITIONS = {
    "members": "(x in _ and y)",
    "types": "(isinstance(x, _) and y)",
    "choices": "(y if x == _ else k)",
    "operators": "((_ or y) == k and x)",
    "beginnings": "(x.startswith(_) and y)",
    "addresses": "urlparse(_).netloc == x and urlparse(y).scheme in ('http', x)",
}


@pytest.mark.parametrize("kind", _CONDITIONS)
def test_conditions_in_conditions_are_read_in_bounded_work(kind: str) -> None:
    text = HEAD + f"    if {_nested(_CONDITIONS[kind])}:\n        x = y\n" + SENT

    assert _found(text, 3_000_000)[-1] == text.rindex("y")


_REPEATED = {
    "dicts that are put into each other": (
        "    x = {}\n    y = {}\n",
        "    x.setdefault(k, y).append(b)\n    x[k] = y\n    y[b] = x\n"
        "    if b:\n        y = dict(x, a=y)\n",
        60,
        "    x = y = k\n",
    ),
    "dicts of dicts, on some branches": (
        "    x = {'q': b}\n",
        "    if b:\n        x = {'a': x, 'b': x}\n    else:\n        x = {'a': b, 'b': x}\n",
        60,
        "    x = y = k\n",
    ),
    "a loop that is left at many places": (
        "    for i in k:\n",
        "        n@ = i + x\n        if n@ == '@':\n            continue\n",
        200,
        "",
    ),
    "a name for a name for a name": (
        "    n0 = x\n",
        "    n@1 = n@\n    if n@1:\n        k = b\n",
        0,
        "",
    ),
    "values of which much is proved": (
        "",
        "    if x in ('a@', 'b@') or y not in {'a', 'b@'}:\n        y = x\n"
        "    elif k in [x, y, 'q@']:\n        x = k\n",
        100,
        "",
    ),
}


@pytest.mark.parametrize("kind", _REPEATED)
def test_what_is_repeated_costs_no_more_each_time(kind: str) -> None:
    begun, repeated, times, ended = _REPEATED[kind]
    middle = "".join(repeated.replace("@", str(number)) for number in range(times))
    if not times:
        middle = "".join(f"    n{two} = n{one}\n" for one, two in pairwise(range(300)))
        middle += "".join(f"    if n{number}:\n        k = b\n" for number in range(300))
    text = HEAD + begun + middle + ended + SENT

    assert _found(text)


_WAYS = {
    "branches": "    if b:\n        x = k\n    else:\n        x = 1\n",
    "names that are gone": "    if b:\n        x = k\n        del k\n    else:\n        x = 1\n",
    "rounds": "    for x in k:\n        if b:\n            break\n        x = 1\n",
    "a failure": "    try:\n        x = k\n        x = int(b)\n    except E:\n        pass\n",
    "cases": "    x = k\n    match k:\n        case 'a':\n            x = k\n",
    "a guard": "    x = k\n    if x.isdigit():\n        y = 1\n",
    "a conversion": "    x = k\n    if b:\n        int(x)\n",
    "an attribute": "    if b:\n        y.a = k\n    else:\n        y.a = 1\n    x = y.a\n",
}


@pytest.mark.parametrize("kind", _WAYS)
def test_beyond_the_amount_all_ways_are_one(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEAD + _WAYS[kind] + SENT
    found = _found(text)

    monkeypatch.setattr(builder, "MAX_SPENT", -1)

    assert set(found) <= set(_found(text))


def test_beyond_the_amount_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEAD + "    if x.isdigit():\n        requests.get('https://x.test/' + x)\n"
    assert not _found(text)

    monkeypatch.setattr(builder, "MAX_SPENT", -1)

    assert _found(text)


UNIT = b"""\
def f(self, name, key, other):
    url = "/" + name
    if key and name or other:
        url = url + key
        if isinstance(key, int) and name in ("a", "b"):
            self.get(url, key, other)
            name = key
        elif other:
            name = other
        self.put(url, name)
    for each in key:
        if each == name or each in other:
            url += each
            continue
        self.post(each, url)
    try:
        key = name + other
        self.get(key, url, name, other)
    except E:
        key = name if name and other else url
    return self.get(url, key, name, other)
"""


@pytest.mark.parametrize("most", range(0, 40, 3))
@pytest.mark.parametrize("place", range(60, len(UNIT), 71))
def test_what_is_typed_changes_no_amount(
    place: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "MAX_SPENT", most)
    summarizer = Summarizer()
    summarizer.summarize(UnitKind.FUNCTION, UNIT)
    texts = [UNIT[:place] + b"xy"[:letters] + UNIT[place:] for letters in (1, 2, 1, 0, 1)]

    for before, text in pairwise([UNIT, *texts]):
        found = summarizer.summarize(UnitKind.FUNCTION, text, before)
        assert is_same(found, summarize(UnitKind.FUNCTION, text))


def test_it_can_be_stopped_in_the_middle_of_a_condition() -> None:
    asked: list[None] = []

    text = f"def f(x, y, k):\n    return {_nested(_CONDITIONS['members'])}\n"
    Summarizer(lambda: asked.append(None)).summarize(UnitKind.FUNCTION, text.encode())

    assert len(asked) >= builder.MAX_SPENT // builder.BETWEEN_BORDERS


def _found(text: str, most: int = 1_000_000) -> list[int]:
    """Return where the findings in a text start, found in so much work."""
    program = Program(models())
    with Bounded(most):
        program.put("/large.py", SourceText(text))
        found = program.findings("/large.py")
    return [finding.span.start for finding in found]

"""Large texts of one kind cost what they are long: twice the text, twice the work."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from batten.analysis.program import Program
from batten.syntax.text import SourceText
from corpus import models

if TYPE_CHECKING:
    from collections.abc import Callable

SENT = "    requests.get('https://x.test/' + x)\n"


def _lines(line: str) -> Callable[[int], str]:
    return lambda count: "".join(line.replace("{n}", str(n)) for n in range(count))


def _joined(between: str, item: str) -> Callable[[int], str]:
    return lambda count: between.join(item.replace("{n}", str(n)) for n in range(count))


def _chained(line: str) -> Callable[[int], str]:
    return lambda count: "".join(
        line.format(n=number, before=number - 1 if number else "") for number in range(count)
    )


_KINDS: dict[str, tuple[str, Callable[[int], str], str]] = {
    "a sum": ("def f(b):\n    x = 'a' + ", _joined(" + ", "'c{n}' + b"), "\n" + SENT),
    "sums": ("def f(b):\n    x = 'a'\n", _lines("    x = x + b\n"), SENT),
    "text that grows": ("def f(b):\n    x = 'a'\n", _lines("    x += '/a' + b\n"), SENT),
    "an f-string": ("def f(b):\n    x = f'a", _joined("/", "{b}"), "'\n" + SENT),
    "templates filled": ("def f(b):\n    x = 'a%s'", _joined("", " % b"), "\n" + SENT),
    "comparisons": ("def f(b):\n    x = ", _joined(" < ", "b"), "\n" + SENT),
    "alternatives": ("def f(b):\n    x = ", _joined(" or ", "b{n}"), "\n" + SENT),
    "methods": ("def f(b):\n    x = b", _joined("", ".m()"), "\n" + SENT),
    "subscripts": ("def f(b):\n    x = b", _joined("", "[0]"), "\n" + SENT),
    "a list": ("def f(b):\n    x = [", _joined(", ", "b"), "][0]\n" + SENT),
    "items": ("def f(b):\n    x = []\n", _lines("    x.append(b)\n"), "    x = x[0]\n" + SENT),
    "a dict": ("D = {", _joined(", ", "'k{n}': c{n}"), "}\ndef f(b):\n    x = D[b]\n" + SENT),
    "elifs": (
        "def f(b):\n    if b == 'a':\n        return b\n",
        _lines("    elif b == {n}:\n        return requests.get('https://x.test/' + b)\n"),
        "",
    ),
    "decorators": ("", _lines("@d\n"), "def f(x):\n" + SENT),
    "parameters": ("def f(", _joined(", ", "b{n}"), "):\n    x = b1\n" + SENT),
    "loops": ("def f(b):\n    x = b\n", _lines("    while b:\n        x = x + '/a'\n"), SENT),
    "branches": ("def f(b):\n    x = b\n", _lines("    if b:\n        x = x + '/a' + b\n"), SENT),
    "classes": ("class C: pass\n", _chained("class C{n}(C{before}): pass\n"), "C9().x\n"),
    "classes above": (
        "class C:\n    def get(self, x):\n    " + SENT,
        _chained("class C{n}(C{before}): pass\n"),
        "def f(x):\n    C9().get(x)\n",
    ),
    "findings": ("def f(x):\n", _lines(SENT), ""),
    "statements": ("def f(b):\n", _lines("    x{n} = 'a{n}' + b\n"), "    x = x1\n" + SENT),
}


@pytest.mark.parametrize("kind", _KINDS)
def test_twice_the_text_is_twice_the_work(kind: str) -> None:
    _work(kind, 10)  # what is loaded when it is needed first
    first, second, third = (_work(kind, count) for count in (300, 600, 1200))

    # The difference of two is without what any text costs. Of squares it would be four times.
    assert third - second < 2.2 * max(second - first, 1000)


@pytest.mark.parametrize("kind", ["branches", "loops"])
def test_a_letter_beside_a_text_that_grows_is_no_more_work_than_the_text(kind: str) -> None:
    before, repeated, behind = _KINDS[kind]
    work: list[int] = []
    for count in (20, 40):
        program = Program(models())
        text = f"import requests\n{before}{repeated(count)}    g(1)\n{behind}"
        program.put("/large.py", SourceText(text))
        program.findings("/large.py")
        edited = SourceText(text.replace("g(1)", "g(2)"))
        work.append(_calls(partial(_judge, program, edited)))

    # Each of these texts holds those before it twice: so it was 2**40 steps to compare them.
    assert work[1] < 4 * work[0]


def test_a_letter_in_one_of_many_findings_of_a_function_makes_one_anew() -> None:
    work: list[int] = []
    for count in (200, 400):
        program = Program(models())
        text = "import requests\ndef f(x, y):\n" + SENT * count
        program.put("/large.py", SourceText(text))
        program.findings("/large.py")
        at = text.rindex("+ x") + 2
        for typed in ("y", "x"):
            edited = SourceText(f"{text[:at]}{typed}{text[at + 1 :]}")
            calls = _calls(partial(_judge, program, edited))
        work.append(calls)

    # What is left is to look at each call of the function, and to move each finding.
    assert work[1] - work[0] < 200 * 400


def test_a_line_put_into_a_wrapper_asks_the_rules_nothing_about_its_callers() -> None:
    work: list[int] = []
    for count in (40, 80):
        get = "def get(url):\n    return requests.get('https://x.test' + url)\n"
        callers = _lines("def f{n}(x):\n    return get('/items/{n}/' + x + '/more')\n")(count)
        program = Program(models())
        program.put("/large.py", SourceText(f"import requests\n{get}{callers}"))
        program.judged("/large.py")
        for line in ("    log.debug(url)\n", "", "    log.debug(url)\n"):
            put_in = get.replace("):\n", f"):\n{line}")
            edited = SourceText(f"import requests\n{put_in}{callers}")
            calls = _calls(partial(_judge, program, edited))
        work.append(calls)

    # The call that sends has another number now. To ask the rules again were 700 calls for each.
    assert work[1] - work[0] < 450 * 40


def _work(kind: str, count: int) -> int:
    """Return how many calls it takes to judge a text, those inside Python included."""
    before, repeated, behind = _KINDS[kind]
    text = SourceText("import requests\n" + before + repeated(count) + behind)
    program = Program(models())
    return _calls(lambda: _judge(program, text))


def _judge(program: Program, text: SourceText) -> None:
    program.put("/large.py", text)
    program.judged("/large.py")


def _calls(work: Callable[[], object]) -> int:
    calls = 0

    def note(_frame: object, event: str, _function: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls

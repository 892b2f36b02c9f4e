"""Half-typed text is read as if its brackets and strings were ended; each part is one case."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batten.summarize.unit import summarize
from batten.syntax.mending import mended
from batten.syntax.parse import parse
from batten.syntax.text import SourceText
from batten.syntax.units import UnitKind, divided

CASES = {
    "a call before the next statement": ("x = get(a\ny = b\n", "x = get(a)\ny = b\n"),
    "a call without arguments": ("x = get(\ny = b\n", "x = get()\ny = b\n"),
    "a call that wants more": ("x = get(a, b=\ny = b\n", 'x = get(a, b="")\ny = b\n'),
    "a call of which some lines are there": (
        "x = get(a,\n        b\ny = b\n",
        "x = get(a,\n        b)\ny = b\n",
    ),
    "before a comment": (
        "x = get(a  # it\n# (more)\ny = b\n",
        "x = get(a)  # it\n# (more)\ny = b\n",
    ),
    "before a statement that is no expression": (
        "x = get(a,\n    return b\n",
        "x = get(a,)\n    return b\n",
    ),
    "the head of a block": ("if get(a:\n    y = b\n", "if get(a):\n    y = b\n"),
    "an inner bracket": ("x = get([a, {b)\n", "x = get([a, {b}])\n"),
    "a group of nothing": ("x = a + (\ny = b\n", 'x = a + ("")\ny = b\n'),
    "a key without a value": ('x = {"a":\ny = b\n', 'x = {"a":""}\ny = b\n'),
    "a string in a bracket": ("x = get('a\ny = b\n", "x = get('a')\ny = b\n"),
    "what closes nothing": ("x = get(a))\ny = b\n", "x = get(a) \ny = b\n"),
    "a quote before an expression": ('x = """get(a)\ny = b\n', "x =    get(a)\ny = b\n"),
    "a quote at the end": ('x = """\ny = b\n', 'x = "" \ny = b\n'),
    "a quote that is added": ('x = a + """\ny = b\n', "x = a      \ny = b\n"),
    "an argument": ('get(a, """)\ny = b\n', 'get(a, "")  \ny = b\n'),
    "a docstring that is begun": (
        '"""Get it.\n\nIf it is there.\ny = b\n',
        '""        \n\n               \ny = b\n',
    ),
    "the word of a method": (
        "class A:\n    defx get(self):\n        y = b\n",
        "class A:\n    def  get(self):\n        y = b\n",
    ),
    "a method without its word": (
        "class A:\n    get(self, a):\n        y = b\n",
        "class A:\n    def get(self, a):\n        y = b\n",
    ),
    "the word of another block": ("whil a > b:\n    y = b\n", "if _:      \n    y = b\n"),
    "a word before it is there": (
        "if a:\n    y = b\nels:\n    y = c\n",
        "if a:\n    y = b\nif _:\n    y = c\n",
    ),
    "the word of a `with`": (
        "def f():\n    wth get(f'http://{a}') as b:\n        y = b\n",
        "def f():\n    with get(f'http://{a}') as b:\n        y = b\n",
    ),
    "the word of a `for`": (
        "async fo a in get(b):\n    y = b\n",
        "for      a in get(b):\n    y = b\n",
    ),
    "what a `try` needs": (
        "try:\n    y = a\nexcep E as e:\n    y = b\nfinally:\n    y = c\n",
        "try:\n    y = a\nexcept:      \n    y = b\nfinally:\n    y = c\n",
    ),
    "one more of a `try`": (
        "try:\n    a()\nexcept E:\n    b()\nels:\n    if a:\n        c()\nfinally:\n    d()\n",
        "try:\n    a()\nexcept E:\n    b()\nexcept:\n    if a:\n        c()\nfinally:\n    d()\n",
    ),
    "a quote without a beginning": ('    Get it."""\n    y = b\n', "    Get it.   \n    y = b\n"),
}


@pytest.mark.parametrize(("text", "whole"), CASES.values(), ids=CASES)
def test_what_is_left_open_is_ended(text: str, whole: str) -> None:
    found = mended(text.encode())
    assert found is not None
    assert found.text.decode() == whole
    assert found.broken


@pytest.mark.parametrize(
    "text",
    [
        "x = get(a)\n",
        "x = get(\n    a,\n    b\n)\n",
        "x = (a\n     if b else c)\n",
        "x = ('a'\n'b')\n",
        '"""Get (it."""\nx = ")"  # :-(\n',
        "x = [a for a in b\n     for c in a]\n",
        "x = 'it\ny = b\n",
        "x:\ny = b\n",
        "requests.get(a):\n    y = b\n",
        "x = get(a):\n    y = b\n",
        "return get(a):\n    y = b\n",
        "if a:\n    y = b\n  foo(c):\n    y = c\n",
        "class A:\n    x: int\n    def get(self): pass\n",
    ],
)
def test_what_is_not_left_open_is_not_mended(text: str) -> None:
    assert mended(text.encode()) is None


@given(st.text(alphabet="ab ()[]{}'\"\n:#=,+\\é", max_size=60))
def test_all_but_what_is_put_in_keeps_its_place(text: str) -> None:
    data = text.encode()
    found = mended(data)
    if found is None:
        return
    put_in = set(found.put_in)
    kept = [(n, byte) for n, byte in enumerate(found.text) if n not in put_in]
    assert [found.before(n) for n, _ in kept] == list(range(len(data)))
    for number, (_, byte) in enumerate(kept):
        is_broken = any(each.start <= number < each.end for each in found.broken)
        assert byte == data[number] or is_broken
    assert found.broken


@pytest.mark.parametrize("typed", ["defx", "de", "async de", "deff"])
def test_a_class_stays_while_the_word_of_a_method_is_typed(typed: str) -> None:
    chosen, count = random.Random(typed), 0
    for path in sorted(Path(os.__file__).parent.glob("[a-h]*.py")):
        text = path.read_text("utf-8", "replace")
        places = [each.start(1) for each in _METHOD.finditer(text)]
        if not places or chosen.random() > 0.2:
            continue
        at = chosen.choice(places)
        for unit in divided(SourceText(text[:at] + typed + text[at + 3 :])).contents:
            if unit.kind is UnitKind.CLASS:
                count += 1
                assert summarize(unit.kind, unit.text).shape.classes, (path, at, unit.name)
    assert count > 20


_METHOD = re.compile(r"^    (def) \w+\(self\b[^\n()]*\):$", re.MULTILINE)
_OPENED = {"(": rb"(?<![=!<>])= (?=\S)", '"""': rb"(?<![=!<>])= (?=\S)", ' + """': rb"(?<=\w)\n"}


@pytest.mark.parametrize("typed", _OPENED)
def test_code_of_the_standard_library_stays_whole_around_what_is_typed(typed: str) -> None:
    chosen, whole, count = random.Random(typed), 0, 0
    for path in sorted(Path(os.__file__).parent.glob("[a-h]*.py")):
        for unit in divided(SourceText(path.read_text("utf-8", "replace"))).contents:
            places = [each.end() for each in re.finditer(_OPENED[typed], unit.text)]
            if unit.kind is not UnitKind.FUNCTION or not places or chosen.random() > 0.1:
                continue
            at = chosen.choice(places) - (typed[0] == " ")
            text = unit.text[:at] + typed.encode() + unit.text[at:]
            if not parse(text).root_node.has_error:
                continue
            count += 1
            found = mended(text)
            whole += found is not None and not parse(found.text).root_node.has_error
    assert count > 50
    assert whole > 0.7 * count

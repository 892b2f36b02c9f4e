"""Half-typed text is read as if its brackets and strings were ended; each part is one case."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from batten.summarize.unit import summarize
from batten.syntax.mending import mended
from batten.syntax.parse import parse
from batten.syntax.text import SourceText
from batten.syntax.units import UnitKind, divided
from batten.values.terms import Name

CASES = {
    "a call before the next statement": ("x = get(a\ny = b\n", "x = get(a)\ny = b\n"),
    "a call without arguments": ("x = get(\ny = b\n", "x = get()\ny = b\n"),
    "a call that wants more": ("x = get(a, b=\ny = b\n", 'x = get(a, b="")\ny = b\n'),
    "a call of which some lines are there": (
        "x = get(a,\n        b\ny = b\n",
        "x = get(a,\n        b)\ny = b\n",
    ),
    "an argument above one by name": (
        "x = get(\n    a +\n    b=c)\ny = b\n",
        'x = get(\n    a + "",\n    b=c)\ny = b\n',
    ),
    "an argument without a comma above one by name": (
        "x = get(\n    a\n    b=c)\ny = b\n",
        "x = get(\n    a,\n    b=c)\ny = b\n",
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
    "what closes nothing behind a word that begins a block": (
        "try}\n    y = b\nexcept A:\n    y = c\n",
        "try: \n    y = b\nexcept A:\n    y = c\n",
    ),
    "what closes nothing behind the beginning of an operator": ("x = a i)\n", "x = a   \n"),
    "what closes nothing before a colon": ("def f)self):\n    y\n", "def f     () :\n    y\n"),
    "a `with` that gets an attribute": (
        "if a:\n    wit get(self.a) as b:\n        y = b\n",
        "if a:\n    with get(self.a) as b:\n        y = b\n",
    ),
    "what is beside a sound `match`": (
        "match (self.a, b):\n    case (c, [d]):\n        y = get(\n",
        "match (self.a, b):\n    case (c, [d]):\n        y = get()\n",
    ),
    "a quote before an expression": ('x = """get(a)\ny = b\n', "x =    get(a)\ny = b\n"),
    "a quote at the end": ('x = """\ny = b\n', 'x = "" \ny = b\n'),
    "a quote that is added": ('x = a + """\ny = b\n', "x = a      \ny = b\n"),
    "an argument": ('get(a, """)\ny = b\n', 'get(a, "")  \ny = b\n'),
    "a docstring that is begun": (
        '"""Get it.\n\nIf it is there.\ny = b\n',
        '""        \n\n               \ny = b\n',
    ),
    "the word of a class": ("clas A(B):\n    y = b\n", "class A(B):\n    y = b\n"),
    "a class without its word": ("A(B):\n    y = b\n", "class A(B):\n    y = b\n"),
    "a class without a name": ("clas:\n    y = b\n", "class _:\n    y = b\n"),
    "what is too much in the head of a class": (
        "class A-(B)\n    y = b\n",
        "class A (B):\n    y = b\n",
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
    "a head without its colon": ("if a\n    y = b\n", "if a:\n    y = b\n"),
    "a head of nothing yet": ("while\ny = b\n", "while ...:\ny = b\n"),
    "a head without its operand": ("if a ==:\n    y = b\n", 'if a == "":\n    y = b\n'),
    "a loop over nothing yet": ("for x i\n    y = b\n", "for x   in ():\n    y = b\n"),
    "a name that is not given yet": ("with a as\n    y = b\n", "with a   :\n    y = b\n"),
    "a function without parameters": ("def f\n    y = b\n", "def f():\n    y = b\n"),
    "a handler": (
        "try:\n    a()\nexcept E a\n    y = b\n",
        "try:\n    a()\nexcept E  :\n    y = b\n",
    ),
    "a block below no head": ("  i\n    y = b\n", "  i\n  if _:\n    y = b\n"),
    "a clause of nothing": ("y = a\nelse:\n    y = b\n", "y = a\nif _:\n    y = b\n"),
    "a condition of nothing": ("y = a\nelif b\n    y = b\n", "y = a\nif   b:\n    y = b\n"),
    "the head of an argument": (
        'class A(B\n    """Get it."""\n',
        'class A(B):\n    """Get it."""\n',
    ),
    "a block on the line": ("if a: y = b.\n", "if a: y = b \n"),
    "a value": ("x = \ny = b\n", "x = ... \ny = b\n"),
    "an operand": ("x = a and\ny = b\n", 'x = a and ""\ny = b\n'),
    "a name": ("return self.\ny = b\n", "return self \ny = b\n"),
    "the beginning of an operator": ("x = a an\ny = b\n", "x = a   \ny = b\n"),
    "a word behind a string": ('x = "a"an\ny = b\n', 'x = "a"  \ny = b\n'),
    "a word behind a bracket": ("x = a[b]c # d\ny = b\n", "x = a[b]  # d\ny = b\n"),
    "an operator behind a bracket": ("x = [a]and\ny = b\n", 'x = [a]and ""\ny = b\n'),
    "a word behind a condition": ("if a[b]c:\n    y = b\n", "if a[b] :\n    y = b\n"),
    "another choice": ("x = a if b\ny = b\n", 'x = a if b else ""\ny = b\n'),
    "a lambda": ("x = lambda a\ny = b\n", 'x = lambda a: ""\ny = b\n'),
    "what decorates nothing": ("@get(a)\ny = b\n", "+get(a)\ny = b\n"),
    "a decorator of nothing yet": ("@\ndef f(): pass\n", "pass\ndef f(): pass\n"),
    "an import of nothing yet": ("from a import\ny = b\n", "pass         \ny = b\n"),
    "an import by another name": ("import a as\ny = b\n", "import a   \ny = b\n"),
    "a cause": ("raise A from\ny = b\n", "raise A     \ny = b\n"),
    "an argument of nothing yet": ("x = get(a, b=)\n", 'x = get(a, b= "")\n'),
    "a name in brackets": ("x = get(a, self.)\n", "x = get(a, self )\n"),
    "an index": ("x = a[]\n", "x = a[...]\n"),
    "a comprehension": ("x = [a for a]\n", "x = [a for a in ()]\n"),
    "a field": ("x = f'a/{b'\n", "x = f'a/{b}'\n"),
    "a field of nothing yet": ("x = f'a/{'\n", "x = f'a/ '\n"),
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
        "from a import *\ndef f(a, /, *, b: int = 1) -> int: return a\n",
        "x = a or []\ny: int = [*a, -b][1:]\nprint x\n",
        "if a: y = lambda: b\nelif (b := a): pass\nelse:\n    y = f'{a:{b}}{{'\n",
        "for x in a:\n    y = b\nelse:\n    y = c\n",
        "match a:\n    case b: pass\nmatch = case\n",
    ],
)
def test_what_is_not_left_open_is_not_mended(text: str) -> None:
    assert mended(text.encode()) is None


@given(
    st.one_of(
        st.text(alphabet="ab ()[]{}'\"\n:#=,+\\é", max_size=60),
        st.lists(
            st.sampled_from(
                "try|else|def f|self| a i|import|if|clas A|x = |:|\n|\n    |(|)|}".split("|")
            ),
            max_size=12,
        ).map("".join),
    )
)
@example("try}\n")
@example("from a impor)t\n")
@example("def f)self):\n")
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


LINES = [
    "if name == 1 and not other:",
    "for x, y in items.get(name):",
    "while x.y < 3:",
    "with open(path) as file:",
    "except (A, B) as error:",
    "value = get(name, key=1)",
    "value = 'a' + other if name else [x for x in y]",
    "import one.two as one",
    "assert value is not None, other",
    "send(f'/a/{name}/{other.id}')",
]


@pytest.mark.parametrize("line", LINES)
def test_what_is_called_around_a_line_stays_while_it_is_typed(line: str) -> None:
    for behind in ("    ", "        ") if line.endswith(":") else ("    ",):
        for end in range(1, len(line) + 1):
            text = (
                "def f(self):\n    try:\n        first()\n    except C:\n        second()\n"
                f"    {line[:end]}\n{behind}third(name)\n    return fourth(name)\n"
            )
            calls = summarize(UnitKind.FUNCTION, text.encode()).shape.functions[0].calls
            names = [each.function.id for each in calls if isinstance(each.function, Name)]
            assert {"first", "second", "third", "fourth"} <= set(names), text


def test_sound_code_of_the_standard_library_is_left_as_it_is() -> None:
    chosen, count, touched = random.Random(1), 0, 0
    for path in sorted(Path(os.__file__).parent.glob("[a-h]*.py")):
        for unit in divided(SourceText(path.read_text("utf-8", "replace"))).contents:
            if chosen.random() < 0.1:
                count += 1
                touched += mended(unit.text) is not None
    assert count > 100
    assert touched < 0.01 * count


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

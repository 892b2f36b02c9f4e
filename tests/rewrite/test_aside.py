"""Units that are put aside are there by name, and all else stays where it is."""

import re

import pytest

from batten.rewrite.aside import put_aside
from batten.syntax.text import SourceText
from batten.syntax.units import units


def without(code, *names):
    source = SourceText(code)
    chosen = [unit for unit in units(source) if unit.qualified_name in names]
    assert len(chosen) == len(names)
    result = put_aside(source.data, chosen).decode()
    assert len(result) == len(code)
    return re.sub(r"[ \n]+\n", "\n", result)


@pytest.mark.parametrize(
    ("code", "names", "result"),
    [
        ("a\ndef f(x):\n    y\nb\n", ["f"], "a\ndef f():0\nb\n"),
        ("@c\nasync def f(): (\n", ["f"], "def f():0\n"),
        ("def f(\n", ["f"], "f=0\n"),
        ("def f(:\n\ndef g(): 1\n", ["f"], "f=0\ndef g(): 1\n"),
        ("class C:\n    x = (\n", ["C"], "class C:0\n"),
        ("class C\n", ["C"], "C=0\n"),
        (
            "class C(A):\n    x = (\n    def f(self): 1\n    y\n",
            ["C"],
            "class C:\n    def f(self): 1\n",
        ),
        (
            "class C(A):\n    def f(self): 1\n    y = )\n    def g(self): 2\n",
            ["C", "C.g"],
            "class C:\n    def f(self): 1\n    def g():0\n",
        ),
        # no room for a header
        ("class C\n    def f(self): 1\n", ["C"], "class C\n    def f(self): 1\n"),
    ],
)
def test_a_unit_is_put_aside(code, names, result):
    assert without(code, *names) == result

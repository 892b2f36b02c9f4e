"""A function that is being edited does not take its neighbours away."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batten.summarize.unit import summarize
from batten.syntax.text import SourceText
from batten.syntax.units import Unit, UnitKind, units

CLIENT = dedent('''\
    """Talk to the server."""


    class Client:
        """One connection."""

        def before(self):
            """Return the first; don't ask."""
            return self.first

        def edited(self, path):
            url = self.base + "/" + path
            HERE
            return self.fetch(url)

        def after(self):
            """
            Return the last.

            It isn't "much".
            """
            return self.last

        @property
        def size(self):
            # type: () -> int
            """Return the size."""
            return len(self.all)


    TEMPLATE = """
    def run():
        {body}
    """


    def main(argv):
        """Run."""
        return Client(argv)
    ''')


def others(text: str, name: str = "Client.edited") -> list[tuple[str, bytes]]:
    return [
        (unit.qualified_name, unit.text)
        for unit in units(SourceText(text))
        if unit.qualified_name != name
    ]


@pytest.mark.parametrize(
    "typed",
    [
        '"""',
        'x = """',
        'f("""',
        'return f"""',
        "'''",
        "x = '",
        'x = "it',
        "f(",
        "f(a, [b, {",
        "f(')",
        ")",
        "}])",
        "x = \\",
        "@",
        "@cached",
        "if x:",
        "if x",
        "for",
        "lambda",
        "class",
        "def",
        "async def",
        "def inner(",
        "class Inner",
        "# (",
        "é = 'ü",
        "\0",
    ],
)
def test_what_is_typed_in_a_function_stays_in_it(typed: str) -> None:
    assert others(CLIENT.replace("HERE", typed)) == others(CLIENT)


@pytest.mark.parametrize(
    "typed", ['"""', "x", "x = 1", "f(", "import os", "'", "@cached", "if x", "else:", "if x:"]
)
def test_a_line_at_the_wrong_depth_ends_nothing(typed: str) -> None:
    assert others(CLIENT.replace("        HERE", typed)) == others(CLIENT)


@pytest.mark.parametrize("typed", ["f(", "x = [", "x = (1,\n    2", "'", "x = \\"])
def test_what_is_typed_in_a_class_stays_in_it(typed: str) -> None:
    text = CLIENT.replace("    def after", f"    {typed}\n\n    def after")
    assert others(text, "Client") == others(CLIENT, "Client")


@pytest.mark.parametrize("typed", ["f(", "x = [", "'", "x = \\", '"""', "class", "if x"])
def test_what_is_typed_in_a_module_stays_in_it(typed: str) -> None:
    text = CLIENT.replace("def main", f"{typed}\n\ndef main")
    assert others(text, "") == others(CLIENT, "")


def test_an_unfinished_decorator_belongs_to_the_function_below() -> None:
    text = "def f(): pass\n@a(\n@b('\ndef g(): pass\n"
    assert [unit.text for unit in units(SourceText(text))][1:] == [
        b"def f(): pass",
        b"@a(\n@b('\ndef g(): pass",
    ]


def test_a_header_without_a_body_is_a_unit() -> None:
    text = "def first(\n\ndef second(a,\n\nclass Third(\n\nclass Fourth\n\ndef fifth(): pass\n"
    names = [unit.qualified_name for unit in units(SourceText(text))]
    assert names == ["", "first", "second", "Third", "Fourth", "fifth"]


@pytest.mark.parametrize("text", ["def", "def ", "class", "def 1(): pass", "class if: pass", "@"])
def test_a_header_without_a_name_is_none(text: str) -> None:
    assert len(units(SourceText(text))) == 1


HEADS = [
    "clas Client(Base):",
    "classx Client(Base):",
    "cass Client:",
    "lcass Client:",
    "classClient(Base):",
    "cl ass Client(Base):",
    "Client(Base):",
    "c Client(Base):",
    "class Client(",
    "class Client(Base",
    "clas Client(Base",
    "class Client(Base)",
    "class Client Base):",
    "class Client-(Base):",
    "clas Client(\n    Base,\n):",
]
FIRST = "class First:\n    def one(self):\n        return 1\n\n\n"


@pytest.mark.parametrize("before", ["", "import a\n\n", "def f(x):\n    return x\n\n", FIRST])
@pytest.mark.parametrize("head", HEADS)
def test_a_mistyped_class_holds_its_methods(head: str, before: str) -> None:
    text = CLIENT.replace("class Client:", f"{before}{head}")
    sound = CLIENT.replace("class Client:", f"{before}class Client:")
    assert others(text)[1:] == [
        (name, unit.replace(b"class Client:", head.encode())) for name, unit in others(sound)[1:]
    ]
    (found,) = (unit for unit in units(SourceText(text)) if unit.qualified_name == "Client")
    without_docstring = found.text.replace(b'"""One connection."""', b"")
    assert [c.name for c in summarize(UnitKind.CLASS, without_docstring).shape.classes] == [
        "Client"
    ]


@pytest.mark.parametrize("head", ["c", "cl", "cla", "clas", "class", "class ", "class:", "clas:"])
@pytest.mark.parametrize("before", ["", FIRST])
def test_a_class_without_a_name_holds_its_methods(head: str, before: str) -> None:
    text = CLIENT.replace("class Client:", f"{before}{head}")
    name = head.strip(" :")
    found = {unit.qualified_name: unit for unit in units(SourceText(text))}
    assert {f"{name}.before", f"{name}.edited", f"{name}.after", f"{name}.size"} < found.keys()
    assert found[name].kind is UnitKind.CLASS


def test_a_mistyped_class_in_a_class_holds_its_methods() -> None:
    inner = "    def f(self): pass\n\n    clas B(C):\n        x = 1\n        def g(self): pass\n"
    text = f"class A:\n{inner}\n    def h(self): pass\n"
    names = [unit.qualified_name for unit in units(SourceText(text))]
    assert names == ["", "A", "A.f", "A.B", "A.B.g", "A.h"]


@pytest.mark.parametrize(
    "head",
    [
        "if C:",
        "if (A and\nB):",
        "if A \\\n  or B(1):",
        "cls = 1\nif c:",
        "c\nif c:",
        "cls: int = 1\nif c:",
        "A: int\ntry:",
        "match C:\n  case C(x):",
        "with A(B) as c:",
        "x = {\nC:\n    lambda: 1}\nif c:",
        "x = '''\nclas C(D):\n'''\nif c:",
        "x = '\\\nclas C(D):'\nif c:",
        "for c in (lambda\nC: 1,):",
    ],
)
def test_sound_code_has_no_mistyped_class(head: str) -> None:
    names = [unit.qualified_name for unit in units(SourceText(f"{head}\n    def f(self): pass\n"))]
    assert names == ["", "f"]


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n    def f(self): pass\n",
        "f(A)\n    def f(self): pass\n",
        "els:\n    def f(self): pass\n",
        "clas A:\n    def f(x): pass\n",
        "clas A:\n    x = 1\nif x:\n    def f(self): pass\n",
        "x = (\n  1 +\nclas A:\n    def f(self): pass\n",
    ],
)
def test_what_does_not_look_like_a_class_is_none(text: str) -> None:
    assert [unit.qualified_name for unit in units(SourceText(text))] == ["", "f"]


# The text of real modules, and edits as they happen in an editor.

MODULES = ["ast", "configparser", "gzip", "smtplib", "textwrap", "turtle"]
TYPED = ['"""', "'''", "(", "[", "{", ")", "'", '"', "q", "\\", "#", "@", "def ", ":", "\n"]


@cache
def module(name: str) -> tuple[bytes, tuple[Unit, ...]]:
    path = Path(__import__(name).__file__)
    source = SourceText(path.read_text(encoding="utf-8"))
    return source.data, units(source)


def changed(before: tuple[Unit, ...], after: tuple[Unit, ...], edited: Unit) -> list[str]:
    """Return the names of the other units whose text has changed."""
    left = Counter((unit.qualified_name, unit.text) for unit in before if unit is not edited)
    left -= Counter((unit.qualified_name, unit.text) for unit in after)
    return [name for name, _ in left]


@given(st.data())
@settings(max_examples=150, derandomize=True, deadline=None)
def test_an_edit_in_a_function_changes_at_most_three_other_units(data: st.DataObject) -> None:
    text, before = module(data.draw(st.sampled_from(MODULES)))
    functions = [unit for unit in before if unit.kind is UnitKind.FUNCTION]
    edited = data.draw(st.sampled_from(functions))
    start = edited.pieces[0].document_start
    # Not inside the white space at the start of a line.
    lines = edited.text.splitlines(keepends=True)
    row = data.draw(st.integers(0, len(lines) - 1))
    line_start = start + sum(map(len, lines[:row]))
    indent = len(lines[row]) - len(lines[row].lstrip(b" "))
    if row and data.draw(st.booleans()):
        new = text[:line_start] + text[line_start + len(lines[row]) :]
    else:
        width = len(lines[row].rstrip(b"\n"))
        place = line_start + data.draw(st.integers(min(indent, width), width))
        new = text[:place] + data.draw(st.sampled_from(TYPED)).encode() + text[place:]
    after = units(SourceText(new.decode("utf-8", "replace")))
    assert len(changed(before, after, edited)) <= 3

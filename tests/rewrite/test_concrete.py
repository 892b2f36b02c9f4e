"""Expressions as LibCST's nodes: what is put into a call keeps its text to the byte."""

import subprocess
import sys

import pytest

from batten.rewrite.concrete import expression
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import syntax
from batten.syntax.text import SourceText, Span


def value(text):
    """Return an expression as it would stand between parentheses, or in a field when it can't."""
    for start, end in (("(", ")"), ("f'{", "}'")):
        tree = syntax(SourceText(start + text + end))
        node = tree.node(Span(len(start), len(start) + len(text.encode())))
        if node is not None:
            return expression(tree, node)
    raise AssertionError(text)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "x  [ 0 : ]",
        "call(  # why\n    a,\n\n    # all\n)",
        "call(\r\n    a,  # é\r\n)",
        "call(\ra)",
        "call(\n a,\r\n b)",
        "a +\n\t b",
        "a \\\n + b",
        "'''a\r\nb''' + c",
        "f'{a!r:>{b}}'",
        'f"{a["b"]}"',
        "(yield a)",
        "(  a,)",
        "lambda: (yield)",
        "await a",
    ],
)
def test_a_value_is_written_as_it_stands(text):
    assert value(text).text == text
    assert value(text).passed_to("a.f", "'x'", safe="''").text == f"a.f({text}, 'x', safe='')"


@pytest.mark.parametrize(
    ("text", "argument", "items"),
    [
        ("a, b", "f((a, b))", "f(i) for i in (a, b)"),
        ("yield a", "f((yield a))", "f(i) for i in (yield a)"),
        ("a if b else c", "f(a if b else c)", "f(i) for i in (a if b else c)"),
        ("lambda: a", "f(lambda: a)", "f(i) for i in (lambda: a)"),
        ("a := b", "f(a := b)", "f(i) for i in (a := b)"),
        ("(a for a in b)", "f((a for a in b))", "f(i) for i in (a for a in b)"),
    ],
)
def test_parentheses_come_where_the_grammar_asks_for_them(text, argument, items):
    assert value(text).passed_to("f").text == argument
    assert value(text).each_passed_to("f", "i").text == items


@pytest.mark.parametrize(
    ("call", "result"),
    [
        ("f(a)", "f(a, k='')"),
        ("f(a,)", "f(a, k='',)"),
        ("f( a )", "f( a, k='' )"),
        ("f(\n    a,  # one\n)", "f(\n    a, k='',  # one\n)"),
        ("f(\n    a  # one\n)", "f(\n    a, k=''  # one\n)"),
    ],
)
def test_a_call_gets_an_argument_in_its_own_layout(call, result):
    assert value(call).with_keyword("k", "''").text == result


def test_only_a_call_gets_an_argument():
    with pytest.raises(TypeError, match="'a' is not a call"):
        value("a").with_keyword("k", "''")


@pytest.mark.parametrize("text", ["`a`", "0777", "ur'a'", "a <> b", "'\ud800'"])
def test_what_libcst_does_not_read_is_refused(text):
    source = SourceText(f"({text})")
    tree = syntax(source)
    if isinstance(tree, Refusal):
        pytest.skip("the grammar of the tree does not read it either")
    found = expression(tree, tree.node(Span(1, len(source.data) - 1)))
    assert found == Refusal("it can't be read as Python 3")


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("[", "]"), ("f(", ")"), ("-", "")])
def test_what_would_exhaust_the_stack_is_refused(opening, closing):
    deep = opening * 3000 + "a" + closing * 3000
    assert value(deep) == Refusal("it is nested too deeply")


@pytest.mark.parametrize(
    "module",
    ["batten.rewrite.quote", "batten.rewrite.imports", "batten.analysis.verify"],
)
def test_libcst_is_loaded_when_an_edit_is_made_and_not_before(module):
    code = f"import sys, {module}\nassert 'libcst' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)

"""The tree of a document: whole, of an excerpt, and beside what is broken."""

import random
import sysconfig
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batten.rewrite.refusal import Refusal
from batten.rewrite.scopes import read_scopes
from batten.rewrite.tree import DEEPEST, excerpt, syntax
from batten.syntax.text import SourceText, Span
from batten.syntax.units import UnitKind, divided, units

LIBRARY = sorted(
    path for path in Path(sysconfig.get_path("stdlib")).glob("*.py") if path.stat().st_size < 60_000
)
REAL = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def of_module(tree):
    """Return what the module binds, but for places: functions put aside are shorter."""
    return {
        name: [(binding.how, binding.condition, binding.target) for binding in found]
        for name, found in read_scopes(tree).module.bindings.items()
    }


@REAL
@given(st.sampled_from(LIBRARY), st.integers(0, 10**6))
def test_an_excerpt_binds_what_the_whole_module_binds(path, seed):
    source = SourceText(path.read_text("utf-8"))
    division = divided(source)
    kept = random.Random(seed).choice(division.units)
    part = excerpt(division, {kept.qualified_name})
    assert of_module(part) == of_module(syntax(source))
    assert all(part.data[p.document_start :].startswith(_text(kept, p)) for p in kept.pieces)
    assert part.unread == ()


def _text(unit, piece):
    return unit.text[piece.unit_start : piece.unit_start + piece.length]


@REAL
@given(st.sampled_from(LIBRARY), st.integers(0, 10**6), st.sampled_from(["(", "{", "'"]))
def test_what_is_typed_in_a_function_changes_no_binding_of_the_module(path, seed, typed):
    source = SourceText(path.read_text("utf-8"))
    functions = [unit for unit in units(source) if unit.kind is UnitKind.FUNCTION]
    if not functions:
        return
    unit = random.Random(seed).choice(functions)
    end = unit.document_starts[0] + len(unit.text)
    tree = syntax(source.replaced(Span(end, end), f"; x = {typed}"))
    if isinstance(tree, Refusal):
        assert b"global " in unit.text
    else:
        assert of_module(tree) == of_module(syntax(source))


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("global a; a = (", False),
        ("if b: global a\n    a = (", False),
        ("a = globals(", True),
        ('"""Of global use.""" (', True),
        ("not_global a (", True),
    ],
)
def test_a_broken_function_may_not_bind_names_of_the_module(body, read):
    source = SourceText(f"import a\ndef f():\n    {body}\n\ndef g(): pass\n")
    assert isinstance(syntax(source), Refusal) is not read


def test_what_is_broken_is_told_by_its_place():
    source = SourceText("def f(): 1\n\n\ndef g():\n    x = (\n\n\ndef h(): 2\n")
    tree = syntax(source)
    reason = Refusal("the document has a syntax error on line 4")
    places = [source.text.index(word) for word in ("1", "x", "2")]
    assert [tree.broken(place) for place in places] == [None, reason, None]
    assert tree.node(Span(places[1], places[1] + 1)) is None
    assert tree.text(tree.node(Span(places[2], places[2] + 1))) == "2"


def test_what_is_too_deep_has_no_node():
    source = SourceText("x = " + " + ".join(["a"] * (DEEPEST + 100)))
    tree = syntax(source)
    last = len(source.data)

    assert tree.node(Span(4, 5)) is None
    assert tree.node(Span(last - 1, last)) is not None

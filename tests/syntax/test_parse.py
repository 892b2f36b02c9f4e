"""Trees and their errors, for sound text, broken text and text that is no Python."""

from __future__ import annotations

import gc
import random
import tracemalloc
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from batten.syntax.parse import ParseTimeoutError, errors, parse
from batten.syntax.text import SourceText, Span
from batten.syntax.units import units

if TYPE_CHECKING:
    from tree_sitter import Node, Tree


def test_sound_text_has_no_errors() -> None:
    assert errors(parse(b"def f(a):\n    return g(a)\n")) == ()


@pytest.mark.parametrize(
    "text",
    [
        b"print 'Python 2'\ntry:\n    pass\nexcept E, e:\n    exec code in space\n",
        b"def f[T](x: T) -> T: ...\ntype A[T] = list[T]\n",
        b'x = f"{d["k"]} {f\'{y!r:>{w}}\'}"\n',
        b"match x:\n    case [a, *_]:\n        pass\n",
        b"def f():\r\n    pass\r\n",
        b"\x0cdef f():\n    pass\n",
        "class É:\n    ü = '😀'\n".encode(),
    ],
)
def test_python_of_all_ages_parses(text: bytes) -> None:
    assert errors(parse(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        b'def f(a) -> list["A"] or "B":\n    return a\n',
        b"def f(a: list[A] or None = None, *b: List[A] if x else B): pass\n",
        b'name: List["A"] or "B" = x\n',
    ],
)
def test_an_annotation_is_any_expression(text: bytes) -> None:
    assert errors(parse(text)) == ()


@pytest.mark.parametrize(
    "text",
    [b"def f(a: List[A] b): pass\n", b"def f(a) -> List[A] or: pass\n", b"x: List[A] b = 1\n"],
)
def test_an_annotation_that_python_refuses_is_an_error(text: bytes) -> None:
    assert errors(parse(text))


def test_an_error_has_the_range_of_what_could_not_be_read() -> None:
    text = b"x = 1\ny = = 2\nz = 3\n"
    (error,) = errors(parse(text))
    assert Span(6, 13).contains(error)


def test_missing_text_is_an_empty_range() -> None:
    assert errors(parse(b"def f(:\n    pass\n")) == (Span(6, 6),)


class _Lonely:
    """A node that knows no neighbours: asking one for them goes through all that are before it."""

    def __init__(self, node: Node) -> None:
        self.is_error, self.is_missing, self.has_error = (
            node.is_error,
            node.is_missing,
            node.has_error,
        )
        self.type, self.text, self.start_byte = node.type, node.text, node.start_byte
        self.end_byte = node.end_byte
        self.children = [_Lonely(child) for child in node.children]


def test_errors_are_found_without_asking_for_neighbours() -> None:
    tree = parse(b'x = f"' + b"{" * 40 + b'\nx: List["A"] or "B" = 1\ny = = 2\n')
    lonely = cast("Tree", SimpleNamespace(root_node=_Lonely(tree.root_node)))
    assert errors(lonely) == errors(tree) != ()


def test_errors_come_in_order() -> None:
    found = errors(parse(b"x = = 1\ny = 2\nz = = 3\n"))
    assert len(found) == 2
    assert list(found) == sorted(found)


def test_a_text_that_takes_too_long_is_given_up() -> None:
    noise = random.Random(1).randbytes(2_000_000)
    with pytest.raises(ParseTimeoutError):
        parse(noise, seconds=0.02)


def test_a_text_after_one_that_was_given_up_has_its_own_tree() -> None:
    noise = random.Random(1).randbytes(2_000_000)
    with pytest.raises(ParseTimeoutError):
        parse(noise, seconds=0.02)
    root = parse(b"x = 1\n").root_node
    assert root.end_byte == 6
    assert not root.has_error


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n\0\0y = 2\n",
        "(" * 10_000 + "1" + ")" * 10_000,
        "x = '" + "%s" * 100_000 + "'\n",
        "".join(f"{' ' * depth}def f():\n" for depth in range(2_000)),
        "".join(f"{' ' * depth}class A:\n" for depth in range(2_000)),
        "x = 1\n" * 20_000,
        "def f(): pass\n" * 5_000,
        '"""' * 20_001,
        "f(\n" * 20_000,
        "\\\n" * 2_000,
        "@a\n" * 20_000,
        "class A:\n" + "x\n  y\n" * 10_000,
        "\ud800",
    ],
    ids=lambda text: f"{text[:12]!r}",
)
def test_hostile_text_is_divided_and_parsed(text: str) -> None:
    source = SourceText(text)
    for unit in units(source)[:10]:
        errors(parse(unit.text))


LONG = b"def f():\n" + b"    # a comment\n    x = g(1)\n" * 4_000


def test_nothing_is_left_of_a_long_text_that_was_parsed() -> None:
    """tree-sitter keeps for ever whatever it is given to read: 10,000 keys would fill memory."""
    parse(LONG)
    tracemalloc.start()
    try:
        for _ in range(5):
            parse(LONG)
        gc.collect()
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert left < len(LONG) / 2


def test_a_node_of_a_long_text_knows_its_text() -> None:
    (function,) = parse(LONG).root_node.children

    assert function.text == LONG[:-1]
    assert errors(parse(LONG + b"def f(a: list[A] or B): pass\n")) == ()

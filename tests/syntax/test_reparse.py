"""A tree that was moved is the tree of the text parsed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from batten.syntax import reparse
from batten.syntax.parse import parse
from batten.syntax.reparse import Parser

if TYPE_CHECKING:
    from tree_sitter import Node

TEXT = b'''\
def f(self, names, *rest, key=None, is_open: bool = True) -> str:
    """Tell {names} and "more"; a \\ too."""
    # What is not here is else where.
    found = [*rest, self.at[0], not names, b"a b" "c" if names else rb'd e']
    print ("%s" % f"x{key!r:>{names}} y", *rest)
    if is_open and found[-1].end in names:
        match = lambda type, case: type or case
        for index, _ in enumerate(found, start=1): match(index, {**key, "k": 0x1f})
    return await_(f'{found}') + found.join(each for each in rest)
'''
OPEN = ["(", "[", "{", ")", "]", '"""', "'''", "", "a", "x.", ", ", "=", "'"]
TYPED = ["", "a", "e", "s", "in", "if", "0", "_", " ", "f", "is", "é", ".", "'", "\\", "{", "\n"]


def shape(node: Node) -> object:
    """Return all that may be seen of a tree."""
    inside = [(node.field_name_for_child(n), shape(each)) for n, each in enumerate(node.children)]
    return node.kind_id, node.start_byte, node.end_byte, node.start_point, node.is_named, inside


@given(
    st.lists(
        st.tuples(st.integers(0, len(TEXT)), st.integers(0, 2), st.sampled_from(TYPED)),
        min_size=1,
        max_size=6,
    )
)
@example([(TEXT.index(b"names"), 1, "")])
@example([(TEXT.index(b"is_open") + 2, 5, "")])
@example([(TEXT.index(b"found") + 5, 0, "s")])
@settings(max_examples=500, deadline=None)
def test_a_moved_tree_is_that_of_the_text_parsed_anew(edits: list[tuple[int, int, str]]) -> None:
    text, parser = TEXT, Parser()
    parser.next(text)
    for place, removed, typed in edits:
        text = text[:place] + typed.encode() + text[place + removed :]
        parsed = parser.next(text)
        assert parsed.text == Parser().next(text).text
        assert shape(parsed.tree.root_node) == shape(parse(parsed.text).root_node)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(TEXT)), st.integers(0, 3), st.sampled_from(OPEN), st.integers(0, 3)
        ),
        min_size=1,
        max_size=6,
    )
)
@example([(253, 1, '"""', 0), (40, 0, "x.", 0)])
@settings(max_examples=800, deadline=None)
def test_what_is_known_to_be_broken_is_read_as_it_is_by_itself(
    edits: list[tuple[int, int, str, int]],
) -> None:
    """Brackets and quotes are typed, then letters right behind them; some are taken away again."""
    text, parser = TEXT, Parser()
    parser.next(text)
    for place, removed, typed, letters in edits:
        before = text
        texts = [text[:place] + typed.encode() + text[place + removed :]]
        behind = place + len(typed)
        texts += [
            texts[0][:behind] + b"abc"[: count + 1] + texts[0][behind:] for count in range(letters)
        ]
        for each in (*texts, texts[-1], before, texts[-1]):
            parsed, anew = parser.next(each), Parser().next(each)
            assert (parsed.text, parsed.mended) == (anew.text, anew.mended)
            assert shape(parsed.tree.root_node) == shape(anew.tree.root_node)
        text = texts[-1] if removed else before


@pytest.mark.parametrize("opened", ["(", "[", "{", '"""'])
def test_what_is_typed_in_an_open_bracket_is_mostly_not_parsed(
    opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = TEXT.index(b"[*rest")
    texts = [TEXT[:place] + opened.encode() + b"names"[:n] + TEXT[place:] for n in range(6)]
    parser, parsed = Parser(), list[bytes]()
    parser.next(TEXT)
    monkeypatch.setattr(reparse, "parse", lambda text: parsed.append(text) or parse(text))
    for text in texts:
        parser.next(text)

    assert len(parsed) <= 2, "with the bracket, and with the first letter"

"""A tree that was moved is the tree of the text parsed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st

from batten.syntax import reparse
from batten.syntax.parse import parse
from batten.syntax.reparse import Parser, Passed
from batten.syntax.strings import is_endless

if TYPE_CHECKING:
    import pytest
    from tree_sitter import Node, Tree

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


_PIECES = st.sampled_from(
    ["x", " = ", '"""', "'''", '"', "'", "f", "\\", "\n", "# ", "(", ")", "{", "}", " + "]
)


@given(st.lists(_PIECES).map("".join))
@example('# """\nx = 1')
def test_text_with_an_endless_string_has_errors(text: str) -> None:
    data = text.encode()
    assert not is_endless(data, 0) or parse(data).root_node.has_error


def test_a_string_that_is_opened_is_not_parsed_before_it_is_mended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = b"def f(one, another, still_another):\n    a = 1\n    b = 2\n    c = 3\n    d = 4\n"
    start = text.index(b"    a")
    passed = Passed(start + 4, text.index(b"b ="))
    parser = Parser()
    parser.next(text)
    parsed: list[bytes] = []
    own = reparse.parse

    def counted(data: bytes, **given: object) -> Tree:
        parsed.append(data)
        return own(data, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(reparse, "parse", counted)
    found = parser.next(text.replace(b"c = 3", b'c = 3 + """'), passed)

    assert found.mended is not None
    assert len(parsed) == 1

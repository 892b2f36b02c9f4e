"""The edits between two texts are right, small, and at places that an editor knows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from batten.rewrite.edit import apply
from batten.syntax.text import SourceText
from batten_server.difference import difference

TEXTS = st.lists(
    st.sampled_from(["a", "b", "é", "😀", "\r", "\n", "\r\n", "\f", "\u2028"]), max_size=12
).map("".join)


@given(TEXTS, TEXTS)
def test_the_edits_make_the_one_text_the_other(before: str, after: str) -> None:
    source = SourceText(before)
    edits = difference(source, SourceText(after))

    assert apply(source, edits).text == after
    for edit in edits:
        for offset in (edit.span.start, edit.span.end):
            assert source.offset(source.position(offset)) == offset


def test_only_what_differs_is_edited() -> None:
    before = SourceText("import a\nkeep\nget(é, name)\n")
    edits = difference(before, SourceText("import a\nimport b\nkeep\nget(é, quote(name))\n"))

    assert [(before.slice(edit.span), edit.text) for edit in edits] == [
        ("", "import b\n"),
        ("name", "quote(name)"),
    ]


def test_equal_texts_need_no_edit() -> None:
    assert difference(SourceText("a\r\n"), SourceText("a\r\n")) == ()

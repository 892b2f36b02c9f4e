"""Edits: how they are made, and how the edit is found that makes one text of another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batten.rewrite.edit import Edit, apply, difference
from batten.syntax.text import SourceText, Span


@pytest.mark.parametrize(
    ("old", "new", "edit"),
    [
        ("from m import b", "from m import a, b", Edit(Span(14, 14), "a, ")),
        ("from m import a", "from m import a, b", Edit(Span(15, 15), ", b")),
        # whole words: `quote_plus` stays what it is
        ("quote_plus", "quote, quote_plus", Edit(Span(0, 0), "quote, ")),
        ("é(a)", "é(a, b)", Edit(Span(4, 4), ", b")),
        ("a b c", "a c", Edit(Span(2, 4), "")),
        ("a", "a", Edit(Span(1, 1), "")),
    ],
)
def test_the_difference_is_the_words_that_differ(old, new, edit):
    assert difference(0, old, new) == edit


def test_the_difference_stands_where_the_old_text_stands():
    assert difference(10, "a c", "a b c") == Edit(Span(12, 12), "b ")


@given(st.text("ab ,é\n"), st.text("ab ,é\n"))
def test_the_difference_makes_the_new_text_of_the_old(old, new):
    source = SourceText(f"é{old}!")
    edit = difference(len("é".encode()), old, new)
    assert apply(source, [edit]).text == f"é{new}!"


def test_edits_that_overlap_are_not_made():
    with pytest.raises(ValueError, match="overlapping edits at byte 1"):
        apply(SourceText("abc"), [Edit(Span(0, 2), "x"), Edit(Span(1, 3), "y")])

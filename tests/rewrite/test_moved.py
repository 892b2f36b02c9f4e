"""Where a place of the old text is after edits."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batten.rewrite.edit import Edit, apply
from batten.rewrite.moved import moved, places
from batten.syntax.text import SourceText, Span


@pytest.mark.parametrize(
    ("span", "edit", "now"),
    [
        (Span(4, 6), Edit(Span(0, 2), "xyz"), Span(5, 7)),
        (Span(4, 6), Edit(Span(7, 9), "xyz"), Span(4, 6)),
        (Span(4, 6), Edit(Span(4, 6), "xyz"), Span(4, 7)),
        (Span(4, 6), Edit(Span(3, 7), "x"), Span(3, 4)),
        (Span(4, 6), Edit(Span(3, 5), "xyz"), Span(3, 7)),
        (Span(4, 6), Edit(Span(5, 7), "xyz"), Span(4, 8)),
        (Span(4, 6), Edit(Span(5, 5), "xyz"), Span(4, 9)),
        # what is inserted at an end is outside
        (Span(4, 6), Edit(Span(4, 4), "xyz"), Span(7, 9)),
        (Span(4, 6), Edit(Span(6, 6), "xyz"), Span(4, 6)),
        (Span(4, 4), Edit(Span(4, 4), "xyz"), Span(7, 7)),
        # bytes, not characters
        (Span(4, 6), Edit(Span(0, 1), "é"), Span(5, 7)),
        (Span(4, 6), Edit(Span(0, 4), ""), Span(0, 2)),
    ],
)
def test_a_range_moves_with_its_text(span, edit, now):
    assert moved(span, [edit]) == now


def test_an_edit_that_several_fixes_share_counts_once():
    edit = Edit(Span(0, 0), "xyz")
    assert moved(Span(4, 6), [edit, edit]) == Span(7, 9)


@st.composite
def edited(draw):
    """Draw a text, edits that do not overlap, and a range that none of them touches."""
    pieces = draw(st.lists(st.text("abé", max_size=4), min_size=3, max_size=9))
    source = SourceText("".join(pieces))
    ends = [0]
    for piece in pieces:
        ends.append(ends[-1] + len(piece.encode()))
    spans = [Span(start, end) for start, end in pairwise(ends)]
    kept = draw(st.integers(0, len(spans) - 1))
    edits = [
        Edit(span, draw(st.text("xyü", max_size=4)))
        for index, span in enumerate(spans)
        if index != kept and span.start < span.end and draw(st.booleans())
    ]
    return source, edits, spans[kept]


@given(edited())
def test_text_outside_all_edits_is_found_again(case):
    source, edits, span = case
    assert apply(source, edits).slice(moved(span, edits)) == source.slice(span)


@given(edited())
def test_the_places_of_edits_hold_their_texts(case):
    source, edits, _ = case
    result = apply(source, edits)
    assert [result.slice(span) for span in places(edits)] == [edit.text for edit in sorted(edits)]

from __future__ import annotations

import pytest

from batten.report.change import Change, changes
from batten.rewrite.edit import Edit
from batten.syntax.text import SourceText, Span

SOURCE = SourceText("one\ntwo\nthree\nfour\n")


def test_an_edit_in_a_line_replaces_that_line():
    assert changes(SOURCE, [Edit(Span(4, 5), "T")]) == (Change(1, ("two",), ("Two",)),)


def test_an_inserted_line_replaces_nothing():
    assert changes(SOURCE, [Edit(Span(4, 4), "new\n")]) == (Change(1, (), ("new",)),)


def test_a_removed_line_has_no_new_text():
    assert changes(SOURCE, [Edit(Span(4, 8), "")]) == (Change(1, ("two",), ()),)


def test_edits_of_one_line_are_one_change_and_of_distant_lines_two():
    edits = [Edit(Span(0, 1), "O"), Edit(Span(2, 3), "E"), Edit(Span(14, 15), "F")]

    assert changes(SOURCE, edits) == (
        Change(0, ("one",), ("OnE",)),
        Change(3, ("four",), ("Four",)),
    )


def test_an_insertion_at_the_end_follows_the_last_line():
    assert changes(SOURCE, [Edit(Span(19, 19), "five\n")]) == (Change(4, (), ("five",)),)


def test_crlf_is_no_part_of_a_line():
    source = SourceText("one\r\ntwo\r\n")

    assert changes(source, [Edit(Span(5, 6), "T")]) == (Change(1, ("two",), ("Two",)),)


def test_edits_that_overlap_are_refused():
    with pytest.raises(ValueError, match="overlapping"):
        changes(SOURCE, [Edit(Span(0, 3), "x"), Edit(Span(1, 2), "y")])

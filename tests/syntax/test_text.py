"""Places in a text: lines end where the protocol ends them, columns count what was asked for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batten.syntax.text import Encoding, Position, SourceText, Span

ENCODINGS = list(Encoding)
PIECES = [
    "a",
    "é",
    "😀",
    "\r",
    "\n",
    "\r\n",
    "\f",
    "\v",
    "\x85",
    "\u2028",
    "\ud83d",
    "\ude00",
    " ",
    "\t",
]
texts = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=30).map("".join)
encodings = st.sampled_from(ENCODINGS)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_ends_at_a_line_end_of_the_protocol(end: str) -> None:
    source = SourceText(f"a{end}b")
    assert source.line_count == 2
    assert source.position(len(source.data)) == Position(1, 1)


@pytest.mark.parametrize(
    "character", ["\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
)
def test_a_line_ends_nowhere_else(character: str) -> None:
    source = SourceText(f"a{character}b")
    assert source.line_count == 1
    assert source.position(len(source.data)) == Position(0, 3)


def test_text_that_ends_in_a_line_end_has_an_empty_last_line() -> None:
    source = SourceText("a\n")
    assert source.line_count == 2
    assert source.line_span(1) == Span(2, 2)
    assert SourceText("").line_count == 1


@pytest.mark.parametrize(
    ("encoding", "column"), [(Encoding.UTF8, 7), (Encoding.UTF16, 4), (Encoding.UTF32, 3)]
)
def test_a_column_counts_what_the_encoding_says(encoding: Encoding, column: int) -> None:
    source = SourceText("aé😀b")
    assert source.position(7, encoding) == Position(0, column)
    assert source.offset(Position(0, column), encoding) == 7


@pytest.mark.parametrize(
    ("encoding", "column"), [(Encoding.UTF8, 2), (Encoding.UTF8, 4), (Encoding.UTF16, 2)]
)
def test_a_column_inside_a_character_is_its_start(encoding: Encoding, column: int) -> None:
    assert SourceText("a😀b").offset(Position(0, column), encoding) == 1


def test_an_offset_inside_a_character_is_its_start() -> None:
    assert SourceText("a😀b").position(3) == Position(0, 1)


def test_an_offset_inside_a_line_end_is_the_end_of_the_line() -> None:
    assert SourceText("ab\r\nc").position(3) == Position(0, 2)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_places_outside_the_text_are_the_nearest_inside(encoding: Encoding) -> None:
    source = SourceText("aé\r\nb😀")
    end = len(source.data)
    assert source.offset(Position(0, 99), encoding) == 3
    assert source.offset(Position(0, -1), encoding) == 0
    assert source.offset(Position(-1, 5), encoding) == 0
    assert source.offset(Position(9, 0), encoding) == end
    assert source.offset(Position(1, 99), encoding) == end
    assert source.position(-5, encoding) == Position(0, 0)
    assert source.position(end + 5, encoding) == source.position(end, encoding)


@pytest.mark.parametrize("line", [-1, 1, 7])
def test_a_line_that_does_not_exist_has_no_span(line: int) -> None:
    with pytest.raises(IndexError):
        SourceText("a").line_span(line)


def test_a_lone_half_of_a_character_is_kept() -> None:
    source = SourceText("a\ud83db")
    assert source.slice(Span(0, len(source.data))) == "a\ud83db"
    assert source.offset(Position(0, 2), Encoding.UTF16) == 4


def test_halves_of_a_character_that_meet_are_joined() -> None:
    source = SourceText("\ud83d").replaced(Span(3, 3), "\ude00")
    assert source.text == "😀"
    assert source == SourceText("😀")


@given(texts, encodings)
def test_every_place_comes_back(text: str, encoding: Encoding) -> None:
    source = SourceText(text)
    offset = 0
    for character in source.text:
        position = source.position(offset, encoding)
        if source.data[offset - 1 : offset + 1] != b"\r\n":
            assert source.offset(position, encoding) == offset
        offset += len(character.encode("utf-8", "surrogatepass"))
    assert source.offset(source.position(offset, encoding), encoding) == offset


@given(texts)
def test_lines_and_their_ends_make_up_the_text(text: str) -> None:
    source = SourceText(text)
    lines = [source.slice(source.line_span(line)) for line in range(source.line_count)]
    assert lines == re.split("\r\n|\r|\n", source.text)


@given(texts, texts, st.data())
def test_a_replaced_text_equals_a_new_one(text: str, new: str, data: st.DataObject) -> None:
    source = SourceText(text)
    places = st.integers(0, len(source.text))
    start, end = sorted([data.draw(places), data.draw(places)])
    before = source.text[:start].encode("utf-8", "surrogatepass")
    inside = source.text[start:end].encode("utf-8", "surrogatepass")
    changed = source.replaced(Span(len(before), len(before) + len(inside)), new)
    expected = SourceText(source.text[:start] + new + source.text[end:])
    assert changed.text == expected.text
    assert changed.data == expected.data
    assert changed.line_count == expected.line_count
    for line in range(expected.line_count):
        assert changed.line_span(line) == expected.line_span(line)


@given(texts, st.lists(texts, min_size=1, max_size=3), encodings, st.data())
def test_a_text_in_pieces_tells_the_same_as_a_new_one(
    text: str, typed: list[str], encoding: Encoding, data: st.DataObject
) -> None:
    changed, whole = SourceText(text), SourceText(text).text
    made_of = [changed]
    for new in typed:
        at = data.draw(st.integers(0, len(whole)))
        offset = len(whole[:at].encode("utf-8", "surrogatepass"))
        changed = changed.replaced(Span(offset, offset), new)
        whole = SourceText(whole[:at] + new + whole[at:]).text
        made_of.append(changed)
    expected = SourceText(whole)
    place = data.draw(st.integers(0, len(expected.data) + 1))
    position = expected.position(place, encoding)

    assert changed.position(place, encoding) == position
    assert changed.offset(position, encoding) == expected.offset(position, encoding)
    assert changed.line_span(position.line) == expected.line_span(position.line)
    assert changed.columns(Span(place, place)) == expected.columns(Span(place, place))
    for each in made_of:
        assert (changed == each) == (expected.data == each.data)
    assert changed == expected
    assert expected == changed
    changed.put_together()
    assert changed.data == expected.data


def test_spans_hold_and_meet_one_another() -> None:
    assert Span(1, 4).contains(Span(1, 4))
    assert not Span(1, 4).contains(Span(0, 2))
    assert Span(1, 4).overlaps(Span(3, 9))
    assert not Span(1, 4).overlaps(Span(4, 9))
    assert Span(1, 4).shifted(2) == Span(3, 6)

"""The copy of a document is the editor's text, whatever the edits and whatever a column counts."""

from __future__ import annotations

import pytest
from editing import UNITS, position
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from batten.syntax.text import Encoding, Position, SourceText, Span
from batten_server.document import Change, Document, opened

FAR = 2**31 - 1


def document(text: str) -> Document:
    return opened(types.TextDocumentItem("file:///a.py", "python", 1, text))


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> Change:
    return Change(text, (Position(*start), Position(*end)))


def after(text: str, *changes: Change) -> str:
    return document(text).changed(2, changes, Encoding.UTF16).source.text


@st.composite
def texts_and_edits(draw: st.DrawFn) -> tuple[str, str, list[tuple[int, int, str]]]:
    """An encoding, a text, and edits as indices into the text that each of them finds."""
    pieces = st.lists(
        st.sampled_from(
            [
                "a",
                "é",
                "😀",
                "\ufeff",
                "\r",
                "\n",
                "\r\n",
                "\f",
                "\x0b",
                "\x1c",
                "\x85",
                "\u2028",
                "\t",
                "\0",
            ]
        ),
        max_size=8,
    ).map("".join)
    text = first = draw(pieces)
    edits = []
    for _ in range(draw(st.integers(0, 4))):
        # An editor cannot place anything between the two characters of one line end.
        places = [i for i in range(len(text) + 1) if text[max(i - 1, 0) : i + 1] != "\r\n"]
        start, end = sorted((draw(st.sampled_from(places)), draw(st.sampled_from(places))))
        new = draw(pieces)
        edits.append((start, end, new))
        text = text[:start] + new + text[end:]
    return draw(st.sampled_from(sorted(UNITS))), first, edits


@st.composite
def edits_of_few_lines(draw: st.DrawFn) -> list[Change]:
    """Edits such as come of fast typing, at places that need not be there."""
    places = st.builds(Position, st.integers(0, 2), st.integers(0, 9))
    texts = st.text("ab é😀\r\n", max_size=2)
    return draw(st.lists(st.builds(Change, texts, st.tuples(places, places)), max_size=6))


@given(st.text("ab é😀\r\n", max_size=12), edits_of_few_lines(), st.sampled_from(Encoding))
def test_many_edits_at_once_are_the_same_as_one_after_another(
    text: str, edits: list[Change], encoding: Encoding
) -> None:
    one_by_one = document(text)
    for change in edits:
        one_by_one = one_by_one.changed(2, [change], encoding)
    assert document(text).changed(2, edits, encoding).source == one_by_one.source


@given(texts_and_edits())
def test_edits_make_the_text_that_the_editor_has(
    case: tuple[str, str, list[tuple[int, int, str]]],
) -> None:
    encoding, text, edits = case
    copy = document(text)
    for version, (start, end, new) in enumerate(edits, 2):
        change = edit(position(text, start, encoding), position(text, end, encoding), new)
        copy = copy.changed(version, [change], Encoding(encoding))
        text = text[:start] + new + text[end:]
        (shown,) = copy.parts
        assert (shown.version, shown.source) == (version, SourceText(text))
        assert copy.source.text == text.removeprefix("\ufeff")
        assert shown.start == len(copy.source.data) - len(shown.source.data)


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 3), ("utf-16", 1), ("utf-32", 1)])
def test_a_byte_order_mark_is_before_the_program(encoding: str, column: int) -> None:
    (part,) = document("\ufeffx\ny").parts
    start = types.Position(0, column)

    assert part.to_range(Span(0, 1), Encoding(encoding)).start == start
    assert part.to_range(Span(2, 3), Encoding(encoding)).start == types.Position(1, 0)
    assert [part.to_offset(at, Encoding(encoding)) for at in (types.Position(0, 0), start)] == [
        0,
        0,
    ]


@pytest.mark.parametrize(
    "separator", ["\f", "\x0b", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
)
def test_what_the_protocol_does_not_call_a_line_end_is_none(separator: str) -> None:
    text = f"a{separator}b\nreturn x\n"

    assert after(text, edit((1, 7), (1, 8), "y")) == f"a{separator}b\nreturn y\n"


def test_changes_of_one_notification_apply_each_to_the_text_before_it() -> None:
    assert after("ab\n", edit((0, 0), (0, 1), "xyz\n"), edit((1, 0), (1, 1), "!")) == "xyz\n!\n"


def test_a_change_without_range_is_the_whole_text() -> None:
    assert after("old\n", Change("new\n"), edit((0, 0), (0, 0), "# ")) == "# new\n"


def test_a_column_past_the_end_of_its_line_is_the_end_of_the_line() -> None:
    assert after("ab\r\ncd", edit((0, 99), (0, FAR), "!")) == "ab!\r\ncd"


def test_a_line_past_the_end_is_the_end_of_the_text() -> None:
    assert after("ab\ncd", edit((7, 0), (FAR, FAR), "!")) == "ab\ncd!"
    assert after("ab\n", edit((0, 1), (FAR, 0), "!")) == "a!"
    assert after("", edit((3, 3), (3, 3), "!")) == "!"


def test_a_range_from_its_end_to_its_start_is_put_in_order() -> None:
    assert after("abc", edit((0, 2), (0, 1), "!")) == "a!c"


def test_a_column_inside_a_character_is_its_start_where_there_are_no_halves() -> None:
    held = document("x😀y").changed(2, [edit((0, 2), (0, 5), "")], Encoding.UTF8)

    assert held.source.text == "xy"


def test_halves_of_a_character_that_come_in_two_edits_become_the_character() -> None:
    assert after("x", edit((0, 1), (0, 1), "\ud83d"), edit((0, 2), (0, 2), "\ude00")) == "x😀"


def test_half_a_character_is_kept_until_the_other_half_comes() -> None:
    assert after("ab", edit((0, 1), (0, 1), "\udc00")) == "a\udc00b"


def test_a_line_feed_that_joins_a_carriage_return_makes_one_line_end() -> None:
    text = after("a\rb", edit((1, 0), (1, 0), "\n"), edit((1, 0), (1, 1), "c"))

    assert text == "a\r\nc"


def test_line_ends_around_a_line_that_is_emptied_become_one() -> None:
    text = after("a\rb\nc", edit((1, 0), (1, 1), ""), edit((1, 0), (1, 0), "d"))

    assert text == "a\r\ndc"


def test_a_document_stays_as_it_is_when_it_is_edited() -> None:
    before = document("a")
    before.changed(2, [edit((0, 0), (0, 1), "b")], Encoding.UTF16)

    assert (before.version, before.source.text) == (1, "a")


def halves() -> st.SearchStrategy[str]:
    """Texts in which characters may have lost a half."""
    return st.text("a é😀😁\n\ud83d\ude01", max_size=6)


@given(halves(), st.lists(st.tuples(halves(), st.integers(0, 9), st.integers(0, 9)), max_size=4))
def test_an_edit_may_be_of_half_a_character(text: str, edits: list[tuple[str, int, int]]) -> None:
    """Who compares texts in UTF-16 sends only the half in which one emoji differs from another."""
    held = document(text)
    units = text.encode("utf-16-le", "surrogatepass")
    for new, *ends in edits:
        first, last = sorted(min(2 * end, len(units)) for end in ends)
        change = edit(in_units(units, first), in_units(units, last), new)
        held = held.changed(2, [change], Encoding.UTF16)
        units = units[:first] + new.encode("utf-16-le", "surrogatepass") + units[last:]

    assert held.source.text == units.decode("utf-16-le", "surrogatepass")


def in_units(units: bytes, at: int) -> tuple[int, int]:
    """The place of a byte of a text in UTF-16."""
    before = units[:at].decode("utf-16-le", "surrogatepass").split("\n")
    return len(before) - 1, len(before[-1].encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (edit((0, 3), (0, 4), "\ude01"), 'x"😁"\n'),
        (edit((0, 3), (0, 3), "a"), 'x"\ud83da\ude00"\n'),
        (edit((0, 3), (0, 2), ""), 'x"\ude00"\n'),
        (edit((0, 3), (0, 4), ""), 'x"\ud83d"\n'),
    ],
)
def test_half_of_a_character_stays_where_the_editor_has_it(change: Change, text: str) -> None:
    assert after('x"😀"\n', change) == text

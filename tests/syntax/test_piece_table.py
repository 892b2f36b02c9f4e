"""A piece table is the bytes that it stands for, in part and as a whole, after any changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from batten.syntax.piece_table import NEAR, PieceTable

BYTES = st.binary(max_size=3) | st.sampled_from((b"\n", b"ab\ncd", b"", b"x" * 300))
PLACES = st.tuples(st.integers(0, 10_000), st.integers(0, 5))
CHANGES = st.lists(st.tuples(PLACES, BYTES, st.booleans()), max_size=8)


@given(st.binary(max_size=40) | st.just(b"word = 1\n" * 2_000), CHANGES, PLACES)
def test_it_is_what_was_made_of_it(
    whole: bytes, changes: list[tuple[tuple[int, int], bytes, bool]], asked: tuple[int, int]
) -> None:
    table = PieceTable(whole)
    for (at, length), new, is_put_together in changes:
        at = min(at, len(whole))
        end = min(at + length, len(whole))
        table = table.replaced(at, end, new)
        whole = whole[:at] + new + whole[end:]
        assert_same(table, whole, *asked)
        assert_same(table, whole, max(at - 2, 0), length)
        if is_put_together:
            table.put_together()
            assert_same(table, whole, *asked)

    assert table.whole == whole
    assert table == PieceTable(whole)


def assert_same(table: PieceTable, whole: bytes, at: int, length: int) -> None:
    at = min(at, len(whole))
    line_feed = whole.find(b"\n", at)
    assert len(table) == len(whole)
    assert table.part(at, at + length) == whole[at : at + length]
    assert table.part(at, at + 9_000) == whole[at : at + 9_000]
    assert table.line_start(at) == whole.rfind(b"\n", 0, at) + 1
    assert table.line_end(at) == (line_feed if line_feed >= 0 else len(whole))


@pytest.mark.parametrize("distance", [0, 10, NEAR - 10])
def test_letters_typed_near_each_other_copy_nothing(distance: int) -> None:
    known = bytes(100_000)
    table = PieceTable(known)
    for number in range(9):
        at = 50_000 + (distance if number % 2 else number)
        table = table.replaced(at, at, b"x")

    assert table._is[0] is known  # type: ignore[index]
    assert len(table) == 100_009


def test_tables_of_other_bytes_are_others() -> None:
    table = PieceTable(b"one")
    assert table != PieceTable(b"two")
    assert table != PieceTable(b"ones")
    assert table.replaced(0, 1, b"c").replaced(0, 1, b"o") == table
    assert table != b"one"

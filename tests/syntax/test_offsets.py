"""Offsets that move with changes are those counted anew."""

from __future__ import annotations

from bisect import bisect_right

from hypothesis import given
from hypothesis import strategies as st

from batten.syntax.offsets import Offsets

_RISING = st.lists(st.integers(1, 5), max_size=30).map(
    lambda steps: [sum(steps[: n + 1]) for n in range(len(steps))]
)


@given(_RISING, st.lists(st.tuples(st.integers(0), st.integers(0, 4), st.integers(0, 4))))
def test_offsets_after_changes_are_those_of_a_plain_list(
    known: list[int], changes: list[tuple[int, int, int]]
) -> None:
    offsets = Offsets(known)
    for place, removed, added in changes:
        first = place % (len(known) + 1)
        last = min(first + removed, len(known))
        begin = known[first - 1] if first else 0
        end = known[last] if last < len(known) else begin + 9
        new = [begin + n for n in range(1, added + 1)]
        moved = begin + added + 1 - end
        known = [*known[:first], *new, *[each + moved for each in known[last:]]]
        before, offsets = offsets, offsets.replaced(first, last, new, moved)

        assert list(offsets) == known
        assert len(offsets) == len(known)
        assert [offsets[n] for n in range(len(known))] == known
        assert offsets[-1:] == known[-1:]
        for offset in range(known[-1] + 3 if known else 3):
            assert offsets.up_to(offset) == bisect_right(known, offset)
        pairs = zip(before, offsets, strict=False)
        differ = next((n for n, (one, other) in enumerate(pairs) if one != other), None)
        assert offsets.common(before) == (
            min(len(before), len(offsets)) if differ is None else differ
        )


@given(_RISING, st.integers(0, 30), st.integers(0, 3), st.integers(0, 30), st.integers(0, 3))
def test_what_is_moved_is_told(
    known: list[int], index: int, moved: int, other: int, further: int
) -> None:
    one = Offsets(known).replaced(min(index, len(known)), min(index, len(known)), (), moved)
    two = one.replaced(min(other, len(known)), min(other, len(known)), (), further)
    for at in range(len(known) + 1):
        for by in range(-3, 4):
            for before, after in ((one, two), (two, one), (Offsets(one), two)):
                offsets = list(before)
                expected = [*offsets[:at], *[each + by for each in offsets[at:]]]
                assert after.are_moved(before, at, by) == (list(after) == expected)

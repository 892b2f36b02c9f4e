"""Two lists of ranges are ordered alike when each pair of places is."""

from __future__ import annotations

from array import array

from hypothesis import example, given
from hypothesis import strategies as st

from batten.summarize.summary import Ranges

NUMBERS = st.lists(st.integers(0, 9), max_size=8)


def _ranges(numbers: list[int]) -> Ranges:
    return Ranges(array("I", numbers).tobytes())


@given(NUMBERS, NUMBERS | st.tuples(st.integers(0, 9), st.integers(-2, 2)))
@example([3, 5], (4, -2))
@example([3, 5], (4, -1))
def test_order(some: list[int], others: list[int] | tuple[int, int]) -> None:
    if isinstance(others, tuple):
        after, by = others
        others = [at + max(by, -at) if at > after else at for at in some]
    alike = len(some) == len(others) and all(
        (a < b, a == b) == (c < d, c == d)
        for a, c in zip(some, others, strict=False)
        for b, d in zip(some, others, strict=False)
    )
    assert _ranges(some).are_ordered_as(_ranges(others)) == alike

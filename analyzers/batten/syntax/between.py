"""What lies between the ends that two rows have in common."""

from __future__ import annotations

from itertools import compress, count, islice
from operator import is_not
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MANY = 1 << 62


def between(
    ones: Sequence[object], others: Sequence[object], apart: int = 1
) -> tuple[range, range]:
    """Return the indices in each of two rows of all between ends that are the very same.

    The first of each is set apart and not among them: of the units of two texts that is the
    module, which differs whenever one comes or goes. `apart` tells how many are.
    """
    shorter = min(len(ones), len(others))
    same = _alike(islice(ones, apart, None), islice(others, apart, None))
    first = min(shorter, apart + same)
    behind = min(shorter - first, _alike(reversed(ones), reversed(others)))
    return range(first, len(ones) - behind), range(first, len(others) - behind)


def _alike(ones: Iterable[object], others: Iterable[object]) -> int:
    """Return how many are the very same at the beginning; very many for all of the shorter row."""
    return next(compress(count(), map(is_not, ones, others)), _MANY)

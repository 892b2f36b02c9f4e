"""Deep calls need no more of the system than shallow ones."""

from __future__ import annotations

import platform
import sys
from functools import partial

import pytest

from batten.project.call_stack import with_room

BORDERS = pytest.mark.skipif(
    platform.python_implementation() != "CPython"
    or sys.version_info < (3, 11)
    or sys.platform != "linux",
    reason="only here frames are kept in pieces, and faults are counted for a thread",
)
ROUNDS = 100
DEPTH = 400


def test_what_a_job_returns_comes_back() -> None:
    assert with_room(lambda: "done") == "done"


def test_what_a_job_raises_comes_out() -> None:
    with pytest.raises(ZeroDivisionError):
        with_room(lambda: 1 // 0)


@BORDERS
def test_no_depth_pays_for_a_border() -> None:
    most = ROUNDS  # of a border: a fault in each round
    assert with_room(partial(faults, DEPTH)) < most
    assert faults(DEPTH) >= most, "there are no borders without it: is it of any use still?"


def faults(depth: int) -> int:
    """Return the most page faults of calling again and again at one of so many depths."""
    import resource

    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for _ in range(ROUNDS):
        nothing()
    here = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before
    return max(here, faults(depth - 1)) if depth else here


def nothing() -> None:
    pass

"""What waits for quiet waits from the last key on, and is done once."""

from __future__ import annotations

from clock import Clock

from batten_server.quiet import Quiet


def begun() -> tuple[Quiet, Clock, list[float]]:
    """Something that waits for ten seconds of quiet, and when it was done."""
    clock, done = Clock(), list[float]()
    return Quiet(clock, 10.0, lambda: done.append(clock.now)), clock, done  # type: ignore[arg-type]


def test_it_is_done_once_after_the_last_disturbance() -> None:
    quiet, clock, done = begun()
    for _ in range(9):
        quiet.disturb()
        clock.pass_by(4.0)
    assert done == []
    clock.pass_by(4.0)
    assert done == []
    clock.pass_by(4.0)
    clock.pass_by(100.0)

    assert done == [44.0]


def test_it_is_done_again_after_later_ones() -> None:
    quiet, clock, done = begun()
    for _ in range(2):
        quiet.disturb()
        clock.pass_by(10.0)

    assert done == [10.0, 20.0]


def test_keys_set_one_timer() -> None:
    quiet, clock, _ = begun()
    for _ in range(100):
        quiet.disturb()

    assert len(clock.timers) == 1

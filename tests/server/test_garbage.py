"""When the collector looks: never in the middle of a word, and always when much was thrown away."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest
from clock import Clock

from batten_server import garbage
from batten_server.garbage import IDLE, MUCH, Garbage


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the collector was asked for, in order."""
    found: list[str] = []
    for name in ("freeze", "unfreeze", "collect"):
        monkeypatch.setattr(gc, name, lambda name=name: found.append(name))
    monkeypatch.setattr(gc, "set_threshold", lambda *counts: None)
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 0))
    return found


def typed(collector: Garbage, clock: Clock, keys: int) -> None:
    for _ in range(keys):
        collector.settled()
        clock.pass_by(0.1)


def test_what_is_there_at_the_first_findings_is_not_looked_at_again(asked: list[str]) -> None:
    clock = Clock()
    typed(Garbage(clock), clock, 10)  # type: ignore[arg-type]

    assert asked == ["freeze"]


def test_new_objects_are_looked_at_more_often_from_then_on(
    asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    thresholds: list[tuple[int, ...]] = []
    monkeypatch.setattr(gc, "set_threshold", lambda *counts: thresholds.append(counts))
    clock = Clock()
    garbage.begin()
    typed(Garbage(clock), clock, 10)  # type: ignore[arg-type]

    never = garbage.NEVER
    assert thresholds == [(garbage.FIRST, never, never), (garbage.NEW, never, never)]
    assert garbage.NEW < garbage.FIRST


def test_nothing_is_collected_while_somebody_types(asked: list[str]) -> None:
    clock = Clock()
    typed(Garbage(clock), clock, 50 * MUCH)  # type: ignore[arg-type]

    assert asked == ["freeze"]


def test_new_objects_are_looked_at_when_findings_are_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then no key waits for it."""
    clock = Clock()
    collector = Garbage(clock)  # type: ignore[arg-type]
    collected: list[int] = []
    made = [0]
    for name in ("freeze", "set_threshold"):
        monkeypatch.setattr(gc, name, lambda *_: None)
    monkeypatch.setattr(gc, "collect", collected.append)
    monkeypatch.setattr(gc, "get_count", lambda: (made[0], 0, 0))
    typed(collector, clock, 3)
    assert collected == []
    made[0] = garbage.SOME + 1
    typed(collector, clock, 2)

    assert collected == [0, 0]
    assert garbage.SOME < garbage.NEW


def test_all_is_collected_once_nobody_has_typed_for_a_while(asked: list[str]) -> None:
    clock = Clock()
    collector = Garbage(clock)  # type: ignore[arg-type]
    typed(collector, clock, MUCH + 1)
    clock.pass_by(IDLE - 0.2)
    assert asked == ["freeze"]
    clock.pass_by(0.2)
    assert asked == ["freeze", "unfreeze", "collect", "freeze"]
    clock.pass_by(100 * IDLE)
    assert asked == ["freeze", "unfreeze", "collect", "freeze"]

    typed(collector, clock, MUCH)
    clock.pass_by(IDLE)
    assert asked[4:] == ["unfreeze", "collect", "freeze"]


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes of memory are taken."""
    found = [500_000_000]
    monkeypatch.setattr(garbage, "memory_taken", lambda: found[0])
    return found


def test_all_is_collected_in_a_pause_when_memory_has_grown_by_much(
    asked: list[str], taken: list[int]
) -> None:
    """As it does while somebody types in a giant function, or opens many files."""
    clock = Clock()
    collector = Garbage(clock)  # type: ignore[arg-type]
    typed(collector, clock, garbage.LOOK)
    taken[0] += garbage.GROWN + 1
    typed(collector, clock, 2 * garbage.LOOK)
    assert asked == ["freeze"]
    clock.pass_by(garbage.PAUSE)
    assert asked == ["freeze", "unfreeze", "collect", "freeze"]
    typed(collector, clock, 3 * garbage.LOOK)
    clock.pass_by(garbage.PAUSE)

    assert asked == ["freeze", "unfreeze", "collect", "freeze"]


def test_memory_has_an_end_for_those_who_never_pause(asked: list[str], taken: list[int]) -> None:
    clock = Clock()
    collector = Garbage(clock)  # type: ignore[arg-type]
    typed(collector, clock, garbage.LOOK)
    taken[0] += garbage.TOO_MUCH + 1
    typed(collector, clock, garbage.LOOK)

    assert asked == ["freeze", "unfreeze", "collect", "freeze"]


def test_a_little_work_is_not_worth_it(asked: list[str]) -> None:
    clock = Clock()
    collector = Garbage(clock)  # type: ignore[arg-type]
    typed(collector, clock, MUCH // 2)
    clock.pass_by(10 * IDLE)

    assert asked == ["freeze"]


def test_all_is_collected_when_a_client_has_left(asked: list[str]) -> None:
    """A server on a socket would keep every session that there was."""
    clock = Clock()
    garbage.left(clock)  # type: ignore[arg-type]
    assert asked == []
    clock.pass_by(garbage.LEFT)

    assert asked == ["unfreeze", "collect", "freeze"]


def test_it_is_told_before_the_protocol_is_loaded() -> None:
    code = (
        "import sys, gc\n"
        "from batten_server import command, garbage\n"
        "assert not {'pygls', 'lsprotocol', 'batten.link'} & sys.modules.keys()\n"
        "garbage.begin()\n"
        "print(gc.isenabled(), *gc.get_threshold())\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert run.stdout.split() == [
        "True",
        *map(str, (garbage.FIRST, garbage.NEVER, garbage.NEVER)),
    ], run.stderr

"""What fixes need is loaded beside everything else."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from typing import TYPE_CHECKING

from batten_server.loading import Loading

if TYPE_CHECKING:
    import pytest


def test_it_is_loaded_once_in_a_thread_of_its_own() -> None:
    loading, threads = Loading(), []

    for _ in range(2):
        loading.begin(lambda: threads.append(threading.current_thread()))
    asyncio.run(loading.over())

    assert len(threads) == 1
    assert threads[0] is not threading.current_thread()
    assert "libcst" in sys.modules


def test_others_get_their_turn_at_once_only_while_there_is_loading() -> None:
    loading, intervals, usual = Loading(), [], sys.getswitchinterval()

    loading.begin(lambda: intervals.append(sys.getswitchinterval()))
    asyncio.run(loading.over())

    assert intervals[0] < usual
    assert sys.getswitchinterval() == usual


def test_a_failure_costs_nothing_but_what_was_to_be_loaded(
    caplog: pytest.LogCaptureFixture,
) -> None:
    loading = Loading()

    loading.begin(lambda: [][0])
    with caplog.at_level(logging.ERROR):
        asyncio.run(loading.over())

    assert "could not be loaded" in caplog.text


def test_who_waits_keeps_nobody_from_work_and_may_give_up() -> None:
    loading, may_end = Loading(), threading.Event()

    async def session() -> None:
        loading.begin(lambda: _wait(may_end))
        first, second = (asyncio.ensure_future(loading.over()) for _ in range(2))
        await asyncio.sleep(0)
        assert not loading.is_over
        first.cancel()
        may_end.set()
        await second
        assert loading.is_over
        await loading.over()

    asyncio.run(session())


def test_who_waits_for_what_nobody_has_begun_begins_it() -> None:
    loading = Loading()

    asyncio.run(loading.over())

    assert loading.is_over


def _wait(event: threading.Event) -> None:
    assert event.wait(60)

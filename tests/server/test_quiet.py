"""What waits for quiet waits from the last key on, and is done once."""

from __future__ import annotations

import asyncio

from batten_server.quiet import Quiet

SHORT = 0.05


async def test_it_is_done_once_after_the_last_disturbance() -> None:
    done: list[float] = []
    loop = asyncio.get_running_loop()
    quiet = Quiet(loop, SHORT, lambda: done.append(loop.time()))
    for _ in range(4):
        quiet.disturb()
        await asyncio.sleep(SHORT / 2)
    last = loop.time() - SHORT / 2
    assert done == []
    await asyncio.sleep(4 * SHORT)

    assert len(done) == 1
    assert done[0] - last > SHORT * 0.9


async def test_it_is_done_again_after_later_ones() -> None:
    done: list[str] = []
    quiet = Quiet(asyncio.get_running_loop(), SHORT, lambda: done.append("done"))
    for _ in range(2):
        quiet.disturb()
        await asyncio.sleep(4 * SHORT)

    assert done == ["done", "done"]

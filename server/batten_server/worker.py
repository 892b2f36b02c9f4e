"""The thread that analyses: one, so that jobs run in order and the engine needs no locks.

While it has nothing to do, the event loop may analyse, too (`short_turn.py`).

The event loop stays free for the editor meanwhile. The thread is a daemon, so that the end of
the session does not wait for the job at hand, and it is not of pygls's pool, whose threads
also carry standard input.
"""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from batten.project.call_stack import with_room

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Worker:
    """Runs jobs one after another in a thread of its own, which starts with the first."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[tuple[Callable[[], Any], asyncio.Future[Any]] | None]
        self._jobs = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread: threading.Thread | None = None
        self._unfinished = 0

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to do, nor anything that is being done."""
        return not self._unfinished

    def do(self, job: Callable[[], T]) -> asyncio.Future[T]:
        """Queue a job and return its outcome to await; what has one before it began is skipped."""
        future: asyncio.Future[T] = self._loop.create_future()
        self._unfinished += 1
        self._jobs.put((job, future))
        if self._thread is None:
            work = partial(with_room, self._work)
            self._thread = threading.Thread(target=work, name="batten-analysis", daemon=True)
            self._thread.start()
        return future

    def end(self) -> None:
        """Do no more than what is queued."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (task := self._jobs.get()) is not None:
            job, future = task
            outcome, error = None, None
            try:
                if not future.done():  # somebody waits for it still
                    outcome = job()
            except BaseException as raised:  # the one who awaits it decides
                error = raised
            try:
                self._loop.call_soon_threadsafe(self._tell, future, outcome, error)
            except RuntimeError:  # the loop is closed: nobody waits any more
                return

    def _tell(self, future: asyncio.Future[Any], outcome: Any, error: BaseException | None) -> None:
        self._unfinished -= 1
        if future.done():
            return  # cancelled meanwhile
        if error is None:
            future.set_result(outcome)
        else:
            future.set_exception(error)

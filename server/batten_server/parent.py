"""Leaving when the editor is gone: a server without its editor would run for ever."""

from __future__ import annotations

import asyncio
import os
import sys

_INTERVAL = 1.0
"""Seconds between two looks."""


class Watch:
    """The processes that a session must not outlive."""

    def __init__(self) -> None:
        self._processes: set[int] = set()

    def end_with(self, pid: int | None) -> None:
        """Take in a process that has started this one; if it is gone already, that is the end."""
        if pid is not None:
            self._processes.add(pid)

    def follow(self, pid: int | None) -> None:
        """Take in the process that a client names, if it runs.

        An editor in another container or on another host names one that does not exist here.
        """
        if pid is not None and alive(pid):
            self._processes.add(pid)

    async def gone(self) -> None:
        """Return when one of the processes has ended."""
        while all(map(alive, self._processes)):
            await asyncio.sleep(_INTERVAL)


if sys.platform == "win32":
    import ctypes

    _SYNCHRONIZE = 0x00100000
    _WAIT_TIMEOUT = 0x00000102

    def alive(pid: int) -> bool:
        """Tell whether a process runs (`os.kill(pid, 0)` would interrupt it on Windows)."""
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(_SYNCHRONIZE, False, pid)
        if not handle:
            return False
        try:
            return bool(kernel.WaitForSingleObject(handle, 0) == _WAIT_TIMEOUT)
        finally:
            kernel.CloseHandle(handle)

else:

    def alive(pid: int) -> bool:
        """Tell whether a process runs."""
        if pid <= 0:
            return False
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, OverflowError):
            return False
        except PermissionError:
            return True
        return True

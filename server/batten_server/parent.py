"""Leaving when the editor is gone: a server without its editor would run for ever."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_INTERVAL = 1.0
"""Seconds between two looks."""


async def gone(processes: Callable[[], Iterable[int]]) -> None:
    """Return when one of the processes has ended.

    Only a process that was seen running counts: an editor in another container or on another
    host names a process that does not exist here.
    """
    seen: set[int] = set()
    while True:
        for pid in processes():
            if alive(pid):
                seen.add(pid)
            elif pid in seen:
                return
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

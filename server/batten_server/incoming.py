"""What the client has sent that is not read yet: the next key of a burst is mostly there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_AT_ONCE = 100
"""So many times something is read before an analysis begins or goes on, at most."""


class Incoming:
    """The unread messages of a session.

    `is_there` tells, without waiting, whether there are any; where nobody can tell there are none.
    """

    def __init__(self) -> None:
        self.is_there: Callable[[], bool] = lambda: False

    async def read(self) -> None:
        """Let the event loop read what has come meanwhile."""
        for _ in range(MOST_AT_ONCE):
            if not self.is_there():
                return
            await asyncio.sleep(0)

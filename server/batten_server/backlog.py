"""What waits for a client that is slow to read.

A client may stop reading for ever while its user types on. So what is told of one thing takes
the place of what was told of it before and nobody has read: what waits is bounded by how many
things there are, not by how long.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Protocol


class Writer(Protocol):
    """The way to a client."""

    def write(self, data: bytes, about: str | None = None) -> None:
        """Write a message after those before it.

        One `about` something is news: older news of the same need not be written any more.
        """

    def close(self) -> None:
        """Write what is left, if the client reads it, and end."""


class Backlog:
    """Messages in the order in which they are to be written; there may be none."""

    def __init__(self) -> None:
        self._messages: OrderedDict[object, bytes] = OrderedDict()

    def __len__(self) -> int:
        return len(self._messages)

    def put(self, data: bytes, about: str | None = None) -> None:
        """Take the last message, in the place of older news of the same."""
        key = object() if about is None else about
        self._messages.pop(key, None)
        self._messages[key] = data

    def take(self) -> bytes:
        """Give the first message away. KeyError when there is none."""
        return self._messages.popitem(last=False)[1]

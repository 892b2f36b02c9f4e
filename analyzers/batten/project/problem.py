"""What kept a file, or a part of it, from being judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """Why something was not judged; the value is the word of every output format."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    UNDECODABLE = "undecodable"
    BINARY = "binary"
    SYNTAX = "syntax"
    INTERNAL = "internal"


class Lines(NamedTuple):
    """A run of lines, both ends included, counted from 1."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was not judged: a whole file, or the `lines` of it that are named."""

    path: str
    kind: Kind
    message: str
    lines: tuple[Lines, ...] = ()


def failed(path: str, failure: Exception) -> Problem:
    """Return the problem of a file on which Batten itself failed, and log the failure."""
    import logging  # nearly every run does without it

    logging.getLogger("batten").debug("Failed on %s", path, exc_info=failure)
    return Problem(
        path,
        Kind.INTERNAL,
        f"Batten failed on this file ({type(failure).__name__}: {failure}); "
        "please report it with what BATTEN_DEBUG=1 shows",
    )

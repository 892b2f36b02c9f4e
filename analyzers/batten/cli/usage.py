"""Wrong use of the command line."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class UsageError(Exception):
    """Somebody asked for what can't be done; the message says what, and ends the run with 2."""


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean X?` for the known word that is nearest, or nothing."""
    by_lower = {each.lower(): each for each in known}
    near = get_close_matches(word.lower(), by_lower, n=1)
    return f"; did you mean {by_lower[near[0]]}?" if near else ""

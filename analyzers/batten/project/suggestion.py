"""The word that somebody may have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean X?` for the known word that is nearest, or nothing."""
    from difflib import get_close_matches  # for mistakes only

    by_lower = {each.lower(): each for each in known}
    near = get_close_matches(word.lower(), by_lower, n=1)
    return f"; did you mean {by_lower[near[0]]}?" if near else ""

"""Addresses that are written out, and where.

Values know their text, not the place where it is written; the functions of a program list the
places of literals that begin with an address.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.link.index import FunctionKey, Index
    from batten.syntax.text import Span
    from batten.values.terms import Hole

# What a later filling puts something else in place of, or reads as something else.
_FILLED = re.compile(r"%(?:\([^)]*\))?[^a-zA-Z%]*[a-zA-Z%]|\{[^{}]*\}|\$\w+")


class Written(NamedTuple):
    """A text that begins with an address which is written out in a function.

    `parts` are its parts, `behind` what follows them, as short as the grammar can read it.
    `anchor` is the site of that hole, `around` that of the expression that the text is, where
    they are known and in the same function.
    """

    function: FunctionKey
    parts: tuple[str | Hole, ...]
    behind: str
    anchor: int | None
    around: int | None


class Literals:
    """The places of literals of one program, as its documents are now."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._of_functions: dict[FunctionKey, _Places] = {}

    def site(self, written: Written, text: str) -> int | None:
        """Return the site of the literal that a text begins with; None when none fits.

        It is the first one in the expression that the text is, or the last one before the text's
        first hole, or around it. Where nothing tells, it is the one that says most of the text, or
        the first of those that say all of it. `text` is all that is known of the text.
        """
        function = written.function
        places = self._of_functions.get(function)
        if places is None:
            places = self._of_functions[function] = _places(function, self._index)
        if written.around is not None:
            inside = _first_inside(places, self._index.span(function, written.around), text)
            if inside is not None:
                return inside
        if written.anchor is not None:
            return _last_before(places, self._index.span(function, written.anchor).start, text)
        return _telling_most(places, text)


class _Place(NamedTuple):
    """A literal and where it is written; its text, cut where something else may be filled in."""

    start: int
    site: int
    end: int
    cut: tuple[str, ...]


@dataclass(slots=True)
class _Whole:
    """Literals with the same text, whose end is that of the text, too: how many, and the first."""

    first: int
    cut: tuple[str, ...]
    count: int = 1


class _Places(NamedTuple):
    """The literals of a function, in the order of the document.

    `whole` are those that are texts as a whole, by how they begin and what they say; `lengths` are
    those of these beginnings, the shortest first.
    """

    ordered: tuple[_Place, ...]
    whole: Mapping[str, Mapping[tuple[str, ...], _Whole]]
    lengths: tuple[int, ...]


def _places(function: FunctionKey, index: Index) -> _Places:
    ordered: list[_Place] = []
    whole: dict[str, dict[tuple[str, ...], _Whole]] = {}
    for literal in index.function(function).literals:
        span, cut = index.span(function, literal.site), tuple(_FILLED.split(literal.text))
        ordered.append(_Place(span.start, literal.site, span.end, cut))
        if literal.whole:
            alike = whole.setdefault(cut[0], {})
            if cut in alike:
                alike[cut].count += 1
            else:
                alike[cut] = _Whole(literal.site, cut)
    return _Places(tuple(sorted(ordered)), whole, tuple(sorted(set(map(len, whole)))))


def _first_inside(places: _Places, around: Span, text: str) -> int | None:
    """Return the site of the first literal inside an expression that fits."""
    for place in islice(places.ordered, bisect_left(places.ordered, (around.start,)), None):
        if place.start >= around.end:
            break
        if place.end <= around.end and _fits(place.cut, text):
            return place.site
    return None


def _last_before(places: _Places, start: int, text: str) -> int | None:
    """Return the site of the last literal up to a place that fits."""
    for number in reversed(range(bisect_left(places.ordered, (start + 1,)))):
        if _fits(places.ordered[number].cut, text):
            return places.ordered[number].site
    return None


def _telling_most(places: _Places, text: str) -> int | None:
    """Return the site of the literal that says most of a text; None when many say a part."""
    fitting = [
        whole
        for length in places.lengths[: bisect_right(places.lengths, len(text))]
        for whole in places.whole.get(text[:length], {}).values()
        if _fits(whole.cut, text)
    ]
    most = max((_said(whole.cut) for whole in fitting), default=0)
    best = [whole for whole in fitting if _said(whole.cut) == most]
    # Several that say only a part: the text may go on from any of them.
    is_told = best and (most == len(text) or sum(whole.count for whole in best) == 1)
    return min(whole.first for whole in best) if is_told else None


def _fits(cut: tuple[str, ...], text: str) -> bool:
    """Tell whether a text begins with a literal whose conversions were filled with anything."""
    first, *others = cut
    at = len(first)
    for part in others:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return text.startswith(first)


def _said(cut: tuple[str, ...]) -> int:
    return sum(map(len, cut))

"""Addresses that are written out, and where.

Values know their text, not the place where it is written; the functions of a program list the
places of literals that begin with an address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from batten.link.index import FunctionKey, Index
    from batten.summarize.summary import Literal
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


def literal_site(written: Written, text: str, index: Index) -> int | None:
    """Return the site of the literal that a text begins with; None when none fits.

    It is the first one in the expression that the text is, or the last one before the text's
    first hole, or around it. Where nothing tells, it is the one that says most of the text, or the
    first of those that say all of it. `text` is all that is known of the text.
    """
    function = written.function
    fitting = [literal for literal in index.function(function).literals if _fits(literal, text)]
    if written.around is not None:
        around = index.span(function, written.around)
        inside = [
            (index.span(function, literal.site).start, literal.site)
            for literal in fitting
            if around.contains(index.span(function, literal.site))
        ]
        if inside:
            return min(inside)[1]
    if written.anchor is None:
        whole = [literal for literal in fitting if literal.whole]
        most = max(map(_said, whole), default=0)
        best = [literal.site for literal in whole if _said(literal) == most]
        # Several that say only a part: the text may go on from any of them.
        return best[0] if best and (len(best) == 1 or most == len(text)) else None
    start = index.span(function, written.anchor).start
    before = [
        (index.span(function, literal.site).start, literal.site)
        for literal in fitting
        if index.span(function, literal.site).start <= start
    ]
    return max(before)[1] if before else None


def _fits(literal: Literal, text: str) -> bool:
    """Tell whether a text begins with a literal whose conversions were filled with anything."""
    first, *others = _FILLED.split(literal.text)
    at = len(first)
    for part in others:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return text.startswith(first)


def _said(literal: Literal) -> int:
    return sum(map(len, _FILLED.split(literal.text)))

"""Edits of a document, and fixes made of them."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile
from typing import TYPE_CHECKING

from batten.syntax.text import Span
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from batten.syntax.text import SourceText


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Put `text` in the place of the byte range `span` (empty for an insertion)."""

    span: Span
    text: str


class Level(Enum):
    """How far a fix may be trusted.

    SAFE keeps behaviour for every harmless value, UNSAFE may not, ADVICE has no edit.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    ADVICE = "advice"

    @property
    def caution(self) -> str:
        """What is to be said behind the title of a fix; nothing behind that of a safe one."""
        return _CAUTIONS[self]


_CAUTIONS = {
    Level.SAFE: "",
    Level.UNSAFE: " (may change what is sent for harmless values)",
    Level.ADVICE: " (advice, no edit)",
}


@immutable
class Fix:
    """A titled set of edits of one document, sorted and not overlapping."""

    title: str
    level: Level
    edits: tuple[Edit, ...]
    preferred: bool


def apply(source: SourceText, edits: Iterable[Edit]) -> SourceText:
    """Return `source` with all edits made; equal edits are made once.

    Raises ValueError when two different edits overlap, which would corrupt the text.
    """
    data = source.data
    pieces: list[bytes] = []
    made = sorted(set(edits))
    at = start = made[0].span.start if made else 0
    for edit in made:
        if edit.span.start < at:
            raise ValueError(f"overlapping edits at byte {edit.span.start}")
        pieces += (data[at : edit.span.start], edit.text.encode("utf-8", "surrogatepass"))
        at = edit.span.end
    text = b"".join(pieces).decode("utf-8", "surrogatepass")
    return source.replaced(Span(start, at), text)


def apart(fixes: Iterable[Fix]) -> tuple[Fix, ...]:
    """Return the fixes that can be made at once, the earlier of two that can't, by their place."""
    chosen: list[Fix] = []
    edits: list[Edit] = []
    for fix in fixes:
        if not any(_clash(edit, other) for edit in fix.edits for other in _near(edit, edits)):
            chosen.append(fix)
            for edit in fix.edits:
                if edit not in _near(edit, edits):
                    insort(edits, edit)
    return tuple(sorted(chosen, key=lambda fix: max(fix.edits)))


def _near(edit: Edit, edits: Sequence[Edit]) -> Sequence[Edit]:
    """Return those of sorted edits, which leave each other alone, that may touch another one."""
    first = end = bisect_left(edits, edit)
    while end < len(edits) and edits[end].span.start <= edit.span.end:
        end += 1
    return edits[max(0, first - 1) : end]


def _clash(one: Edit, other: Edit) -> bool:
    """Tell whether two edits can't both be made; two insertions at one place have no order."""
    return one != other and (one.span == other.span or one.span.overlaps(other.span))


def difference(start: int, old: str, new: str) -> Edit:
    """Return one edit of all words by which `new` differs from `old`, which stands at `start`.

    `start` is a byte offset. Words that are the same at both ends are left alone.
    """
    before, after = _WORD.findall(old), _WORD.findall(new)
    same = _shared(before, after)
    before, after = before[same:], after[same:]
    start += len(old.encode("utf-8", "surrogatepass")) - _size(before)
    end = _shared(before[::-1], after[::-1])
    before, after = before[: len(before) - end], after[: len(after) - end]
    return Edit(Span(start, start + _size(before)), "".join(after))


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words are the same from the start on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _size(words: Iterable[str]) -> int:
    return len("".join(words).encode("utf-8", "surrogatepass"))


_WORD = re.compile(r"\w+|\W")

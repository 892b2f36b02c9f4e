"""Edits of a document, and fixes made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import takewhile
from typing import TYPE_CHECKING

from batten.syntax.text import SourceText, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


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


@dataclass(frozen=True, slots=True)
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
    at = 0
    for edit in sorted(set(edits)):
        if edit.span.start < at:
            raise ValueError(f"overlapping edits at byte {edit.span.start}")
        pieces += (data[at : edit.span.start], edit.text.encode("utf-8", "surrogatepass"))
        at = edit.span.end
    pieces.append(data[at:])
    return SourceText(b"".join(pieces).decode("utf-8", "surrogatepass"))


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

"""Edits of a document, and fixes made of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from batten.syntax.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.syntax.text import Span


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

"""Where the reading of a text stands, and what it may have to ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.grammars import url
from batten.values.immutable import Compound, immutable

if TYPE_CHECKING:
    from batten.grammars.url import Place
    from batten.link.entities import Frame
    from batten.link.flow import Leaf
    from batten.link.index import CallKey
    from batten.values.terms import Hole, Value

MAX_SHOWN = 16
MAX_TEXT = 400

Show = Callable[[tuple["str | Hole", ...]], str]
"""Writes parts of a text for people."""

Traced = tuple[set["Place"], set["Leaf"]]
"""Where a term's text may end, and what values it may be."""


@immutable
class Demand(Compound):
    """What may this open term be, when its text begins at this place of the grammar?

    `following` is the text behind it, as short as the grammar can read it (see `tail`).
    """

    value: Value
    frame: Frame
    place: Place
    following: str | None


@immutable
class Origin:
    """Who asks: a demand, or a sink by its number; `via` is the call that binds the parameter."""

    asker: Demand | int
    via: CallKey | None = None


@immutable
class Point:
    """A place in a text that is being read.

    `before` and `after` are the text around it, for people. `following` is what stands behind
    the term that is read next: "" when the text ends there, None when it is another hole.
    """

    frame: Frame
    place: Place
    following: str | None
    origin: Origin
    before: str = ""
    after: str = ""

    def within(self, frame: Frame) -> Point:
        """Return the same point, for a term of another frame."""
        return self if frame == self.frame else replace(self, frame=frame)

    def of_part(self, parts: tuple[str | Hole, ...], index: int, place: Place, show: Show) -> Point:
        """Return the point of one part of a text that stands here; `show` writes the others."""
        following = self.following
        if index + 1 < len(parts):
            behind = parts[index + 1]
            following = tail(behind) if isinstance(behind, str) else None
        before = _cut(self.before + show(_near_end(parts[:index])))
        after = _cut(show(parts[index + 1 : index + MAX_SHOWN]) + self.after)
        return Point(self.frame, place, following, self.origin, before, after)

    def demand(self, value: Value) -> Demand:
        """Return the demand for an open term that stands here."""
        return Demand(value, self.frame, self.place, self.following)

    def unknown_end(self) -> set[Place]:
        """Return where text of which nothing is known ends."""
        return {url.after_hole(self.place)}


def _near_end(parts: tuple[str | Hole, ...]) -> tuple[str | Hole, ...]:
    """Return the parts that are worth showing of many: the first, and the last."""
    if len(parts) <= MAX_SHOWN:
        return parts
    return (*parts[:3], "...", *parts[3 - MAX_SHOWN :])


def _cut(text: str) -> str:
    """Return a text short enough to be shown, with its two ends."""
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[: MAX_TEXT // 2]}...{text[-MAX_TEXT // 2 :]}"


def tail(text: str) -> str:
    """Return the shortest text that the grammar reads behind a hole as it reads `text`."""
    if text.startswith("://"):
        return "://"
    if text[:1] in ("/", "?", "#", "&"):
        return text[:1]
    for character in text:
        if character == "@":
            return "@"
        if character in "/?#":
            break
    for character in text:
        if character == "=":
            return "="
        if character in "&#":
            break
    return text[:1]

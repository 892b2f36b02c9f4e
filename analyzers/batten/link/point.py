"""Where the reading of a text stands, and what it may have to ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from batten.grammars import url

if TYPE_CHECKING:
    from batten.grammars.url import Place
    from batten.link.entities import Frame
    from batten.link.flow import Leaf
    from batten.link.index import CallKey
    from batten.values.terms import Hole, Value

Show = Callable[[tuple["str | Hole", ...]], str]
"""Writes parts of a text for people."""

Traced = tuple[set["Place"], set["Leaf"]]
"""Where a term's text may end, and what values it may be."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What may this open term be, when its text begins at this place of the grammar?

    `following` is the text behind it, as short as the grammar can read it (see `tail`).
    """

    value: Value
    frame: Frame
    place: Place
    following: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asks: a demand, or a sink by its number; `via` is the call that binds the parameter."""

    asker: Demand | int
    via: CallKey | None = None


@dataclass(frozen=True, slots=True)
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
        before = self.before + show(parts[:index])
        after = show(parts[index + 1 :]) + self.after
        return Point(self.frame, place, following, self.origin, before, after)

    def demand(self, value: Value) -> Demand:
        """Return the demand for an open term that stands here."""
        return Demand(value, self.frame, self.place, self.following)

    def unknown_end(self) -> set[Place]:
        """Return where text of which nothing is known ends."""
        return {url.after_hole(self.place)}


def tail(text: str) -> str:
    """Return the shortest text that the grammar reads behind a hole as it reads `text`."""
    if text.startswith("://"):
        return "://"
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

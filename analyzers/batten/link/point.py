"""Where the reading of a text stands, and what it may have to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batten.grammars import url
from batten.values.immutable import Compound, immutable

if TYPE_CHECKING:
    from batten.grammars.url import Place
    from batten.link.entities import Frame
    from batten.link.flow import Leaf
    from batten.link.index import CallKey, FunctionKey
    from batten.values.terms import Hole, Value

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


class Origin(NamedTuple):
    """Who asks: a demand, or a sink by its number.

    `via` is the call that binds the parameter asked for, and `called` the function it calls.
    """

    asker: Demand | int
    via: CallKey | None = None
    called: FunctionKey | None = None


class Piece(NamedTuple):
    """A text, and the number of the part of it that is being read."""

    frame: Frame
    parts: tuple[str | Hole, ...]
    number: int


Around = tuple[Piece, ...]
"""The texts around a point, the outermost first. It is for people: no answer depends on it."""


@immutable
class Point:
    """A place in a text that is being read.

    `around` is the text around it since the last demand. `following` is what stands behind
    the term that is read next: "" when the text ends there, None when it is another hole.
    """

    frame: Frame
    place: Place
    following: str | None
    origin: Origin
    around: Around = ()

    def within(self, frame: Frame) -> Point:
        """Return the same point, for a term of another frame."""
        if frame == self.frame:
            return self
        return Point(frame, self.place, self.following, self.origin, self.around)

    def asked_by(self, origin: Origin) -> Point:
        """Return the same point, for another who asks."""
        return Point(self.frame, self.place, self.following, origin, self.around)

    def of_part(self, parts: tuple[str | Hole, ...], index: int, place: Place) -> Point:
        """Return the point of one part of a text that stands here."""
        following = self.following
        if index + 1 < len(parts):
            behind = parts[index + 1]
            following = tail(behind) if isinstance(behind, str) else None
        around = (*self.around, Piece(self.frame, parts, index))
        return Point(self.frame, place, following, self.origin, around)

    def demand(self, value: Value) -> Demand:
        """Return the demand for an open term that stands here."""
        return Demand(value, self.frame, self.place, self.following)

    def unknown_end(self) -> set[Place]:
        """Return where text of which nothing is known ends."""
        return {url.after_hole(self.place)}


def tail(text: str) -> str:
    """Return the shortest text that the grammar reads behind a hole as it reads `text`.

    A letter stands for any letter, and a digit for any: the next one that is typed is nothing new.
    """
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
    first = text[:1]
    if first.isdecimal():
        return "0"
    return "a" if first.isalpha() else first

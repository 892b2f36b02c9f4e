"""What reading notes of a hole, or of a literal that a text begins with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from batten.link.shown import Text

if TYPE_CHECKING:
    from batten.grammars.url import Context, Place
    from batten.link.entities import Frame
    from batten.link.flow import Leaf, LeafKind
    from batten.link.index import FunctionKey
    from batten.link.point import Around, Origin
    from batten.values.terms import Hole, Joined

HoleKey = tuple["FunctionKey", int, "Place", "Context"]
"""A hole by its function and site, at a place of the grammar and in a context."""


@dataclass(slots=True)
class NotedHole:
    """A hole, as one asker has read it, or as all have.

    `by_name` has the leaves by the names of the holes: of those that are entries of what is given
    whole (`% locals()`), several are at one place.
    """

    hole: Hole
    joined: Joined | None
    frame: Frame
    origins: dict[Origin, Around] = field(default_factory=dict)
    leaves: set[Leaf] = field(default_factory=set)
    text: Text = field(default_factory=Text)
    by_name: dict[str, set[LeafKind]] = field(default_factory=dict)


@dataclass(slots=True)
class NotedLiteral:
    """A literal, as one asker has read it, or as all have."""

    text: str
    frame: Frame
    origins: dict[Origin, Around] = field(default_factory=dict)

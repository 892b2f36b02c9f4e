"""The holes and literals that reading has found.

What is noted of each is kept apart by who has read it, so that it can be forgotten with the one
who did.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Union

from batten.grammars import url
from batten.link.entities import Frame
from batten.link.evidence import is_identifier_name
from batten.link.flow import LeafKind
from batten.link.leaves import RAW
from batten.link.noted import NotedHole, NotedLiteral
from batten.link.point import Piece
from batten.values.order import Order

if TYPE_CHECKING:
    from batten.link.flow import Leaf
    from batten.link.literals import Written
    from batten.link.noted import HoleKey
    from batten.link.point import Demand, Point
    from batten.link.shown import Shown
    from batten.values.terms import Hole, Joined

_Asker = Union["Demand", int]


class Records:
    """Every hole that reaches a sink, and every literal that such a text begins with."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self.notes = 0  # how often anything was noted
        self._holes: dict[HoleKey, dict[_Asker, NotedHole]] = {}
        self._literals: dict[Written, dict[_Asker, NotedLiteral]] = {}
        self._noted: dict[_Asker, list[HoleKey]] = {}
        self._noted_literals: dict[_Asker, list[Written]] = {}
        self._touched: dict[HoleKey, None] = {}
        self._touched_literals: dict[Written, None] = {}

    def forget(self, asker: _Asker) -> None:
        """Forget what one asker has noted."""
        for key in self._noted.pop(asker, ()):
            self._touched[key] = None
            del self._holes[key][asker]
        for written in self._noted_literals.pop(asker, ()):
            self._touched_literals[written] = None
            del self._literals[written][asker]

    def note(self, hole: Hole, at: Point, leaves: set[Leaf], joined: Joined | None) -> None:
        """Note a hole at a point and what may fill it; nothing when that is not known yet."""
        context = url.context(at.place, at.following)
        if not leaves or context is url.Context.ESCAPED_PART:
            return
        self.notes += 1
        key = (at.frame.function, hole.site, at.place, context)
        asker = at.origin.asker
        by_asker = self._holes.setdefault(key, {})
        record = by_asker.get(asker)
        if record is None:
            record = by_asker[asker] = NotedHole(hole, joined, Frame(at.frame.function))
            self._noted.setdefault(asker, []).append(key)
            self._touched[key] = None
        record.by_name.setdefault(hole.name, set()).update(leaf.kind for leaf in leaves)
        identifier = is_identifier_name(hole.name)
        for leaf in leaves:
            if identifier and leaf.kind is LeafKind.UNKNOWN and not leaf.told:
                why = f"is an identifier by its name, `{hole.name}`"
                record.leaves.add(replace(leaf, kind=LeafKind.IDENTIFIER, why=why))
            else:
                record.leaves.add(leaf)
        known = record.origins.setdefault(at.origin, at.around)
        if known is not at.around:
            if known == at.around:
                return
            record.origins[at.origin] = self._shown.longer(known, at.around)
        # The longest text around the hole tells most.
        text = self._shown.written(at.around)
        if text.rank > record.text.rank:
            record.text = text

    def note_literal(self, written: Written, at: Point) -> None:
        """Note a text that begins with an address which is written out."""
        self.notes += 1
        asker = at.origin.asker
        by_asker = self._literals.setdefault(written, {})
        literal = by_asker.get(asker)
        if literal is None:
            text = self._shown.written((Piece(at.frame, (*written.parts, ""), len(written.parts)),))
            literal = by_asker[asker] = NotedLiteral(text.before + written.behind, at.frame)
            self._noted_literals.setdefault(asker, []).append(written)
            self._touched_literals[written] = None
        literal.origins.setdefault(at.origin, at.around)

    def holes(self) -> list[tuple[HoleKey, NotedHole | None]]:
        """Return what all have noted of the holes of which others have noted something since."""
        touched, self._touched = self._touched, {}
        found: list[tuple[HoleKey, NotedHole | None]] = []
        for key in touched:
            notes = list(self._holes.get(key, {}).values())
            if not notes:
                self._holes.pop(key, None)
            found.append((key, _each_alone(self._joined(notes)) if notes else None))
        return found

    def literals(self) -> list[tuple[Written, NotedLiteral | None]]:
        """Return what all have noted of such literals, in the same way."""
        touched, self._touched_literals = self._touched_literals, {}
        found: list[tuple[Written, NotedLiteral | None]] = []
        for written in touched:
            notes = list(self._literals.get(written, {}).values())
            if not notes:
                self._literals.pop(written, None)
            found.append((written, _joined_literal(notes) if notes else None))
        return found

    def _joined(self, notes: list[NotedHole]) -> NotedHole:
        first = notes[0]
        if len(notes) == 1:
            return replace(first)
        if any((each.hole, each.joined) != (first.hole, first.joined) for each in notes):
            first = min(notes, key=lambda each: (each.joined is None, Order(each.hole)))
        joined = NotedHole(first.hole, first.joined, first.frame)
        for each in notes:
            joined.origins.update(each.origins)
            joined.leaves |= each.leaves
            for name, kinds in each.by_name.items():
                joined.by_name.setdefault(name, set()).update(kinds)
            joined.text = max(joined.text, each.text, key=lambda text: text.rank)
        return joined


def _each_alone(record: NotedHole) -> NotedHole:
    """Return a record without what is escaped, if another hole at its place is not.

    That one entry is escaped says nothing of another.
    """
    if len(record.by_name) > 1 and any(
        LeafKind.ESCAPED not in kinds and not RAW.isdisjoint(kinds)
        for kinds in record.by_name.values()
    ):
        record.leaves = {leaf for leaf in record.leaves if leaf.kind is not LeafKind.ESCAPED}
    return record


def _joined_literal(notes: list[NotedLiteral]) -> NotedLiteral:
    """Return what all who have read a literal have noted; the longest text tells most."""
    told = max(notes, key=lambda each: (len(each.text), each.text, Order(each.frame)))
    origins = {origin: around for each in notes for origin, around in each.origins.items()}
    return NotedLiteral(told.text, told.frame, origins)

"""The holes that reading has found, and the flows they make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Union

from batten.grammars import url
from batten.link.entities import Frame
from batten.link.evidence import is_identifier_name
from batten.link.explained import IN_QUERY, explain, flow_of_hole, flow_of_literal, marks
from batten.link.flow import Beside, Flow, LeafKind
from batten.link.found import Placed, Since
from batten.link.leaves import RAW
from batten.link.literals import Literals
from batten.link.noted import NotedHole, NotedLiteral
from batten.link.point import Piece
from batten.link.reads import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.grammars.url import Context, Place
    from batten.link.arrival import Arrivals
    from batten.link.explained import Explained
    from batten.link.flow import Leaf
    from batten.link.found import Found
    from batten.link.index import Document, FunctionKey, Index
    from batten.link.literals import Written
    from batten.link.point import Demand, Point
    from batten.link.query_argument import QueryArguments
    from batten.link.reads import Reads
    from batten.link.shown import Shown
    from batten.link.ways import Way, Ways
    from batten.values.terms import Hole, Joined

_QUERY_MARKS = frozenset("?&=")
_IN_PATH = frozenset({url.Context.PATH_SEGMENT, url.Context.PATH_PART})

_Key = tuple["FunctionKey", int, "Place", "Context"]
_Asker = Union["Demand", int]


# What is put together elsewhere is judged there.
_NO_HARM = frozenset({LeafKind.CONSTANT, LeafKind.HARMLESS, LeafKind.COMPOSED, LeafKind.PIECE})


@dataclass(slots=True)
class _Harm:
    """A hole of which a rule may have something to say, and what was made of it last."""

    record: NotedHole
    explained: Explained | None = None
    placed: Placed | None = None


@dataclass(slots=True)
class _Address:
    """A literal, and what was made of it last."""

    literal: NotedLiteral
    way: Way | None = None
    placed: Placed | None = None


class Records:
    """Every hole that reaches a sink, by its function, site, place and context.

    What is noted of a hole is kept apart by who has read it, so that it can be forgotten with
    the one who did.
    """

    def __init__(self, shown: Shown, reads: Reads) -> None:
        self._shown = shown
        self._reads = reads
        self._records: dict[_Key, dict[_Asker, NotedHole]] = {}
        self._literals: dict[Written, dict[_Asker, NotedLiteral]] = {}
        self._noted: dict[_Asker, list[_Key]] = {}
        self._noted_literals: dict[_Asker, list[Written]] = {}
        self._together: dict[_Key, NotedHole] = {}
        self._harmful: dict[_Key, _Harm] = {}
        self._addresses: dict[Written, _Address] = {}
        self._of_functions: dict[FunctionKey, dict[_Key, None]] = {}
        # What stands beside each other, as the documents were looked at last.
        self._besides: dict[FunctionKey, tuple[Beside, ...]] = {}
        self._looked_at: list[dict[str, Document]] = [{}]
        self._touched: dict[_Key, None] = {}
        self._touched_literals: dict[Written, None] = {}

    def forget(self, asker: _Asker) -> None:
        """Forget what one asker has noted."""
        for key in self._noted.pop(asker, ()):
            self._touched[key] = None
            del self._records[key][asker]
        for written in self._noted_literals.pop(asker, ()):
            self._touched_literals[written] = None
            del self._literals[written][asker]

    def note(self, hole: Hole, at: Point, leaves: set[Leaf], joined: Joined | None) -> None:
        """Note a hole at a point and what may fill it; nothing when that is not known yet."""
        context = url.context(at.place, at.following)
        if not leaves or context is url.Context.ESCAPED_PART:
            return
        key = (at.frame.function, hole.site, at.place, context)
        asker = at.origin.asker
        by_asker = self._records.setdefault(key, {})
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
        record.text = max(record.text, text, key=lambda text: text.rank)

    def note_literal(self, written: Written, at: Point) -> None:
        """Note a text that begins with an address which is written out."""
        asker = at.origin.asker
        by_asker = self._literals.setdefault(written, {})
        literal = by_asker.get(asker)
        if literal is None:
            text = self._shown.written((Piece(at.frame, (*written.parts, ""), len(written.parts)),))
            literal = by_asker[asker] = NotedLiteral(text.before + written.behind, at.frame)
            self._noted_literals.setdefault(asker, []).append(written)
            self._touched_literals[written] = None
        literal.origins.setdefault(at.origin, at.around)

    def found(
        self, index: Index, ways: Ways, arrivals: Arrivals, queries: QueryArguments
    ) -> Iterator[Found]:
        """Yield the flow of each hole and literal, placed by the documents of `index`."""
        self._put_together()
        since = Since(index, self._looked_at)
        # Until the end some are placed by these documents, and others by those from before.
        self._looked_at.append(dict(index.documents))
        self._besides.clear()
        literals = Literals(index)
        for key, harm in self._harmful.items():
            if harm.explained is None:
                with self._reads.at_work(Entry(harm, _forget_explained)):
                    harm.explained = explain(harm.record, key[3], ways, arrivals, queries)
            if key[3] in IN_QUERY and self._is_path_after_all(key, harm.record, harm.explained):
                continue
            placed = harm.placed
            if placed is None or not placed.stays(since):
                explained = harm.explained
                flow = partial(self._flow, key, harm.record, explained, index)
                sites = [(stop.function, stop.site) for stop in explained.stops]
                sites += [key[:2], *marks(explained.way, index)]
                placed = harm.placed = Placed(flow, sites, index, placed)
            yield placed.found
        for written, address in self._addresses.items():
            if address.way is None:
                literal = address.literal
                with self._reads.at_work(Entry(address, _forget_way)):
                    address.way = ways.with_credentials(literal.frame, literal.origins)
            placed = address.placed
            if placed is None or not placed.stays(since):
                text = address.literal.text
                site = literals.site(written, text)
                if site is None:
                    address.placed = None
                    continue
                flow = partial(flow_of_literal, written, text, site, index, address.way)
                sites = [(written.function, site), *marks(address.way, index)]
                placed = address.placed = Placed(flow, sites, index, placed)
            yield placed.found
        del self._looked_at[:-1]

    def _is_path_after_all(self, key: _Key, record: NotedHole, explained: Explained) -> bool:
        """Tell whether a hole of a path stands in a query only because another address has one.

        What an attribute holds (`self.url`) is asked of all that store it, and some have a query;
        the text behind it says that this one has none.
        """
        written, sent = record.text.before, explained.way.text.before
        behind = sent.rpartition("?")[2]
        own = "/" in written and _QUERY_MARKS.isdisjoint(written)
        if not own and not ("/" in behind and "=" not in behind):
            return False
        return any(
            other[1] == key[1] and other[3] in _IN_PATH and other in self._harmful
            for other in self._of_functions[key[0]]
        )

    def _flow(self, key: _Key, record: NotedHole, explained: Explained, index: Index) -> Flow:
        return replace(
            flow_of_hole(key, record, index, explained), beside=self._beside(key[0], index)
        )

    def _put_together(self) -> None:
        """Join what different askers have noted of each hole that has changed."""
        touched, self._touched = self._touched, {}
        for key in touched:
            notes = list(self._records.get(key, {}).values())
            if not notes:
                self._records.pop(key, None)
                if self._together.pop(key, None) is not None:
                    del self._of_functions[key[0]][key]
                self._harmful.pop(key, None)
                continue
            record = _each_alone(self._joined(notes))
            if self._together.get(key) != record:
                self._together[key] = record
                self._of_functions.setdefault(key[0], {})[key] = None
                self._harmful.pop(key, None)
                if record.hole.reread or not _is_harmless(record.leaves, key[3]):
                    self._harmful[key] = _Harm(record)  # of others no rule has anything to say
        touched_literals, self._touched_literals = self._touched_literals, {}
        for written in touched_literals:
            found = list(self._literals.get(written, {}).values())
            if not found:
                self._literals.pop(written, None)
                self._addresses.pop(written, None)
                continue
            literal = _joined_literal(found)
            known = self._addresses.get(written)
            if known is None or known.literal != literal:
                self._addresses[written] = _Address(literal)

    def _joined(self, notes: list[NotedHole]) -> NotedHole:
        first = notes[0]
        if len(notes) == 1:
            return replace(first)
        if any((each.hole, each.joined) != (first.hole, first.joined) for each in notes):
            first = min(notes, key=lambda each: (each.joined is None, repr(each.hole)))
        joined = NotedHole(first.hole, first.joined, first.frame)
        for each in notes:
            joined.origins.update(each.origins)
            joined.leaves |= each.leaves
            for name, kinds in each.by_name.items():
                joined.by_name.setdefault(name, set()).update(kinds)
            joined.text = max(joined.text, each.text, key=lambda text: text.rank)
        return joined

    def _beside(self, function: FunctionKey, index: Index) -> tuple[Beside, ...]:
        """Return the holes of a function: its flows share them."""
        known = self._besides.get(function)
        if known is not None:
            return known
        sites: dict[int, set[Leaf]] = {}
        for key in self._of_functions[function]:
            sites.setdefault(key[1], set()).update(self._together[key].leaves)
        found = self._besides[function] = tuple(
            Beside(index.span(function, site), frozenset(leaves)) for site, leaves in sites.items()
        )
        return found


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


def _forget_explained(harm: _Harm) -> None:
    harm.explained = harm.placed = None


def _forget_way(address: _Address) -> None:
    address.way = address.placed = None


def _joined_literal(notes: list[NotedLiteral]) -> NotedLiteral:
    """Return what all who have read a literal have noted; the longest text tells most."""
    told = max(notes, key=lambda each: (len(each.text), each.text, repr(each.frame)))
    origins = {origin: around for each in notes for origin, around in each.origins.items()}
    return NotedLiteral(told.text, told.frame, origins)


def _is_harmless(leaves: set[Leaf], context: Context) -> bool:
    """Tell whether no rule has anything to say; a constant may still be a password."""
    return context is not url.Context.USERINFO and all(leaf.kind in _NO_HARM for leaf in leaves)

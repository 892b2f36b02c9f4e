"""The flows of all holes and literals that reading has noted, kept up to date.

A flow is made anew when what it tells has changed, or the text of a unit that it passes. All
others stay as they are: that is nearly all of them, and nobody looks at them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Union

from batten.grammars import url
from batten.link.explained import (
    IN_QUERY,
    Explained,
    flow_of_hole,
    flow_of_literal,
    leaves_of,
    marks,
    notes_on,
    stops_of,
    stops_on,
    takers_on,
    tell_the_same,
)
from batten.link.flow import Beside, Flow
from batten.link.found import Found
from batten.link.harm import may_do_harm
from batten.link.keys import UnitKey
from batten.link.literals import Literals, Written
from batten.link.reads import Entry, Memo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from batten.link.arrival import Arrivals, Stop
    from batten.link.flow import Leaf
    from batten.link.found import Mark
    from batten.link.index import FunctionKey, Index
    from batten.link.noted import HoleKey, NotedHole, NotedLiteral
    from batten.link.query_argument import QueryArguments
    from batten.link.way import Way
    from batten.link.ways import Entered, Ways

_Key = Union["HoleKey", Written]
_QUERY_MARKS = frozenset("?&=")
_PARAMETER = re.compile(r"&[\w.\[\]-]+=$")
_IN_PATH = frozenset({url.Context.PATH_SEGMENT, url.Context.PATH_PART})


@dataclass(slots=True, eq=False)
class _Hole:
    """A hole of which a rule may have something to say, and what is told of it by now.

    `before` is what was told of it before something that it depends on has changed. `followed`
    has read what the stops are made of, `asked` what all else is.
    """

    key: HoleKey
    noted: NotedHole
    explained: Explained | None = None
    before: Explained | None = None
    stops: tuple[Stop, ...] | None = None
    followed: Entry | None = None
    asked: Entry | None = None

    def forget_reads(self) -> None:
        """Let nothing that was read tell of changes: nobody asks about the hole any more."""
        for each in (self.followed, self.asked):
            if each is not None:
                each.is_dropped = True
        # They know the hole, which would stay until all is collected.
        self.followed = self.asked = None


@dataclass(slots=True, eq=False)
class _Literal:
    """A literal, and how the text that it begins gets to its sink."""

    key: Written
    noted: NotedLiteral
    way: Way | None = None


@dataclass(slots=True)
class _Made:
    """What was found last, the notes of its steps, and the units that it passes.

    `noted` and `of` are what the flow was made of.
    """

    found: Found
    noted: NotedHole | NotedLiteral
    of: Explained | Way
    notes: tuple[str, ...]
    around: tuple[UnitKey, ...]

    def head(self, passed: Sequence[Mark]) -> tuple[Mark, ...]:
        """Return the marks before those of the calls that are passed."""
        return self.found.marks[: -len(passed)]


class Flows:
    """A flow for each hole, place and context, and for each literal that an address begins with."""

    def __init__(
        self, index: Index, ways: Ways, arrivals: Arrivals, queries: QueryArguments
    ) -> None:
        self._index = index
        self._ways = ways
        self._arrivals = arrivals
        self._queries = queries
        self._holes: dict[HoleKey, _Hole] = {}
        self._literals: dict[Written, _Literal] = {}
        self._of_functions: dict[FunctionKey, dict[HoleKey, NotedHole]] = {}
        self._touched: dict[FunctionKey, set[int]] = {}  # sites, of functions
        self._begun = Memo(index.reads, self._find_begun)
        # What stands beside each other, as the documents were looked at last.
        self._besides: dict[FunctionKey, tuple[Beside, ...]] = {}
        self._also: dict[tuple[FunctionKey, frozenset[url.Context]], frozenset[int]] = {}
        self._stale: dict[_Key, None] = {}
        self._made: dict[_Key, _Made] = {}
        self._passing: dict[UnitKey, dict[_Key, None]] = {}
        self._by_path: dict[str, dict[_Key, Found]] = {}
        self._found: dict[str, tuple[Found, ...]] = {}
        self._changed: set[str] = set()
        self._disordered: set[UnitKey] = set()  # whose sites are others now, or in another order

    def take_hole(self, key: HoleKey, noted: NotedHole | None) -> None:
        """Take what is noted of a hole now; None when it is noted no more."""
        beside = self._of_functions.setdefault(key[0], {})
        if beside.get(key) == noted:
            return
        if noted is None:
            del beside[key]
        else:
            beside[key] = noted
        before = self._holes.pop(key, None)
        if before is not None:
            before.forget_reads()
        if noted is not None and may_do_harm(noted, key[2], key[3]):
            self._holes[key] = _Hole(key, noted)
        after = self._holes.get(key)
        if before is not None and (after is None or not _are_alike(before.noted, after.noted)):
            self._begun.forget(key)
        # Those at the same place are looked at again: see `_is_path_after_all`.
        self._touched.setdefault(key[0], set()).add(key[1])
        self._stale[key] = None
        if not beside:
            del self._of_functions[key[0]]

    def take_literal(self, key: Written, noted: NotedLiteral | None) -> None:
        """Take what is noted of a literal now; None when it is noted no more."""
        known = self._literals.get(key)
        if known is not None and known.noted == noted:
            return
        if noted is None:
            self._literals.pop(key, None)
        else:
            self._literals[key] = _Literal(key, noted)
        self._stale[key] = None

    def found(self, border: Callable[[], None]) -> Mapping[str, tuple[Found, ...]]:
        """Return the flows in each document: the same tuple as before while they are the same.

        It can be stopped at the border, and gone on with when the documents are others.
        """
        literals = Literals(self._index)
        for unit, new in self._index.new_texts().items():
            passing = self._passing.get(unit, {})
            if new.is_ordered:
                self._move(passing)
            else:
                self._disordered.add(unit)
                self._stale.update(dict.fromkeys(passing))
            if new.is_ordered and not new.has_same_literals:
                self._look_for_literals(passing, literals)
        self._besides.clear()
        self._also.clear()
        for function, sites in self._touched.items():
            beside = self._of_functions.get(function, {})
            self._stale.update(dict.fromkeys(key for key in beside if key[1] in sites))
        self._touched.clear()
        while self._stale:
            border()
            key = next(reversed(self._stale))
            if isinstance(key, Written):
                self._make_literal(key, literals)
            else:
                self._make_hole(key)
            del self._stale[key]
        self._disordered.clear()
        for path in self._changed:
            of_path = self._by_path[path]
            self._found[path] = tuple(of_path.values())
            if not of_path:
                del self._by_path[path], self._found[path]
        self._changed.clear()
        return self._found

    def _make_hole(self, key: HoleKey) -> None:
        hole = self._holes.get(key)
        if hole is None:
            self._drop(key)
            return
        explained = hole.explained
        if explained is None:
            explained = hole.explained = self._explained(hole)
        if key[3] in IN_QUERY and self._is_path_after_all(hole, explained):
            self._drop(key)
            return
        if key[3] in _IN_PATH and self._is_query_after_all(hole):
            self._drop(key)
            return
        self._make(key, hole.noted, explained, partial(self._flow, hole, explained), key[:2])

    def _explained(self, hole: _Hole) -> Explained:
        """Tell of a hole; what comes out as it was is the same object."""
        noted, at_work = hole.noted, self._index.reads.at_work
        if hole.asked is not None:
            hole.asked.is_dropped = True  # if it was but the stops that changed, it is not yet
        hole.asked = Entry(hole, self._forget_hole)
        with at_work(hole.asked):
            way = self._ways.shortest(noted.frame, noted.origins, self._begun(hole.key))
            takers = takers_on(way, hole.key[3], self._queries)
            self._read_calls(way)
        leaves = leaves_of(noted)
        if hole.stops is None:
            hole.followed = Entry(hole, self._forget_stops)
            with at_work(hole.followed):
                hole.stops = stops_of(noted, leaves[0], self._arrivals)
        explained = Explained(way, leaves, hole.stops, takers)
        return hole.before if explained == hole.before else explained

    def _read_calls(self, way: Way) -> None:
        """Let who is at work depend on what a flow tells of the calls on its way."""
        for call in (*way.calls, way.sink.call):
            self._index.call(call)

    def _find_begun(self, key: HoleKey) -> Way | Entered | None:
        noted = self._holes[key].noted
        return self._ways.begun(noted.frame, noted.origins)

    def _make_literal(self, key: Written, literals: Literals) -> None:
        literal = self._literals.get(key)
        if literal is None:
            self._drop(key)
            return
        way, text = literal.way, literal.noted.text
        if way is None:
            with self._index.reads.at_work(Entry(literal, self._forget_literal)):
                noted = literal.noted
                way = literal.way = self._ways.with_credentials(noted.frame, noted.origins)
                self._read_calls(way)
        site = literals.site(key, text)
        if site is None:
            self._drop(key)
            self._pass(key, (), (UnitKey(key.function.path, key.function.unit),))
            return
        flow = partial(flow_of_literal, key, text, site, self._index, way)
        self._make(key, literal.noted, way, flow, (key.function, site))

    def _make(
        self,
        key: _Key,
        noted: NotedHole | NotedLiteral,
        of: Explained | Way,
        flow: Callable[[], Flow],
        own: Mark,
    ) -> None:
        """Make a flow whose own site is known, and note where it passes."""
        before = self._made.get(key)
        passed = marks(of, self._index)
        if before is not None and self._passes_the_same(before, noted, of, own, passed):
            found = Found(before.found.told, (*before.head(passed), *passed), self._index, flow)
            self._made[key] = _Made(found, noted, of, before.notes, before.around)
            self._by_path[found.path][key] = found
            self._changed.add(found.path)
            return
        made = flow()
        sites = [*((stop.function, stop.site) for stop in stops_on(of)), own, *passed]
        at = {(site[0].path, self._index.span(*site)): site for site in sites}
        places = (at[made.path, made.span], *[at[step.path, step.span] for step in made.steps])
        notes = tuple([step.note for step in made.steps])
        same = (
            before is not None
            and before.noted is noted
            and before.notes == notes
            and tell_the_same(before.of, of)
            and [function for function, _ in before.found.marks] == [each[0] for each in places]
        )
        told = before.found.told if before is not None and same else object()
        # Where what it tells is new, the rules will ask for it next.
        found = Found(told, places, self._index, flow, None if same else made)
        around = tuple({UnitKey(function.path, function.unit): None for function, _ in at.values()})
        self._pass(key, () if before is None else before.around, around)
        self._made[key] = _Made(found, noted, of, notes, around)
        self._by_path.setdefault(found.path, {})[key] = found
        self._changed.add(found.path)

    def _passes_the_same(
        self,
        before: _Made,
        noted: NotedHole | NotedLiteral,
        of: Explained | Way,
        own: Mark,
        passed: Sequence[Mark],
    ) -> bool:
        """Tell whether a flow is as it was but for the sites of the calls on its way.

        Where a call was put in front of one of these, all behind it have other numbers.
        """
        head, way = before.head(passed), before.found.marks[-len(passed) :]
        return (
            before.noted is noted
            and head[:1] == (own,)
            and [each[0] for each in way] == [each[0] for each in passed]
            and len(set(passed)) == len(passed)
            and stops_on(before.of) == stops_on(of)
            and tell_the_same(before.of, of)
            and before.notes[-len(passed) :] == notes_on(of, self._index)
            and not any(UnitKey(each.path, each.unit) in self._disordered for each, _ in head)
        )

    def _look_for_literals(self, keys: Iterable[_Key], literals: Literals) -> None:
        """Let flows of literals be made anew whose literal is another one now."""
        for key in keys:
            if isinstance(key, Written) and key in self._literals:  # others are stale already
                made, text = self._made.get(key), self._literals[key].noted.text
                if made is None or literals.site(key, text) != made.found.marks[0][1]:
                    self._stale[key] = None

    def _move(self, keys: Iterable[_Key]) -> None:
        """Let flows be where they are now; what else has changed of some is found later."""
        for key in keys:
            made = self._made.get(key)
            if made is not None:
                found = made.found = made.found.moved()
                self._by_path[found.path][key] = found
                self._changed.add(found.path)

    def _drop(self, key: _Key) -> None:
        made = self._made.pop(key, None)
        if made is not None:
            self._pass(key, made.around, ())
            path = made.found.path
            del self._by_path[path][key]
            self._changed.add(path)

    def _pass(self, key: _Key, before: tuple[UnitKey, ...], around: tuple[UnitKey, ...]) -> None:
        """Note the units that a flow passes instead of those that it passed before."""
        if before == around:
            return
        for unit in before:
            passing = self._passing[unit]
            del passing[key]
            if not passing:
                del self._passing[unit]
        for unit in around:
            self._passing.setdefault(unit, {})[key] = None

    def _forget_hole(self, hole: _Hole) -> None:
        if hole.explained is not None:
            hole.before, hole.explained = hole.explained, None
        self._stale[hole.key] = None

    def _forget_stops(self, hole: _Hole) -> None:
        hole.stops = None
        self._forget_hole(hole)

    def _forget_literal(self, literal: _Literal) -> None:
        literal.way = None
        self._stale[literal.key] = None

    def _is_path_after_all(self, hole: _Hole, explained: Explained) -> bool:
        """Tell whether a hole of a path stands in a query only because another address has one.

        What an attribute holds (`self.url`) is asked of all that store it, and some have a query;
        the text behind it says that this one has none.
        """
        written, sent = hole.noted.text.before, explained.way.text.before
        behind = sent.rpartition("?")[2]
        own = "/" in written and _QUERY_MARKS.isdisjoint(written)
        if not own and not ("/" in behind and "=" not in behind):
            return False
        return self._is_also(hole, _IN_PATH)

    def _is_query_after_all(self, hole: _Hole) -> bool:
        """Tell whether a hole of a query stands in a path only where its `?` is left out.

        `if limit: url += "?limit=5"` and then `url += "&name=" + name`: the text right before the
        value says that it is one of a query.
        """
        return _PARAMETER.search(hole.noted.text.before) is not None and self._is_also(
            hole, IN_QUERY
        )

    def _is_also(self, hole: _Hole, contexts: frozenset[url.Context]) -> bool:
        """Tell whether a hole stands in one of some contexts, too."""
        function, site, *_ = hole.key
        sites = self._also.get((function, contexts))
        if sites is None:
            of_function = self._of_functions[function]
            sites = self._also[function, contexts] = frozenset(
                other[1] for other in of_function if other[3] in contexts and other in self._holes
            )
        return site in sites

    def _flow(self, hole: _Hole, explained: Explained) -> Flow:
        beside = self._beside(hole.key[0])
        return flow_of_hole(hole.key, hole.noted, self._index, explained, beside)

    def _beside(self, function: FunctionKey) -> tuple[Beside, ...]:
        """Return the holes of a function: its flows share them."""
        known = self._besides.get(function)
        if known is not None:
            return known
        sites: dict[int, set[Leaf]] = {}
        for key, noted in self._of_functions[function].items():
            sites.setdefault(key[1], set()).update(noted.leaves)
        found = self._besides[function] = tuple(
            Beside(self._index.span(function, site), frozenset(leaves))
            for site, leaves in sites.items()
        )
        return found


def _are_alike(one: NotedHole, other: NotedHole) -> bool:
    """Tell whether two holes begin their ways alike."""
    return one.frame == other.frame and one.origins == other.origins

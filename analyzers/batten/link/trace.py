"""From each sink back to the values that fill the holes of its text.

A sink's argument is read from left to right with the grammar; a hole is followed back through
assignments, returns, attributes, and, for a parameter, to every caller. Each open term at a
place of the grammar is one demand. A demand is answered by what its terms resolve to and by
other demands; the answers are sets that only grow, worked off a list until none grows any
more. So recursion needs no special case and no result depends on the order of files.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from batten.grammars import url
from batten.link.again import Again
from batten.link.arrival import Arrivals
from batten.link.border import go_on
from batten.link.bound_frames import BoundFrames
from batten.link.contributions import MANY, Contribution, Contributions
from batten.link.distances import Distances
from batten.link.doubts import CircleError, Doubts
from batten.link.flows import Flows
from batten.link.leaves import TOP
from batten.link.numbered_sinks import NumberedSinks
from batten.link.open_terms import OpenTerms
from batten.link.point import Demand, Origin
from batten.link.query_argument import QueryArguments
from batten.link.reader import Reader
from batten.link.reads import Entry
from batten.link.records import Records
from batten.link.shown import Shown
from batten.link.sink_arguments import read_sink
from batten.link.ways import Ways

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from batten.grammars.url import Place
    from batten.link.border import Border
    from batten.link.callers import Callers
    from batten.link.contributions import Ask, Together
    from batten.link.flow import Leaf
    from batten.link.found import Found
    from batten.link.index import CallKey, FunctionKey
    from batten.link.open_terms import Given, Keeper
    from batten.link.point import Around, Point, Traced
    from batten.link.sinks import FoundSink

MAX_DEMANDS = 200_000
MAX_NESTED = 24
"""How deep demands are answered inside one another, before the rest has to wait its turn."""


@dataclass(slots=True, eq=False)
class _Answer:
    """The answer to a demand so far.

    `entry` reads what it is made of, `asked` is read by those who want to know who asked. On a
    circle that nothing else feeds, `held` are the leaves that were found before its text was
    given up. `callers` is what each of many callers gives, once it is answered again.
    """

    demand: Demand
    entry: Entry
    after: set[Place] = field(default_factory=set)
    leaves: set[Leaf] = field(default_factory=set)
    asked_by: dict[Origin, Around] = field(default_factory=dict)
    asked: Entry = field(default_factory=Entry)
    held: set[Leaf] | None = None
    callers: Contributions | None = None

    def forget_reads(self) -> list[Ask]:
        """Let nothing that this has read tell it of changes: nobody asks it any more.

        Return what was asked of callers.
        """
        self.entry.is_dropped = True
        return [] if self.callers is None else self.callers.forget_all()


class Tracer:
    """The demands of one program and their answers: what tracing has found, free of positions.

    Each sink has a number, and those of one function are in the order of its calls.
    """

    def __init__(self, callers: Callers, border: Border) -> None:
        self._border = border
        self._numbered = NumberedSinks(callers)
        self._sinks = self._numbered.found
        self._callers = callers
        self._resolver = resolver = callers.resolver
        self._index = resolver.index
        self._reads = resolver.index.reads
        self._shown = Shown(callers)
        self._queries = QueryArguments(callers)
        self._records = Records(self._shown)
        self._reader = Reader(
            resolver,
            self._ask,
            self._records.note,
            self._records.note_literal,
            BoundFrames(callers),
        )
        self._terms = OpenTerms(callers, self._reader, self._ask, self._keeper)
        self._answers: dict[Demand, _Answer] = {}
        self._on_change = self._undo  # one for all answers
        self._on_other_gift = self._give_otherwise
        self._are_gifts_kept = False
        self._asks: dict[Demand | int, list[tuple[_Answer, Origin]]] = {}
        self._distances = Distances(self._reads, self._askers, self._asked)
        self._doubts = Doubts(self._askers, self._asked, self._answered_anew)
        self._doubted = self._doubts.demands
        self._ways = Ways(
            self._sinks, self._shown, self._resolver, self._asked_by, self._distances.of
        )
        self._flows = Flows(self._index, self._ways, Arrivals(callers), self._queries)
        # What has changed since the last run: demands and sinks.
        self._undone: dict[Demand | int, None] = {}
        self._asked_before: dict[_Answer, dict[Origin, Around]] = {}
        self._gone: dict[Demand, _Answer] = {}
        self._sink_entries: dict[int, Entry] = {}
        self._begun: list[_Answer] = []
        # Who asked for the text on a circle, before all else is answered.
        self._held_up: dict[Demand | int, None] = {}
        self._gives_up = False
        # New demands first, then the longest waiting: who asked many is answered again when most
        # of what it asked has its answer.
        self._new: list[Demand | int] = []
        self._stale = Again(self._count_asked)
        self._nested = 0
        self._is_at_work = False  # also after a stop

    def run(self) -> None:
        """Follow each hole that reaches a sink back to what may fill it.

        What was followed before and does not depend on what has changed since is kept. It
        can be stopped, and gone on with when the documents are others.
        """
        if self._is_up_to_date():
            return
        self._is_at_work = True
        self._doubt_undone()
        self._find_sinks()
        self._begun = [each for each in self._begun if self._answers.get(each.demand) is each]
        self._held_up.clear()
        self._gives_up = False
        self._settle()
        self._work(self._border)
        for demand in self._doubts.end():
            self._drop(demand)
        self._gives_up = True
        while True:
            # Only a cycle feeds them: their text is unknown. What is behind it may be stuck, too.
            stuck = [answer for answer in self._begun if not answer.after]
            self._begun.clear()
            if not stuck and not self._held_up:
                break
            for answer in stuck:
                answer.held = set(answer.leaves)
                answer.after.add(url.after_hole(answer.demand.place))
                self._doubt_gifts(answer)
                self._stale.add(origin.asker for origin in answer.asked_by)
            self._stale.add(self._held_up)
            self._held_up.clear()
            self._work(go_on)  # not to be stopped: only with all of it something holds of circles
        asked_anew = [
            answer
            for answer, before in self._asked_before.items()
            if not answer.asked_by or answer.asked_by != before
        ]
        asked_anew += self._gone.values()
        measured = self._distances.update(answer.demand for answer in asked_anew)
        self._asked_before.clear()
        for demand in measured.unasked:
            self._sweep(demand)
        asked_anew += self._asked_before  # what was swept asks no more
        self._reads.undo([*[answer.asked for answer in asked_anew], *measured.changed])
        self._asked_before.clear()
        self._gone.clear()
        self._is_at_work = False

    def _is_up_to_date(self) -> bool:
        """Tell whether nothing has changed since all was followed: most edits change nothing."""
        return not (self._undone or self._is_at_work) and self._numbered.are_up_to_date()

    def found(self) -> Mapping[str, tuple[Found, ...]]:
        """Return a flow for each hole and context, by document; see `Flows`."""
        for key, hole in self._records.holes():
            self._flows.take_hole(key, hole)
        for written, literal in self._records.literals():
            self._flows.take_literal(written, literal)
        return self._flows.found(self._border)

    def sinks(self) -> Iterable[FoundSink]:
        """Return the sinks that the last run knew."""
        return self._sinks.values()

    def facts(self) -> Iterator[Entry]:
        """Yield who asked for each demand, with those who have read that."""
        for answer in self._answers.values():
            yield answer.asked
        yield from self._distances.facts()

    def _askers(self, demand: Demand) -> Iterator[Demand | int]:
        answer = self._answers.get(demand)
        return iter(()) if answer is None else (origin.asker for origin in answer.asked_by)

    def _asked(self, asker: Demand | int) -> Iterator[Demand]:
        return (answer.demand for answer, _ in self._asks_of(asker))

    def _count_asked(self, asker: Demand | int) -> int:
        count = len(self._asks.get(asker, ()))
        answer = None if isinstance(asker, int) else self._answers.get(asker)
        callers = None if answer is None else answer.callers
        return count if callers is None else count + len(callers)

    def _asks_of(self, asker: Demand | int) -> Iterator[tuple[_Answer, Origin]]:
        yield from self._asks.get(asker, ())
        answer = None if isinstance(asker, int) else self._answers.get(asker)
        if answer is not None and answer.callers is not None:
            yield from answer.callers.asks()

    def _asked_by(self, demand: Demand) -> Mapping[Origin, Around]:
        answer = self._answers[demand]
        answer.asked.read_by(self._reads.at)
        return answer.asked_by

    # What has changed

    def _undo(self, asker: Demand | int) -> None:
        self._undone[asker] = None

    def _find_sinks(self) -> None:
        gone, new = self._numbered.update()
        for number in gone:
            self._sink_entries.pop(number, None)
            self._remove(number)
        self._new += new
        # Some may wait since before a stop.
        self._new = [each for each in self._new if each in self._sinks or each in self._answers]
        self._stale.keep(lambda each: each in self._sinks or each in self._answers)

    def _doubt_undone(self) -> None:
        """Let sinks be read again, and doubt the answers of which something has changed."""
        undone, self._undone = self._undone, {}
        touched: list[Demand] = []
        for asker in undone:
            if isinstance(asker, int):
                self._read_again(asker)
            elif asker in self._answers:
                touched.append(asker)
        self._doubts.about(touched)
        for demand in self._doubted if self._are_gifts_kept else ():
            self._doubt_gifts(self._answers[demand])

    def _settle(self) -> None:
        """Read those sinks again of which something that they ask is answered otherwise now."""
        doubts = self._doubts
        while doubts.sinks:
            self._border()
            number = next(reversed(doubts.sinks))
            try:
                if number in self._sinks and doubts.asks_another(number):
                    self._read_again(number)
            except CircleError:
                self._begin_anew()
            else:
                del doubts.sinks[number]

    def _begin_anew(self) -> None:
        """Drop the answers that depend on a circle: they are the least that hold together."""
        for asker in self._doubts.given_up():
            if isinstance(asker, int):
                self._read_again(asker)
            else:
                self._drop(asker)

    def _read_again(self, number: int) -> None:
        self._remove(number)
        if number in self._sinks:
            self._new.append(number)

    def _drop(self, demand: Demand) -> None:
        """Forget the answer to a demand; it is answered again if somebody asks it."""
        answer = self._answers.pop(demand, None)
        if answer is not None:
            self._let_go(answer.forget_reads())
            self._doubt_gifts(answer)
            self._remove(demand)
            self._gone[demand] = answer

    def _answered_anew(self, demand: Demand) -> bool:
        """Answer a demand in doubt; tell whether the answer is another one now."""
        if self._nested >= MAX_NESTED:
            raise CircleError
        answer = self._answers[demand]
        before = (answer.after, answer.leaves)
        self._remove_for_now(answer)
        answer.entry.is_dropped = True
        answer.entry = Entry(demand, self._on_change)
        answer.after, answer.leaves, answer.held = set(), set(), None
        self._begun.append(answer)
        self._nested += 1
        try:
            self._answer(answer)
        finally:
            self._nested -= 1
        if answer.callers is not None:
            self._let_go(answer.callers.end())
        is_another = (answer.after, answer.leaves) != before
        if is_another:
            self._doubt_gifts(answer)
        return is_another

    def _remove(self, asker: Demand | int) -> None:
        """Forget what an asker has asked and noted."""
        self._records.forget(asker)
        self._let_go(self._asks.pop(asker, ()))

    def _let_go(self, asks: Iterable[tuple[_Answer, Origin]]) -> None:
        """Forget what was asked."""
        for answer, origin in asks:
            self._note_asked(answer)
            del answer.asked_by[origin]

    # What each of many callers gives

    def _remove_for_now(self, answer: _Answer) -> None:
        """Forget what an answer has asked and noted, but for what is kept of its callers."""
        demand = answer.demand
        if answer.callers is None and len(self._asks.get(demand, ())) >= MANY:
            answer.callers = Contributions()
            self._are_gifts_kept = True
        self._remove(demand)
        if answer.callers is not None:
            self._let_go(answer.callers.begin())

    def _keeper(self, asker: Demand | int) -> Keeper | None:
        if isinstance(asker, int):
            return None
        callers = self._answers[asker].callers
        return None if callers is None else partial(self._given_by_all, asker, callers)

    def _given_by_all(
        self,
        demand: Demand,
        kept: Contributions,
        function: FunctionKey,
        callers: tuple[CallKey, ...],
        read: Callable[[Origin], Given | None],
    ) -> Together:
        """Return what all callers give: what is kept, and what has to be read now."""
        for caller in kept.in_question(callers):
            self._ask_again(kept, Origin(demand, caller, function), read)
        return kept.together(function, callers)

    def _ask_again(
        self, kept: Contributions, origin: Origin, read: Callable[[Origin], Given | None]
    ) -> None:
        """Let what is kept of a caller be what it gives now."""
        demand, via, _ = origin
        assert not isinstance(demand, int)
        assert via is not None
        known = kept.get(via)
        if known is not None:
            if not known.is_lasting:
                kept.given_again(via, read(origin))
                return
            if self._holds(known):
                kept.trust(via)
                return
            self._let_go(kept.forget(via))
        entry, notes = Entry((demand, via), self._on_other_gift), self._records.notes
        others = self._asks.pop(demand, None)
        try:
            with self._reads.at_work(entry):
                given = read(origin)
            asks = self._asks.pop(demand, [])
        finally:
            if others is not None:
                self._asks[demand] = others + self._asks.pop(demand, [])
        is_lasting = notes == self._records.notes and all(each.held is None for each, _ in asks)
        kept[via] = Contribution(given, entry, asks, is_lasting=is_lasting)

    def _give_otherwise(self, given: tuple[Demand, CallKey]) -> None:
        """Note that what a caller gives to a demand was read from what is another now."""
        demand, via = given
        self._undone[demand] = None
        answer = self._answers.get(demand)
        if answer is not None and answer.callers is not None:
            answer.callers.doubt(via)

    def _doubt_gifts(self, answer: _Answer) -> None:
        """Let those look at their callers again who have asked for an answer for these."""
        if not self._are_gifts_kept:
            return
        for asker, via, _ in answer.asked_by:
            if via is not None and not isinstance(asker, int):
                kept = self._answers.get(asker)
                if kept is not None and kept.callers is not None:
                    kept.callers.doubt(via)

    def _holds(self, known: Contribution) -> bool:
        """Tell whether a caller gives what it has given."""
        for seen in known.asked if not known.entry.is_dropped else ():
            demand = seen.answer.demand
            if demand in self._doubted:
                self._doubts.settle(demand)
            now = self._answers.get(demand)
            if now is not seen.answer or now.held is not None or not seen.holds():
                return False
        return not known.entry.is_dropped

    def _note_asked(self, answer: _Answer) -> None:
        """Keep who asked a demand before the run."""
        if answer not in self._asked_before:
            self._asked_before[answer] = dict(answer.asked_by)

    def _sweep(self, demand: Demand) -> None:
        """Drop the answer to a demand that no sink asks for any more."""
        answer = self._answers.pop(demand, None)
        if answer is not None:
            self._let_go(answer.forget_reads())
            self._remove(demand)

    # The work list

    def _work(self, border: Callable[[], None]) -> None:
        while self._new or self._stale:
            border()
            asker = self._new.pop() if self._new else self._stale.pop()
            try:
                self._work_at(asker)
            except CircleError:
                self._begin_anew()
                self._new.append(asker)

    def _work_at(self, asker: Demand | int) -> None:
        if isinstance(asker, int):
            # What is noted is what is read when all that is asked has its answer.
            self._records.forget(asker)
            with self._reads.at_work(self._sink_entry(asker)):
                read_sink(self._sinks[asker], Origin(asker), self._reader, self._resolver)
        elif asker in self._doubts.demands:
            self._doubts.touch(asker)  # nobody may ask it any more
        elif asker in self._answers:
            self._grow(self._answers[asker])

    def _grow(self, answer: _Answer) -> None:
        """Answer a demand with what is known by now; tell those who asked when that is more."""
        before = (len(answer.after), len(answer.leaves))
        self._answer(answer)
        if answer.asked_by and (len(answer.after), len(answer.leaves)) != before:
            self._doubt_gifts(answer)
            self._stale.add(origin.asker for origin in answer.asked_by)

    def _answer(self, answer: _Answer) -> None:
        self._records.forget(answer.demand)
        with self._reads.at_work(answer.entry):
            after, leaves = self._terms.answer(answer.demand)
        if not after and not self._count_asked(answer.demand):
            # An empty collection, say: no circle will tell more.
            after = {url.after_hole(answer.demand.place)}
        answer.after |= after
        answer.leaves |= leaves

    def _begin(self, demand: Demand) -> _Answer:
        """Return an answer to begin with; those who know who asked the one before keep it."""
        answer = _Answer(demand, Entry(demand, self._on_change))
        self._begun.append(answer)
        gone = self._gone.pop(demand, None)
        if gone is not None:
            answer.asked = gone.asked
            self._asked_before[answer] = self._asked_before.pop(gone, gone.asked_by)
        return answer

    def _sink_entry(self, number: int) -> Entry:
        entry = self._sink_entries.get(number)
        if entry is None or entry.is_dropped:
            entry = self._sink_entries[number] = Entry(number, self._on_change)
        return entry

    def _ask(self, demand: Demand, at: Point) -> Traced:
        answer = self._answers.get(demand)
        if answer is None:
            if len(self._answers) >= MAX_DEMANDS:
                return {url.after_hole(demand.place)}, {TOP}
            answer = self._answers[demand] = self._begin(demand)
            if self._nested < MAX_NESTED:
                # At once, so that who asks need not be answered again.
                self._nested += 1
                try:
                    self._grow(answer)
                except CircleError:
                    self._new.append(demand)
                    raise
                finally:
                    self._nested -= 1
            else:
                self._new.append(demand)
        elif self._doubted and demand in self._doubted:
            self._doubts.settle(demand)
        around = answer.asked_by.get(at.origin)
        if around is None:
            self._note_asked(answer)
            answer.asked_by[at.origin] = at.around
            self._asks.setdefault(at.origin.asker, []).append((answer, at.origin))
        elif around is not at.around and around != at.around:
            self._note_asked(answer)
            answer.asked_by[at.origin] = self._shown.longer(around, at.around)
        if answer.held is not None and not self._gives_up:
            self._held_up[at.origin.asker] = None
            return set(), answer.held
        return answer.after, answer.leaves

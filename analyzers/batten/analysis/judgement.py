"""What the rules say of the flows of one document, kept for as long as these are the same.

A rule is asked once for each thing that a flow tells. What has only moved since has the findings
that it had, in other places, which are worked out for who asks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from itertools import compress, count, repeat
from operator import attrgetter, is_, ne
from typing import TYPE_CHECKING

from batten.rules.finding import moved
from batten.rules.registry import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.link.found import Found
    from batten.rules.finding import Finding
    from batten.syntax.text import Span


class Judged:
    """A finding and its flow; it stays the same while the finding only moves.

    `last` is the finding where somebody looked for it last: all of it holds but its places.
    """

    __slots__ = ("found", "last")

    def __init__(self, finding: Finding, found: Found) -> None:
        self.last = finding
        self.found = found

    def finding(self) -> Finding:
        """Return the finding where it is in the documents as they were linked last."""
        finding, places = self.last, self.found.places()
        if finding.span != places[0] or any(map(ne, map(_SPAN, finding.trace), places[1:])):
            finding = self.last = moved(finding, places)
        return finding


_FEW = 16
"""One of so many is put in its place without looking at all the others."""
_MANY = 64
"""Of more units it is quicker to put all findings in order than to look for the place of each."""
_SPAN = attrgetter("span")
_FINGERPRINT = attrgetter("last.fingerprint")
_IN_PIECES = attrgetter("in_pieces")


def _place(judged: Judged) -> Span:
    return judged.found.span()


class Judgement:
    """The findings in one document."""

    __slots__ = (
        "_changed",
        "_fingerprints",
        "_found",
        "_in_order",
        "_numbers",
        "_of_units",
        "_others",
        "_said",
        "_units",
    )

    def __init__(self) -> None:
        # None while what is said is on its way from some flows to others.
        self._found: tuple[Found, ...] | None = None
        self._said: dict[Found, tuple[Judged, ...]] = {}
        self._of_units: dict[str, _OfUnit] = {}  # those in which something is said
        self._numbers: Mapping[str, int] = {}
        self._units: list[_OfUnit] = []  # the same, in the order of those that are in order
        self._in_order: tuple[Judged, ...] = ()
        # What was in order in the units of which something else is said since.
        self._changed: dict[_OfUnit, tuple[Judged, ...]] = {}
        # How many have a fingerprint, and those that are told apart by a number, by those that
        # they are made of.
        self._fingerprints: dict[str, int] = {}
        self._others: dict[tuple[Judged, int], Judged] = {}

    def of(
        self, found: tuple[Found, ...], numbers: Mapping[str, int], border: Callable[[], None]
    ) -> tuple[Judged, ...]:
        """Return the findings in flows, by their places as the documents were linked last.

        It is the same tuple as before while they only move. `numbers` are the document's units:
        while none comes, goes or moves, the order stays. It can be stopped at the border, and
        gone on with when the flows are others.
        """
        if found is not self._found:
            # Stopped on its way, it is not that of before, though the flows may be: no flows are.
            self._found = None
            self._look_at(found, border)
        elif numbers is self._numbers:
            return self._in_order
        before, self._units = self._units, self._units_in_order(numbers)
        is_sure = numbers is self._numbers and all(self._changed.values())
        is_sure = is_sure or not any(map(_IN_PIECES, self._units))  # these are around others
        if not (is_sure and _have_same_order(before, self._units) and self._are_replaced()):
            self._in_order = tuple(self._numbered(self._all_in_order()))
        self._found, self._numbers = found, numbers
        self._changed.clear()
        return self._in_order

    def _units_in_order(self, numbers: Mapping[str, int]) -> list[_OfUnit]:
        is_like_before = numbers is self._numbers and len(self._units) == len(self._of_units)
        if is_like_before and all(each.is_said() for each in self._changed):
            return self._units  # none has come in the place of another
        names = sorted(self._of_units, key=numbers.__getitem__)
        return [self._of_units[name] for name in names]

    def _all_in_order(self) -> list[Judged]:
        judged: list[Judged] = []
        among_others: list[Judged] = []
        for unit in self._units:
            (among_others if unit.in_pieces else judged).extend(unit.in_order())
        if len(among_others) * _FEW > len(judged):
            return sorted((*judged, *among_others), key=_place)
        for each in among_others:
            judged.insert(bisect_right(judged, each.found.span(), key=_place), each)
        return judged

    def _are_replaced(self) -> bool:
        """Put what is said now in functions in the place of what was said, if none has a number."""
        if len(self._changed) > _MANY:
            return False
        in_order = self._in_order
        new = [unit for unit, before in self._changed.items() if not before and unit.is_said()]
        new.sort(key=self._units.index, reverse=True)  # what is behind each is in its place
        for unit in (*filter(self._changed.get, self._changed), *new):
            before, now = self._changed[unit], unit.in_order()
            if unit.in_pieces or not self._are_counted(before, now):
                return False
            first = self._place_of(before, unit, in_order)
            last = first + len(before)
            if in_order[first:last] != before:
                return False  # one of them has a number
            in_order = (*in_order[:first], *now, *in_order[last:])
        self._in_order = in_order
        return True

    def _are_counted(self, before: tuple[Judged, ...], now: tuple[Judged, ...]) -> bool:
        """Count the fingerprints of others; tell whether no number has to be given or taken."""
        old, new = [*map(_FINGERPRINT, before)], [*map(_FINGERPRINT, now)]
        if old == new:
            return True
        counted = self._fingerprints
        if any(counted.pop(each, 0) != 1 for each in old) or len({*new}) < len(new):
            return False
        if not counted.keys().isdisjoint(new):
            return False
        counted.update(dict.fromkeys(new, 1))
        return True

    def _place_of(
        self, before: tuple[Judged, ...], unit: _OfUnit, in_order: tuple[Judged, ...]
    ) -> int:
        """Return where findings of a unit begin, or are to begin, among those in order."""
        if not before:
            behind = self._units.index(unit) + 1
            if behind == len(self._units):
                return len(in_order)
            before = self._units[behind].in_order()
        return next(compress(count(), map(is_, in_order, repeat(before[0]))), 0)

    def _look_at(self, found: tuple[Found, ...], border: Callable[[], None]) -> None:
        """Let every rule look at every flow that is new."""
        said, now = self._said, set(found)
        gone = said.keys() - now
        before = {each.told: each for each in gone}
        for each in now - said.keys():
            border()
            known = before.get(each.told)
            if known is not None:
                said[each] = tuple([Judged(judged.last, each) for judged in said[known]])
            else:
                flow = each.flow()
                findings = filter(None, [rule.check(flow) for rule in rules()])
                said[each] = tuple([Judged(finding, each) for finding in findings])
            if said[each]:
                unit = self._of_units.get(each.unit)
                if unit is None:
                    unit = self._of_units[each.unit] = _OfUnit()
                    self._changed[unit] = ()
                elif unit not in self._changed:
                    self._changed[unit] = unit.in_order()
                unit.add(each, said[each])
        for each in gone:
            if said.pop(each):
                unit = self._of_units[each.unit]
                if unit not in self._changed:
                    self._changed[unit] = unit.in_order()
                if unit.drop(each):
                    del self._of_units[each.unit]

    def _numbered(self, judged: list[Judged]) -> list[Judged]:
        """Tell findings with the same fingerprint apart by their order in the document."""
        before, self._others = self._others, {}
        self._fingerprints = Counter(map(_FINGERPRINT, judged))
        if len(self._fingerprints) == len(judged):
            return judged
        numbered: list[Judged] = []
        seen: dict[str, int] = {}
        for each in judged:
            fingerprint = each.last.fingerprint
            count = seen[fingerprint] = seen.get(fingerprint, 0) + 1
            if count > 1:
                one = before.get((each, count))
                if one is None:
                    own = f"{fingerprint}-{count}"
                    one = Judged(replace(each.last, fingerprint=own), each.found)
                self._others[each, count] = one
                numbered.append(one)
            else:
                numbered.append(each)
        return numbered


class _OfUnit:
    """What is said in one unit; `in_pieces` tells that others may stand between its parts."""

    __slots__ = ("_in_order", "_said", "in_pieces")

    def __init__(self) -> None:
        self._said: dict[Found, tuple[Judged, ...]] = {}
        self._in_order: tuple[Judged, ...] | None = None
        self.in_pieces = False

    def add(self, found: Found, said: tuple[Judged, ...]) -> None:
        """Take what is said of a flow."""
        self._said[found] = said
        self._in_order = None
        self.in_pieces = not found.is_in_function()

    def drop(self, found: Found) -> bool:
        """Forget what is said of a flow; tell whether that was all."""
        del self._said[found]
        self._in_order = None
        return not self._said

    def is_said(self) -> bool:
        """Tell whether anything is said."""
        return bool(self._said)

    def in_order(self) -> tuple[Judged, ...]:
        """Return what is said, by place; of one rule's findings at a place the worst counts."""
        if self._in_order is None:
            worst: dict[tuple[Span, str], Judged] = {}
            for found, said in self._said.items():
                span = found.span()
                for each in said:
                    other = worst.get((span, each.last.code))
                    if other is None or _is_worse(each, other):
                        worst[span, each.last.code] = each
            self._in_order = tuple([worst[key] for key in sorted(worst)])
        return self._in_order


def _is_worse(one: Judged, other: Judged) -> bool:
    """Tell whether the first of two findings is the one to show, by what the program is alone."""
    ranks = _rank(one), _rank(other)
    if ranks[0] != ranks[1]:
        return ranks[0] > ranks[1]
    # The same is said of two places of the grammar: the text that leads to the earlier one.
    flows = one.found.flow(), other.found.flow()
    places = [(flow.place.value, flow.context.value) for flow in flows]
    return places[0] < places[1]


def _have_same_order(ones: list[_OfUnit], others: list[_OfUnit]) -> bool:
    """Tell whether the units that are in both lists are in the same order."""
    if ones == others:
        return True
    both = {*ones}.intersection(others)
    return [each for each in ones if each in both] == [each for each in others if each in both]


def _rank(judged: Judged) -> tuple[object, ...]:
    """Return what decides which of several is shown: nothing that an edit elsewhere changes."""
    finding = judged.last
    notes = [step.note for step in finding.trace]
    said = (finding.severity, finding.message, finding.context)
    return (*said, -len(notes), notes, judged.found.marks)

"""What linking has found, as it stands in the documents now: the way of a flow through an edit.

Nearly all flows only move when a text is edited, and half of them not even that. So a flow is
made only for who asks, and what has moved is told by where its units start.
"""

from __future__ import annotations

import sys
from itertools import compress, count
from operator import ne
from typing import TYPE_CHECKING

from batten.link.index import differing
from batten.link.keys import UnitKey
from batten.syntax.text import Span
from batten.syntax.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from batten.link.flow import Flow
    from batten.link.index import Document, FunctionKey, Index

Mark = tuple["FunctionKey", int]
"""A site of a function."""


class Found:
    """A flow and its places: its own first, and then those of its steps.

    `told` stands for what the flow says apart from where things are, and apart from `takers` and
    `beside`: flows that share it say the same.
    """

    __slots__ = ("_flow", "_made", "path", "places", "told")

    def __init__(
        self,
        path: str,
        told: object,
        places: tuple[Span, ...],
        flow: Callable[[], Flow],
        made: Flow | None = None,
    ) -> None:
        """Make one; `made` is what `flow` has just given, for the first who asks."""
        self.path = path
        self.told = told
        self.places = places
        self._flow = flow
        self._made = made

    def at(self, places: tuple[Span, ...]) -> Found:
        """Return the same in other places; it keeps nothing of this one."""
        return Found(self.path, self.told, places, self._flow)

    def flow(self) -> Flow:
        """Return the flow, as long as the documents are as they were when it was found."""
        made, self._made = self._made, None
        return self._flow() if made is None else made


class Since:
    """What is different in the documents from when they were looked at last.

    After a look that was not finished, that is what is different from any of several times.
    `changed` are the units with another text; `moved` tells by path from which unit on there
    are others, or the same that start elsewhere; in those that are `renumbered` units have come,
    gone or changed places.
    """

    __slots__ = ("changed", "index", "moved", "renumbered")

    def __init__(self, index: Index, before: Iterable[Mapping[str, Document]]) -> None:
        self.index = index
        self.changed: set[UnitKey] = set()
        self.moved: dict[str, int] = {}
        self.renumbered: set[str] = set()
        for documents in before:
            for path, document in index.documents.items():
                last = documents.get(path)
                if last is None:
                    self.moved[path] = 0
                elif last is not document:
                    self._compare(path, last, document)

    def _compare(self, path: str, last: Document, document: Document) -> None:
        moved = map(ne, last.division.outline.starts, document.division.outline.starts)
        self._note_moved(path, next(compress(count(), moved), sys.maxsize))
        if last.division.numbers is not document.division.numbers:
            # The others are in this order, too.
            renamed = map(ne, last.division.numbers, document.division.numbers)
            self._note_moved(path, next(compress(count(), renamed), sys.maxsize))
            self.renumbered.add(path)
        for _, unit in differing(last, document):
            if unit is not None:
                self.changed.add(unit.key)

    def _note_moved(self, path: str, number: int) -> None:
        self.moved[path] = min(number, self.moved.get(path, number))


class Placed:
    """What was found of something, placed by the documents as they were looked at last."""

    __slots__ = ("_around", "_last", "_notes", "_starts", "_units", "found")

    def __init__(
        self,
        flow: Callable[[], Flow],
        marks: Iterable[Mark],
        index: Index,
        before: Placed | None,
    ) -> None:
        """Make the flow; `marks` are all sites that it has, `before` what was found of the same."""
        made = flow()
        units = {
            (function.path, index.span(function, site)): UnitKey(function.path, function.unit)
            for function, site in marks
        }
        self._notes = tuple([step.note for step in made.steps])
        self._around = frozenset(units.values())
        of_steps = [units[step.path, step.span] for step in made.steps]
        self._units = (units[made.path, made.span], *of_steps)
        self._last = _last(self._around, index)
        self._starts = _starts(self._units, index)
        places = (made.span, *[step.span for step in made.steps])
        same = before is not None and before._notes == self._notes
        told = before.found.told if before is not None and same else object()
        # Where what it tells is new, the rules will ask for it next.
        self.found: Found = Found(made.path, told, places, flow, None if same else made)

    def stays(self, since: Since) -> bool:
        """Tell whether nothing has changed; what only moved is moved first."""
        if not since.changed.isdisjoint(self._around):
            return False
        for path, last in self._last:
            moved = since.moved.get(path)
            if moved is not None and last >= moved:
                if path in since.renumbered:
                    self._last = _last(self._around, since.index)
                return self._moves(since.index)
        return True

    def _moves(self, index: Index) -> bool:
        """Move; False when it has to be made anew for that."""
        starts = _starts(self._units, index)
        if starts == self._starts:
            return True
        places: list[Span] = []
        for place, old, new in zip(self.found.places, self._starts, starts, strict=True):
            if old == new:
                places.append(place)
            elif isinstance(old, int) and isinstance(new, int):
                places.append(Span(place.start + new - old, place.end + new - old))
            else:
                return False
        self._starts = starts
        found = self.found
        self.found = found.at(tuple(places))
        return True


def _last(units: Iterable[UnitKey], index: Index) -> tuple[tuple[str, int], ...]:
    """Return the last unit in each document by its index; one with others may move with any."""
    found: dict[str, int] = {}
    for path, unit in units:
        document = index.documents[path]
        number = document.division.numbers[unit]
        is_function = document.units[number].kind is UnitKind.FUNCTION
        found[path] = max(found.get(path, 0), number if is_function else sys.maxsize)
    return tuple(found.items())


def _starts(units: tuple[UnitKey, ...], index: Index) -> list[int | tuple[int, ...]]:
    """Return where units start: of what is in one piece one number."""
    starts: list[int | tuple[int, ...]] = []
    for path, unit in units:
        division = index.documents[path].division
        starts.append(division.place(division.numbers[unit]))
    return starts

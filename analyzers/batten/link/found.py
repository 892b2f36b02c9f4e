"""What linking has found: the way of a flow through an edit.

Nearly all flows only move when a text is edited. So what was found is told by the sites that it
has, not by where these are now: it stays the same while all around it moves. Where it is, and the
flow itself, is worked out for who asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.keys import UnitKey
from batten.syntax.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.link.flow import Flow
    from batten.link.index import FunctionKey, Index
    from batten.syntax.text import Span
    from batten.syntax.units import Division

Mark = tuple["FunctionKey", int]
"""A site of a function."""


class Found:
    """A flow and the sites of its places: its own first, and then those of its steps.

    `told` stands for what the flow says apart from where things are, and apart from `takers` and
    `beside`: flows that share it say the same.
    """

    __slots__ = ("_flow", "_index", "_made", "marks", "told")

    def __init__(
        self,
        told: object,
        marks: tuple[Mark, ...],
        index: Index,
        flow: Callable[[], Flow],
        made: Flow | None = None,
    ) -> None:
        """Make one; `made` is what `flow` has just given, for the first who asks."""
        self.told = told
        self.marks = marks
        self._index = index
        self._flow = flow
        self._made = made

    @property
    def path(self) -> str:
        """The document that it is found in."""
        return self.marks[0][0].path

    @property
    def unit(self) -> str:
        """The name of the unit that it is found in."""
        return self.marks[0][0].unit

    def is_in_function(self) -> bool:
        """Tell whether that unit is a function, which is in one piece."""
        division = self._index.documents[self.path].division
        return division.contents[division.numbers[self.unit]].kind is UnitKind.FUNCTION

    def span(self) -> Span:
        """Return where it is in its document as it was linked last."""
        return self._index.span(*self.marks[0])

    def places(self) -> tuple[Span, ...]:
        """Return all its places in the documents as they were linked last."""
        span = self._index.span
        return tuple([span(function, site) for function, site in self.marks])

    def around(self) -> list[UnitKey]:
        """Return the unit that each of its places is in."""
        return [UnitKey(function.path, function.unit) for function, _ in self.marks]

    def division(self, path: str) -> Division | None:
        """Return a document with its units as it was linked last; None when there is none."""
        document = self._index.documents.get(path)
        return None if document is None else document.division

    def moved(self) -> Found:
        """Return the same where its sites are in another text that tells the same."""
        return Found(self.told, self.marks, self._index, self._flow)

    def flow(self) -> Flow:
        """Return the flow, as long as the documents are as they were when it was found."""
        made, self._made = self._made, None
        return self._flow() if made is None else made

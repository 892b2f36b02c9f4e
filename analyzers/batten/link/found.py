"""What linking has found: the way of a flow through an edit.

Nearly all flows only move when a text is edited. So what was found is told by the sites that it
has, not by where these are now: it stays the same while all around it moves. Where it is, and the
flow itself, is worked out for who asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.link.flow import Flow
    from batten.link.index import FunctionKey, Index
    from batten.syntax.text import Span

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

    def places(self) -> tuple[Span, ...]:
        """Return where it is in the documents as they were linked last."""
        span = self._index.span
        return tuple([span(function, site) for function, site in self.marks])

    def flow(self) -> Flow:
        """Return the flow, as long as the documents are as they were when it was found."""
        made, self._made = self._made, None
        return self._flow() if made is None else made

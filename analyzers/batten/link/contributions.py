"""What each of many callers gives to one answer, kept while that stays.

An edit of one of them is an edit of one: the others are neither read nor asked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.grammars.url import Place
    from batten.link.flow import Leaf
    from batten.link.index import CallKey
    from batten.link.open_terms import Given
    from batten.link.point import Demand
    from batten.link.reads import Entry

MANY = 16
"""So many questions of one answer are worth to be kept apart."""


class Answer(Protocol):
    """The answer to what was asked of a caller, so far."""

    demand: Demand
    after: set[Place]
    leaves: set[Leaf]


class _Seen(NamedTuple):
    """An answer as it was when it was read: its sets grow, or others come in their place."""

    answer: Answer
    after: set[Place]
    places: int
    leaves: set[Leaf]
    values: int

    def holds(self) -> bool:
        """Tell whether it is the same now."""
        answer, after, places, leaves, values = self
        return (
            len(after) == places
            and len(leaves) == values
            and (answer.after is after or answer.after == after)
            and (answer.leaves is leaves or answer.leaves == leaves)
        )


class Contribution:
    """What one caller gives; `entry` is what it was read from, `asked` whom it was asked of.

    `is_lasting` tells whether it may be kept when the answer is begun anew.
    """

    __slots__ = ("asked", "entry", "given", "is_lasting")

    def __init__(
        self, given: Given | None, entry: Entry, answers: Iterable[Answer], *, is_lasting: bool
    ) -> None:
        self.given = given
        self.entry = entry
        self.is_lasting = is_lasting
        self.asked = tuple(
            [
                _Seen(each, each.after, len(each.after), each.leaves, len(each.leaves))
                for each in answers
            ]
        )


class Contributions:
    """Those of the callers of one answer."""

    __slots__ = ("_found", "_used")

    def __init__(self) -> None:
        self._found: dict[CallKey, Contribution] = {}
        self._used: set[CallKey] = set()

    def __contains__(self, caller: object) -> bool:
        return caller in self._found

    def __setitem__(self, caller: CallKey, known: Contribution) -> None:
        self._found[caller] = known

    def begin(self) -> None:
        """Begin the answer anew: what is not asked for until `end` is given no more."""
        self._used.clear()
        for caller, known in tuple(self._found.items()):
            if not known.is_lasting:
                self.forget(caller)

    def use(self, caller: CallKey) -> Contribution | None:
        """Return what is known of a caller that is asked for."""
        self._used.add(caller)
        return self._found.get(caller)

    def forget(self, caller: CallKey) -> None:
        """Forget what a caller has given."""
        self._found.pop(caller).entry.is_dropped = True

    def end(self) -> set[CallKey]:
        """Forget callers that were not asked for, and return them."""
        gone = self._found.keys() - self._used
        for caller in gone:
            self.forget(caller)
        return gone

    def forget_all(self) -> None:
        """Forget what all callers have given."""
        for caller in tuple(self._found):
            self.forget(caller)

"""What each of many callers gives to one answer, kept while that stays.

An edit of one of them is an edit of one: the others are neither read nor asked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.grammars.url import Place
    from batten.link.flow import Leaf
    from batten.link.index import CallKey, FunctionKey
    from batten.link.open_terms import Given
    from batten.link.point import Demand, Origin
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


Ask = tuple[Any, "Origin"]
"""Whose answer was asked for, and who has asked."""


class Contribution:
    """What one caller gives; `entry` is what it was read from, `asks` what was asked of it.

    `is_lasting` tells whether it may be kept when the answer is begun anew.
    """

    __slots__ = ("_sizes", "asked", "asks", "entry", "given", "is_lasting")

    def __init__(
        self, given: Given | None, entry: Entry, asks: list[Ask], *, is_lasting: bool
    ) -> None:
        self.given = given
        self.entry = entry
        self.asks = asks
        self.is_lasting = is_lasting
        answers: list[Answer] = [answer for answer, _ in asks]
        self.asked = [
            _Seen(each, each.after, len(each.after), each.leaves, len(each.leaves))
            for each in answers
        ]
        self._sizes = _sizes(given)

    def gives_the_same(self, other: Contribution) -> bool:
        """Tell whether another one gives what this has given when it was read."""
        return self._sizes == _sizes(self.given) and self.given == other.given


def _sizes(given: Given | None) -> tuple[int, int] | None:
    """Return how much is given: that is in sets, which may grow."""
    return None if given is None else (len(given[0][0]), len(given[0][1]))


class Together(NamedTuple):
    """What all callers of a function give to one of its parameters.

    `is_given` tells whether one gives anything that is not the function itself, `is_left_out`
    whether all who could leave it to its default.
    """

    after: set[Place]
    leaves: set[Leaf]
    is_given: bool
    is_left_out: bool


def together(function: FunctionKey, given: Iterable[tuple[CallKey, Given | None]]) -> Together:
    """Return what all callers of a function give, each of which may give nothing."""
    known = [(caller, each) for caller, each in given if each is not None]
    return Together(
        set().union(*[traced[0] for _, (traced, _) in known]),
        set().union(*[traced[1] for _, (traced, _) in known]),
        any(caller.function != function for caller, _ in known),
        all(is_left_out for _, (_, is_left_out) in known),
    )


class Contributions:
    """Those of the callers of one answer.

    Who makes an answer another one has it doubted here by those who were asked for it.
    """

    __slots__ = ("_asked", "_callers", "_doubted", "_found", "_lost", "_together")

    def __init__(self) -> None:
        self._found: dict[CallKey, Contribution] = {}
        # Of whom it is not known what they give now, and those that do not last.
        self._doubted: dict[CallKey, None] = {}
        self._asked: tuple[CallKey, ...] = ()  # who was asked since the answer was begun
        self._together: Together | None = None
        self._callers: tuple[CallKey, ...] = ()  # who is in `_together`
        self._lost: dict[CallKey, Contribution] = {}  # what has come into that, of those not found

    def __len__(self) -> int:
        """Return how many callers are known."""
        return len(self._found)

    def __setitem__(self, caller: CallKey, known: Contribution) -> None:
        self._found[caller] = known
        lost = self._lost.pop(caller, None)
        if lost is None or not lost.gives_the_same(known):
            self._together = None
        if known.is_lasting:
            self._doubted.pop(caller, None)
        else:
            self._doubted[caller] = None

    def begin(self) -> list[Ask]:
        """Begin the answer anew: who is not asked until `end` gives no more.

        Return what was asked for what does not last, which is forgotten.
        """
        self._asked = ()
        found = self._found
        passing = [each for each in self._doubted if each in found and not found[each].is_lasting]
        return [ask for caller in passing for ask in self.forget(caller)]

    def doubt(self, caller: CallKey) -> None:
        """Note that a caller may give something else now."""
        if caller in self._found:
            self._doubted[caller] = None

    def trust(self, caller: CallKey) -> None:
        """Note that a caller gives what it has given."""
        self._doubted.pop(caller, None)

    def in_question(self, callers: tuple[CallKey, ...]) -> list[CallKey]:
        """Return those callers, who are asked now, of whom it is not known what they give."""
        self._asked = callers
        if callers == self._callers:
            return list(self._doubted)
        self._together = None
        found, doubted = self._found, self._doubted
        return [each for each in callers if each in doubted or each not in found]

    def get(self, caller: CallKey) -> Contribution | None:
        """Return what a caller has given; None when that is not known."""
        return self._found.get(caller)

    def given_again(self, caller: CallKey, given: Given | None) -> None:
        """Note what a caller gives that has to be asked each time."""
        self._found[caller].given = given
        self._together = None

    def together(self, function: FunctionKey, callers: tuple[CallKey, ...]) -> Together:
        """Return what callers give of which each is known."""
        if self._together is None:
            found = self._found
            self._together = together(function, [(each, found[each].given) for each in callers])
            self._callers = callers
            self._lost.clear()
        return self._together

    def forget(self, caller: CallKey) -> list[Ask]:
        """Forget what a caller has given; return what was asked for it."""
        known = self._lost[caller] = self._found.pop(caller)
        known.entry.is_dropped = True
        self._doubted[caller] = None
        return known.asks

    def end(self) -> list[Ask]:
        """Forget callers that were not asked; return what was asked of them."""
        asks: list[Ask] = []
        if self._asked != self._callers:  # nobody was asked: of all together nothing is known
            self._callers, self._together = (), None
        if len(self._asked) != len(self._found):
            asked = set(self._asked)
            gone = [each for each in self._found if each not in asked]
            asks = [ask for caller in gone for ask in self.forget(caller)]
        for caller in [each for each in self._doubted if each not in self._found]:
            del self._doubted[caller]  # it is none of the callers any more
            self._lost.pop(caller, None)
        return asks

    def forget_all(self) -> list[Ask]:
        """Forget what all callers have given; return what was asked of them."""
        return [ask for caller in tuple(self._found) for ask in self.forget(caller)]

    def asks(self) -> Iterator[Ask]:
        """Yield what was asked of callers."""
        for known in self._found.values():
            yield from known.asks

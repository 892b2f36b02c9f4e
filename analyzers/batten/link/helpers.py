"""What functions of the program have proved of their arguments when they return.

A check that a helper makes counts where the helper is called, and so does what its own helpers
prove, up to a depth. Functions that call each other in all ways lead along as many ways to the
same few answers: what is asked of a parameter is asked once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batten.link.entities import Frame, Routine
from batten.values.terms import Const, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.index import FunctionKey, Index
    from batten.link.resolve import Resolver
    from batten.values.terms import Fact

MAX_HELPERS = 2
_OUTCOMES = {"predicate": "true", "refuted": "false", "converted": "any"}


class Asked(NamedTuple):
    """What a helper has proved of its parameter `name` when its result is as `outcome` says.

    `depth` tells how many helpers there are around it, itself included.
    """

    function: FunctionKey
    name: str
    outcome: str
    depth: int

    def promised(self, index: Index) -> Iterator[tuple[Fact, Frame]]:
        """Yield what was proved, and where."""
        for promise in index.function(self.function).promises:
            if promise.parameter == self.name and promise.outcome in (self.outcome, "any"):
                for fact in promise.facts:
                    yield fact, Frame(self.function)


def asked_of_helper(fact: Fact, frame: Frame, resolver: Resolver, depth: int) -> Asked | None:
    """Return what a fact asks of the helper that made the check; None when none did.

    `depth` is how many helpers are around the fact: beyond the bound none is asked.
    """
    outcome = _OUTCOMES.get(fact.kind)
    function = fact.value.items[0] if isinstance(fact.value, Sequence) else fact.value
    if depth >= MAX_HELPERS or outcome is None or isinstance(function, Const):
        return None
    routines = [e for e in resolver.resolve(function, frame) if isinstance(e, Routine)]
    if len(routines) != 1:
        return None
    key = routines[0].key
    if fact.keyword:
        return Asked(key, fact.keyword, outcome, depth + 1)
    parameters = resolver.index.head(key).parameters
    place = fact.place + resolver.skips_receiver(key, routines[0].receiver is not None)
    if place >= len(parameters):
        return None
    return Asked(key, parameters[place].name, outcome, depth + 1)

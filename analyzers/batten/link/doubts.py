"""Which answers are in doubt after an edit, and which of them turn out to hold.

What an edit touches is often answered as before: then nothing that was made of it is looked at. An
answer is in doubt when it was touched, or made of one in doubt. Doubts are settled from the sinks
down: what somebody asks, in the order of the questions, before the one who asks. The first answer
that is another one now makes who asked answer anew. So nobody answers what is not asked any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from batten.link.point import Demand

    Asker = Demand | int

MAX_OPEN = 60
"""How many doubts are settled inside one another."""


class CircleError(Exception):
    """An answer in doubt depends on itself, or on too many others in a row."""


class Doubts:
    """The demands and sinks in doubt; a sink is a number.

    `askers` gives those who ask a demand, `asked` what somebody asks, in order. `answered_anew`
    answers a demand again, and tells whether the answer is another one now.
    """

    def __init__(
        self,
        askers: Callable[[Demand], Iterable[Asker]],
        asked: Callable[[Asker], Iterable[Demand]],
        answered_anew: Callable[[Demand], bool],
    ) -> None:
        self._askers = askers
        self._asked = asked
        self._answered_anew = answered_anew
        self.demands: dict[Demand, None] = {}
        self.sinks: dict[int, None] = {}
        self._touched: set[Demand] = set()
        self._others: set[Demand] = set()
        self._open: dict[Demand, None] = {}
        # What somebody asks of that which is in doubt.
        self._asked_in_doubt: dict[Asker, list[Demand]] = {}

    def about(self, touched: Iterable[Demand]) -> None:
        """Doubt answers of which something that they read has changed, and what is made of them."""
        waiting = list(touched)
        self._touched.update(waiting)
        found = self._with_askers(waiting, self._asked_in_doubt)
        for asker in found:
            if isinstance(asker, int):
                self.sinks[asker] = None
            else:
                self.demands[asker] = None

    def touch(self, demand: Demand) -> None:
        """Note that a demand in doubt has to be answered anew, if anybody asks it."""
        self._touched.add(demand)

    def settle(self, demand: Demand) -> None:
        """Find out whether the answer to a demand in doubt holds, and answer it anew if not.

        Raises CircleError.
        """
        if demand in self._open or len(self._open) >= MAX_OPEN:
            self._open[demand] = None
            raise CircleError
        self._open[demand] = None
        if (demand in self._touched or self.asks_another(demand)) and self._answered_anew(demand):
            self._others.add(demand)
        del self._open[demand]
        del self.demands[demand]

    def asks_another(self, asker: Asker) -> bool:
        """Tell whether somebody asks what is answered otherwise than before.

        Raises CircleError.
        """
        in_doubt = self._asked_in_doubt.get(asker, ())
        for demand in in_doubt if len(in_doubt) < 2 else self._asked(asker):
            if demand in self.demands:
                self.settle(demand)
            if demand in self._others:
                return True
        return False

    def given_up(self) -> tuple[Asker, ...]:
        """Return all that depends on what was to be settled last; that is in doubt no more."""
        found = self._with_askers(self._open)
        self._open.clear()
        for asker in found:
            if isinstance(asker, int):
                self.sinks.pop(asker, None)
            else:
                self.demands.pop(asker, None)
        return tuple(found)

    def end(self) -> tuple[Demand, ...]:
        """Return what is still in doubt: nobody asks it any more. Nothing is in doubt then."""
        left = tuple(self.demands)
        self.demands.clear()
        self.sinks.clear()
        self._touched.clear()
        self._others.clear()
        self._asked_in_doubt.clear()
        return left

    def _with_askers(
        self, demands: Iterable[Demand], asked: dict[Asker, list[Demand]] | None = None
    ) -> dict[Asker, None]:
        """Return demands and all that is made of them; note who asks which of these."""
        waiting: list[Asker] = list(demands)
        found: dict[Asker, None] = dict.fromkeys(waiting)
        while waiting:
            demand = waiting.pop()
            if isinstance(demand, int):
                continue
            for asker in self._askers(demand):
                if asker not in found:
                    found[asker] = None
                    waiting.append(asker)
                if asked is not None:
                    known = asked.setdefault(asker, [])
                    if not known or known[-1] is not demand:
                        known.append(demand)
        return found

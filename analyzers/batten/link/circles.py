"""Functions that only call each other: what they are given first comes from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.reads import Memo

if TYPE_CHECKING:
    from batten.link.callers import Callers
    from batten.link.index import FunctionKey


class Circles:
    """The circles of one program's calls that nothing in the program enters."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self._circles = Memo(callers.resolver.index.reads, self._find_circle)

    def closed(self, key: FunctionKey) -> bool:
        """Tell whether all that lead to a function by their calls are called by it in turn."""
        return bool(self._circles(key))

    def _find_circle(self, key: FunctionKey) -> frozenset[FunctionKey]:
        """Return the circle in which a function is, itself included; none if it is entered."""
        callers = {call.function for call in self._callers.callers(key)}
        # A function is in the circle of each of its callers, or in none.
        known = next((each for each in callers - {key} if self._circles.knows(each)), None)
        if known is not None:
            circle = self._circles(known)
            return circle if key in circle else frozenset()
        return self._explored(key)

    def _explored(self, key: FunctionKey) -> frozenset[FunctionKey]:
        above: dict[FunctionKey, set[FunctionKey]] = {}
        waiting = [key]
        while waiting:
            function = waiting.pop()
            if function in above:
                continue
            callers = {call.function for call in self._callers.callers(function)}
            if not callers:
                return frozenset()
            above[function] = callers
            waiting += callers
        # Who is called by whom, of those who lead here.
        below: dict[FunctionKey, list[FunctionKey]] = {}
        for function, callers in above.items():
            for caller in callers:
                below.setdefault(caller, []).append(function)
        reached: set[FunctionKey] = set()
        waiting = [key]
        while waiting:
            function = waiting.pop()
            if function not in reached:
                reached.add(function)
                waiting += below.get(function, ())
        return frozenset(above) if len(reached) == len(above) else frozenset()

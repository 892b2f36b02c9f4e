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
        self.closed = Memo(callers.resolver.index.reads, self._is_closed)
        """Tells whether all that lead to a function by their calls are called by it in turn."""

    def _is_closed(self, key: FunctionKey) -> bool:
        above: dict[FunctionKey, set[FunctionKey]] = {}
        waiting = [key]
        while waiting:
            function = waiting.pop()
            if function in above:
                continue
            callers = {call.function for call in self._callers.callers(function)}
            if not callers:
                return False
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
        return len(reached) == len(above)

"""By which keyword a call takes query parameters apart from the URL, if it does.

A call of a library is asked of its model. A function of the program takes what its own signature
takes and hands on to such a call: as `params=params`, or within `**kwargs`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.arguments import given_argument
from batten.link.entities import Routine
from batten.link.index import CallKey
from batten.link.reads import Memo, SteadyMemo
from batten.values.terms import Choice, Const, Mapping, Param

if TYPE_CHECKING:
    from batten.link.callers import Callers
    from batten.link.entities import Entity
    from batten.link.index import FunctionKey
    from batten.values.terms import Value

MAX_WRAPPERS = 8


class QueryArguments:
    """The keywords of one program's calls; remembers what it found."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self._resolver = callers.resolver
        self._index = callers.resolver.index
        self._keywords = Memo(callers.resolver.index.reads, self._find_keyword)
        self._of_functions = SteadyMemo(callers.resolver.index.reads, self._find_of_function)

    def keyword(self, key: CallKey) -> str | None:
        """Return the keyword of a call; None when not all that it may call take one."""
        return self._keywords(key)

    def _find_keyword(self, key: CallKey) -> str | None:
        return self._keyword(key, 0)

    def _keyword(self, key: CallKey, depth: int) -> str | None:
        found = {self._of(callee, depth) for callee in self._callers.callees(key)}
        return found.pop() if len(found) == 1 else None

    def _of(self, callee: Entity, depth: int) -> str | None:
        model = self._resolver.model(callee)
        if model is not None:
            for sink in model.sinks:
                if sink.params is not None:
                    return sink.params.keyword
            return None
        if isinstance(callee, Routine) and depth < MAX_WRAPPERS:
            # A base class may call what a hundred classes define.
            return self._of_functions((callee.key, depth))
        return None

    def _find_of_function(self, asked: tuple[FunctionKey, int]) -> str | None:
        key, depth = asked
        function = self._index.function(key)
        named = {p.name for p in function.parameters if p.kind in ("positional", "keyword")}
        open_ended = next((p.name for p in function.parameters if p.kind == "**"), None)
        for number, call in enumerate(function.calls):
            if not call.arguments.spread and not any(
                _handed_on(given.value) & named for _, given in call.arguments.named
            ):
                continue
            keyword = self._keyword(CallKey(key, number), depth + 1)
            if keyword is None:
                continue
            given = given_argument(call, None, keyword)
            if given is not None:
                handed = _handed_on(given.value) & named
                if handed:
                    return min(handed)
            elif keyword not in named and any(
                spread.value == Param(open_ended or "") for spread in call.arguments.spread
            ):
                return keyword
        return None


def _handed_on(value: Value) -> set[str]:
    """Return the parameter that a value is, but for a default in its place (`params or {}`)."""
    values = value.alternatives if isinstance(value, Choice) else (value,)
    rest = [each for each in values if not isinstance(each, Param)]
    if any(each not in (Const(None), Mapping(())) for each in rest):
        return set()
    return {each.name for each in values if isinstance(each, Param)}

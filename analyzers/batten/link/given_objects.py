"""The objects that callers give to a parameter, kept up to date caller by caller.

A method that sends all requests of a program has hundreds of callers: an edit in one is one.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from batten.link.keys import FunctionKey
from batten.link.reads import SteadyMemo
from batten.syntax.between import between

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from batten.link.entities import Entity
    from batten.link.keys import CallKey
    from batten.link.reads import Entry, Reads

    _Entities = tuple[Entity, ...]
else:
    _Entities = tuple

Asked = tuple[FunctionKey, str, int]
"""A function, the name of a parameter, and how many functions have handed on what is asked for."""


class Objects(_Entities):
    """Objects, each once; `gifts` are those of each of the `callers`, index for index."""

    callers: tuple[CallKey, ...]
    gifts: tuple[tuple[Entity, ...], ...]


class GivenObjects(SteadyMemo[Asked, Objects]):
    """The objects that callers give to parameters."""

    def __init__(
        self,
        reads: Reads,
        callers: SteadyMemo[FunctionKey, tuple[CallKey, ...]],
        given: Callable[[Asked, CallKey], Iterable[Entity]],
        default: Callable[[FunctionKey, str], Iterable[Entity]],
    ) -> None:
        """Remember objects; `default` tells those that a parameter is without any caller."""
        super().__init__(reads, self._find)
        self._callers = callers
        self._default = default
        self._of_caller = given
        self._given = SteadyMemo(reads, self._find_given)

    def _find(self, asked: Asked) -> Objects:
        callers = self._callers(asked[0])
        return self._together(asked, callers, self._gifts(asked, callers))

    def _find_given(self, asked: tuple[Asked, CallKey]) -> tuple[Entity, ...]:
        return tuple(dict.fromkeys(self._of_caller(*asked)))

    def _gifts(self, asked: Asked, callers: Iterable[CallKey]) -> tuple[tuple[Entity, ...], ...]:
        return tuple([self._given((asked, caller)) for caller in callers])

    def _together(
        self, asked: Asked, callers: tuple[CallKey, ...], gifts: tuple[tuple[Entity, ...], ...]
    ) -> Objects:
        function, parameter, _ = asked
        found = Objects(dict.fromkeys(chain(self._default(function, parameter), *gifts)))
        found.callers, found.gifts = callers, gifts
        return found

    def _answer_again(self, key: Asked, before: Objects, changed: list[Entry]) -> Objects:
        again = [each.key[1] for each in changed if self._given.has(each)]
        others = [each for each in changed if not self._given.has(each)]
        if not all(map(self._callers.has, others)):
            return self._find(key)
        callers = self._callers(key[0]) if others else before.callers
        gone, new = between(before.callers, callers, 0)
        known = before.gifts
        gifts = [
            *known[: gone.start],
            *self._gifts(key, callers[new.start : new.stop]),
            *known[gone.stop :],
        ]
        for caller in again:
            if caller in callers:
                gifts[callers.index(caller)] = self._given((key, caller))
        return self._together(key, callers, tuple(gifts))

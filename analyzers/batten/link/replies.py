"""Values that were taken out of a server's reply, also where the reply was kept or handed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.entities import Frame, Open, Routine
from batten.link.index import last_name
from batten.values.terms import (
    Attribute,
    Choice,
    Const,
    Element,
    Item,
    Name,
    Param,
    Refined,
    Result,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.callers import Callers
    from batten.link.index import FunctionKey
    from batten.values.terms import Value

MAX_STEPS = 4


class Replies:
    """What of a program's values comes out of replies; asks callers, a few calls up."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self._resolver = callers.resolver
        self._index = callers.resolver.index

    def bring(self, value: Value, frame: Frame) -> bool:
        """Tell whether a value was taken out of the reply to a request, whoever calls."""
        if _is_entry_of_text(value):
            return True
        base, frame, taken = self._base(value, frame)
        return taken and self._is_reply(base, frame, 0)

    def _base(self, value: Value, frame: Frame) -> tuple[Value, Frame, bool]:
        """Return what a value was taken out of, and whether it was taken out of anything."""
        taken = False
        while True:
            match value:
                case Item(base, _) | Element(base):
                    value, taken = base, True
                case Attribute(Param() | Attribute(), _):
                    return value, frame, taken
                case Attribute(base, _):
                    value, taken = base, True
                case Refined(base, _):
                    value = base
                case Result(number):
                    function = self._index.call_in(frame.function, number).function
                    if not isinstance(function, Attribute) or function.name not in _TAKES:
                        return value, frame, taken
                    if any(self._own_functions(function, frame)):
                        # `self.get(path)` of a client of the program itself.
                        return value, frame, taken
                    value, taken = function.base, True
                case _:
                    return value, frame, taken

    def _is_reply(self, value: Value, frame: Frame, steps: int) -> bool:
        if isinstance(value, Result):
            call = self._index.call_in(frame.function, value.call)
            if last_name(call.function) in _REPLIES and not call.arguments.named:
                return not any(_is_asked(given.value) for given in call.arguments.positional)
        if steps >= MAX_STEPS:
            return False
        if isinstance(value, Result):
            return any(
                self._returns_reply(key, steps) for key in self._own_functions(call.function, frame)
            )
        if isinstance(value, Param):
            return self._given_by_all(value.name, frame, steps)
        entities = self._resolver.resolve(value, frame)
        others = [
            entity
            for entity in entities
            if isinstance(entity, Open) and (entity.value, entity.frame) != (value, frame)
        ]
        return bool(others) and all(self._comes_of(entity, steps + 1) for entity in others)

    def _own_functions(self, function: Value, frame: Frame) -> Iterator[FunctionKey]:
        """Yield the functions of the program that a term may call."""
        for entity in self._resolver.resolve(function, frame):
            if isinstance(entity, Routine):
                yield entity.key

    def _returns_reply(self, key: FunctionKey, steps: int) -> bool:
        """Tell whether a function returns a reply, on one of its ways."""
        returns = self._index.returned(key).returns
        ways = returns.alternatives if isinstance(returns, Choice) else (returns,)
        bases = (self._base(way, Frame(key)) for way in ways)
        return any(
            isinstance(base, Result) and self._is_reply(base, frame, steps + 1)
            for base, frame, _ in bases
        )

    def _comes_of(self, entity: Open, steps: int) -> bool:
        base, frame, _ = self._base(entity.value, entity.frame)
        return self._is_reply(base, frame, steps)

    def _given_by_all(self, parameter: str, frame: Frame, steps: int) -> bool:
        """Tell whether every caller gives a reply."""
        key = frame.function
        given = [
            self._base(hole.value, Frame(caller.function))
            for caller in self._callers.direct_callers(key)
            if (hole := self._callers.argument(key, parameter, caller)) is not None
        ]
        return bool(given) and all(
            self._is_reply(base, inner, steps + 1) for base, inner, _ in given
        )


def _is_entry_of_text(value: Value) -> bool:
    """Tell whether a value is an entry by name of `response.text`: it was decoded before."""
    if not isinstance(value, Item) or not isinstance(value.key, Const):
        return False
    named = isinstance(value.key.value, str)
    base = value.base
    while isinstance(base, (Item, Element, Refined)):
        base = base.value if isinstance(base, Refined) else base.base
    return named and isinstance(base, Attribute) and base.name == "text" and not _is_asked(base)


def _is_asked(value: Value) -> bool:
    """Tell whether a text is what a client asks (`json.loads(request.body)`): no reply."""
    match value:
        case Attribute(Param(name) | Name(name) | Attribute(_, name), "body" | "data" | "text"):
            return name in ("request", "req")
    return False


# How a value is taken out of a reply, and what makes one of the text that was received.
_TAKES = frozenset("get items values pop strip rstrip lstrip copy".split())
_REPLIES = frozenset("json loads fromstring".split())

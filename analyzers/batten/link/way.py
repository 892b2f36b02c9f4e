"""A way from a hole to one of those who ask for its text, and what comes together on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link import frames
from batten.link.entities import Frame, Routine
from batten.link.index import CallKey, FunctionKey, is_test
from batten.link.shown import Text
from batten.values.immutable import immutable
from batten.values.terms import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.link.point import Around, Demand, Origin
    from batten.link.resolve import Resolver
    from batten.link.shown import Shown
    from batten.link.sinks import FoundSink

MAX_GIVEN = 24
"""Of so many callers, one around the other, a way remembers what they give."""


@immutable
class Way:
    """How a hole's text gets to its nearest sink: `calls` hand it on, the first ones first.

    `text` is the whole text that is sent, around the hole. `method` is the HTTP verb.
    """

    sink: FoundSink
    calls: tuple[CallKey, ...]
    text: Text
    method: str


class Part:
    """A way up to one of those who ask: what was passed last, and the part before that.

    `calls` hand the text on, to the functions that are `entered`. `is_lost` tells that what one
    of these returns goes on with another caller, who is not on the way. `in_tests` tells how
    much of the way is in tests: what they put together is not what is sent. Texts and frames
    cost time and decide only between ways that are alike, so they come late.
    """

    __slots__ = (
        "_extras",
        "_frame",
        "_shown",
        "_text",
        "around",
        "before",
        "calls",
        "entered",
        "in_tests",
        "is_lost",
        "origin",
    )

    def __init__(self, shown: Shown, before: Part | Start, origin: Origin, around: Around) -> None:
        """Go on from `before` to who asks, from inside the text `around`."""
        self._shown = shown
        self.before = before
        self.origin = origin
        self.around = around
        self._text: Text | None = None
        self._extras: int | None = None
        self._frame: Frame | None = None
        self.calls: tuple[CallKey, ...] = before.calls
        self.entered: tuple[FunctionKey, ...] = before.entered
        self.in_tests: int = before.in_tests
        self.is_lost: bool = before.is_lost
        asker, via, called = origin
        if isinstance(asker, int):
            return
        self.in_tests += is_test(asker.frame.function.path)
        if via is not None:
            self.calls = (*self.calls, via)
        elif not self.is_lost and _is_lost(asker, before, shown.resolver):
            self.is_lost = True
        # A function that calls itself returns to itself, and then to others.
        if called is not None and (via is None or via.function != called):
            self.entered = (*self.entered, called)

    @property
    def text(self) -> Text:
        """The text around the hole, as far as the way goes."""
        for part in self._unknown("_text"):
            around, text = part.around, part.before.text
            if around:
                text = text.inside(self._shown.sent(around, part.before.frame))
            part._text = text
        assert self._text is not None
        return self._text

    @property
    def extras(self) -> int:
        """How many texts on the way show what callers need not give."""
        for part in self._unknown("_extras"):
            part._extras = part.before.extras + self._shown.has_extras(part.around)
        assert self._extras is not None
        return self._extras

    @property
    def frame(self) -> Frame:
        """The function that the way has come to, with what it is given on the way."""
        for part in self._unknown("_frame"):
            part._frame = gone_on(part.before.frame, part.origin, self._shown.resolver)
        assert self._frame is not None
        return self._frame

    def _unknown(self, name: str) -> Iterable[Part]:
        """Return the parts up to this one of which something was not asked yet, in order.

        From the hole on: a way may be longer than calls can be nested.
        """
        if getattr(self, name) is not None:
            return ()
        parts = [self]
        part = self.before
        while isinstance(part, Part) and getattr(part, name) is None:
            parts.append(part)
            part = part.before
        return reversed(parts)

    def is_better(self, other: Part) -> bool:
        """Tell whether this is the way to show, of two that are as long."""
        mine, others = (self.in_tests, self.calls), (other.in_tests, other.calls)
        if mine != others:
            return mine < others
        if self.extras != other.extras:
            return self.extras < other.extras
        return self.text.rank > other.text.rank

    def is_for(self, before: Part | Start, origin: Origin, around: Around) -> bool:
        """Tell whether this is also the way that goes on from `before` to another who asks."""
        asker, mine = origin.asker, self.origin.asker
        return (
            self.before is before
            and not isinstance(asker, int)
            and not isinstance(mine, int)
            and origin[1:] == self.origin[1:]
            and asker.frame == mine.frame
            and (origin.via is not None or not isinstance(asker.value, Result))
            and around == self.around
        )


class Start:
    """Where a way begins: a hole's function."""

    __slots__ = ("frame",)

    calls: tuple[CallKey, ...] = ()
    entered: tuple[FunctionKey, ...] = ()
    in_tests = 0
    is_lost = False
    extras = 0
    text = Text()

    def __init__(self, frame: Frame) -> None:
        """Begin in the function of a frame."""
        self.frame = frame


def returning(asker: Demand, resolver: Resolver) -> frozenset[FunctionKey]:
    """Return the functions of the program that may have returned what a demand asks for."""
    if not isinstance(asker.value, Result):
        return frozenset()
    function = asker.frame.function
    call = resolver.index.call(CallKey(function, asker.value.call))
    callees = resolver.callees(call, Frame(function))
    return frozenset(callee.key for callee in callees if isinstance(callee, Routine))


def _is_lost(asker: Demand, way: Part | Start, resolver: Resolver) -> bool:
    """Tell whether a function that a text was handed to returns it to somebody else here."""
    if not way.entered or not isinstance(asker.value, Result):
        return False
    here = CallKey(asker.frame.function, asker.value.call)
    return here not in way.calls and not returning(asker, resolver).isdisjoint(way.entered)


def gone_on(frame: Frame, origin: Origin, resolver: Resolver) -> Frame:
    """Return the frame of a way that goes on to who asks."""
    asker, via, called = origin
    if isinstance(asker, int):
        return frame
    if via is None or called is None:
        return _around(frame, asker.frame)
    is_there = frame.function == via.function and frame.depth < MAX_GIVEN
    caller = frame if is_there else Frame(via.function)
    return frames.called(called, via.call, caller, resolver)


def _around(way: Frame, frame: Frame) -> Frame:
    """Return the frame of a way that goes on in `frame`."""
    at = frame
    while at.function != way.function:
        if at.caller is None:
            return Frame(at.function)
        at = at.caller
    return way

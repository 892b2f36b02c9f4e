"""Texts as people read them: what is known of them, with `{name}` for each value that is not."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from batten.link.entities import Frame, Known, Open
from batten.link.frames import is_given, of_any_call, on_way
from batten.link.index import is_test
from batten.link.reads import SteadyMemo
from batten.values.immutable import immutable
from batten.values.order import Order
from batten.values.terms import NONE, Attribute, Const, Hole, Joined, Name, Param, Template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from batten.link.callers import Callers
    from batten.link.index import FunctionKey
    from batten.link.point import Around, Piece
    from batten.values.terms import Value

MAX_SHOWN = 16
MAX_TEXT = 400
MAX_PARTS = 64
MAX_NESTED = 3
MAX_ALTERNATIVES = 2
MAX_ENTITIES = 16


@immutable
class Text:
    """What stands before a hole, and what behind it."""

    before: str = ""
    after: str = ""

    def inside(self, outer: Text) -> Text:
        """Return the text around the hole, put into another text."""
        if not outer.before and not outer.after:
            return self
        return Text(
            cut(_glued(outer.before, self.before)),
            cut(_glued(self.after, outer.after)),
        )

    @property
    def rank(self) -> tuple[int, str, str]:
        """The longest text tells most; the rest makes one of those that are as long."""
        return (len(self.before) + len(self.after), self.before, self.after)


class Shown:
    """Shows the texts of one program."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self.resolver = callers.resolver
        self._texts = SteadyMemo(callers.resolver.index.reads, self._find_text)
        self._given = SteadyMemo(callers.resolver.index.reads, self._find_given)

    def written(self, around: Around) -> Text:
        """Return a text as it is written at one place, with the constants that it names."""
        return _joined(around, lambda piece: piece.frame, self._constant)

    def sent(self, around: Around, frame: Frame | None) -> Text:
        """Return a text with all that is known of its parts.

        `frame` tells what the parameters of one function are given on the way that is shown.
        """

        def bound(piece: Piece) -> Frame:
            return piece.frame if frame is None else on_way(piece.frame, frame, self.resolver)

        return _joined(around, bound, self._known)

    def longer(self, one: Around, other: Around) -> Around:
        """Return that of two texts of which more is known, without what callers must ask for.

        Nobody reads on in a text of very many parts: one of fewer is better, whatever they are.
        """
        sizes = _size(one), _size(other)
        if max(sizes) > MAX_PARTS:
            if sizes[0] != sizes[1]:
                return one if sizes[0] < sizes[1] else other
            return _first(one, other)
        asked_for = self.has_extras(one), self.has_extras(other)
        if asked_for[0] != asked_for[1]:
            return other if asked_for[0] else one
        literal, others = _literal_length(one), _literal_length(other)
        if literal != others:
            return one if literal > others else other
        ranks = self.sent(one, None).rank, self.sent(other, None).rank
        if ranks[0] != ranks[1]:
            return one if ranks[0] > ranks[1] else other
        return _first(one, other)

    def has_extras(self, around: Around) -> bool:
        """Tell whether a text shows a parameter that is None by default (`?fields={fields}`)."""
        for piece in around:
            names = {
                value.name
                for number, part in enumerate(piece.parts)
                if not isinstance(part, str)
                and number != piece.number
                and isinstance(value := _shown(part.value), Param)
            }
            if names and any(
                parameter.name in names and parameter.default == NONE
                for parameter in self.resolver.index.head(piece.frame.function).parameters
            ):
                return True
        return False

    def _constant(self, hole: Hole, frame: Frame) -> str:
        if isinstance(hole.value, (Name, Attribute, Const)):
            for entity in self.resolver.resolve(hole.value, frame):
                if isinstance(entity, Known) and isinstance(entity.value, Const):
                    return str(entity.value.value)
        return _placeholder(hole)

    def _known(self, hole: Hole, frame: Frame) -> str:
        return self._text(hole, frame, 0) or _placeholder(hole)

    def _text(self, hole: Hole, frame: Frame, depth: int) -> str | None:
        """Return the text that fills a hole, as far as it is known; the longer one of two."""
        value = hole.value
        if frame.call is not None and isinstance(value, (Name, Attribute)):
            any_call = of_any_call(frame)
            if not is_given(value, any_call, any_call, self.resolver):
                frame = any_call  # the same in all
        return self._texts((value, frame, depth))

    def _find_text(self, asked: tuple[Value, Frame, int]) -> str | None:
        """Of more than two texts none says much, and what tests set is not what is sent."""
        value, frame, depth = asked
        # A text that is no longer in its function is not kept.
        self.resolver.index.function(frame.function)
        texts: set[str | None] = set()
        entities = self.resolver.resolve(value, frame)
        if len(entities) > MAX_ENTITIES:
            return None
        for entity in entities:
            match entity:
                case Known(_, Frame(function)) if is_test(function.path) and not is_test(
                    frame.function.path
                ):
                    pass
                case Known(Const(known)) if isinstance(known, (str, int)):
                    texts.add(str(known))
                case Known(Template(parts), inner) if depth < MAX_NESTED:
                    texts.add(self._all(parts[:MAX_SHOWN], inner, depth + 1))
                case Open(Param(name), inner) if depth < MAX_NESTED:
                    texts |= self._given((name, inner.function, depth + 1))
        shown = [text for text in texts if text is not None]
        if len(texts) > MAX_ALTERNATIVES or not shown:
            return None
        return max(shown, key=lambda text: (len(text), text))

    def _all(self, parts: tuple[str | Hole, ...], frame: Frame, depth: int) -> str:
        return _all_glued(
            part if isinstance(part, str) else self._text(part, frame, depth) or _placeholder(part)
            for part in parts
        )

    def _find_given(self, asked: tuple[str, FunctionKey, int]) -> frozenset[str | None]:
        """Return what all callers give as a parameter, or else its default.

        None stands for what is unknown, and for more than are worth telling apart.
        """
        name, key, depth = asked
        texts: set[str | None] = set()
        for caller in self._callers.callers(key):
            given = self._callers.argument(key, name, caller)
            if given is not None:
                texts.add(self._text(given, Frame(caller.function), depth))
                if None in texts or len(texts) > MAX_ALTERNATIVES:
                    return frozenset((None,))
        for parameter in self.resolver.index.head(key).parameters if not texts else ():
            if parameter.name == name and isinstance(parameter.default, Const):
                value = parameter.default.value
                texts.add(str(value) if isinstance(value, (str, int)) else None)
        return frozenset(texts)


def _size(around: Around) -> int:
    return sum([len(piece.parts) for piece in around])


def _first(one: Around, other: Around) -> Around:
    """Return that of two texts of which an earlier part is read."""
    numbers = [[piece.number for piece in around] for around in (one, other)]
    if numbers[0] != numbers[1]:
        return one if numbers[0] < numbers[1] else other
    return min(one, other, key=Order)


def _shown(value: Value) -> Value:
    """Return the value that tells how a hole is shown: of a join, its items."""
    return value.items if isinstance(value, Joined) else value


def _literal_length(around: Around) -> int:
    return sum(len(part) for piece in around for part in piece.parts if isinstance(part, str))


def cut(text: str) -> str:
    """Return a text short enough to be shown, with its two ends."""
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[: MAX_TEXT // 2]}...{text[-MAX_TEXT // 2 :]}"


def _joined(
    around: Around, frame_of: Callable[[Piece], Frame], show: Callable[[Hole, Frame], str]
) -> Text:
    text = Text()
    for piece in reversed(around):
        frame, at = frame_of(piece), piece.number

        def shown(parts: tuple[str | Hole, ...], frame: Frame = frame) -> str:
            return _all_glued(
                part if isinstance(part, str) else show(part, frame) for part in parts
            )

        before = shown(_near_end(piece.parts[:at]))
        text = text.inside(Text(before, shown(piece.parts[at + 1 : at + MAX_SHOWN])))
    return text


def _glued(before: str, after: str) -> str:
    """Join two texts; where both bring a slash to the border, programs strip one."""
    doubled = after.startswith("/") and before.endswith("/") and not after.startswith("//")
    return before + after[1:] if doubled else before + after


def _all_glued(texts: Iterable[str]) -> str:
    return reduce(_glued, texts, "")


def _near_end(parts: tuple[str | Hole, ...]) -> tuple[str | Hole, ...]:
    """Return the parts that are worth showing of many: the first, and the last."""
    if len(parts) <= MAX_SHOWN:
        return parts
    return (*parts[:3], "...", *parts[3 - MAX_SHOWN :])


def _placeholder(hole: Hole) -> str:
    name = hole.value.name if isinstance(hole.value, Joined) else hole.name
    return f"{{{name or '...'}}}"

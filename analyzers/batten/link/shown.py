"""Texts as people read them: what is known of them, with `{name}` for each value that is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.link.entities import Known
from batten.values.terms import Attribute, Const, Hole, Name, Template

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.link.entities import Frame
    from batten.link.point import Around, Piece
    from batten.link.resolve import Resolver

MAX_SHOWN = 16
MAX_TEXT = 400
MAX_NESTED = 3


@dataclass(frozen=True, slots=True)
class Text:
    """What stands before a hole, and what behind it."""

    before: str = ""
    after: str = ""

    def inside(self, outer: Text) -> Text:
        """Return the text around the hole, put into another text.

        Where both bring a slash to their border, one is shown: programs strip the other.
        """
        before, after = self.before, self.after
        if before.startswith("/") and outer.before.endswith("/"):
            before = before[1:]
        if after.endswith("/") and outer.after.startswith("/"):
            after = after[:-1]
        return Text(cut(outer.before + before), cut(after + outer.after))

    @property
    def rank(self) -> tuple[int, str, str]:
        """The longest text tells most; the rest makes one of those that are as long."""
        return (len(self.before) + len(self.after), self.before, self.after)


class Shown:
    """Shows the texts of one program."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def written(self, around: Around) -> Text:
        """Return a text as it is written at one place, with the constants that it names."""
        return _joined(around, lambda piece: piece.frame, self._constant)

    def sent(self, around: Around, frame: Frame | None) -> Text:
        """Return a text with all that is known of its parts.

        `frame` tells what the parameters of one function are given on the way that is shown.
        """

        def bound(piece: Piece) -> Frame:
            if frame is None or piece.frame.call is not None:
                return piece.frame
            return frame if piece.frame.function == frame.function else piece.frame

        return _joined(around, bound, self._known)

    def longer(self, one: Around, other: Around) -> Around:
        """Return that of two texts of which more can be shown."""
        return max(one, other, key=lambda around: self.sent(around, None).rank)

    def _constant(self, hole: Hole, frame: Frame) -> str:
        if isinstance(hole.value, (Name, Attribute, Const)):
            for entity in self._resolver.resolve(hole.value, frame):
                if isinstance(entity, Known) and isinstance(entity.value, Const):
                    return str(entity.value.value)
        return _placeholder(hole)

    def _known(self, hole: Hole, frame: Frame) -> str:
        return self._text(hole, frame, 0) or _placeholder(hole)

    def _text(self, hole: Hole, frame: Frame, depth: int) -> str | None:
        """Return the text that fills a hole as far as it is known; the longest of several."""
        texts: list[str] = []
        for entity in self._resolver.resolve(hole.value, frame):
            if not isinstance(entity, Known):
                continue
            match entity.value:
                case Const(value) if isinstance(value, (str, int)):
                    texts.append(str(value))
                case Template(parts) if depth < MAX_NESTED and len(parts) <= MAX_SHOWN:
                    inner = entity.frame
                    texts.append(
                        "".join(
                            part
                            if isinstance(part, str)
                            else self._text(part, inner, depth + 1) or _placeholder(part)
                            for part in parts
                        )
                    )
        return max(texts, key=lambda text: (len(text), text), default=None)


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
        frame, at = frame_of(piece), piece.index

        def shown(parts: tuple[str | Hole, ...], frame: Frame = frame) -> str:
            return "".join(part if isinstance(part, str) else show(part, frame) for part in parts)

        before = shown(_near_end(piece.parts[:at]))
        text = text.inside(Text(before, shown(piece.parts[at + 1 : at + MAX_SHOWN])))
    return text


def _near_end(parts: tuple[str | Hole, ...]) -> tuple[str | Hole, ...]:
    """Return the parts that are worth showing of many: the first, and the last."""
    if len(parts) <= MAX_SHOWN:
        return parts
    return (*parts[:3], "...", *parts[3 - MAX_SHOWN :])


def _placeholder(hole: Hole) -> str:
    return f"{{{hole.name or '...'}}}"

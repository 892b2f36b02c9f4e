"""Templates that are found by linking, and filled with values of another function.

What is put into one that stays unknown is read where such text most likely brings it: in the
path behind a host, in the value of a query parameter.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.grammars import url
from batten.link.entities import Known, Open
from batten.link.index import last_name
from batten.link.leaves import PIECE, union
from batten.link.point import Piece
from batten.values.formatting import filled
from batten.values.terms import Const, Hole, Param, Template, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from batten.grammars.url import Place
    from batten.link.entities import Entity, Frame
    from batten.link.point import Demand, Point, Traced
    from batten.link.reader import Reader
    from batten.values.terms import Arguments, Format, Scalar, Value


class Formats:
    """The filled templates of one program."""

    def __init__(self, reader: Reader, ask: Callable[[Demand, Point], Traced]) -> None:
        """Fill templates; `reader` reads what comes out, `ask` what is open."""
        self._reader = reader
        self._ask = ask

    def read(self, value: Format, at: Point) -> Traced:
        """Read a template with what is put into it."""
        # A template that callers choose is filled with what the same callers give.
        traced = [
            self._reader.read(value, at.within(frame))
            for frame in self._reader.templates.frames_for(value.template, at.frame)
        ]
        if traced:
            return union(traced)
        value, earlier = self._reader.templates.replaced_before(value, at.frame)
        default = self._reader.templates.default_of(value.template, at.frame)
        if default is not None and at.frame.call is None:
            traced.append(self._reader.read(filled(value.style, default, value.arguments), at))
        found = tuple(_told(self._reader.templates.found(value.template, at.frame), value.template))
        calls = self._reader.calls
        if value.style == "%" and calls.operator(value.template, "__mod__", at.frame) is not None:
            traced += [self._reader.read(value.template, at) for _ in found[:1]]
            return union(traced)
        unknown = False
        for entity in found:
            known = entity.value if isinstance(entity, Known) else None
            if isinstance(entity, Known) and isinstance(known, (Const, Template)):
                if earlier and isinstance(known, Const):
                    traced.append(self._filled_again(value, known, earlier, entity.frame, at))
                else:
                    traced.append(self._filled(value, known, entity.frame, at))
            elif outer := self._reader.templates.chosen_outside(entity, at.frame):
                # A template that a closure has from the function around it.
                traced += [
                    self._reader.read(filled(value.style, t, value.arguments), at) for t in outer
                ]
            elif isinstance(default, Const) and isinstance(default.value, str) and default.value:
                continue  # others give a template as well, of the same kind
            else:
                unknown = True
                if known is None:
                    self._ask(at.demand(value.template), at)
        if unknown:
            traced.append((self._unknown(value, earlier, at), set()))
        return union(traced)

    def _unknown(self, value: Format, earlier: list[Arguments], at: Point) -> set[Place]:
        """Read what is put into a template that is not known; what that is made of stays."""
        given = (*earlier, value.arguments)
        skipped = 1 if value.style == "replace" else 0  # the placeholder itself
        for hole in (hole for each in given for hole in [*_holes_of(each)][skipped:]):
            self._reader.hole(hole, _behind(value.template, hole, at))
        spread = tuple(whole for each in given for whole in each.spread)
        return self._reader.read(Unknown(spread), at)[0]

    def _filled_again(
        self, value: Format, template: Const, earlier: list[Arguments], frame: Frame, at: Point
    ) -> Traced:
        """Read a text that is written in a frame, filled several times with values of this one."""
        made: Value = template
        for arguments in (*earlier, value.arguments):
            if isinstance(made, (Const, Template)):
                made = filled(value.style, made, arguments)
        if isinstance(made, (Const, Template)):
            return self._reader.text(made, at, frame)
        return self._reader.read(made, at)

    def _filled(self, value: Format, template: Const | Template, frame: Frame, at: Point) -> Traced:
        """Read a template of another frame with arguments of this one."""
        if isinstance(template, Template):
            template = self._reader.templates.with_constants(template, frame)
        made = filled(value.style, template, value.arguments)
        if frame == at.frame or isinstance(template, Const):
            if isinstance(made, (Const, Template)):
                return self._reader.text(made, at, frame)
            return self._reader.read(made, at)
        if not isinstance(made, Template):
            self._reader.read(template, at.within(frame))
            return self._reader.read(Unknown(tuple(_holes_of(value.arguments))), at)
        own = {id(part) for part in template.parts if isinstance(part, Hole)}
        around = frozenset(
            id(part)
            for part in made.parts
            if isinstance(part, Hole) and (part.reread or id(part) in own)
        )
        return self._reader.template(made.parts, at, frame, around), {PIECE}


def _told(found: Iterable[Entity], template: Value) -> Iterator[Entity]:
    """Yield what a template may be: where a text is known, one place that has none says nothing.

    A dict that is filled step by step has no entry of that name at first.
    """
    entities = tuple(found)
    known = any(
        isinstance(entity, Known)
        and (isinstance(entity.value, Template) or isinstance(_constant(entity), str))
        for entity in entities
    )
    for entity in entities:
        if not known or not isinstance(entity, Open) or entity.value != template:
            yield entity


def _constant(known: Known) -> Scalar:
    return known.value.value if isinstance(known.value, Const) else None


def _behind(template: Value, hole: Hole, at: Point) -> Point:
    """Return where a value stands that is put into a template of which nothing is known.

    Behind a host such a text brings the path along, and in a query it brings the names.
    """
    place = url.Place.SEGMENT if at.place in _BEFORE_PATH else at.place
    if at.place in (url.Place.QUERY_START, url.Place.QUERY_NAME, url.Place.QUERY_VALUE_START):
        place = url.Place.QUERY_VALUE
    if place is at.place:
        return at
    name = template.name if isinstance(template, Param) else last_name(template)
    whole = Hole(hole.site, template, "x", name)
    slash = "/" if place is url.Place.SEGMENT else ""
    head = (whole,) if at.place is url.Place.START else (slash, whole)
    around = (*at.around, Piece(at.frame, (*head, slash, hole), len(head) + 1))
    return replace(at, place=place, following=None, around=around)


_BEFORE_PATH = frozenset(
    {
        url.Place.START,
        url.Place.SLASH,
        url.Place.BASE,
        url.Place.BASE_SLASH,
        url.Place.BEHIND_SETTING,
        url.Place.HOST,
        url.Place.PORT,
        url.Place.AUTHORITY_HOLE,
        url.Place.REFERENCE,
        url.Place.SEGMENT_START,
    }
)


def _holes_of(arguments: Arguments) -> Iterator[Hole]:
    yield from arguments.positional
    for _, hole in arguments.named:
        yield hole

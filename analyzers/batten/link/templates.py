"""Which texts the template of a `%` or `format` may be, and in which frames it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.entities import Instance, Known, Open
from batten.values.combine import template as joined_parts
from batten.values.formatting import is_placeholder
from batten.values.terms import (
    Attribute,
    Const,
    Format,
    Hole,
    Item,
    Param,
    Refined,
    Result,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.link.entities import Entity, Frame
    from batten.link.resolve import Resolver
    from batten.values.terms import Arguments, Value


class Templates:
    """The templates of one program."""

    def __init__(
        self, resolver: Resolver, bound_frames: Callable[[Frame], tuple[Frame, ...]]
    ) -> None:
        """Look templates up; `bound_frames` gives a function's frame once for each caller."""
        self._resolver = resolver
        self._index = resolver.index
        self._bound_frames = bound_frames

    def with_constants(self, text: Template, frame: Frame) -> Const | Template:
        """Return a text with the constants in its holes written out: they may have fields."""
        parts: list[str | Hole] = []
        for part in text.parts:
            found = self._resolver.resolve(part.value, frame) if isinstance(part, Hole) else ()
            known = found[0].value if len(found) == 1 and isinstance(found[0], Known) else None
            constant = isinstance(known, Const) and isinstance(known.value, str)
            parts.append(known.value if constant else part)  # type: ignore[union-attr,arg-type]
        made = joined_parts(parts)
        return made if isinstance(made, (Const, Template)) else text

    def found(self, template: Value, frame: Frame) -> Iterator[Entity]:
        """Yield what a template may be; the members of a `StrEnum` are their values."""
        for entity in self._resolver.resolve(template, frame):
            if isinstance(entity, Instance):
                yield from self._resolver.resolve(Attribute(template, "value"), frame)
            else:
                yield entity

    def chosen_outside(self, entity: Entity, frame: Frame) -> list[Const]:
        """Return the texts that callers give to a parameter of a function around this one."""
        if not isinstance(entity, Open) or not isinstance(entity.value, Param):
            return []
        if entity.frame.function == frame.function:
            return []
        return [
            known.value
            for bound in self._bound_frames(entity.frame)
            for known in self._resolver.resolve(entity.value, bound)
            if isinstance(known, Known) and isinstance(known.value, Const)
        ]

    def frames_for(self, template: Value, frame: Frame) -> tuple[Frame, ...]:
        """Return the frames in which a template is known: each caller's, when callers choose it."""
        if not any(isinstance(part, Param) for part in chain(template)):
            return ()
        frames = self._bound_frames(frame)
        return () if frames == (frame,) else frames

    def replaced_before(self, value: Format, frame: Frame) -> tuple[Format, list[Arguments]]:
        """Return the first of `replace(...).replace(...)` in a chain, and what goes in before.

        Each puts a value in for another placeholder of the same text.
        """
        earlier: list[Arguments] = []
        template = value.template
        while value.style == "replace" and isinstance(template, Result):
            call = self._index.call_in(frame.function, template.call)
            method = call.function
            if not isinstance(method, Attribute) or method.name != "replace":
                break
            if not is_placeholder(call.arguments):
                break
            earlier.insert(0, call.arguments)
            template = method.base
        return Format(value.style, template, value.arguments), earlier

    def default_of(self, template: Value, frame: Frame) -> Const | None:
        """Return the text that a parameter has by default."""
        if isinstance(template, Param):
            for parameter in self._index.head(frame.function).parameters:
                if parameter.name == template.name and parameter.default is not None:
                    return self._constant(parameter.default, frame)
        return None

    def _constant(self, value: Value, frame: Frame) -> Const | None:
        """Return the one text that the default of a parameter is, as far as that is known."""
        if isinstance(value, Const):
            return value
        found = self._resolver.resolve(*self._resolver.default(frame.function, value))
        known = found[0].value if len(found) == 1 and isinstance(found[0], Known) else None
        return known if isinstance(known, Const) and isinstance(known.value, str) else None


def chain(value: Value) -> Iterator[Value]:
    """Yield a term and what its items and attributes are taken from, with the keys."""
    while True:
        yield value
        match value:
            case Item(base, key):
                yield key
                value = base
            case Attribute(base, _) | Refined(base, _):
                value = base
            case _:
                return

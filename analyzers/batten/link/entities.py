"""What a term turns out to be once names are linked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batten.values.immutable import Compound, immutable

if TYPE_CHECKING:
    from batten.link.index import CallKey, ClassKey, FunctionKey
    from batten.models.model import AttributeModel, Control
    from batten.values.terms import Value


class Frame(NamedTuple):
    """A function under evaluation.

    With `call`, its parameters are the arguments of that call of the function of `caller`;
    without, they may be whatever any caller gives.
    """

    function: FunctionKey
    call: int | None = None
    caller: Frame | None = None
    receiver: Entity | None = None

    @property
    def depth(self) -> int:
        """How many calls deep the evaluation is."""
        depth = 0
        frame: Frame | None = self.caller
        while frame is not None:
            depth += 1
            frame = frame.caller
        return depth


@immutable
class Module:
    """A module of the program."""

    path: str


@immutable
class Routine(Compound):
    """A function of the program, with the object it is bound to, if any."""

    key: FunctionKey
    receiver: Entity | None = None


@immutable
class ClassObject:
    """A class of the program."""

    key: ClassKey


@immutable
class Instance:
    """An object of a class of the program, or of a class derived from it.

    `made` is the call that made it, for an object that a module or a class holds as a constant.
    """

    key: ClassKey
    made: CallKey | None = None


@immutable
class Super:
    """An object of a class, seen as one of its bases (`super()`)."""

    key: ClassKey


@immutable
class External:
    """Something outside the program, by its canonical dotted name."""

    name: str


@immutable
class ExternalInstance:
    """An object of a class outside the program, by the class's canonical dotted name."""

    name: str


@immutable
class ExternalMethod:
    """A method of an object of a class outside the program, known to a model."""

    owner: str
    name: str


@immutable
class Outside:
    """A value that somebody outside chose, and what is taken out of one.

    `name` is where it comes in; `type` its class, if a model tells. `declared` is what the
    program says of its type: an annotation, and the function that it is to be read in. `owner`
    is the class of the program on whose object it was found: it may declare the entries.
    `pattern` is a regular expression that it has matched before the program gets it, or "".
    """

    control: Control
    name: str
    type: str | None = None
    declared: tuple[Value, FunctionKey] | None = None
    owner: ClassKey | None = None
    pattern: str = ""

    def part(self) -> Outside:
        """Return something that was taken out of the value: it comes from the same hand."""
        return Outside(self.control, self.name)


@immutable
class Known(Compound):
    """A term that is text or structure: it needs no further linking at its top."""

    value: Value
    frame: Frame


@immutable
class Open(Compound):
    """A term whose meaning is not in the program: an unbound parameter, an unknown result.

    `receiver` tells what an attribute was read from, when that much is known.
    """

    value: Value
    frame: Frame
    receiver: Entity | None = None


Entity = (
    Module
    | Routine
    | ClassObject
    | Instance
    | Super
    | External
    | ExternalInstance
    | ExternalMethod
    | Outside
    | Known
    | Open
)


def modelled(attribute: AttributeModel | None, name: str) -> Entity | None:
    """Return the entity that a model gives an attribute, an item or a module's value."""
    if attribute is None:
        return None
    if attribute.source is not None:
        return Outside(attribute.source, name, attribute.returns)
    return ExternalInstance(attribute.returns) if attribute.returns is not None else None

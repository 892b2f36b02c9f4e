"""Frames on a way: what the parameters of its functions are given by the calls that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batten.link.decorators import is_static
from batten.link.entities import Frame, Instance, Routine
from batten.values.order import Order
from batten.values.terms import (
    Attribute,
    Choice,
    Const,
    Hole,
    Imported,
    Name,
    Param,
    Refined,
    Template,
)

if TYPE_CHECKING:
    from batten.link.entities import Entity
    from batten.link.index import FunctionKey
    from batten.link.resolve import Resolver
    from batten.values.terms import Value


def called(function: FunctionKey, call: int, caller: Frame, resolver: Resolver) -> Frame:
    """Return the frame of `function` when call number `call` of the frame `caller` calls it."""
    known = resolver.receivers((function, call, of_any_call(caller)))
    return Frame(
        function,
        call,
        caller,
        _receiver(function, call, caller, resolver) if known is None else known.receiver,
    )


def on_way(frame: Frame, way: Frame, resolver: Resolver) -> Frame:
    """Return a frame with what `way`, the frame of one of its callers or its own, is given."""
    if frame.call is None or frame.caller is None:
        return way if frame.function == way.function else frame
    caller = on_way(frame.caller, way, resolver)
    if caller is frame.caller:
        return frame
    return called(frame.function, frame.call, caller, resolver)


def of_any_call(frame: Frame) -> Frame:
    """Return the frame of a function and its object, whoever calls it."""
    return Frame(frame.function, receiver=frame.receiver)


def is_given(value: Value, frame: Frame, top: Frame, resolver: Resolver) -> bool:
    """Tell whether what a term of a frame is may depend on what callers give the function of `top`.

    `frame` is that of `top` or of what is called there; the object of a method is not given.
    """
    match value:
        case Const() | Name() | Imported():
            return False
        case Hole(_, inner, _, _):
            return is_given(inner, frame, top, resolver)
        case Attribute(base, _):
            return is_given(base, frame, top, resolver)
        case Refined(inner, _) if frame != top:
            return is_given(inner, frame, top, resolver)
        case Choice(alternatives):
            return any(is_given(each, frame, top, resolver) for each in alternatives)
        case Template(parts):
            holes = (part for part in parts if not isinstance(part, str))
            return any(is_given(hole, frame, top, resolver) for hole in holes)
        case Param(name) if _is_receiver(name, frame.function, resolver):
            return False
        case Param(name):
            given = resolver.bound_argument(frame, name)
            if given is None or frame.caller is None:
                return frame == top
            return is_given(given.value, frame.caller, top, resolver)
        case _:
            return True


def given_from(value: Value, frame: Frame, resolver: Resolver) -> tuple[Value, Frame]:
    """Return the term that a parameter stands for, and where that is read."""
    while isinstance(value, Param) and frame.caller is not None:
        given = resolver.bound_argument(frame, value.name)
        if given is None:
            break
        value, frame = given.value, frame.caller
    return value, frame


def _is_receiver(name: str, function: FunctionKey, resolver: Resolver) -> bool:
    """Tell whether a parameter is the object whose method a function is."""
    index = resolver.index
    known = index.head(function)
    is_first = bool(known.parameters) and known.parameters[0].name == name
    return is_first and index.owner_class(function) is not None and not is_static(known)


class Bound(NamedTuple):
    """The object whose method is called, None for a plain function."""

    receiver: Entity | None


def find_bound(asked: tuple[FunctionKey, int, Frame], resolver: Resolver) -> Bound | None:
    """Return the object whose method is called by a function, whoever calls that.

    None when it depends on what that is given.
    """
    function, call, caller = asked
    callee = resolver.index.call_in(caller.function, call).function
    if is_given(callee, caller, caller, resolver):
        return None
    return Bound(_receiver(function, call, caller, resolver))


def _receiver(function: FunctionKey, call: int, caller: Frame, resolver: Resolver) -> Entity | None:
    """Return the object whose method is called, None for a plain function."""
    callee = resolver.index.call_in(caller.function, call).function
    receivers = {
        entity.receiver
        for entity in resolver.resolve(callee, caller)
        if isinstance(entity, Routine) and entity.key == function
    }
    if receivers:
        return min(receivers, key=Order) if len(receivers) > 1 else receivers.pop()
    owner = resolver.index.owner_class(function)
    return Instance(owner) if owner is not None else None

"""Frames on a way: what the parameters of its functions are given by the calls that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.entities import Frame, Instance, Routine

if TYPE_CHECKING:
    from batten.link.entities import Entity
    from batten.link.index import FunctionKey
    from batten.link.resolve import Resolver


def called(function: FunctionKey, call: int, caller: Frame, resolver: Resolver) -> Frame:
    """Return the frame of `function` when call number `call` of the frame `caller` calls it."""
    return Frame(function, call, caller, _receiver(function, call, caller, resolver))


def on_way(frame: Frame, way: Frame, resolver: Resolver) -> Frame:
    """Return a frame with what `way`, the frame of one of its callers or its own, is given."""
    if frame.call is None or frame.caller is None:
        return way if frame.function == way.function else frame
    caller = on_way(frame.caller, way, resolver)
    if caller is frame.caller:
        return frame
    return called(frame.function, frame.call, caller, resolver)


def _receiver(function: FunctionKey, call: int, caller: Frame, resolver: Resolver) -> Entity | None:
    """Return the object whose method is called, None for a plain function."""
    callee = resolver.index.function(caller.function).calls[call].function
    receivers = {
        entity.receiver
        for entity in resolver.resolve(callee, caller)
        if isinstance(entity, Routine) and entity.key == function
    }
    if receivers:
        return min(receivers, key=repr) if len(receivers) > 1 else receivers.pop()
    owner = resolver.index.owner_class(function)
    return Instance(owner) if owner is not None else None

"""Calls that somebody else makes: of a function that is handed to a thread or a pool.

`pool.submit(get, url)` calls `get(url)`, later and elsewhere. For the text that is sent it is
that call.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.values.combine import element
from batten.values.terms import (
    Arguments,
    Attribute,
    Hole,
    Imported,
    Local,
    Mapping,
    Name,
    Param,
    Result,
    Sequence,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.values.terms import Value

Handed = tuple[Hole, Arguments]
"""A function, with its place, and what it will be called with."""


def handed_on(name: str, given: Arguments) -> Iterator[Handed]:
    """Yield the calls that a call of something called `name` leads to."""
    if name in _POSITION_OF_FUNCTION:
        yield from _with_the_rest(_POSITION_OF_FUNCTION[name], given)
    elif name in _WITH_PACKED_ARGUMENTS:
        yield from _packed(given)
    elif name in _FOR_EACH and len(given.positional) > 1:
        function, *collections = given.positional
        each = tuple(replace(items, value=element(items.value)) for items in collections)
        yield from _if_callable(function, Arguments(each))


# How the standard library, and others in its footsteps, take a function and its arguments.
_POSITION_OF_FUNCTION = {
    **dict.fromkeys(("submit", "to_thread", "run_sync", "call_soon"), 0),
    **dict.fromkeys(("call_soon_threadsafe", "add_task", "start_soon", "spawn"), 0),
    **dict.fromkeys(("run_in_executor", "call_later", "call_at"), 1),
}
_WITH_PACKED_ARGUMENTS = frozenset({"Thread", "Process", "Timer", "apply", "apply_async"})
_FOR_EACH = frozenset({"map", "imap", "imap_unordered", "map_async"})
HANDING_ON = frozenset({*_POSITION_OF_FUNCTION, *_WITH_PACKED_ARGUMENTS, *_FOR_EACH})
"""The names of what calls a function later or elsewhere."""
_CALLABLE = (Name, Imported, Attribute, Local, Param, Result)


def _with_the_rest(position: int, given: Arguments) -> Iterator[Handed]:
    """`submit(function, *arguments, **keywords)`."""
    before, rest = given.positional[: position + 1], given.positional[position + 1 :]
    if len(before) <= position or any(each.spec == "*" for each in before):
        return
    if rest or given.named or given.spread:
        yield from _if_callable(before[-1], Arguments(rest, given.named, given.spread))


def _packed(given: Arguments) -> Iterator[Handed]:
    """`Thread(target=function, args=(...), kwargs={...})`, `Timer(3, function, [...])`."""
    named = dict(given.named)
    function = named.get("target") or named.get("function")
    rest = given.positional
    for index, each in enumerate(given.positional[:2]):
        if function is None and isinstance(each.value, _CALLABLE):
            function, rest = each, given.positional[index + 1 :]
    if function is None:
        return
    packed = [each.value for each in (*rest, *(named[n] for n in _PACKS if n in named))]
    positional: list[Hole] = []
    keywords: list[tuple[str, Hole]] = []
    for value in packed:
        if isinstance(value, Sequence):
            positional += [_placed(item, function) for item in value.items]
        elif isinstance(value, Mapping):
            keywords += [
                (str(getattr(key, "value", "")), _placed(item, function))
                for key, item in value.entries
            ]
    if positional or keywords:
        yield from _if_callable(function, Arguments(tuple(positional), tuple(keywords)))


_PACKS = ("args", "kwargs", "kwds")


def _placed(item: Value, function: Hole) -> Hole:
    return item if isinstance(item, Hole) else Hole(function.site, item, "s", "")


def _if_callable(function: Hole, arguments: Arguments) -> Iterator[Handed]:
    if isinstance(function.value, _CALLABLE):
        yield function, arguments

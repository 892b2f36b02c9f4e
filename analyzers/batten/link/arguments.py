"""Which argument of a call goes to which parameter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.models.model import RECEIVER
from batten.summarize.nodes import TAKES_ENTRY, is_key
from batten.values.terms import Attribute, Bag, Const, Hole, Item, Mapping, Param, Result, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.link.parts import Head
    from batten.models.model import Argument, CallModel
    from batten.summarize.summary import Call, Function
    from batten.values.terms import Arguments, Value


def argument_of(
    function: Function | Head, parameter: str, arguments: Arguments, skip_first: bool
) -> Hole | None:
    """Return what `arguments` give to a parameter, or None.

    A sequence or mapping given whole gives its item or entry to what nothing else fills.
    """
    named = dict(arguments.named)
    if parameter in named:
        return named[parameter]
    positions = [p for p in function.parameters if p.kind == "positional"]
    if skip_first:
        positions = positions[1:]
    for index, each in enumerate(positions):
        if each.name != parameter:
            continue
        for at, given in enumerate(arguments.positional):
            if given.spec == "*":
                item = Item(given.value, Const(index - at))
                return Hole(given.site, item, "x", parameter, True)
            if at == index:
                return given
    kind = next((p.kind for p in function.parameters if p.name == parameter), "")
    if kind == "*":
        rest = arguments.positional[len(positions) :]
        if not rest:
            return None
        if len(rest) == 1 and rest[0].spec == "*":
            return Hole(rest[0].site, rest[0].value, "s", rest[0].name)
        whole = tuple(given.value for given in rest if given.spec == "*")
        if whole:
            alone = tuple(given for given in rest if given.spec != "*")
            return Hole(rest[0].site, Bag(alone, whole), "s", parameter)
        return Hole(rest[0].site, Sequence(rest), "s", parameter)
    if kind == "**":
        known = {p.name for p in function.parameters}
        entries: tuple[tuple[Value, Value], ...] = tuple(
            (Const(name), given) for name, given in arguments.named if name not in known
        )
        spread = tuple(given.value for given in arguments.spread)
        site = arguments.named[0][1].site if arguments.named else 0
        site = arguments.spread[0].site if arguments.spread else site
        return Hole(site, Mapping(entries, spread), "s", parameter) if entries or spread else None
    for given in arguments.spread:
        return Hole(given.site, Item(given.value, Const(parameter)), "x", parameter, True)
    return None


def entry_read(value: Value, call: Callable[[int], Call]) -> tuple[str, str] | None:
    """Return the parameter out of which a term takes an entry, and what that is called.

    `call` gives a call of the function that the term stands in.
    """
    match value:
        case Item(Param(rest), Const(str(name))):
            return rest, name
        case Result(number):
            made = call(number)
            match made.function, made.arguments.positional:
                case Attribute(Param(rest), "get" | "pop"), (Hole(value=Const(str(name))), *_):
                    return rest, name
    return None


def entry_taken(call: Call) -> Item | None:
    """Return the entry that a call takes out of a mapping (`data.get("name")`), else None."""
    match call.function, call.arguments.positional:
        case Attribute(base, method), (Hole(value=Const(str(name)) as key), *_):
            return Item(base, key) if method in TAKES_ENTRY and is_key(name) else None
    return None


def entry_of(whole: Hole, key: Value) -> Hole | None:
    """Return the entry or item `key` of what is given whole, with its place; None for unknown."""
    match whole.value, key:
        case Mapping(entries, spread), Const():
            for known, value in entries:
                if known == key:
                    return value if isinstance(value, Hole) else replace(whole, value=value)
            for more in spread:
                return replace(whole, value=Item(more, key), entry=True)
            for known, value in entries:
                if not isinstance(known, Const):
                    # Under a key that is worked out, whatever is asked for may be.
                    return value if isinstance(value, Hole) else replace(whole, value=value)
        case Sequence(items), Const(int(index)):
            if -len(items) <= index < len(items):
                item = items[index]
                if isinstance(item, Hole) and item.spec != "*":
                    return item
                return replace(whole, value=item)
        case (Param(), _):
            return replace(whole, value=Item(whole.value, key), entry=True)
    return None


def hands_on_text(model: CallModel) -> bool:
    """Tell whether the text of a call's result is made of the texts of its arguments."""
    return bool(model.escape or model.passes or model.parts) or model.separator is not None


def passed_values(model: CallModel, call: Call) -> list[Value]:
    """Return the values whose text the result of a call is."""
    values: list[Value] = []
    for argument in model.passes:
        if argument == RECEIVER:
            if isinstance(call.function, Attribute):
                values.append(call.function.base)
            continue
        given = given_argument(call, argument.position, argument.keyword)
        if given is not None:
            values.append(given.value)
    return values


def given_argument(call: Call, position: int | None, keyword: str | None) -> Hole | None:
    """Return the argument of a call by position or keyword, or None."""
    return given_of(call.arguments, position, keyword)


def given_of(arguments: Arguments, position: int | None, keyword: str | None) -> Hole | None:
    """Return one of some arguments by position or keyword, or None."""
    if keyword is not None:
        for name, given in arguments.named:
            if name == keyword:
                return given
    if position is not None and 0 <= position < len(arguments.positional):
        before = arguments.positional[: position + 1]
        if not any(given.spec == "*" for given in before):
            return before[-1]
    return _given_whole(arguments, position, keyword)


def placed(whole: Hole, item: Value) -> Hole:
    """Return an item of what is given whole, with its own place if it has one."""
    return item if isinstance(item, Hole) else replace(whole, value=item)


def given_by_callers(call: Call, argument: Argument) -> Iterator[Hole]:
    """Yield the argument out of the `*args` and `**kwargs` that a call hands on."""
    at = next((n for n, each in enumerate(call.arguments.positional) if each.spec == "*"), None)
    if at is not None and argument.position is not None and argument.position >= at:
        given = call.arguments.positional[at]
        if isinstance(given.value, Param):
            item = Item(given.value, Const(argument.position - at))
            yield Hole(given.site, item, "x", given.name, True)
    if argument.keyword is not None:
        for given in call.arguments.spread:
            merged = given.value.spread if isinstance(given.value, Mapping) else (given.value,)
            for each in merged:
                if isinstance(each, Param):
                    entry = Item(each, Const(argument.keyword))
                    yield Hole(given.site, entry, "x", argument.keyword, True)


def _given_whole(arguments: Arguments, position: int | None, keyword: str | None) -> Hole | None:
    """Return an argument out of `*items` or `**entries` that are known where the call stands."""
    for whole in arguments.spread:
        if keyword is not None and isinstance(whole.value, Mapping):
            for key, value in whole.value.entries:
                if key == Const(keyword):
                    return value if isinstance(value, Hole) else replace(whole, value=value)
    first = arguments.positional[0] if arguments.positional else None
    if first is not None and first.spec == "*" and isinstance(first.value, Sequence):
        items = first.value.items
        if position is not None and position < len(items):
            item = items[position]
            return item if isinstance(item, Hole) else replace(first, value=item)
    return None

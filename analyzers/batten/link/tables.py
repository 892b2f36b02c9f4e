"""What one unit tells under which names: the tables of the index are put together of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batten.link.keys import ClassKey, call_key, function_key, unit_key
from batten.link.roles import is_aside
from batten.syntax.units import UnitKind
from batten.values.combine import plain
from batten.values.terms import (
    NONE,
    Attribute,
    Bag,
    Choice,
    Imported,
    Item,
    Local,
    Mapping,
    Name,
    Param,
    Refined,
    Result,
    Sequence,
)

if TYPE_CHECKING:
    from batten.link.keys import CallKey, FunctionKey, UnitKey
    from batten.link.parts import Head
    from batten.link.told import IndexedUnit
    from batten.summarize.summary import Class, Function, Shape, Store
    from batten.values.terms import Value


def tells_more(shape: Shape) -> bool:
    """Tell whether a unit tells more than its calls, and where it stands."""
    return bool(shape.classes) or any(
        each.bound or each.stores or each.globals or each.decorators for each in shape.functions
    )


def bound(unit: IndexedUnit) -> dict[tuple[str, str], tuple[Value, ...]]:
    """Tell what the body of a module binds to names, by path and name."""
    if unit.content.kind is not UnitKind.MODULE:
        return {}
    path = unit.key.path
    names = unit.shape.functions[0].bound.items()
    return {(path, name): (value,) for name, value in names if not _is_itself(name, value)}


def _is_itself(name: str, value: Value) -> bool:
    """Tell whether a name is bound to nothing but what it means anyway.

    A guard (`if name:`) proves something of it, and binds it in no other way. Taken for a binding
    that is a circle, and what comes out of one depends on who asks first.
    """
    if isinstance(value, Choice):
        return all(each == NONE or _is_itself(name, each) for each in value.alternatives)
    return (value.value if isinstance(value, Refined) else value) == Name(name)


def calls(unit: IndexedUnit) -> dict[str, list[CallKey]]:
    """Tell calls by the last names of their callees."""
    found: dict[str, list[CallKey]] = {}
    for number, function in enumerate(unit.shape.functions):
        if not function.calls:
            continue
        key = function_key((*unit.key, number))
        for place, call in enumerate(function.calls):
            callee = call.function
            if isinstance(callee, Attribute):
                name = callee.name
            elif isinstance(callee, Name):
                name = callee.id
            elif isinstance(callee, Local):
                name = unit.shape.functions[callee.function].name
            else:
                for each in _names_called(callee, function):
                    found.setdefault(each, []).append(call_key((key, place)))
                continue
            if name or isinstance(callee, Local):
                found.setdefault(name, []).append(call_key((key, place)))
    return found


def _names_called(callee: Value, function: Function) -> set[str]:
    """Return the last names under which a term finds what it calls; `TABLE` of `TABLE[key]`."""
    match callee:
        case Result(number):
            called = function.calls[number].function
            table = last_name(called.base) if isinstance(called, Attribute) else ""
            return {"__call__", table} - {""}
        case Item(base, _):
            return {last_name(base)} - {""}
        case _:
            return {last_name(callee)} - {""}


class ClassHead(NamedTuple):
    """What those read of a class who look for none of its attributes and methods.

    When it `is_unit`, its methods are units, too. `body` is the number of the function that
    stands for its body.
    """

    name: str
    bases: tuple[Value, ...]
    body: int
    is_unit: bool


def classes(unit: IndexedUnit) -> dict[ClassKey, tuple[ClassHead]]:
    """Tell classes by their keys."""
    is_unit = unit.content.kind is UnitKind.CLASS
    return {
        key: (ClassHead(each.name, each.bases, each.body, is_unit),) for key, each in _classes(unit)
    }


def attributes(unit: IndexedUnit) -> dict[tuple[ClassKey, str], tuple[Value]]:
    """Tell what the bodies of classes bind to names."""
    return {
        (key, name): (value,)
        for key, each in _classes(unit)
        for name, value in each.attributes.items()
    }


def all_attributes(unit: IndexedUnit) -> dict[ClassKey, tuple[Value, ...]]:
    """Tell what the body of a class binds to any name."""
    return {key: tuple(each.attributes.values()) for key, each in _classes(unit)}


def annotated(unit: IndexedUnit) -> dict[tuple[ClassKey, str], tuple[Value]]:
    """Tell the annotations of names in the bodies of classes."""
    return {
        (key, name): (value,)
        for key, each in _classes(unit)
        for name, value in each.annotations.items()
    }


def methods_beside(unit: IndexedUnit) -> dict[tuple[ClassKey, str], tuple[FunctionKey]]:
    """Tell those methods of classes that are in the same unit."""
    return {
        (key, name): (function_key((*unit.key, number)),)
        for key, each in _classes(unit)
        for name, number in each.methods.items()
    }


def owners(unit: IndexedUnit) -> dict[FunctionKey, tuple[ClassKey]]:
    """Tell the classes of such methods."""
    return {
        function_key((*unit.key, number)): (key,)
        for key, each in _classes(unit)
        for number in each.methods.values()
    }


def _classes(unit: IndexedUnit) -> list[tuple[ClassKey, Class]]:
    return [(ClassKey(*unit.key, number), each) for number, each in enumerate(unit.shape.classes)]


def all_classes(unit: IndexedUnit) -> dict[None, tuple[ClassKey, ...]]:
    """Tell all classes together."""
    found = tuple(ClassKey(*unit.key, number) for number in range(len(unit.shape.classes)))
    return {None: found} if found else {}


class Member(NamedTuple):
    """A class or function right inside of a unit; their keys alone may be equal."""

    key: FunctionKey | ClassKey
    is_class: bool


def members(unit: IndexedUnit) -> dict[tuple[str, str, str], tuple[Member]]:
    """Tell a class or function by the unit that it stands right inside of, and its name."""
    content, (path, name) = unit.content, unit.key
    if content.owner is None:
        return {}
    is_class = content.kind is UnitKind.CLASS and bool(unit.shape.classes)
    key = ClassKey(path, name, 0) if is_class else function_key((path, name, 0))
    return {(path, content.owner, content.name): (Member(key, is_class),)}


def functions_inside(unit: IndexedUnit) -> dict[UnitKey, list[FunctionKey]]:
    """Tell functions, and those nested in them, by the unit that they stand inside of."""
    if unit.content.owner is None:
        return {}
    path, name = unit.key
    functions = [function_key((path, name, number)) for number in range(len(unit.shape.functions))]
    return {unit_key((path, unit.content.owner)): functions}


def star_imports(unit: IndexedUnit) -> dict[str, tuple[str, ...]]:
    """Tell by path the modules of which a module imports all names."""
    if unit.content.kind is not UnitKind.MODULE:
        return {}
    return {unit.key.path: unit.shape.star_imports}


def global_names(unit: IndexedUnit) -> dict[str, tuple[str]]:
    """Tell by name the path of a module that has it among its own: bound, defined or stored."""
    content, here = unit.content, (unit.key.path,)
    names: dict[str, tuple[str]] = {}
    if content.kind is UnitKind.MODULE:
        bound = unit.shape.functions[0].bound
        names = {name: here for name, value in bound.items() if not _is_itself(name, value)}
    for function in unit.shape.functions:
        for name, _ in function.globals:
            names[name] = here
    if content.owner == "":
        names[content.name] = here
    return names


def given_names(unit: IndexedUnit) -> dict[FunctionKey, list[str]]:
    """Tell the names that functions without one, lambdas, are bound to."""
    found: dict[FunctionKey, dict[str, None]] = {}
    functions = unit.shape.functions
    for function in functions if len(functions) > 1 else ():
        stores = ((store.name, store.value) for store in function.stores)
        for name, value in (*function.bound.items(), *stores):
            if isinstance(value, Local) and not functions[value.function].name:
                found.setdefault(function_key((*unit.key, value.function)), {})[name] = None
    return {key: list(names) for key, names in found.items()}


def decorated(unit: IndexedUnit) -> dict[str, list[FunctionKey]]:
    """Tell functions by the last names of what decorates them."""
    found: dict[str, list[FunctionKey]] = {}
    for number, function in enumerate(unit.shape.functions):
        for decorator in function.decorators:
            name = last_name(decorator)
            if name:
                found.setdefault(name, []).append(function_key((*unit.key, number)))
    return found


def methods(unit: IndexedUnit) -> dict[str, tuple[FunctionKey]]:
    """Tell methods of classes by their names."""
    if unit.content.kind is not UnitKind.FUNCTION or not unit.content.owner:
        return {}
    return {unit.content.name: (function_key((*unit.key, 0)),)}


def global_stores(unit: IndexedUnit) -> dict[tuple[str, str], list[tuple[FunctionKey, Value]]]:
    """Tell what functions assign to names of their module (`global`), by path and name."""
    found: dict[tuple[str, str], list[tuple[FunctionKey, Value]]] = {}
    for number, function in enumerate(unit.shape.functions):
        for name, value in function.globals:
            told = found.setdefault((unit.key.path, name), [])
            told.append((function_key((*unit.key, number)), value))
    return found


def other_names(unit: IndexedUnit) -> dict[str, list[str]]:
    """Tell for each name the names that modules and objects give to the same thing instead."""
    found: dict[str, dict[str, None]] = {}
    for function in unit.shape.functions:
        if not (function.stores or function.bound):
            continue
        given = [(store.name, store.value) for store in function.stores]
        if unit.content.kind is not UnitKind.FUNCTION and function is unit.shape.functions[0]:
            given += function.bound.items()
        for name, value in given:
            for last in map(last_name, _kept(value)) if isinstance(value, _NAMING) else ():
                if last and last != name:
                    found.setdefault(last, {})[name] = None
    return {name: list(others) for name, others in found.items()}


_NAMING = (Name, Attribute, Imported, Mapping, Sequence, Bag)


def _kept(value: Value) -> tuple[Value, ...]:
    """Return what a name stands for: a value, or those that a mapping or sequence keeps."""
    match value:
        case Mapping(entries, _):
            return tuple(plain(each) for _, each in entries)
        case Sequence(items) | Bag(items, _):
            return tuple(map(plain, items))
        case _:
            return (value,)


def made_names(unit: IndexedUnit) -> dict[str, list[str]]:
    """Tell by what is called the names that hold what the call gives, in bodies and attributes.

    What a function holds is not told: it calls that itself.
    """
    found: dict[str, dict[str, None]] = {}
    for number, function in enumerate(unit.shape.functions):
        if not (function.stores or function.bound):
            continue
        held = [(store.name, store.value) for store in function.stores]
        held += () if number else function.bound.items()
        for name, value in held:
            for each in value.alternatives if isinstance(value, Choice) else (value,):
                if isinstance(each, Result):
                    called = last_name(function.calls[each.call].function)
                    found.setdefault(called, {})[name] = None
    return {called: list(names) for called, names in found.items()}


def functions_storing(unit: IndexedUnit) -> dict[None, list[FunctionKey]]:
    """Tell all functions together that store something in attributes."""
    found = [
        function_key((*unit.key, number))
        for number, function in enumerate(unit.shape.functions)
        if function.stores
    ]
    return {None: found} if found else {}


def stores_elsewhere(unit: IndexedUnit) -> dict[str, list[tuple[FunctionKey, Store]]]:
    """Tell by its name what is stored in an attribute of other objects than a method's own."""
    found: dict[str, list[tuple[FunctionKey, Store]]] = {}
    for number, function in enumerate(unit.shape.functions if not is_aside(unit.key.path) else ()):
        for store in function.stores:
            if not is_own(store.base, function):
                key = function_key((*unit.key, number))
                found.setdefault(store.name, []).append((key, store))
    return found


def storing_own(unit: IndexedUnit) -> dict[str, tuple[UnitKey, ...]]:
    """Tell by its name the units of the classes that store an attribute in their own objects."""
    names = [
        store.name
        for function in unit.shape.functions
        for store in function.stores
        if is_own(store.base, function)
    ]
    if not names:
        return {}
    owner = unit.content.owner
    around = () if owner is None else (unit_key((unit.key.path, owner)),)
    return dict.fromkeys(names, (unit.key, *around) if unit.shape.classes else around)


def is_own(base: Value, function: Function | Head) -> bool:
    """Tell whether a term is the object of the method that it stands in."""
    if isinstance(base, Param):
        return bool(function.parameters) and function.parameters[0].name == base.name
    return isinstance(base, Name) and base.id in ("self", "cls")


def last_name(value: Value) -> str:
    """Return the last name of a dotted term (`get` of `self.client.get`), or an empty string."""
    if isinstance(value, Name):
        return value.id
    if isinstance(value, Attribute):
        return value.name
    if isinstance(value, Imported):
        return value.target.rpartition(".")[2]
    return ""

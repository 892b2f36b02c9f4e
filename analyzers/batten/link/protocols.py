"""Which classes are what a `typing.Protocol` of the program asks for, as type checkers see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.decorators import is_static
from batten.link.index import ClassKey, is_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.link.index import FunctionKey, Index

    Lineage = Callable[[ClassKey], tuple[ClassKey | str, ...]]

_PROTOCOLS = frozenset({"typing.Protocol", "typing_extensions.Protocol"})


def implementations(index: Index, lineage: Lineage) -> dict[ClassKey, list[ClassKey]]:
    """Return for each protocol the classes that have all its methods, with its parameters.

    What tests and examples have stands in for something else.
    """
    protocols = {
        cls: methods
        for cls in index.classes()
        if not _PROTOCOLS.isdisjoint(lineage(cls)[1:]) and (methods := _methods(cls, index))
    }
    if not protocols:
        return {}
    found: dict[ClassKey, list[ClassKey]] = {}
    for cls in index.classes():
        if is_aside(cls.path) or cls in protocols:
            continue
        for protocol, methods in protocols.items():
            if all(_has(cls, name, asked, index, lineage) for name, asked in methods.items()):
                found.setdefault(protocol, []).append(cls)
    return found


def _methods(cls: ClassKey, index: Index) -> dict[str, FunctionKey]:
    """Return the methods that a class itself defines, by name."""
    found = {}
    for key in index.class_functions(cls):
        name = index.head(key).name
        if name and key in index.methods(cls, name):
            found[name] = key
    return found


def _has(cls: ClassKey, name: str, asked: FunctionKey, index: Index, lineage: Lineage) -> bool:
    """Tell whether a class has a method that can be called as another."""
    for base in lineage(cls):
        for method in index.methods(base, name) if isinstance(base, ClassKey) else ():
            return _takes(index, method, asked)
    return False


def _takes(index: Index, method: FunctionKey, asked: FunctionKey) -> bool:
    """Tell whether a method has the parameters of another, and needs no more."""
    own = {kind: tuple(_parameters(index, method, kind)) for kind in ("positional", "keyword")}
    names = {name for each in own.values() for name, _ in each}
    open_ended = any(each.kind == "**" for each in index.head(method).parameters)
    wanted = [name for name, _ in _parameters(index, asked, "positional")]
    if [name for name, _ in own["positional"]][: len(wanted)] != wanted:
        return False
    more = {name for name, _ in _parameters(index, asked, "keyword")}
    if not open_ended and not more <= names:
        return False
    rest = (*own["positional"][len(wanted) :], *own["keyword"])
    return all(optional or name in more for name, optional in rest)


def _parameters(index: Index, key: FunctionKey, kind: str) -> Iterator[tuple[str, bool]]:
    """Yield the parameters of a kind behind the receiver, and whether they can be left out."""
    function = index.head(key)
    parameters = function.parameters if is_static(function) else function.parameters[1:]
    for parameter in parameters:
        if parameter.kind == kind:
            yield parameter.name, parameter.default is not None

"""Classes of a program: their bases, what derives from them, and what their methods store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.entities import ClassObject, Entity, External, Frame, Open
from batten.link.index import ClassKey, FunctionKey
from batten.values.terms import Attribute, Hole, Item, Name, Param, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.link.index import Index


class Hierarchy:
    """The classes of one program; remembers what it found."""

    def __init__(self, index: Index, resolve: Callable[[Value, Frame], tuple[Entity, ...]]) -> None:
        self.index = index
        self._resolve = resolve
        self._lineages: dict[ClassKey, tuple[ClassKey | str, ...]] = {}
        self._subclasses: dict[ClassKey, list[ClassKey]] | None = None
        self._enumerations: dict[ClassKey, bool] = {}
        self._filled: dict[ClassKey, bool] = {}
        self._stores: dict[ClassKey, dict[str, list[tuple[FunctionKey, Value]]]] = {}

    def lineage(self, key: ClassKey) -> tuple[ClassKey | str, ...]:
        """Return a class and its bases, nearest first; bases outside the program by name."""
        found = self._lineages.get(key)
        if found is not None:
            return found
        self._lineages[key] = (key,)
        order: dict[ClassKey | str, None] = {key: None}
        waiting: list[ClassKey] = [key]
        for at in waiting:
            body = Frame(self.index.class_body(at))
            for base in self.index.class_(at).bases:
                # `Manager[Node]` derives from `Manager`.
                base = base.base if isinstance(base, Item) else base
                for entity in self._resolve(base, body):
                    if isinstance(entity, ClassObject) and entity.key not in order:
                        order[entity.key] = None
                        waiting.append(entity.key)
                    elif isinstance(entity, External):
                        order[entity.name] = None
                    elif isinstance(entity, Open):
                        order.setdefault("?", None)
        self._lineages[key] = tuple(order)
        return self._lineages[key]

    def is_enumeration(self, key: ClassKey) -> bool:
        """Tell whether a class derives from `enum.Enum`."""
        found = self._enumerations.get(key)
        if found is None:
            bases = self.lineage(key)
            found = any(isinstance(base, str) and base.startswith("enum.") for base in bases)
            self._enumerations[key] = found
        return found

    def subclasses(self, key: ClassKey) -> tuple[ClassKey, ...]:
        """Return all classes derived from a class."""
        if self._subclasses is None:
            self._subclasses = {}
            for cls in self.index.classes():
                for base in self.lineage(cls)[1:]:
                    if isinstance(base, ClassKey):
                        self._subclasses.setdefault(base, []).append(cls)
        return tuple(self._subclasses.get(key, ()))

    def stores(self, key: ClassKey) -> dict[str, list[tuple[FunctionKey, Value]]]:
        """Return what the methods of a class store in the attributes of their object."""
        found = self._stores.get(key)
        if found is None:
            found = self._stores[key] = {}
            for method in self.index.class_functions(key):
                for store in self.index.function(method).stores:
                    if self._is_self(store.base, method):
                        found.setdefault(store.name, []).append((method, store.value))
        return found

    def is_filled_by_name(self, key: ClassKey) -> bool:
        """Tell whether a class stores attributes under names that it is given (`setattr`)."""
        found = self._filled.get(key)
        if found is None:
            found = self._filled[key] = any(
                self._stores_by_name(call.function, call.arguments.positional, method)
                for at in self.lineage(key)
                if isinstance(at, ClassKey)
                for method in self.index.class_functions(at)
                for call in self.index.function(method).calls
            )
        return found

    def _stores_by_name(
        self, function: Value, given: tuple[Hole, ...], method: FunctionKey
    ) -> bool:
        match function:
            case Name("setattr"):
                return bool(given) and self._is_self(given[0].value, method)
            case Attribute(Attribute(base, "__dict__"), "update"):
                return self._is_self(base, method)
            case _:
                return False

    def _is_self(self, base: Value, method: FunctionKey) -> bool:
        if not isinstance(base, (Param, Name)):
            return False
        function = self.index.function(method)
        if isinstance(base, Param):
            return bool(function.parameters) and function.parameters[0].name == base.name
        return base.id in ("self", "cls")

"""Classes of a program: their bases, what derives from them, and what their methods store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.entities import ClassObject, Entity, External, Frame, Open
from batten.link.index import ClassKey, FunctionKey, UnitKey
from batten.link.protocols import implementations
from batten.link.reads import Entry, Memo, SteadyMemo, Whole
from batten.link.tables import is_own
from batten.values.terms import (
    NONE,
    Attribute,
    Const,
    Element,
    Hole,
    Item,
    Name,
    Param,
    Refined,
    Result,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from batten.link.index import Index
    from batten.summarize.summary import Store

MAX_STEPS = 8
MAX_LEVELS = 16
"""So many classes one above the other are looked at; what is above those is not known."""
MAX_ELSEWHERE = 32
# Bases outside the program that set no attributes.
_PLAIN_BASES = frozenset({"object", "abc.ABC", "typing.Generic", "typing.Protocol"})


class Hierarchy:
    """The classes of one program; remembers what it found."""

    def __init__(self, index: Index, resolve: Callable[[Value, Frame], tuple[Entity, ...]]) -> None:
        self.index = index
        self._resolve = resolve
        self._reads = index.reads
        reads = index.reads
        self._lineages: dict[ClassKey, Entry] = {}
        self._begun: set[ClassKey] = set()  # of which the bases are being looked for
        self._on_change = self._forget_lineage  # one for all
        reads.tables.append(self._lineages.values)
        nothing: dict[ClassKey, list[ClassKey]] = {}
        self._subclasses = Whole(reads, self._find_subclasses, nothing)
        self.is_enumeration = Memo(reads, self._is_enumeration)
        self._stores = Memo(reads, self._find_stores)
        # Of each attribute by itself: an edit of a method is nothing to those who read others.
        self._stored = SteadyMemo(reads, self._find_stored)
        self._storing = SteadyMemo(reads, self._find_storing)
        # Of each method by itself: an edit of one of many stays what it is to the class.
        self._fills_by_name = SteadyMemo(reads, self._find_filling_by_name)
        self._fills_from_data = SteadyMemo(reads, self._find_filling_from_data)
        self._documented = SteadyMemo(reads, self._find_documented)
        self.is_filled_by_name = SteadyMemo(reads, self._is_filled_by_name)
        self.is_filled_from_data = SteadyMemo(reads, self._is_filled_from_data)
        self.held = SteadyMemo(reads, self._find_held)

    def lineage(self, key: ClassKey) -> tuple[ClassKey | str, ...]:
        """Return a class and its bases, nearest first; bases outside the program by name."""
        entry = self._lineages.get(key)
        if entry is None:
            entry = self._lineages[key] = Entry(key, self._on_change)
            entry.value = (key,)
            reader, self._reads.at = self._reads.at, entry
            self._begun.add(key)
            try:
                entry.value = self._find_lineage(key)
            except LookupError:
                del self._lineages[key]
                raise
            finally:
                self._reads.at = reader
                self._begun.discard(key)
        elif key in self._begun:
            self._reads.unfinished += 1
        entry.read_by(self._reads.at)
        found: tuple[ClassKey | str, ...] = entry.value
        return found

    def _forget_lineage(self, key: ClassKey) -> None:
        self._lineages.pop(key, None)

    def _find_lineage(self, key: ClassKey) -> tuple[ClassKey | str, ...]:
        order: dict[ClassKey | str, None] = {key: None}
        waiting: list[ClassKey] = [key]
        last, level = key, 0  # the last class of each level
        for at in waiting:
            if level == MAX_LEVELS:
                order.setdefault("?", None)
                break
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
            if at == last:
                last, level = waiting[-1], level + 1
        return tuple(order)

    def _is_enumeration(self, key: ClassKey) -> bool:
        """Tell whether a class derives from `enum.Enum`."""
        return any(isinstance(b, str) and b.startswith("enum.") for b in self.lineage(key))

    def subclasses(self, key: ClassKey) -> tuple[ClassKey, ...]:
        """Return all classes derived from a class, or that are what a protocol asks for."""
        return tuple(self._subclasses().get(key, ()))

    def _find_subclasses(self) -> dict[ClassKey, list[ClassKey]]:
        found: dict[ClassKey, list[ClassKey]] = {}
        for cls in self.index.classes():
            for base in self.lineage(cls)[1:]:
                if isinstance(base, ClassKey):
                    found.setdefault(base, []).append(cls)
        for protocol, classes in implementations(self.index, self.lineage).items():
            known = found.setdefault(protocol, [])
            known += [each for each in classes if each not in known]
        return found

    def stored(self, key: ClassKey, name: str) -> tuple[tuple[FunctionKey, Value], ...]:
        """Return what the methods of a class store in an attribute of their object."""
        return self._stored((key, name))

    def stored_in(
        self, classes: Iterable[ClassKey], name: str
    ) -> Iterator[tuple[FunctionKey, Value]]:
        """Yield the same of several classes; most store nothing there and are not looked at."""
        storing = self._storing(name)
        for at in classes if storing else ():
            if at[:2] in storing:
                yield from self.stored(at, name)

    def _find_storing(self, name: str) -> frozenset[UnitKey]:
        """Return the units of all classes that store an attribute in their own objects."""
        return frozenset(self.index.storing_own(name))

    def _find_stored(self, asked: tuple[ClassKey, str]) -> tuple[tuple[FunctionKey, Value], ...]:
        key, name = asked
        return tuple(self._stores(key).get(name, ()))

    def _find_stores(self, key: ClassKey) -> dict[str, list[tuple[FunctionKey, Value]]]:
        """Return the same of all attributes."""
        found: dict[str, list[tuple[FunctionKey, Value]]] = {}
        for method in self.index.class_functions(key):
            for store in self.index.stores(method):
                if self._is_self(store.base, method):
                    found.setdefault(store.name, []).append((method, store.value))
        return found

    def _find_held(self, asked: tuple[ClassKey, str]) -> str | None:
        """Return the attribute that another always holds (`self.zone_id = self.zone`), if one is.

        That it holds nothing before does not count.
        """
        key, name = asked
        held: set[str] = set()
        for at in (*self.lineage(key), *self.subclasses(key)):
            if not isinstance(at, ClassKey):
                continue
            if self.index.attribute(at, name) not in (None, NONE):
                return None
            for method, value in self.stored(at, name):
                if isinstance(value, Attribute) and self._is_self(value.base, method):
                    held.add(value.name)
                elif value != NONE:
                    return None
        return held.pop() if len(held) == 1 else None

    def is_left_open(self, key: ClassKey, name: str) -> bool:
        """Tell whether a class has an attribute that is None and that nobody sets on its objects.

        It is there for classes that are derived from it, in other programs as well.
        """
        lineage = self.lineage(key)
        family = [at for at in lineage if isinstance(at, ClassKey)]
        if not any(self.index.attribute(at, name) == NONE for at in family):
            return False
        if any(isinstance(at, str) and at not in _PLAIN_BASES for at in lineage):
            return False
        if any(self.index.annotation(at, name) is not None for at in family):
            return False
        stored = self.stored_in((*family, *self.subclasses(key)), name)
        set_by_methods = any(True for _ in stored)
        return not (
            set_by_methods or self.is_filled_by_name(key) or self.index.stores_elsewhere(name)
        )

    def stores_elsewhere(self, name: str) -> tuple[tuple[FunctionKey, Store], ...]:
        """Return what is stored in an attribute of other objects than the storing method's own.

        Nothing when so many are that no class is meant more than another.
        """
        found = self.index.stores_elsewhere(name)
        return found if len(found) <= MAX_ELSEWHERE else ()

    def _is_filled_by_name(self, key: ClassKey) -> bool:
        """Tell whether a class stores attributes under names that it is given (`setattr`)."""
        return any(
            self._fills_by_name(method)
            for at in self.lineage(key)
            if isinstance(at, ClassKey)
            for method in self.index.class_functions(at)
        )

    def _find_filling_by_name(self, method: FunctionKey) -> bool:
        return any(
            self._stores_by_name(call.function, call.arguments.positional, method)
            for call in self.index.function(method).calls
        )

    def _is_filled_from_data(self, key: ClassKey) -> bool:
        """Tell whether a class stores values under names that came with them.

        That is how objects are made of what a server replies (`for k, v in info.items():
        setattr(self, k, v)`). What the caller names itself (`**kwargs`) is no such data.
        """
        ways = {
            way
            for at in self.lineage(key)
            if isinstance(at, ClassKey)
            for method in self.index.class_functions(at)
            for way in self._fills_from_data(method)
        }
        return True in ways and False not in ways

    def _find_filling_from_data(self, method: FunctionKey) -> frozenset[bool | None]:
        return frozenset(
            self._stores_data(call.function, call.arguments.positional, method)
            for call in self.index.function(method).calls
        )

    def _stores_data(
        self, function: Value, given: tuple[Hole, ...], method: FunctionKey
    ) -> bool | None:
        """Tell whether a call stores data so; None when it stores nothing by its name."""
        match function:
            case Name("setattr") if len(given) == 3 and isinstance(given[0].value, (Param, Name)):
                name, stored = given[1].value, given[2].value
            case Attribute(Attribute(Param() | Name(), "__dict__"), "update") if given:
                name = stored = given[0].value
            case _:
                return None
        kinds = {each.name: each.kind for each in self.index.head(method).parameters}
        holders = (self._holder(each, method) for each in (name, stored))
        if isinstance(name, Const):
            return None
        return not any(
            isinstance(holder, Param) and kinds.get(holder.name) == "**" for holder in holders
        )

    def _holder(self, value: Value, method: FunctionKey) -> Value:
        """Return what a value was taken out of: `info` of `for k, v in info.items()`."""
        calls = self.index.function(method).calls
        for _ in range(MAX_STEPS):
            match value:
                case Item(base, _) | Element(base) | Refined(base, _):
                    value = base
                case Result(number) if isinstance(function := calls[number].function, Attribute):
                    value = function.base
                case _:
                    break
        return value

    def documentation(self, key: ClassKey) -> Iterator[tuple[str, str]]:
        """Yield the parameters that the methods of a class document, and what they say of them."""
        for method in self.index.class_functions(key):
            yield from self._documented(method)

    def _find_documented(self, method: FunctionKey) -> tuple[tuple[str, str], ...]:
        parameters = self.index.head(method).parameters
        return tuple([(each.name, each.doc) for each in parameters if each.doc])

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
        return isinstance(base, (Param, Name)) and is_own(base, self.index.head(method))

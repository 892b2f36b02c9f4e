"""The table of a program: its modules, classes and functions, and who is called what.

Everything here is looked up by name, nothing is followed yet.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from batten.link import tables
from batten.link.destinations import destinations
from batten.link.document import Document, differing
from batten.link.keys import CallKey, ClassKey, FunctionKey, UnitKey, function_key
from batten.link.module_paths import modules_of
from batten.link.parts import ANY, HEAD, RETURNS, WHOLE, differing_parts, part_of_call
from batten.link.reads import Entry, Parted, Reads
from batten.link.roles import is_aside, is_test
from batten.link.tables import last_name
from batten.link.told import IndexedUnit, Told
from batten.syntax.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from batten.link.parts import Head, Returned
    from batten.link.tables import ClassHead
    from batten.summarize.summary import Call, Function, Shape, Store
    from batten.syntax.text import Span
    from batten.values.terms import Value

__all__ = [
    "CallKey",
    "ClassKey",
    "FunctionKey",
    "Index",
    "UnitKey",
    "is_aside",
    "is_test",
    "last_name",
]


class NewText(NamedTuple):
    """What another text of a unit leaves as it was.

    Whether its sites are as many and in the same order, and whether its literals say the same.
    """

    is_ordered: bool = True
    has_same_literals: bool = True


class Index:
    """All documents of a program, and where each name is defined and called.

    `reads` tells who is at work: whoever asks for something here is noted by it, so that
    `updated` can tell what a change touches. A question about a unit that is gone is a LookupError.
    """

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self.documents = dict(documents)
        self.reads = reads = Reads()
        self._units: dict[str, dict[str, Parted]] = {path: {} for path in documents}
        self._new: dict[FunctionKey, None] = {}
        self._new_texts: dict[UnitKey, NewText] = {}
        self._telling: list[IndexedUnit] | None = None
        for document in documents.values():
            for number in range(len(document.units)):
                self._enter(document.indexed(number))
        self._stores: defaultdict[UnitKey, Entry] = defaultdict(Entry)
        self._paths_read: defaultdict[str, Entry] = defaultdict(Entry)
        self._modules_read: defaultdict[str, Entry] = defaultdict(Entry)
        # What only some units tell is asked of these alone: there are ten thousand units.
        units, bodies = self._indexed, self._bodies
        telling, with_classes = self._tellers, self._with_classes
        self._bound = Told(reads, bodies, tables.bound)
        self._calls = Told(reads, units, tables.calls)
        self._destinations = Told(reads, units, destinations)
        self._classes = Told(reads, with_classes, tables.classes)
        self._attributes = Told(reads, with_classes, tables.attributes)
        self._all_attributes = Told(reads, with_classes, tables.all_attributes)
        self._annotations = Told(reads, with_classes, tables.annotated)
        self._methods_beside = Told(reads, with_classes, tables.methods_beside)
        self._owners = Told(reads, with_classes, tables.owners)
        self._all_classes = Told(reads, with_classes, tables.all_classes)
        self._members = Told(reads, units, tables.members)
        self._inside = Told(reads, units, tables.functions_inside)
        self._star_imports = Told(reads, bodies, tables.star_imports)
        self.global_names = Told(reads, units, tables.global_names)
        self.given_names = Told(reads, telling, tables.given_names)
        self.decorated = Told(reads, telling, tables.decorated)
        self.methods_by_name = Told(reads, units, tables.methods)
        self.global_stores = Told(reads, telling, tables.global_stores)
        self.other_names = Told(reads, telling, tables.other_names)
        self.made_names = Told(reads, telling, tables.made_names)
        self.storing = Told(reads, telling, tables.functions_storing)
        self.storing_own = Told(reads, telling, tables.storing_own)
        self.stores_elsewhere = Told(reads, telling, tables.stores_elsewhere)

    def function(self, key: FunctionKey) -> Function:
        """Return a function's summary."""
        entry = self._units[key.path][key.unit]
        entry.part_read_by(self.reads.at, WHOLE)
        unit: IndexedUnit = entry.value
        return unit.shape.functions[key.number]

    def head(self, key: FunctionKey) -> Head:
        """Return what a function is called and takes: what those read who call it."""
        entry = self._units[key.path][key.unit]
        entry.part_read_by(self.reads.at, WHOLE if key.number else HEAD)
        unit: IndexedUnit = entry.value
        return unit.shape.functions[key.number]

    def returned(self, key: FunctionKey) -> Returned:
        """Return what a function gives to those who call it."""
        entry = self._units[key.path][key.unit]
        entry.part_read_by(self.reads.at, WHOLE if key.number else RETURNS)
        unit: IndexedUnit = entry.value
        return unit.shape.functions[key.number]

    def call_in(self, key: FunctionKey, number: int) -> Call:
        """Return the summary of one of the calls of a function."""
        entry = self._units[key.path][key.unit]
        entry.part_read_by(self.reads.at, WHOLE if key.number else part_of_call(number))
        unit: IndexedUnit = entry.value
        return unit.shape.functions[key.number].calls[number]

    def beside(self, key: FunctionKey) -> tuple[Function, ...]:
        """Return the summaries of all functions of the unit of one, by number."""
        entry = self._units[key.path][key.unit]
        entry.part_read_by(self.reads.at, WHOLE)
        unit: IndexedUnit = entry.value
        return unit.shape.functions

    def is_class_body(self, key: FunctionKey) -> bool:
        """Tell whether a function stands for the body of a class that is a unit."""
        self.head(key)  # which notes the reader of the unit
        unit: IndexedUnit = self._units[key.path][key.unit].value
        return unit.content.kind is UnitKind.CLASS and key.number == 0

    def class_(self, key: ClassKey) -> ClassHead:
        """Return what a class is, but for its attributes."""
        return self._classes(key)[0]

    def attribute(self, key: ClassKey, name: str) -> Value | None:
        """Return what the body of a class binds to a name."""
        found = self._attributes((key, name))
        return found[0] if found else None

    def attributes(self, key: ClassKey) -> tuple[Value, ...]:
        """Return what the body of a class binds to any name."""
        return self._all_attributes(key)

    def annotation(self, key: ClassKey, name: str) -> Value | None:
        """Return the annotation of a name in the body of a class."""
        found = self._annotations((key, name))
        return found[0] if found else None

    def class_body(self, key: ClassKey) -> FunctionKey:
        """Return the function that stands for the body of a class."""
        return FunctionKey(key.path, key.unit, self.class_(key).body)

    def call(self, key: CallKey) -> Call:
        """Return a call's summary."""
        return self.call_in(key.function, key.call)

    def span(self, function: FunctionKey, site: int) -> Span:
        """Return the byte range, in its document, of a site of `function`."""
        return self.documents[function.path].span(function, site)

    def stores(self, key: FunctionKey) -> tuple[Store, ...]:
        """Return the assignments to attributes in a function."""
        entry = self._units[key.path][key.unit]
        self._stores[UnitKey(key.path, key.unit)].read_by(self.reads.at)
        unit: IndexedUnit = entry.value
        return unit.shape.functions[key.number].stores

    def bound(self, path: str, name: str) -> Value | None:
        """Return what the body of a module binds to a name."""
        found = self._bound((path, name))
        return found[0] if found else None

    def star_imports(self, path: str) -> tuple[str, ...]:
        """Return the modules of which a module imports all names."""
        return self._star_imports(path)

    def calls_of(self, name: str) -> tuple[CallKey, ...]:
        """Return every call whose callee has this last name."""
        return self._calls(name)

    def destinations(self, name: str) -> tuple[CallKey, ...]:
        """Return every call that declares what a command line keeps under a name."""
        return self._destinations(name)

    def tells_calls(self, name: str, entry: Entry) -> bool:
        """Tell whether an entry is that of the calls of a name."""
        return self._calls.is_of(name, entry)

    def has_document(self, path: str) -> bool:
        """Tell whether there is a document."""
        self._paths_read[path].read_by(self.reads.at)
        return path in self.documents

    def modules(self, name: str) -> tuple[tuple[int, str], ...]:
        """Return the documents that a dotted module name may mean, see `modules_of`."""
        self._modules_read[name].read_by(self.reads.at)
        return self._modules.get(name, ())

    def facts(self) -> Iterator[Entry]:
        """Yield what an update may change, with those who have read it."""
        yield from self._paths_read.values()
        yield from self._modules_read.values()
        for entries in self._units.values():
            yield from entries.values()
        yield from self._stores.values()
        for table in self._tables():
            yield from table.entries()

    def has(self, key: FunctionKey) -> bool:
        """Tell whether there is such a function now."""
        entry = self._units.get(key.path, {}).get(key.unit)
        return entry is not None and key.number < len(entry.value.shape.functions)

    def tidy(self, more: Iterable[Entry]) -> None:
        """Let go of readers that were dropped, of facts and of `more`."""
        self.reads.tidy((*self.facts(), *more))
        for table in self._tables():
            table.sweep()

    def has_new_functions(self) -> bool:
        """Tell whether functions have come since `new_functions` was asked last."""
        return bool(self._new)

    def new_functions(self) -> dict[FunctionKey, None]:
        """Return the functions that have come since this was asked last, all at first."""
        new, self._new = self._new, {}
        return new

    def new_texts(self) -> dict[UnitKey, NewText]:
        """Return the units that have come, gone or got another text since this was asked last."""
        new, self._new_texts = self._new_texts, {}
        return new

    def updated(self, after: Document) -> list[Entry]:
        """Take a document or its new text; return what has changed to those who read it."""
        before = self.documents.get(after.path)
        self.documents[after.path] = after
        self._telling = None
        found: list[Entry] = []
        if before is None:
            self._units[after.path] = {}
            for number in range(len(after.units)):
                found += self._changed(None, after.indexed(number))
            return found + self._other_paths(after.path)
        for old, new in differing(before, after):
            found += self._changed(old, new)
            if old is not None and new is not None and self._new_texts[new.key].is_ordered:
                is_ordered = before.is_ordered_as(after, new.key)
                self._new_texts[new.key] = self._new_texts[new.key]._replace(is_ordered=is_ordered)
        return found

    def removed(self, path: str) -> list[Entry]:
        """Take a document away; return what has changed to those who read it."""
        before = self.documents.pop(path)
        self._telling = None
        found: list[Entry] = []
        for number in range(len(before.units)):
            found += self._changed(before.indexed(number), None)
        del self._units[path]
        return found + self._other_paths(path)

    def _other_paths(self, path: str) -> list[Entry]:
        """Take note that a document has come or gone; return what that changes."""
        before = self._modules
        del self._modules
        after = self._modules
        read = self._modules_read.items()
        found = [entry for name, entry in read if before.get(name) != after.get(name)]
        return [*found, self._paths_read[path]]

    def _changed(self, old: IndexedUnit | None, new: IndexedUnit | None) -> Iterator[Entry]:
        """Take the new state of a unit; yield what is different to those who have read it."""
        key = old.key if old is not None else new.key if new is not None else None
        assert key is not None
        tables = self._tables()
        so_far = self._new_texts.get(key, NewText())
        self._new_texts[key] = so_far
        if old is None or new is None or old.content.kind is not new.content.kind:
            self._new_texts[key] = NewText(is_ordered=False, has_same_literals=False)
            if old is not None:
                yield self._units[key.path].pop(key.unit).changed(ANY)
                yield self._stores.pop(key, Entry())
            if new is not None:
                self._enter(new)
        elif old.shape is not new.shape and old.shape != new.shape:
            entry = self._units[key.path][key.unit]
            entry.value = new
            yield entry.changed(differing_parts(old.shape, new.shape))
            before, after = old.shape.functions, new.shape.functions
            if [each.literals for each in before] != [each.literals for each in after]:
                self._new_texts[key] = so_far._replace(has_same_literals=False)
            if [each.stores for each in before] != [each.stores for each in after]:
                yield self._stores.get(key, Entry())
            for number in range(len(before), len(after)):
                self._new[FunctionKey(*key, number)] = None
            tables = self._tables_of_what_differs(old.shape, new.shape)
        else:
            return
        for table in tables:
            yield from table.changed(old, new)

    def _enter(self, unit: IndexedUnit) -> None:
        path, name = unit.key
        entry = self._units[path][name] = Parted()
        entry.value = unit
        for number in range(len(unit.shape.functions)):
            self._new[function_key((path, name, number))] = None

    def _indexed(self) -> Iterator[IndexedUnit]:
        for entries in self._units.values():
            for entry in entries.values():
                yield entry.value

    def _bodies(self) -> Iterator[IndexedUnit]:
        for entries in self._units.values():
            yield entries[""].value

    def _tellers(self) -> Iterable[IndexedUnit]:
        """Return the units that tell more than others, see `tells_more`."""
        if self._telling is None:
            self._telling = [unit for unit in self._indexed() if tables.tells_more(unit.shape)]
        return self._telling

    def _with_classes(self) -> Iterator[IndexedUnit]:
        return (unit for unit in self._tellers() if unit.shape.classes)

    def _tables(self) -> tuple[Told[Any, Any], ...]:
        return (
            self._bound,
            self._calls,
            self._destinations,
            self._classes,
            self._attributes,
            self._all_attributes,
            self._annotations,
            self._methods_beside,
            self._owners,
            self._all_classes,
            self._members,
            self._inside,
            self._star_imports,
            self.global_names,
            self.given_names,
            self.decorated,
            self.methods_by_name,
            self.global_stores,
            self.other_names,
            self.made_names,
            self.storing,
            self.storing_own,
            self.stores_elsewhere,
        )

    def _tables_of_what_differs(self, before: Shape, after: Shape) -> tuple[Told[Any, Any], ...]:
        """Return the tables that two shapes of a unit may tell different things for.

        Most edits change what a function calls, and nothing else that is told of it.
        """
        if [each.name for each in before.functions] != [each.name for each in after.functions]:
            return self._tables()
        if (before.classes, before.star_imports) != (after.classes, after.star_imports):
            return self._tables()
        if tables.tells_more(before) or tables.tells_more(after):
            return (
                self._bound,
                self._calls,
                self._destinations,
                self.global_names,
                self.given_names,
                self.decorated,
                self.global_stores,
                self.other_names,
                self.made_names,
                self.storing,
                self.storing_own,
                self.stores_elsewhere,
            )
        return (self._calls, self._destinations)

    def classes(self) -> tuple[ClassKey, ...]:
        """Return every class."""
        return self._all_classes(None)

    def members(self, path: str, unit: str, name: str) -> tuple[FunctionKey | ClassKey, ...]:
        """Return the functions and classes called `name` right inside a module or class unit."""
        return tuple([member.key for member in self._members((path, unit, name))])

    def methods(self, key: ClassKey, name: str) -> tuple[FunctionKey, ...]:
        """Return the methods called `name` that the class itself defines."""
        here = self._classes(key)[0]
        if here.is_unit:
            members = self.members(key.path, key.unit, name)
            found = tuple(member for member in members if isinstance(member, FunctionKey))
            if found or name != "__init__":
                return found
        return self._methods_beside((key, name))

    def owner_class(self, key: FunctionKey) -> ClassKey | None:
        """Return the class whose method this function is."""
        if key.number == 0:
            unit: IndexedUnit = self._units[key.path][key.unit].value
            owner = unit.content.owner
            # The header of a class that is being typed may not be one yet.
            found = ClassKey(key.path, owner, 0) if owner else None
            return found if found and self._classes(found) else None
        owners = self._owners(key)
        return owners[0] if owners else None

    def is_body(self, key: FunctionKey) -> bool:
        """Tell whether a function stands for the body of a module or a class."""
        self.head(key)  # which notes the reader of the unit
        unit: IndexedUnit = self._units[key.path][key.unit].value
        return key.number == 0 and unit.content.kind is not UnitKind.FUNCTION

    def is_made_of_fields(self, key: FunctionKey) -> bool:
        """Tell whether a function is the `__init__` that a dataclass gets of its fields."""
        is_init = self.head(key).name == "__init__"  # which notes the reader of the unit
        unit: IndexedUnit = self._units[key.path][key.unit].value
        return is_init and unit.content.kind is UnitKind.CLASS

    def class_functions(self, key: ClassKey) -> Iterator[FunctionKey]:
        """Yield the methods of a class with the functions nested in them."""
        here = self._classes(key)[0]
        if not here.is_unit:
            for number in range(len(self.beside(FunctionKey(*key)))):
                yield FunctionKey(key.path, key.unit, number)
            return
        for made in self.methods(key, "__init__"):
            if made.unit == key.unit:
                # Made of the fields of a dataclass.
                yield made
        yield from self._inside(UnitKey(key.path, key.unit))

    @cached_property
    def _modules(self) -> Mapping[str, tuple[tuple[int, str], ...]]:
        return modules_of(self.documents)

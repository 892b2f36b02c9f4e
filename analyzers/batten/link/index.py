"""The table of a program: its modules, classes and functions, and who is called what.

Everything here is looked up by name, nothing is followed yet. A function is named by its
document, its unit and its number in the unit, so names survive edits elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from batten.link.reads import Entry, Reads
from batten.syntax.text import Span
from batten.syntax.units import UnitKind
from batten.values.terms import Attribute, Choice, Imported, Local, Name, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.summarize.summary import Call, Class, Function, Shape, Store, Summary
    from batten.syntax.units import Content, Division
    from batten.values.terms import Value


class FunctionKey(NamedTuple):
    """A function: the document's path, the index of its unit, its number in the unit."""

    path: str
    unit: int
    number: int


class ClassKey(NamedTuple):
    """A class: the document's path, the index of its unit, its number in the unit."""

    path: str
    unit: int
    number: int


class CallKey(NamedTuple):
    """A call: the function it stands in, and its number there."""

    function: FunctionKey
    call: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document's units and their summaries, index for index; the units without places."""

    path: str
    division: Division
    summaries: tuple[Summary, ...]

    @property
    def units(self) -> tuple[Content, ...]:
        """The units of the document."""
        return self.division.contents

    def span(self, function: FunctionKey, site: int) -> Span:
        """Return the byte range in the document of a site of one of its functions."""
        start, end = self.summaries[function.unit].sites[site]
        return self.division.to_document(function.unit, Span(start, end))


class Index:
    """All documents of a program, and where each name is defined and called.

    `reads` tells who is at work: whoever asks for the content of a function is noted by it, so
    that `updated` can tell what a change touches.
    """

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self.documents = dict(documents)
        self.reads = Reads()
        self._units = {
            path: [Entry() for _ in document.units] for path, document in documents.items()
        }
        self._stores: dict[tuple[str, int], Entry] = defaultdict(Entry)
        self._calls: dict[str, Entry] = defaultdict(Entry)
        self._names: dict[tuple[str, str], Entry] = defaultdict(Entry)
        self._made = Entry()
        self._made_names: Mapping[str, tuple[str, ...]] | None = None
        self._children: dict[tuple[str, int], dict[str, list[int]]] = defaultdict(dict)
        for document in documents.values():
            for number, unit in enumerate(document.units):
                if unit.owner is not None:
                    names = self._children[document.path, unit.owner]
                    names.setdefault(unit.name, []).append(number)

    def function(self, key: FunctionKey) -> Function:
        """Return a function's summary."""
        self._units[key.path][key.unit].readers.add(self.reads.at)
        return self.documents[key.path].summaries[key.unit].shape.functions[key.number]

    def beside(self, key: FunctionKey) -> tuple[Function, ...]:
        """Return the summaries of all functions of the unit of one, by number."""
        self._units[key.path][key.unit].readers.add(self.reads.at)
        return self.documents[key.path].summaries[key.unit].shape.functions

    def class_(self, key: ClassKey) -> Class:
        """Return a class's summary."""
        return self.documents[key.path].summaries[key.unit].shape.classes[key.number]

    def class_body(self, key: ClassKey) -> FunctionKey:
        """Return the function that stands for the body of a class."""
        return FunctionKey(key.path, key.unit, self.class_(key).body)

    def call(self, key: CallKey) -> Call:
        """Return a call's summary."""
        return self.function(key.function).calls[key.call]

    def span(self, function: FunctionKey, site: int) -> Span:
        """Return the byte range, in its document, of a site of `function`."""
        return self.documents[function.path].span(function, site)

    def stores(self, key: FunctionKey) -> tuple[Store, ...]:
        """Return the assignments to attributes in a function."""
        self._stores[key.path, key.unit].readers.add(self.reads.at)
        return self._function(key).stores

    def bound(self, path: str, name: str) -> Value | None:
        """Return what the body of a module binds to a name."""
        self._names[path, name].readers.add(self.reads.at)
        return self._function(FunctionKey(path, 0, 0)).bound.get(name)

    def calls_of(self, name: str) -> tuple[CallKey, ...]:
        """Return every call whose callee has this last name."""
        self._calls[name].readers.add(self.reads.at)
        return tuple(self._calls_by_name.get(name, ()))

    def facts(self) -> Iterator[Entry]:
        """Yield what an update may change, with those who have read it."""
        for entries in self._units.values():
            yield from entries
        yield from self._stores.values()
        yield from self._calls.values()
        yield from self._names.values()
        yield self._made

    def updated(self, after: Document) -> list[Entry] | None:
        """Take a document's new text; return what has changed to those who read it.

        None when the change may touch what nobody follows: then a new index has to be made.
        """
        before = self.documents.get(after.path)
        if before is None or len(before.units) != len(after.units):
            return None
        changed: list[int] = []
        for number, (old, new) in enumerate(zip(before.units, after.units, strict=True)):
            if old is new:
                continue
            if (old.owner, old.qualified_name) != (new.owner, new.qualified_name):
                return None
            one, other = before.summaries[number].shape, after.summaries[number].shape
            if one is not other and one != other:
                if not _is_alike(one, other):
                    return None
                changed.append(number)
        found: list[Entry] = []
        for number in changed:
            found.append(self._units[after.path][number])
            old_shape, new_shape = before.summaries[number].shape, after.summaries[number].shape
            if [f.stores for f in old_shape.functions] != [f.stores for f in new_shape.functions]:
                found.append(self._stores[after.path, number])
            if _made_in(old_shape) != _made_in(new_shape):
                self._made_names = None
                found.append(self._made)
            if number == 0:
                found += self._rebound(after.path, old_shape, new_shape)
            found += self._renamed(after.path, number, old_shape, new_shape)
        self.documents[after.path] = after
        return found

    def _rebound(self, path: str, before: Shape, after: Shape) -> Iterator[Entry]:
        """Yield the names of a module that are bound to something else now."""
        old, new = before.functions[0].bound, after.functions[0].bound
        for name in {**old, **new}:
            if old.get(name) != new.get(name):
                yield self._names[path, name]

    def _renamed(self, path: str, unit: int, before: Shape, after: Shape) -> Iterator[Entry]:
        """Take the calls of a unit into the table of calls; yield the names whose calls differ."""
        old, new = _calls_in(path, unit, before), _calls_in(path, unit, after)
        for name in {**old, **new}:
            if old.get(name) == new.get(name):
                continue
            known = self._calls_by_name.get(name, [])
            kept = [key for key in known if (key.function.path, key.function.unit) != (path, unit)]
            order = {each: number for number, each in enumerate(self.documents)}
            here = (order[path], unit)
            at = sum((order[key.function.path], key.function.unit) < here for key in kept)
            self._calls_by_name[name] = [*kept[:at], *new.get(name, ()), *kept[at:]]
            if not self._calls_by_name[name]:
                del self._calls_by_name[name]
            yield self._calls[name]

    def _function(self, key: FunctionKey) -> Function:
        return self.documents[key.path].summaries[key.unit].shape.functions[key.number]

    def functions(self) -> Iterator[FunctionKey]:
        """Yield every function, in order of documents, units and numbers."""
        for path, document in self.documents.items():
            for unit, summary in enumerate(document.summaries):
                for number in range(len(summary.shape.functions)):
                    yield FunctionKey(path, unit, number)

    def classes(self) -> Iterator[ClassKey]:
        """Yield every class."""
        for path, document in self.documents.items():
            for unit, summary in enumerate(document.summaries):
                for number in range(len(summary.shape.classes)):
                    yield ClassKey(path, unit, number)

    def members(self, path: str, unit: int, name: str) -> tuple[FunctionKey | ClassKey, ...]:
        """Return the functions and classes called `name` right inside a module or class unit."""
        found: list[FunctionKey | ClassKey] = []
        units = self.documents[path].units
        for child in self._children.get((path, unit), {}).get(name, ()):
            if (
                units[child].kind is UnitKind.CLASS
                and self.documents[path].summaries[child].shape.classes
            ):
                found.append(ClassKey(path, child, 0))
            else:
                found.append(FunctionKey(path, child, 0))
        return tuple(found)

    def methods(self, key: ClassKey, name: str) -> tuple[FunctionKey, ...]:
        """Return the methods called `name` that the class itself defines."""
        if self.documents[key.path].units[key.unit].kind is UnitKind.CLASS:
            members = self.members(key.path, key.unit, name)
            found = tuple(member for member in members if isinstance(member, FunctionKey))
            if found or name != "__init__":
                return found
        local = self.class_(key).methods.get(name)
        return () if local is None else (FunctionKey(key.path, key.unit, local),)

    def owner_class(self, key: FunctionKey) -> ClassKey | None:
        """Return the class whose method this function is."""
        if key.number == 0:
            document = self.documents[key.path]
            owner = document.units[key.unit].owner
            if owner is None or document.units[owner].kind is not UnitKind.CLASS:
                return None
            # The header of a class that is being typed may not be one yet.
            return ClassKey(key.path, owner, 0) if document.summaries[owner].shape.classes else None
        for number, found in enumerate(self.documents[key.path].summaries[key.unit].shape.classes):
            if key.number in found.methods.values():
                return ClassKey(key.path, key.unit, number)
        return None

    def is_made_of_fields(self, key: FunctionKey) -> bool:
        """Tell whether a function is the `__init__` that a dataclass gets of its fields."""
        unit = self.documents[key.path].units[key.unit]
        return unit.kind is UnitKind.CLASS and self.function(key).name == "__init__"

    def class_functions(self, key: ClassKey) -> Iterator[FunctionKey]:
        """Yield the methods of a class with the functions nested in them."""
        document = self.documents[key.path]
        if document.units[key.unit].kind is not UnitKind.CLASS:
            for number in range(len(document.summaries[key.unit].shape.functions)):
                yield FunctionKey(key.path, key.unit, number)
            return
        for made in self.methods(key, "__init__"):
            if made.unit == key.unit:
                # Made of the fields of a dataclass.
                yield made
        for children in self._children.get((key.path, key.unit), {}).values():
            for child in children:
                for number in range(len(document.summaries[child].shape.functions)):
                    yield FunctionKey(key.path, child, number)

    @cached_property
    def _calls_by_name(self) -> dict[str, list[CallKey]]:
        """Every call, by the last name of its callee."""
        found: dict[str, list[CallKey]] = defaultdict(list)
        for path, document in self.documents.items():
            for unit, summary in enumerate(document.summaries):
                for name, calls in _calls_in(path, unit, summary.shape).items():
                    found[name] += calls
        return found

    @cached_property
    def given_names(self) -> Mapping[FunctionKey, tuple[str, ...]]:
        """The names that functions without one, lambdas, are bound to."""
        found: dict[FunctionKey, dict[str, None]] = defaultdict(dict)
        for key in self.functions():
            function = self._function(key)
            stores = ((store.name, store.value) for store in function.stores)
            for name, value in (*function.bound.items(), *stores):
                if isinstance(value, Local):
                    local = key._replace(number=value.function)
                    if not self._function(local).name:
                        found[local][name] = None
        return {key: tuple(names) for key, names in found.items()}

    def made_names(self, cls: str) -> tuple[str, ...]:
        """Return the names that hold what a call of `cls` gives, in bodies and attributes."""
        self._made.readers.add(self.reads.at)
        if self._made_names is None:
            found: dict[str, dict[str, None]] = defaultdict(dict)
            for document in self.documents.values():
                for summary in document.summaries:
                    for called, name in _made_in(summary.shape):
                        found[called][name] = None
            self._made_names = {called: tuple(names) for called, names in found.items()}
        return self._made_names.get(cls, ())

    @cached_property
    def methods_by_name(self) -> Mapping[str, tuple[FunctionKey, ...]]:
        """Every method of a class, by its name."""
        found: dict[str, list[FunctionKey]] = defaultdict(list)
        for path, document in self.documents.items():
            for number, unit in enumerate(document.units):
                owner = unit.owner if unit.kind is UnitKind.FUNCTION else None
                if owner is not None and document.units[owner].kind is UnitKind.CLASS:
                    found[unit.name].append(FunctionKey(path, number, 0))
        return {name: tuple(methods) for name, methods in found.items()}

    @cached_property
    def global_stores(self) -> Mapping[tuple[str, str], tuple[tuple[FunctionKey, Value], ...]]:
        """What functions assign to names of their module (`global`), by path and name."""
        found: dict[tuple[str, str], list[tuple[FunctionKey, Value]]] = defaultdict(list)
        for key in self.functions():
            for name, value in self._function(key).globals:
                found[key.path, name].append((key, value))
        return {name: tuple(stores) for name, stores in found.items()}

    @cached_property
    def other_names(self) -> Mapping[str, tuple[str, ...]]:
        """For each name, the names that modules and objects give to the same thing instead."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for path in self.documents:
            module = self._function(FunctionKey(path, 0, 0))
            for name, value in module.bound.items():
                last = last_name(value)
                if last and last != name:
                    found[last][name] = None
        for key in self.functions():
            for store in self._function(key).stores:
                last = last_name(store.value)
                if last and last != store.name:
                    found[last][store.name] = None
        return {name: tuple(others) for name, others in found.items()}

    @cached_property
    def modules(self) -> Mapping[str, tuple[tuple[int, str], ...]]:
        """The documents that a dotted module name may mean, by every suffix of their paths.

        `a/b/c.py` is `a.b.c`, `b.c` and `c`; a package's `__init__.py` is the package. With each
        goes how many packages around the module the name leaves out: 0 for its full name, less
        for a name that counts folders above the topmost package.
        """
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for path in self.documents:
            parts = module_parts(path)
            root = self._root(path)
            for start in range(len(parts)):
                found[".".join(parts[start:])].append((start - root, path))
        return {name: tuple(sorted(paths)) for name, paths in found.items()}

    def _root(self, path: str) -> int:
        """Return how many leading folders of `path` are above its topmost package."""
        folders = path.split("/")[:-1]
        depth = len(folders)
        while depth and "/".join((*folders[:depth], "__init__.py")) in self.documents:
            depth -= 1
        offset = len([folder for folder in folders if not folder])
        return depth - offset


def _calls_in(path: str, unit: int, shape: Shape) -> dict[str, list[CallKey]]:
    """Return the calls of a unit by the last names of their callees."""
    found: dict[str, list[CallKey]] = {}
    for function, summary in enumerate(shape.functions):
        key = FunctionKey(path, unit, function)
        for number, call in enumerate(summary.calls):
            name = last_name(call.function)
            if isinstance(call.function, Local):
                name = shape.functions[call.function.function].name
            elif isinstance(call.function, Result):
                name = "__call__"
            if name or isinstance(call.function, Local):
                found.setdefault(name, []).append(CallKey(key, number))
    return found


def _made_in(shape: Shape) -> list[tuple[str, str]]:
    """Return what a unit calls to make what its body's names and its attributes hold, with those.

    What a function holds is not told: it calls that itself.
    """
    found: list[tuple[str, str]] = []
    for number, function in enumerate(shape.functions):
        held = [(store.name, store.value) for store in function.stores]
        held += () if number else function.bound.items()
        for name, value in held:
            for each in value.alternatives if isinstance(value, Choice) else (value,):
                if isinstance(each, Result):
                    found.append((last_name(function.calls[each.call].function), name))
    return found


def _is_alike(one: Shape, other: Shape) -> bool:
    """Tell whether two shapes differ only in what is looked up by `function` and `bound`."""
    if len(one.functions) != len(other.functions) or one.classes != other.classes:
        return False
    if _other_names(one) != _other_names(other):
        return False
    # Only inner functions are looked up by that name; broken text loses that of a unit.
    names, others = ([each.name for each in shape.functions[1:]] for shape in (one, other))
    return (one.star_imports, names) == (other.star_imports, others) and all(
        (before.owner, before.globals) == (after.owner, after.globals)
        and _names_given(before) == _names_given(after)
        for before, after in zip(one.functions, other.functions, strict=True)
    )


def _other_names(shape: Shape) -> set[tuple[str, str]]:
    """Return the names that a body gives to things that have one, with that."""
    bound = shape.functions[0].bound.items()
    return {(last, name) for name, value in bound if (last := last_name(value)) not in ("", name)}


def _names_given(function: Function) -> list[tuple[str, object]]:
    """Return the names that a function gives to things that have one, or to its lambdas."""
    stores = [(store.name, store.value) for store in function.stores]
    found: list[tuple[str, object]] = [
        (name, value.function)
        for name, value in (*function.bound.items(), *stores)
        if isinstance(value, Local)
    ]
    return found + [(name, last) for name, value in stores if (last := last_name(value))]


def module_parts(path: str) -> list[str]:
    """Return the dotted parts of a document's path, from the file system's root."""
    parts = [part for part in path.split("/") if part]
    last = parts[-1].rpartition(".")[0] or parts[-1]
    return parts[:-1] if last == "__init__" else [*parts[:-1], last]


@lru_cache(maxsize=4096)
def is_test(path: str) -> bool:
    """Tell whether a document is a test, by the names that pytest and unittest look for."""
    *folders, name = path.split("/")
    return (
        name.startswith("test_")
        or name.endswith("_test.py")
        or name in ("conftest.py", "tests.py")
        or any(folder in ("tests", "test") for folder in folders)
    )


@lru_cache(maxsize=4096)
def is_aside(path: str) -> bool:
    """Tell whether a document is a test or an example: what it gives says nothing of others."""
    return is_test(path) or not _EXAMPLES.isdisjoint(path.split("/")[:-1])


_EXAMPLES = frozenset({"example", "examples"})


def last_name(value: Value) -> str:
    """Return the last name of a dotted term (`get` of `self.client.get`), or an empty string."""
    if isinstance(value, Name):
        return value.id
    if isinstance(value, Attribute):
        return value.name
    if isinstance(value, Imported):
        return value.target.rpartition(".")[2]
    return ""

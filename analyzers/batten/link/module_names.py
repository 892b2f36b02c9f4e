"""What the names of a module are given: by definitions, by assignments, and by imports of `*`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batten.link.entities import ClassObject, Entity, Frame, Routine
from batten.link.index import FunctionKey
from batten.link.modules import module_of
from batten.link.reads import Memo, SteadyMemo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.index import Index
    from batten.values.terms import Value


MAX_STARS = 256
MAX_GIVING = 64


class NameOfModule(NamedTuple):
    """What a name of a module is by its definitions, and the terms that are assigned to it."""

    members: tuple[Entity, ...]
    values: tuple[tuple[Value, Frame], ...]


class ModuleNames:
    """The names of the modules of one program; remembers what it found."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._names = SteadyMemo(index.reads, self._find_name)
        self._stars = Memo(index.reads, self._find_stars)
        self._star_modules = Memo(index.reads, self._find_star_modules)

    def __call__(self, path: str, name: str) -> NameOfModule:
        """Return what a name of the module `path` is given."""
        return self._names((path, name))

    def _find_name(self, asked: tuple[str, str]) -> NameOfModule:
        first, name = asked
        members: list[Entity] = []
        values: list[tuple[Value, Frame]] = []
        for path in (first, *self._behind_stars(first, name)):
            members += defined(self._index, path, "", name)
            bound = self._index.bound(path, name)
            if bound is not None:
                values.append((bound, Frame(FunctionKey(path, "", 0))))
            for key, value in self._index.global_stores((path, name)):
                values.append((value, Frame(key)))
        return NameOfModule(tuple(members), tuple(values))

    def _behind_stars(self, path: str, name: str) -> list[str]:
        """Return the modules that have a name and give it to `path` by imports of `*`.

        Of very many, those that are imported first: they say what the others say.
        """
        stars = self._stars(path)
        having = {each for each in self._index.global_names(name) if each in stars} if stars else ()
        return sorted(having, key=stars.__getitem__)[:MAX_GIVING]

    def _find_stars(self, path: str) -> dict[str, int]:
        """Return the modules whose names `path` imports with `*`, and theirs, each with its rank.

        What a module imports first comes first, with all that is behind it. Beyond a bound no
        more is looked for behind others: in a ring, each module would have all the others.
        """
        found: dict[str, int] = {path: 0}
        waiting = [iter(self._star_modules(path))]
        while waiting:
            module = next(waiting[-1], None)
            if module is None:
                waiting.pop()
            elif module not in found:
                found[module] = len(found)
                if len(found) > MAX_STARS:
                    continue
                waiting.append(iter(self._star_modules(module)))
        del found[path]
        return found

    def _find_star_modules(self, path: str) -> tuple[str, ...]:
        sources = (module_of(each, path, self._index) for each in self._index.star_imports(path))
        return tuple(found[0] for found in sources if found is not None and not found[1])


def defined(index: Index, path: str, unit: str, name: str) -> Iterator[Entity]:
    """Yield the functions and classes of a name that a module, or a class in it, defines."""
    for member in index.members(path, unit, name):
        yield Routine(member) if isinstance(member, FunctionKey) else ClassObject(member)

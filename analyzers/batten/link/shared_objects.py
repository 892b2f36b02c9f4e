"""What a program keeps on objects of frameworks: `g.client = Session()` in one function.

Which of the objects it is (each request has a `flask.g` of its own) does not matter: what one
function stores under a name, any other may read there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.entities import Entity, ExternalInstance, Frame
from batten.link.reads import Whole
from batten.values.terms import Attribute, Imported, Name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.index import FunctionKey
    from batten.link.resolve import Resolver
    from batten.values.terms import Value

_Stores = dict[tuple[str, str], tuple[tuple["FunctionKey", "Value"], ...]]


class SharedObjects:
    """What one program stores on shared objects, by their class and the attribute."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        nothing: _Stores = {}
        self._stores = Whole(resolver.index.reads, self._find_stores, nothing)

    def kept(self, owner: str, name: str) -> Iterator[Entity]:
        """Yield what functions store under a name on objects of a shared class."""
        if self._resolver.models.is_shared(owner):
            for key, value in self._stores().get((owner, name), ()):
                yield from self._resolver.resolve(value, Frame(key))

    def _find_stores(self) -> _Stores:
        found: dict[tuple[str, str], list[tuple[FunctionKey, Value]]] = {}
        names = self._resolver.models.shared_names()
        for key in self._resolver.index.storing(None):
            for store in self._resolver.index.stores(key):
                match store.base:
                    case Name(id) if id not in ("self", "cls"):
                        pass
                    case Imported():
                        pass
                    case Attribute(_, name) if name in names:
                        pass
                    case _:
                        continue
                for entity in self._resolver.resolve(store.base, Frame(key)):
                    if isinstance(entity, ExternalInstance) and self._resolver.models.is_shared(
                        entity.name
                    ):
                        stores = found.setdefault((entity.name, store.name), [])
                        stores.append((key, store.value))
        return {place: tuple(stores) for place, stores in found.items()}

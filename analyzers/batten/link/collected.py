"""Which collections a term may be, whose items are joined or iterated over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.link.arguments import entry_taken
from batten.link.entities import Frame, Known, Open, Outside, Routine
from batten.link.index import last_name
from batten.link.leaves import escaped_by, escaped_leaf
from batten.models.model import Control
from batten.summarize.nodes import SAME_TEXT
from batten.values.combine import plain
from batten.values.terms import (
    Attribute,
    Bag,
    Choice,
    Const,
    Hole,
    Mapping,
    Name,
    Result,
    Sequence,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.flow import Leaf
    from batten.link.resolve import Resolver
    from batten.values.terms import Joined, Value

MAX_COLLECTIONS = 5


class Collected:
    """The collections of one program."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._index = resolver.index

    def separator(self, joined: Joined, frame: Frame) -> str:
        """Return the text between the items of a join, as far as it is known."""
        for entity in self._resolver.resolve(joined.separator, frame):
            if isinstance(entity, Known) and isinstance(entity.value, Const):
                return str(entity.value.value)
        return ""

    def found(self, items: Value, frame: Frame) -> tuple[tuple[Value, Frame], ...]:
        """Return the collections that a term may be, read through `sorted`, `list`, `map`."""
        return tuple(dict.fromkeys(self._found(items, frame, 0, set())))

    def _found(
        self, items: Value, frame: Frame, depth: int, seen: set[tuple[Value, Frame, int]]
    ) -> Iterator[tuple[Value, Frame]]:
        """Yield them; what was `seen` is no other when it is met again."""
        if (items, frame, depth) in seen:
            return
        seen.add((items, frame, depth))
        if depth < MAX_COLLECTIONS:
            mapped = self._mapped(items, frame)
            passed = self._resolver.results.passed(items, frame)
            if mapped is not None:
                passed = ((mapped[1].value, frame),)
            if passed:
                for value, inner in passed:
                    yield from self._found(value, inner, depth + 1, seen)
                return
        for entity in self._resolver.resolve(items, frame):
            if isinstance(entity, Known) and isinstance(entity.value, (Sequence, Bag, Mapping)):
                yield entity.value, entity.frame
            elif isinstance(entity, Open) and entity.value != items and depth < MAX_COLLECTIONS:
                yield from self._found(entity.value, entity.frame, depth + 1, seen)
            else:
                yield items, frame

    def _mapped(self, items: Value, frame: Frame) -> tuple[Hole, Hole] | None:
        """Return the function and the collection of `map(function, collection)`."""
        if not isinstance(items, Result):
            return None
        call = self._index.call_in(frame.function, items.call)
        given = call.arguments.positional
        if len(given) != 2 or not isinstance(call.function, Name) or call.function.id != "map":
            return None
        return given[0], given[1]

    def mapped_escape(self, items: Value, frame: Frame) -> Leaf | None:
        """Return how `map` escapes each item, if its function does."""
        mapped = self._mapped(items, frame)
        if mapped is None:
            return None
        for entity in self._resolver.resolve(mapped[0].value, frame):
            model = self._resolver.model(entity)
            if model is not None and model.escape is not None:
                return escaped_leaf(model.name, model.escape.kept)
            if isinstance(entity, Routine):
                function = self._index.function(entity.key)
                if isinstance(function.returns, Result):
                    call = function.calls[function.returns.call]
                    for callee in self._resolver.resolve(call.function, Frame(entity.key)):
                        model = self._resolver.model(callee)
                        if model is not None and model.escape is not None:
                            return escaped_by(model, call)
        return None

    def has_address(self, collection: Value, frame: Frame) -> bool:
        """Tell whether an item may be the address that a URL begins with, by name or origin."""
        return any(any(self._addresses(item, frame)) for item in _items(collection))

    def without_addresses(self, collection: Value, frame: Frame) -> Value:
        """Return the collection without such items: they stand at the beginning."""
        if isinstance(collection, Bag):
            kept = tuple(item for item in collection.items if not all(self._addresses(item, frame)))
            return Bag(kept, collection.spread)
        return collection

    def _addresses(self, item: Value, frame: Frame) -> Iterator[bool]:
        """Yield for each value that an item may be whether it is an address."""
        value = plain(item)
        name = item.name if isinstance(item, Hole) else ""
        for _ in range(MAX_COLLECTIONS):
            if not isinstance(value, Result):
                break
            function = self._index.call_in(frame.function, value.call).function
            if not isinstance(function, Attribute) or function.name not in SAME_TEXT:
                break
            value = function.base
        for each in value.alternatives if isinstance(value, Choice) else (value,):
            found = () if isinstance(each, Const) else self._resolver.resolve(each, frame)
            yield bool(_ADDRESS.search(name or self._name(each, frame))) or any(
                isinstance(entity, Outside) and entity.control is Control.ENVIRONMENT
                for entity in found
            )

    def _name(self, value: Value, frame: Frame) -> str:
        """Return the name that tells what a value is: of an entry that is taken out, its key."""
        if isinstance(value, Result):
            taken = entry_taken(self._index.call_in(frame.function, value.call))
            return str(taken.key.value) if taken and isinstance(taken.key, Const) else ""
        return last_name(value)


def _items(collection: Value) -> tuple[Value, ...]:
    return collection.items if isinstance(collection, (Bag, Sequence)) else ()


_ADDRESS = re.compile(
    r"(?:^|_)(?:base|url|uri|host|server|endpoint|address|domain|root|origin)(?:$|_)", re.IGNORECASE
)

"""A scope that notes what its statements ask of the ones before: only for who types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.guarded import unrefined
from batten.summarize.scope import Scope
from batten.values.terms import Attribute, Item, Result

if TYPE_CHECKING:
    from collections.abc import ItemsView

    from tree_sitter import Node

    from batten.summarize.builder import Builder
    from batten.summarize.environment import Key
    from batten.summarize.summary import Call
    from batten.values.terms import Value


class WatchedScope(Scope):
    """A scope, and what was asked of it.

    `asked` are the calls that were looked at, `sought` the values that were looked for among what
    the names hold, `named` the names of which was asked if they are bound, `tried` the attributes
    and items that were read, `used` those of results of calls, and `noted` are annotations.
    """

    def __init__(self, builder: Builder, number: int, owner: int | None) -> None:
        super().__init__(builder, number, owner)
        self.asked: list[tuple[int, Call]] = []
        self.sought: list[Value] = []
        self.named: list[str] = []
        self.tried: list[Value] = []
        self.noted: list[tuple[str, Value]] = []
        self.used: list[tuple[int, str]] = []

    def called(self, result: Result) -> Call:
        """Return the call that a result came from."""
        call = super().called(result)
        self.asked.append((result.call, call))
        return call

    def holdings(self, value: Value) -> ItemsView[Key, Value]:
        """Return what is under each key, for who looks for a value."""
        self.sought.append(value)
        return super().holdings(value)

    def is_local(self, name: str) -> bool:
        """Tell whether a name is the scope's own."""
        self.named.append(name)
        return super().is_local(name)

    def annotate(self, name: str, annotation: Value) -> None:
        """Note the annotation of a name."""
        self.noted.append((name, annotation))
        super().annotate(name, annotation)

    def note_read(self, value: Value, node: Node) -> None:
        """Remember where an attribute or item is read first."""
        if isinstance(value, (Attribute, Item)):
            self.tried.append(value)
        super().note_read(value, node)

    def read_attribute(self, base: Value, name: str) -> Value:
        """Return what `base.name` holds: what was stored here, or what it held before."""
        whole = unrefined(base)
        if isinstance(whole, Result):
            self.used.append((whole.call, name))
        return super().read_attribute(base, name)

"""What the rules go by, for who needs no more: to load them takes longer than a short run."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from batten.rules.listed import LISTED

if TYPE_CHECKING:
    from collections.abc import Mapping


class RuleName(NamedTuple):
    """The code, the name and the aliases of one rule."""

    code: str
    name: str
    aliases: tuple[str, ...]

    def all(self) -> tuple[str, ...]:
        """Return all that the rule goes by."""
        return (self.code, self.name, *self.aliases)

    def is_called(self, wanted: str) -> bool:
        """Tell whether a text in lower case is one of its names."""
        return wanted in map(str.lower, self.all())


NAMES: Mapping[str, RuleName] = MappingProxyType({each[0]: RuleName(*each) for each in LISTED})
"""The names of every rule by its code, sorted."""

"""The heads of functions: what those read who call them.

Most edits are inside of a function. Who asks only for its head is not concerned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batten.link.reads import SteadyMemo

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.link.index import FunctionKey
    from batten.link.reads import Reads
    from batten.summarize.summary import Function, Parameter
    from batten.values.terms import Value


class Head(NamedTuple):
    """What a function is called, what it takes, and what is made of it."""

    name: str
    parameters: tuple[Parameter, ...]
    decorators: tuple[Value, ...]


class Heads(SteadyMemo["FunctionKey", Head]):
    """The heads of one program's functions; an edit behind them changes nothing for who asks."""

    def __init__(self, reads: Reads, function: Callable[[FunctionKey], Function]) -> None:
        """Make a table; `function` gives the summary of a function."""
        super().__init__(reads, self._of)
        self._function = function

    def _of(self, key: FunctionKey) -> Head:
        function = self._function(key)
        return Head(function.name, function.parameters, function.decorators)

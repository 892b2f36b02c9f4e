"""What the scopes of one unit share: its text, its numbered places, and what waits in it."""

from __future__ import annotations

from array import array
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from batten.summarize.environment import names_tested
from batten.summarize.summary import Ranges
from batten.syntax.text import Span
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tree_sitter import Node

    from batten.summarize.bookmarks import Rereading
    from batten.summarize.scope import Scope
    from batten.values.terms import Value


MAX_SPENT = 20_000
"""So much work may be spent on one unit; see `Builder.spend`."""
BETWEEN_BORDERS = 16
"""Work between two borders."""


class Sites:
    """The numbered places of a unit; the same range always has the same number.

    `numbers` gives them by their ranges.
    """

    def __init__(self) -> None:
        self.numbers: dict[tuple[int, int], int] = {}

    def number(self, node: Node) -> int:
        """Return the number of the range of `node`."""
        numbers = self.numbers
        return numbers.setdefault((node.start_byte, node.end_byte), len(numbers))

    def ranges(self) -> Ranges:
        """Return all ranges, by number."""
        return Ranges(array("I", chain.from_iterable(self.numbers)).tobytes())


@immutable
class Nested:
    """A function, lambda or class that waits for its own interpretation.

    `number` is its index among the unit's functions or classes; `owner` is the function around.
    """

    node: Node
    number: int
    owner: int | None
    decorators: tuple[Value, ...]


class Builder:
    """What the scopes of one unit share: its text, its sites, its functions and classes."""

    def __init__(
        self,
        text: bytes,
        expressions: Mapping[int, Callable[[Scope, Node], Value]],
        rereading: Rereading | None = None,
        border: Callable[[], None] = lambda: None,
    ) -> None:
        self.text = text
        self.border = border
        self.spent = 0
        self.is_spent = MAX_SPENT < 0
        """Whether too much work was spent on the unit."""
        self._next_border = min(BETWEEN_BORDERS, MAX_SPENT + 1)
        self.rereading = rereading
        self.slice: Callable[[Node], str] = _slice_of(text)
        """Returns the text of a node."""
        self.expressions = expressions
        self.sites = Sites()
        self.waiting: list[Nested] = []
        self.skipped: list[Span] = []
        self.waiting_classes: list[Nested] = []
        self.star_imports: list[str] = []
        self.docstring = Span(0, 0)
        self.function_count = 0
        self.class_count = 0

    @cached_property
    def tested(self) -> frozenset[str]:
        """The names of whose truth something may depend in the unit; its docstring tests none."""
        again = self.rereading
        line = again.passed.end if again is not None and again.passed is not None else 0
        return names_tested(self.text, self.docstring, line)

    def spend(self, work: int) -> None:
        """Count work that the size of the text does not bound; it can be stopped there.

        That is 1 for each condition of which it is asked what it proves, 1 for each call that is
        worked out once more for that, and 1 for each value of each name on which the branches
        that are joined differ. What is spent depends on the text of the unit alone. Once it is too
        much, no condition proves anything any more, and there are no branches: a name holds all
        that it is given, see `Scope.fork`.
        """
        self.spent += work
        if self.spent >= self._next_border:
            self.is_spent = self.spent > MAX_SPENT
            self._next_border = self.spent + BETWEEN_BORDERS
            if not self.is_spent:
                self._next_border = min(self._next_border, MAX_SPENT + 1)
            self.border()

    def may_spend(self, work: int) -> bool:
        """Tell whether so much more may be spent on the unit."""
        return self.spent + work <= MAX_SPENT

    def is_tested(self, name: str) -> bool:
        """Tell whether something may depend on the truth of a name."""
        return name in self.tested

    def skip(self, node: Node) -> None:
        """Note that what is inside `node` is nested too deeply to be looked at."""
        self.skipped.append(Span(node.start_byte, node.end_byte))

    def reserve(self) -> int:
        """Return the number of a function that stands in no node."""
        self.function_count += 1
        return self.function_count - 1

    def has_one_function(self) -> bool:
        """Tell whether there is one function so far, and nothing nested in it."""
        return self.function_count == 1 and not self.class_count

    def nest(self, node: Node, owner: int | None, decorators: tuple[Value, ...] = ()) -> int:
        """Queue a function and return its number."""
        number = self.function_count
        self.function_count += 1
        self.waiting.append(Nested(node, number, owner, decorators))
        return number

    def nest_class(self, node: Node, owner: int | None, decorators: tuple[Value, ...] = ()) -> int:
        """Queue a class and return its number."""
        number = self.class_count
        self.class_count += 1
        self.waiting_classes.append(Nested(node, number, owner, decorators))
        return number


def _slice_of(text: bytes) -> Callable[[Node], str]:
    """Return what gives the text of a node in `text`."""
    if text.isascii():  # mostly, and then a byte is a letter
        letters = text.decode("ascii")

        def slice_letters(node: Node) -> str:
            return letters[node.start_byte : node.end_byte]

        return slice_letters

    def slice_bytes(node: Node) -> str:
        return text[node.start_byte : node.end_byte].decode("utf-8", "replace")

    return slice_bytes

"""What is known of one unit by itself: its shape, and where its sites are.

The shape is position-free and depends on the unit's own text alone, so it can be remembered by
that text; sites are byte ranges in the unit's text.
"""

from __future__ import annotations

from array import array
from itertools import compress
from operator import eq, not_, sub
from struct import Struct
from typing import TYPE_CHECKING

from batten.values.immutable import Compound, immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.syntax.text import Span
    from batten.values.terms import Arguments, Fact, Value


@immutable
class Parameter(Compound):
    """One parameter: `kind` is `positional`, `keyword`, `*` or `**`; `site` is its name's place.

    `doc` is what the docstring says of it, `doc_type` the type that the docstring gives.
    """

    name: str
    kind: str
    site: int
    annotation: Value | None = None
    default: Value | None = None
    doc: str = ""
    doc_type: str = ""


@immutable
class Call:
    """One call expression.

    A positional argument with spec `*` is a sequence given whole. `uses` are the attributes
    that the function reads of the result. `writes` tells how many names were bound to it.
    """

    site: int
    callee_site: int
    function: Value
    arguments: Arguments
    uses: tuple[str, ...] = ()


@immutable
class Store:
    """An assignment to an attribute: `base.name = value`, with the name's place."""

    base: Value
    name: str
    value: Value
    site: int


@immutable
class Literal:
    """A string that begins with the address of a server.

    `text` goes up to its first hole; `whole` tells that it has none.
    """

    site: int
    text: str
    whole: bool


@immutable
class Promise:
    """What a function has proved of an argument when it returns.

    `outcome` is `any`, or `true` or `false` for what holds only when the result is so.
    """

    parameter: str
    outcome: str
    facts: tuple[Fact, ...]


@immutable
class Function:
    """A function, a lambda, or the body of a class or module.

    `bound` is what each local name holds at the end, for the functions nested inside; `rebinds`
    is what it assigns to names of a function around it; `owner` is the number of the function
    around it in the unit, if any. `reads` are the sites where
    attributes and items are read first, `literals` the addresses that are written out in it.
    """

    name: str
    parameters: tuple[Parameter, ...]
    calls: tuple[Call, ...]
    returns: Value
    yields: Value | None
    stores: tuple[Store, ...]
    globals: tuple[tuple[str, Value], ...]
    decorators: tuple[Value, ...]
    bound: Mapping[str, Value]
    owner: int | None
    doc: str
    reads: Mapping[Value, int]
    literals: tuple[Literal, ...] = ()
    promises: tuple[Promise, ...] = ()
    rebinds: tuple[tuple[str, Value], ...] = ()


@immutable
class Class:
    """A class: its bases, its attributes, and those methods that are in the same unit.

    `site` is the place of its name; `body` is the number of the function that stands for the
    class's body.
    """

    name: str
    site: int
    body: int
    bases: tuple[Value, ...]
    attributes: Mapping[str, Value]
    annotations: Mapping[str, Value]
    methods: Mapping[str, int]
    decorators: tuple[Value, ...]


@immutable
class Shape:
    """The position-free content of a unit.

    `functions[0]` is the unit's own function or body. For a class unit `classes[0]` is the
    class. `star_imports` are modules whose names are all imported.
    """

    functions: tuple[Function, ...]
    classes: tuple[Class, ...] = ()
    star_imports: tuple[str, ...] = ()


@immutable
class Ranges:
    """Ranges of bytes by number; eight bytes keep one of them, where a tuple takes a hundred."""

    packed: bytes

    def __getitem__(self, number: int) -> tuple[int, int]:
        """Return where a range starts and ends."""
        start, end = _RANGE.unpack_from(self.packed, _RANGE.size * number)
        return start, end

    def moved(self, after: int, by: int) -> Ranges:
        """Return the ranges in a text in which what is behind `after` has moved."""
        known = array("I", self.packed)
        return Ranges(array("I", [at + by if at > after else at for at in known]).tobytes())

    def placed(self, place: Callable[[int], int]) -> Ranges:
        """Return the ranges with all their starts and ends at other places."""
        return Ranges(array("I", map(place, array("I", self.packed))).tobytes())

    def are_ordered_as(self, other: Ranges) -> bool:
        """Tell whether all starts and ends are in the same order as those of other ranges.

        Then what is equal, or inside of one another, is so there, too.
        """
        mine, yours = array("I", self.packed), array("I", other.packed)
        return _is_moved(mine, yours) or _ranks(mine) == _ranks(yours)


def _is_moved(before: array[int], after: array[int]) -> bool:
    """Tell whether numbers differ from one on only, all by as much, as when a letter is typed."""
    if len(before) != len(after):
        return False
    distances = {*map(sub, after, before)} - {0}
    if len(distances) > 1:
        return False
    is_same = [*map(eq, before, after)]
    stayed = max(compress(before, is_same), default=-1)
    moved = min(compress(before, map(not_, is_same)), default=stayed + 1)
    return stayed < moved + min(distances | {0})


def _ranks(numbers: array[int]) -> list[int]:
    ranks = {number: rank for rank, number in enumerate(sorted(set(numbers)))}
    return [ranks[number] for number in numbers]


_RANGE = Struct("II")
NO_RANGES = Ranges(b"")


class _Referred:
    """A base of what may be remembered only while somebody else has it."""

    __slots__ = ("__weakref__",)


@immutable
class Summary(_Referred):
    """A unit's shape, and the byte ranges of its sites in the unit's text.

    `errors` are the ranges that could not be parsed, or are nested too deeply to be looked at.
    """

    shape: Shape
    sites: Ranges
    errors: tuple[Span, ...] = ()

"""The units of a document: its module body, its class bodies and its functions.

Each unit is parsed and summarized by itself, so that broken text in one of them can't take its
neighbours away and an edit costs one unit. They are found by indentation, never by a parse of
the whole file.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import accumulate, compress, count
from operator import is_not
from typing import TYPE_CHECKING, NamedTuple
from weakref import ref

from batten.syntax.carriage_returns import as_line_feeds, brings_none
from batten.syntax.inner import Inner
from batten.syntax.outline import Kept, outline, outline_after
from batten.syntax.piece_table import PieceTable
from batten.syntax.qualified_names import qualified_names, qualified_names_after
from batten.syntax.text import SourceText, Span
from batten.syntax.word_change import outline_after_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from batten.syntax.change import Change
    from batten.syntax.outline import Outline


class UnitKind(Enum):
    """What a unit is the text of."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of bytes that is the same in a unit's text and in the document."""

    unit_start: int
    document_start: int
    length: int


@dataclass(frozen=True, slots=True)
class Content:
    """A unit wherever it stands: a module body, a class body, or a function with all in it.

    `text` is UTF-8: a function as it stands in the document, from its first decorator on; a
    module or class with `pass` in the place of every unit inside it. `qualified_name` is unique
    in the document: `Client.get`, then `Client.get#2`; `owner` is that of the enclosing unit,
    "" for the module's, which has none.

    The pieces of a unit, with a `pass` after each but the last, start at `unit_starts` in `text`.
    """

    kind: UnitKind
    name: str
    owner: str | None
    qualified_name: str
    text: bytes
    unit_starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in a document, in which its pieces start at `document_starts`."""

    content: Content
    document_starts: tuple[int, ...]

    @property
    def kind(self) -> UnitKind:
        """What it is the text of."""
        return self.content.kind

    @property
    def name(self) -> str:
        """The name of the class or function; the module's is empty."""
        return self.content.name

    @property
    def owner(self) -> str | None:
        """The qualified name of the enclosing unit."""
        return self.content.owner

    @property
    def qualified_name(self) -> str:
        """The name that is unique in the document."""
        return self.content.qualified_name

    @property
    def text(self) -> bytes:
        """The text of the unit."""
        return self.content.text

    @property
    def unit_starts(self) -> tuple[int, ...]:
        """Where its pieces start in `text`."""
        return self.content.unit_starts

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The runs of bytes that come from the document; it is not covered by anything else."""
        ends = [start - len(_PLACEHOLDER) for start in self.unit_starts[1:]]
        starts = zip(self.unit_starts, self.document_starts, [*ends, len(self.text)], strict=True)
        return tuple(
            Piece(unit_start, document_start, end - unit_start)
            for unit_start, document_start, end in starts
            if end > unit_start
        )

    def to_document(self, span: Span) -> Span:
        """Return the document's byte range for a byte range of `text`.

        A place in a `pass` that stands for another unit is the place of that unit's start.
        """
        if len(self.unit_starts) == 1 and span.end <= len(self.text):
            return Span(self.document_starts[0] + span.start, self.document_starts[0] + span.end)
        if span.end <= span.start:
            place = self._document_offset(span.start)
            return Span(place, place)
        return Span(self._document_offset(span.start), self._document_offset(span.end - 1) + 1)

    def to_unit(self, offset: int) -> int | None:
        """Return the place in `text` of a document's byte, None when it is in another unit."""
        index = bisect_right(self.document_starts, offset) - 1
        if index < 0:
            return None
        place = self.unit_starts[index] + offset - self.document_starts[index]
        return place if place < self._piece_end(index) else None

    def _document_offset(self, offset: int) -> int:
        index = max(bisect_right(self.unit_starts, offset) - 1, 0)
        inside = min(offset, self._piece_end(index)) - self.unit_starts[index]
        return self.document_starts[index] + inside

    def _piece_end(self, index: int) -> int:
        if index + 1 == len(self.unit_starts):
            return len(self.text)
        return self.unit_starts[index + 1] - len(_PLACEHOLDER)


@dataclass(frozen=True, eq=False)
class Division:
    """A document and its units in the order of their starts; the first is the module.

    `contents` are the units without their places; those that only moved since the division
    before this one are the same objects. `outline` tells the places, and is what the units of
    the document's next text are found by. `numbers` are the indices of units by their qualified
    names, the same object as before while none comes, goes or moves; so is `inner`. `is_plain`
    tells that units were found in the very bytes of the text.
    """

    source: SourceText
    contents: tuple[Content, ...]
    outline: Outline
    numbers: Mapping[str, int]
    inner: Inner
    is_plain: bool
    since: Since | None = None

    def changed_since(self, before: Division) -> Iterable[int]:
        """Return the indices of the units that are not the same objects as in another division
        with the same `numbers`.
        """
        if self.since is not None and self.since.before() is before:
            return self.since.changed
        return compress(count(), map(is_not, before.contents, self.contents))

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The units with their places."""
        return tuple(map(self.unit, range(len(self.contents))))

    def name(self, index: int) -> str:
        """Return the qualified name of a unit."""
        return self.contents[index].qualified_name

    def unit(self, index: int) -> Unit:
        """Return a unit with its place."""
        return Unit(self.contents[index], self.starts(index))

    def starts(self, index: int) -> tuple[int, ...]:
        """Return where the pieces of a unit start in the document."""
        start = self.outline.starts[index]
        if not self.outline.regions[index].is_class:
            return (start,)
        return (start, *map(self.outline.end, self.inner.of(index)))

    def beginning(self, name: str) -> int | None:
        """Return where a function starts in the document; None for what is not one."""
        number = self.numbers.get(name)
        if number is None or self.contents[number].kind is not UnitKind.FUNCTION:
            return None
        return self.outline.starts[number]

    def has_moved_since(self, before: Division, change: Change) -> bool:
        """Tell whether the units of another text are here, those behind a change moved with it."""
        here, there = self.outline.starts, before.outline.starts
        return self.numbers is before.numbers and here.are_moved(
            there, there.up_to(change.old_end - 1), change.moved
        )

    def index_at(self, offset: int) -> int:
        """Return the index of the innermost unit around a byte of the document."""
        index = self.outline.starts.up_to(offset) - 1
        while index > 0 and offset >= self.outline.end(index):
            index = self.outline.regions[index].owner
        return max(index, 0)

    def extent(self, index: int) -> Span:
        """Return the range of a unit in the document, with all that is inside of it."""
        return Span(self.outline.starts[index], self.outline.end(index))

    def to_document(self, index: int, span: Span) -> Span:
        """Return the document's byte range for a range of the text of a unit."""
        if self.outline.regions[index].is_class:
            unit = self._in_pieces.get(index)
            if unit is None:
                unit = self._in_pieces[index] = self.unit(index)
            return unit.to_document(span)
        start = self.outline.starts[index]
        return Span(start + span.start, start + span.end)

    @cached_property
    def _in_pieces(self) -> dict[int, Unit]:
        """Modules and classes with their places: these have a piece for each unit inside."""
        return {}


@dataclass(frozen=True, slots=True)
class Since:
    """The division from which one was made, while somebody has it, and which units are others."""

    before: ref[Division]
    changed: tuple[int, ...]


class DividedText(SourceText):
    """The text of a document whose `division` is known: nobody needs to divide it again."""

    __slots__ = ("division",)

    def __init__(self, division: Division) -> None:
        self._take(division.source)
        self.division = division


def division_of(source: SourceText, before: Division | None = None) -> Division:
    """Return a document with its units, as `divided` does, unless they are known already."""
    return source.division if isinstance(source, DividedText) else divided(source, before)


def units(source: SourceText) -> tuple[Unit, ...]:
    """Return the units of a document in the order of their starts; the first is the module."""
    return divided(source).units


def divided(source: SourceText, before: Division | None = None) -> Division:
    """Return a document with its units, at the cost of the change when one from before is given.

    The result is the same without.
    """
    if before is not None:
        change = source.change_since(before.source)
        pieces = source.pieces
        if before.is_plain and _is_plain(pieces, change):
            again = outline_after_word(pieces, before.outline, change)
            new, kept = again or outline_after(pieces, before.outline, change)
            return _after(source, new, kept, change, before)
    data = as_line_feeds(source.data)
    is_plain = b"\f" not in data and data is source.data
    new = outline(source.pieces if data is source.data else PieceTable(data))
    if before is not None:
        nothing = Kept(-1, (), len(new.regions), len(before.contents))
        return replace(_after(source, new, nothing, change, before), is_plain=is_plain)
    inner = Inner(new.regions)
    names = qualified_names(new)
    contents = tuple(_contents(new, inner, names.__getitem__, range(len(names))))
    return Division(
        source, contents, new, {name: n for n, name in enumerate(names)}, inner, is_plain
    )


def _is_plain(pieces: PieceTable, change: Change) -> bool:
    """Tell whether a change leaves a text without form feeds and lone carriage returns."""
    return b"\f" not in pieces.part(change.start, change.new_end) and brings_none(change, pieces)


_PLACEHOLDER = b"pass"


def _after(
    source: SourceText, outline: Outline, kept: Kept, change: Change, before: Division
) -> Division:
    """Return a changed text with its units; what the change could not touch is not made again."""
    counted = _names_again(outline, kept, before)
    if counted is not None:
        inner = Inner(outline.regions)
        contents = _counted_anew(outline, inner, kept, before, counted)
        numbers = dict(zip(counted.names, count()))
        return Division(source, tuple(contents), outline, numbers, inner, is_plain=True)
    touched = _touched(outline, kept, change, before)
    contents = list(before.contents)
    changed: list[int] = []
    made = _contents(outline, before.inner, before.name, touched)
    for index, content in zip(touched, made, strict=True):
        if content != contents[index]:
            contents[index] = content
            changed.append(index)
    return Division(
        source,
        tuple(contents),
        outline,
        before.numbers,
        before.inner,
        is_plain=True,
        since=Since(ref(before), tuple(changed)),
    )


def _touched(outline: Outline, kept: Kept, change: Change, before: Division) -> Sequence[int]:
    """Return the indices of the units that may have other texts, while none comes or goes."""
    if kept.last == kept.first + 1 and not outline.regions[kept.first].is_class:
        moved = change.moved
        grown = all(
            outline.regions[index].end == before.outline.regions[index].end + moved
            for index in kept.around
        )
        start, end = outline.starts[kept.first], before.outline.end(kept.first)
        if grown and start <= change.start and change.old_end <= end:
            return (kept.first,)  # what is around a function does not hold its text
    return (*kept.around, *range(kept.first + 1, kept.last))


def _counted_anew(
    outline: Outline, inner: Inner, kept: Kept, before: Division, named_again: _Names
) -> list[Content]:
    """Return the units of a changed text in which some have come, gone or got other names."""
    names = named_again.names
    result = list(before.contents[: kept.first + 1])
    named = names.__getitem__
    around = _contents(outline, inner, named, kept.around)
    for index, content in zip(kept.around, around, strict=True):
        if content != result[index]:
            result[index] = content
    changed = range(kept.first + 1, kept.last)
    for index, content in zip(changed, _contents(outline, inner, named, changed), strict=True):
        known = before.contents[index] if index < kept.last_before else None
        result.append(known if known is not None and known == content else content)
    rest = before.contents[kept.last_before :]
    if named_again.rest_stays:
        result += rest
        return result
    for index, content in enumerate(rest, kept.last):
        owner, name = names[outline.regions[index].owner], names[index]
        is_same = (content.owner, content.qualified_name) == (owner, name)
        result.append(content if is_same else replace(content, owner=owner, qualified_name=name))
    return result


class _Names(NamedTuple):
    """The names of the units of a changed text; whether those behind the change stay."""

    names: list[str]
    rest_stays: bool


def _names_again(outline: Outline, kept: Kept, before: Division) -> _Names | None:
    """Return the qualified names if one has come, gone or moved, else None: they are as before."""
    changed = slice(kept.first + 1, kept.last)
    if kept.last == kept.last_before and all(
        (old.name, old.owner) == (new.name, new.owner)
        for old, new in zip(before.outline.regions[changed], outline.regions[changed], strict=True)
    ):
        return None
    names = qualified_names_after(outline, kept, before.outline, before.numbers)
    if names is not None:
        return _Names(names, rest_stays=True)
    return _Names(qualified_names(outline), rest_stays=False)


def _contents(
    outline: Outline, inner: Inner, name: Callable[[int], str], indices: Iterable[int]
) -> Iterator[Content]:
    """Yield the units of some regions; `name` gives their qualified names."""
    starts, end, part = outline.starts, outline.end, outline.pieces.part
    for index in indices:
        region = outline.regions[index]
        own, owner = region.name.decode("utf-8", "surrogatepass"), region.owner
        if not region.is_class:  # there is nothing inside
            text = part(starts[index], end(index))
            yield Content(UnitKind.FUNCTION, own, name(owner), name(index), text, (0,))
            continue
        inside = inner.of(index)
        begins = [starts[index], *map(end, inside)]
        ends = [*[starts[unit] for unit in inside], end(index)]
        pieces = [part(start, end) for start, end in zip(begins, ends, strict=True)]
        lengths = [len(piece) + len(_PLACEHOLDER) for piece in pieces[:-1]]
        yield Content(
            UnitKind.CLASS if index else UnitKind.MODULE,
            own,
            name(owner) if index else None,
            name(index),
            _PLACEHOLDER.join(pieces),
            (0, *accumulate(lengths)),
        )

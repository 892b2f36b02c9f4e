"""The outline of a text: where each class and function begins and ends, told by indentation.

After a change, only what the change could touch is outlined again. Each region remembers how
far the text was read to come to it, so everything up to the last one that was found without
reading the change stays; and from the first header behind the change at which the same units
are open as before, all is the same again. The result is that of an outline from scratch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from batten.syntax.borders import Borders
from batten.syntax.headers import Headers
from batten.syntax.lines import Line, Lines
from batten.syntax.mistyped import MistypedClasses
from batten.syntax.offsets import Offsets
from batten.syntax.piece_table import PieceTable
from batten.syntax.strings import reread, triple_strings

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.syntax.borders import Border
    from batten.syntax.change import Change
    from batten.syntax.headers import Header
    from batten.syntax.strings import Reread, Strings


@dataclass(slots=True)
class Region:
    """The extent of a class or function; of the whole text, which has column -1 and no name.

    `owner` is the index of the region around it. Functions have no regions inside. All places
    are counted from where the region starts, so that a region that only moved is the same:
    `words` is where `def` or `class` stands and `named` the end of the name, `reach` how far the
    text was read until the region began.
    """

    name: bytes
    is_class: bool
    owner: int
    column: int
    words: int
    named: int
    reach: int
    end: int


@dataclass(frozen=True, slots=True)
class Outline:
    """The regions of a text, and where each starts, in that order; the first is all of it.

    `far` are the indices of those that were found only after the start of the next was read.
    """

    pieces: PieceTable
    strings: Strings
    regions: list[Region]
    starts: Offsets
    far: list[int]

    @property
    def data(self) -> bytes:
        """The bytes of the text."""
        return self.pieces.whole

    def end(self, index: int) -> int:
        """Return where a region ends."""
        return self.starts[index] + self.regions[index].end

    def found_up_to(self, offset: int) -> int:
        """Return the last index up to which no region was found by reading from `offset` on."""
        last = self.starts.up_to(offset) - 1
        for index in self.far:
            if index >= last:
                break
            if self._found(index) > offset:
                return index - 1
        return last if self._found(last) <= offset else last - 1

    def _found(self, index: int) -> int:
        return self.starts[index] + self.regions[index].reach


class Kept(NamedTuple):
    """What an outline has in common with that of the text before a change.

    Up to index `first` the regions are the same, but for those `around` the change, which may
    end elsewhere. From index `last` on they are those that were `last_before` and on, moved.
    """

    first: int
    around: tuple[int, ...]
    last: int
    last_before: int


def outline(pieces: PieceTable) -> Outline:
    """Return the outline of a text."""
    plain = _without_form_feeds(pieces.whole)
    scan = _Scan(plain, triple_strings(plain))
    scan.read()
    return scan.outline(pieces)


def outline_after(pieces: PieceTable, before: Outline, change: Change) -> tuple[Outline, Kept]:
    """Return the outline of a text after a change, at the cost of that, and what was kept.

    There are no form feeds in either text.
    """
    data = pieces.whole
    strings_again = reread(data, before.strings, change)
    if strings_again:
        scan = _Scan(data, strings_again.strings, before)
        kept = scan.read_again(change, strings_again)
        return scan.outline(pieces), kept
    new = outline(pieces)
    return new, Kept(-1, (), len(new.regions), len(before.regions))


def _without_form_feeds(data: bytes) -> bytes:
    """Make form feeds at the start of a line empty lines: to Python the column is 0 after one."""
    if b"\f" not in data:
        return data
    return _FORM_FEEDS.sub(lambda feed: b"\n" * len(feed[0]), b"\n" + data)[1:]


_FORM_FEEDS = re.compile(rb"\n[ \t\f]*\f")


class _Scan:
    """One reading of a text, from its start or from the header of a unit on."""

    def __init__(self, data: bytes, strings: Strings, before: Outline | None = None) -> None:
        self.regions = [Region(b"", True, 0, -1, 0, 0, 0, len(data))]
        self._data = data
        self._strings = strings
        self._before = before or Outline(PieceTable(data), strings, [], Offsets(()), [])
        # Where the regions start: so many are as before, then come new ones, then the rest.
        self._kept = 0
        self._starts = [0]
        self._far: list[int] = []
        self._rest = len(self._before.regions)
        self._moved = 0
        self._open = [0]
        self._lines = Lines(data, strings)
        self._headers = Headers(self._lines)
        self._borders = Borders(self._lines, self._headers)
        self._mistyped = MistypedClasses(self._lines, self._borders)

    def outline(self, pieces: PieceTable) -> Outline:
        """Return what was read."""
        starts = self._before.starts.replaced(self._kept, self._rest, self._starts, self._moved)
        return Outline(pieces, self._strings, self.regions, starts, self._far)

    def read(self) -> None:
        """Read the whole text."""
        self._read_on(_Rejoining(self._before, 0, 0, len(self._data)))

    def read_again(self, change: Change, strings: Reread) -> Kept:
        """Read what a change could touch, itself or by the strings that it makes or ends."""
        before = self._before
        first = before.found_up_to(strings.same_to)
        self.regions = before.regions[: first + 1]
        self._kept, self._starts = first + 1, []
        self._far = [index for index in before.far if index < first]
        self._moved = change.moved
        self._open = chain(before.regions, first)
        around = tuple(self._open)
        for index in around:
            region = before.regions[index]
            self.regions[index] = ending(region, region.named)
        last_before = self._read_on(_Rejoining(before, first, change.moved, strings.same_from))
        last = len(self.regions)
        self._rest = last_before
        self._append(last_before)
        return Kept(first, around, last, last_before)

    def _append(self, index: int) -> None:
        """Take over the regions from `index` on; the same units are open there and here."""
        before = self._before
        if index == len(before.regions):
            return
        owners = dict(
            zip(chain(before.regions, before.regions[index].owner), self._open, strict=True)
        )
        for old, new in owners.items():
            self.regions[new].end = before.end(old) + self._moved - self._start(new)
        at = len(self.regions)
        shifted = at - index
        start = before.starts[index] + self._moved
        self._note_far(start)
        self.regions += before.regions[index:]
        for number in range(at, len(self.regions)) if shifted or _differ(owners) else ():
            region = self.regions[number]
            owner = region.owner
            to = owner + shifted if owner >= index else owners[owner]
            self.regions[number] = replace(region, owner=to)
        region = self.regions[at]
        if self._lines.reach and region.reach != self._lines.reach - start:
            region = self.regions[at] = replace(region, reach=self._lines.reach - start)
        if at + 1 < len(self.regions):
            following = before.starts[index + 1] + self._moved
            if start + region.reach > following:
                self._far.append(at)
        self._far += [number + shifted for number in before.far if number > index]

    def _note_far(self, start: int) -> None:
        """Note if the last region was found by reading behind `start`, where the next starts."""
        last = len(self.regions) - 1
        if self._start(last) + self.regions[last].reach > start:
            self._far.append(last)

    def _read_on(self, rejoining: _Rejoining) -> int:
        """Read from the header of the last region on, and return the index to rejoin at."""
        begun, start = self.regions[-1], self._start(len(self.regions) - 1)
        # A place between statements; where to go on.
        clean, after = start + begun.words, start + begun.named
        while True:
            header: Header | None = None
            if not self._innermost.is_class:
                border = self._borders.next(self._innermost.column, clean, after)
                if border is None:
                    break
                self._close(border.line)
                clean = after = border.line.before
                header = border.header
            header = header or self._headers.next(after)
            while border := self._class_border(clean, after, header):
                self._close(border.line)
                clean = after = border.line.before
            if header is None:
                break
            header = self._mistyped.before(header, self._innermost.column, clean, after) or header
            index = rejoining.index(header, self._columns)
            if index is not None:
                return index
            self._enter(header)
            clean, after = header.words.span()
        end = len(self._data)
        self._close(Line(end, end, 0))
        self.regions[0].end = end
        return len(rejoining.before.regions)

    def _class_border(self, clean: int, after: int, limit: Header | None) -> Border | None:
        column = self._innermost.column
        return self._borders.next(column, clean, after, limit) if column >= 0 else None

    def _columns(self) -> list[int]:
        return [self.regions[index].column for index in self._open]

    @property
    def _innermost(self) -> Region:
        return self.regions[self._open[-1]]

    def _enter(self, header: Header) -> None:
        line, words = header
        self._note_far(line.first)
        region = Region(
            name=words[2],
            is_class=words[1] is not None,
            owner=self._open[-1],
            column=line.column,
            words=words.start() - line.first,
            named=words.end() - line.first,
            reach=self._lines.reach - line.first,
            end=words.end() - line.first,
        )
        self._open.append(len(self.regions))
        self.regions.append(region)
        self._starts.append(line.first)
        self._lines.reach = 0

    def _close(self, border: Line) -> None:
        """End the open units that the line `border` is no deeper than.

        Comments before that line are theirs as far as they are indented more than the header.
        """
        closed: list[int] = []
        while self._innermost.column >= border.column:
            closed.append(self._open.pop())
        if not closed:
            return
        known_end = self._end(closed[0])
        lines = self._lines.back(border.before, known_end)
        last = next(lines, None)
        for index in reversed(closed):
            region = self.regions[index]
            while last and last.is_comment and last.column <= region.column:
                last = next(lines, None)
            region.end = (last.end if last else known_end) - self._start(index)
        outer = self._open[-1]
        end = max(self._end(outer), self._end(closed[-1]))
        self.regions[outer].end = end - self._start(outer)

    def _start(self, index: int) -> int:
        kept = self._kept
        return self._before.starts[index] if index < kept else self._starts[index - kept]

    def _end(self, index: int) -> int:
        return self._start(index) + self.regions[index].end


@dataclass(frozen=True, slots=True)
class _Rejoining:
    """Where an outline from before goes on like the one that is being made."""

    before: Outline
    first: int
    moved: int
    same_from: int

    def index(self, header: Header, columns: Callable[[], list[int]]) -> int | None:
        """Return the index of the region that begins with `header`, if all is as before then.

        `columns` are those of the units that are open there.
        """
        if header.line.before < self.same_from:
            return None
        starts, regions = self.before.starts, self.before.regions
        start = header.line.first - self.moved
        index = starts.up_to(start) - 1
        if index <= self.first or starts[index] != start:
            return None
        around = chain(regions, regions[index].owner)
        return index if [regions[outer].column for outer in around] == columns() else None


def ending(region: Region, end: int) -> Region:
    """Return a region that ends elsewhere."""
    return Region(
        region.name,
        region.is_class,
        region.owner,
        region.column,
        region.words,
        region.named,
        region.reach,
        end,
    )


def _differ(owners: dict[int, int]) -> bool:
    return any(old != new for old, new in owners.items())


def chain(regions: list[Region], index: int) -> list[int]:
    """Return the indices of a region and those around it, from the outermost on."""
    chain = [index]
    while index:
        index = regions[index].owner
        chain.append(index)
    return chain[::-1]

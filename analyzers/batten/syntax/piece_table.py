"""The bytes of a text that somebody types in, put together only when all of them are asked for.

A key changes a few bytes of a text that may have a million. To copy the others is the longest step
of many on the way of that key, and takes out of the processor's memory what the next ones need.
So a text with a change is the bytes before and what stands in one place of them: a piece table of
at most three pieces. A change nearby becomes one with the last; before one elsewhere all is put
together.
"""

from __future__ import annotations

NEAR = 4096
"""Bytes between two changes that become one, and the most that one may then have."""
_LOOK = 256
"""Bytes in which the end of a line is looked for first."""
_MORE = 16
"""So many times more the next time."""

_Table = tuple[bytes, int, int, bytes]
"""Bytes, and what stands in them from an offset up to another."""


class PieceTable:
    """Bytes that do not change, and can be had in part."""

    __slots__ = ("_is", "_length")

    def __init__(self, whole: bytes) -> None:
        # One attribute, so that several threads may ask: it is the one or the other.
        self._is: bytes | _Table = whole
        self._length = len(whole)

    def __len__(self) -> int:
        return self._length

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PieceTable) and (
            self is other or (len(self) == len(other) and self.whole == other.whole)
        )

    def __hash__(self) -> int:
        return hash(self.whole)

    def __repr__(self) -> str:
        return f"PieceTable({self.whole!r})"

    @property
    def whole(self) -> bytes:
        """All of them."""
        table = self._is
        if isinstance(table, bytes):
            return table
        known, start, end, middle = table
        view = memoryview(known)
        whole = self._is = b"".join((view[:start], middle, view[end:]))
        return whole

    def put_together(self) -> None:
        """Have all of them ready for who asks for them."""
        self._is = self.whole

    def part(self, start: int, end: int) -> bytes:
        """Return those from one offset, which is not negative, up to another."""
        table = self._is
        if isinstance(table, bytes):
            return table[start:end]
        known, first, last, middle = table
        behind = first + len(middle)
        if end <= first:
            return known[start:end]
        moved = last - behind
        if start >= behind:
            return known[start + moved : end + moved]
        found = middle[max(start - first, 0) : end - first]
        if start < first:
            found = known[start:first] + found
        return found + known[last : end + moved] if end > behind else found

    def line_start(self, offset: int) -> int:
        """Return where the line begins that a byte is in; lines end at line feeds."""
        look = _LOOK
        while True:
            start = max(offset - look, 0)
            found = self.part(start, offset).rfind(b"\n")
            if found >= 0 or not start:
                return start + found + 1
            look *= _MORE

    def line_end(self, offset: int) -> int:
        """Return where the line ends that a byte is in: at a line feed, or with the text."""
        look = _LOOK
        while True:
            end = offset + look
            found = self.part(offset, end).find(b"\n")
            if found >= 0:
                return offset + found
            if end >= self._length:
                return self._length
            look *= _MORE

    def replaced(self, start: int, end: int, new: bytes) -> PieceTable:
        """Return what is there with `new` in the place of those from `start` to `end`.

        These are offsets in rising order, neither negative nor behind the last byte.
        """
        known, first, last = self._is, start, end
        if not isinstance(known, bytes):
            known, first, last, middle = known
            behind = first + len(middle)
            left, right = min(first, start), max(behind, end)
            if right - left <= NEAR:
                new = self.part(left, start) + new + self.part(end, right)
                first, last = left, last + right - behind
            else:
                known, first, last = self.whole, start, end
        replaced = object.__new__(PieceTable)
        replaced._is = known, first, last, new
        replaced._length = len(known) + len(new) + first - last
        return replaced

"""The server's copy of an open document.

A copy never changes: an edit makes the next one. So whoever holds a document holds the text
of one moment, and tells by identity whether it is still the current one.

Lines and columns are counted by `SourceText`, as the protocol counts them, and not by pygls,
which also ends lines at form feeds and other characters, and from there on edits wrong places.

A byte order mark is a character like others to an editor that sends it. The text of the program
begins behind it.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from batten.syntax.text import Encoding, SourceText, Span
from batten_server.one_line import OneLine
from batten_server.ranges import to_offset, to_range, to_span
from batten_server.uri import document_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lsprotocol.types import Position, Range, TextDocumentItem

    from batten.syntax.text import Position as Place


class Change(NamedTuple):
    """An edit: `text` in the place of what stands between two places, or of everything."""

    text: str
    between: tuple[Place, Place] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What the editor shows as a text of its own: a whole document, or a cell of a notebook.

    Its first byte is byte `start` of the document. Spans and offsets are those of the document.
    """

    uri: str
    version: int | None
    source: SourceText
    start: int = 0

    def holds(self, span: Span) -> bool:
        """Tell whether a span is in this part, its ends included."""
        return self.start <= span.start and span.end <= self.start + len(self.source.pieces)

    def to_range(self, span: Span, encoding: Encoding) -> Range:
        """Return the editor's form of a span."""
        return to_range(self.source, span.shifted(-self.start), encoding)

    def to_span(self, place: Range, encoding: Encoding) -> Span:
        """Return the span of an editor's range, brought inside this part."""
        found = to_span(self.source, place, encoding)
        return Span(self._behind_mark(found.start), self._behind_mark(found.end))

    def to_offset(self, position: Position, encoding: Encoding) -> int:
        """Return the offset of an editor's position, brought inside this part."""
        return self._behind_mark(to_offset(self.source, position, encoding))

    def _behind_mark(self, offset: int) -> int:
        """Return the offset in the document of one in this text, behind its byte order mark."""
        return max(offset, len(_MARK) if _is_marked(self.source) else 0) + self.start


@dataclass(frozen=True, slots=True)
class Document:
    """A document at one moment: `uri` as the editor spells it, `path` as the engine names it.

    What is read from a file has no version. A notebook has `cells`: together they are one
    program, whose text is `source`. `marked` is what the editor shows where that begins with a
    byte order mark.
    """

    uri: str
    path: str
    version: int | None
    source: SourceText
    cells: tuple[Part, ...] = ()
    marked: SourceText | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The texts that the editor shows of the document."""
        if self.marked is not None:
            return (Part(self.uri, self.version, self.marked, -len(_MARK)),)
        return self.cells or (Part(self.uri, self.version, self.source),)

    def part(self, uri: str) -> Part:
        """Return the part behind a URI, in whichever spelling; the first when there is none."""
        name = document_name(uri)
        found = (part for part in self.parts if document_name(part.uri) == name)
        return next(found, self.parts[0])

    def part_of(self, span: Span) -> Part | None:
        """Return the part that a span is in; None when it reaches over several."""
        return next((part for part in self.parts if part.holds(span)), None)

    def changed(
        self, version: int | None, changes: Iterable[Change], encoding: Encoding
    ) -> Document:
        """Return the document after the edits of one notification.

        Each edit is of the text that the one before it left. A place outside the text is the
        nearest inside: past the end of a line the end of that line, past the last line the end
        of the text.
        """
        source = self.source if self.marked is None else self.marked
        left = list(changes)
        while len(left) > 1:
            made = _made_in_line(source, left)
            source = made or _made(source, left.pop(0), encoding)
        for change in left:
            source = _made(source, change, encoding)
        return _document(self.uri, self.path, version, source)


def _made(source: SourceText, change: Change, encoding: Encoding) -> SourceText:
    """Return a text after an edit."""
    if change.between is None:
        return SourceText(change.text)
    first, last = sorted(change.between)
    start, end = source.offset(first, encoding), source.offset(last, encoding)
    text = change.text
    if encoding is Encoding.UTF16:
        text = _halves(source, first, start)[:1] + text
        left = _halves(source, last, end)[1:]
        if left:
            text, end = text + left, end + 4
    return source.replaced(Span(start, end), text)


def _halves(source: SourceText, place: Place, offset: int) -> str:
    """Return both halves of the character that a place in UTF-16 is in the middle of.

    None where it is between characters; `offset` is where the character begins. Who compares texts
    by such units edits only the half in which one emoji differs from another.
    """
    if source.pieces.part(offset, offset + 1) < _LONGEST:
        return ""
    begins = source.position(offset, Encoding.UTF16)
    if (begins.line, begins.column + 1) != (place.line, place.column):
        return ""
    units = source.slice(Span(offset, offset + 4)).encode("utf-16-le")
    return "".join(units[at : at + 2].decode("utf-16-le", "surrogatepass") for at in (0, 2))


def _made_in_line(source: SourceText, changes: list[Change]) -> SourceText | None:
    """Make all edits at once that begin a list and are in one line, and take them out of it.

    None when there are no such.
    """
    first = changes[0].between
    if first is None or not 0 <= first[0].line < source.line_count:
        return None
    line = OneLine(source, first[0].line)
    count = next((n for n, each in enumerate(changes) if not line.take(each)), len(changes))
    del changes[:count]
    return source.replaced(line.span, line.text) if count else None


def opened(item: TextDocumentItem) -> Document:
    """Return the document that an editor opens."""
    return _document(item.uri, document_name(item.uri), item.version, SourceText(item.text))


_MARK = codecs.BOM_UTF8
_LONGEST = b"\xf0"
"""The first byte of the first character of four bytes, which are those of two units in UTF-16."""


def _is_marked(source: SourceText) -> bool:
    return source.pieces.part(0, len(_MARK)) == _MARK


def _document(uri: str, path: str, version: int | None, source: SourceText) -> Document:
    """Return a document whose text is shown as `source`."""
    if not _is_marked(source):
        return Document(uri, path, version, source)
    program = source.replaced(Span(0, len(_MARK)), "")
    return Document(uri, path, version, program, marked=source)

r"""The server's copy of one open document.

The protocol sends edits as lines and columns of the text before each of them. So the copy is
a list of lines: an edit splices the lines that it touches and leaves the rest alone. A line
ends where the protocol ends it (`\n`, `\r\n`, `\r`) and nowhere else; a copy that counts lines
in another way goes silently wrong at the first form feed.

What is analysed is a `Snapshot`, which later edits do not touch.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol.types import TextDocumentContentChangePartial

from batten.syntax.text import Encoding, Position, SourceText, Span
from batten_server.uri import document_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lsprotocol.types import Position as EditorPosition
    from lsprotocol.types import TextDocumentContentChangeEvent, TextDocumentItem

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A document at one moment: `uri` as the editor spells it, `path` as the engine names it."""

    uri: str
    path: str
    version: int
    source: SourceText


class Document:
    """An open document, kept in step with the editor's by its edits."""

    def __init__(self, item: TextDocumentItem, encoding: Encoding) -> None:
        self._uri = item.uri
        self._path = document_name(item.uri)
        self._version = item.version
        self._encoding = encoding
        self._lines = _lines(item.text)
        self._snapshot: Snapshot | None = None

    def change(self, version: int, changes: Iterable[TextDocumentContentChangeEvent]) -> None:
        """Make the edits of one notification, each on the text that the one before it left.

        Positions outside the text are taken as the nearest place inside: past the end of a
        line is the end of that line, past the last line the end of the text.
        """
        for change in changes:
            if isinstance(change, TextDocumentContentChangePartial):
                self._splice(change)
            else:
                self._lines = _lines(change.text)
        self._version = version
        self._snapshot = None

    def snapshot(self) -> Snapshot:
        """Return the document as it is now; the same object until the next change."""
        if self._snapshot is None:
            source = SourceText("".join(self._lines))
            self._snapshot = Snapshot(self._uri, self._path, self._version, source)
        return self._snapshot

    def _splice(self, change: TextDocumentContentChangePartial) -> None:
        start = self._place(change.range.start)
        end = self._place(change.range.end)
        if end < start:
            start, end = end, start
        lines = self._lines
        first = start.line
        head = lines[first][: start.column]
        if not head and first > 0 and lines[first - 1].endswith("\r"):
            # A line feed that comes to stand here belongs to the line end before it.
            first -= 1
            head = lines[first]
        tail = lines[end.line][end.column :]
        changed = _lines(head + change.text + tail)
        if end.line + 1 < len(lines):
            changed.pop()  # the empty line after the last line end: the text goes on
        lines[first : end.line + 1] = changed

    def _place(self, position: EditorPosition) -> Position:
        """Return a position of the editor as an index into `_lines` and one into that line."""
        if position.line >= len(self._lines):
            return Position(len(self._lines) - 1, len(self._lines[-1]))
        line = SourceText(self._lines[position.line])
        offset = line.offset(Position(0, position.character), self._encoding)
        return Position(position.line, len(line.slice(Span(0, offset))))


def _lines(text: str) -> list[str]:
    """Split `text` into lines that keep their line ends; the last has none and may be empty."""
    if _SURROGATE.search(text):
        # Two edits may bring the halves of one character.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    lines = io.StringIO(text, newline="").readlines()
    if not lines or lines[-1].endswith(("\n", "\r")):
        lines.append("")
    return lines

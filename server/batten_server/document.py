"""The server's copy of an open document.

A copy never changes: an edit makes the next one. So whoever holds a document holds the text
of one moment, and tells by identity whether it is still the current one.

Lines and columns are counted by `SourceText`, as the protocol counts them, and not by pygls,
which also ends lines at form feeds and other characters, and from there on edits wrong places.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lsprotocol.types import TextDocumentContentChangePartial

from batten.syntax.text import SourceText
from batten_server.ranges import to_span
from batten_server.uri import document_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lsprotocol.types import TextDocumentContentChangeEvent, TextDocumentItem

    from batten.syntax.text import Encoding


@dataclass(frozen=True, slots=True)
class Document:
    """A document at one moment: `uri` as the editor spells it, `path` as the engine names it."""

    uri: str
    path: str
    version: int
    source: SourceText

    def changed(
        self, version: int, changes: Iterable[TextDocumentContentChangeEvent], encoding: Encoding
    ) -> Document:
        """Return the document after the edits of one notification.

        Each edit is of the text that the one before it left. A place outside the text is the
        nearest inside: past the end of a line the end of that line, past the last line the end
        of the text.
        """
        source = self.source
        for change in changes:
            if isinstance(change, TextDocumentContentChangePartial):
                source = source.replaced(to_span(source, change.range, encoding), change.text)
            else:
                source = SourceText(change.text)
        return replace(self, version=version, source=source)


def opened(item: TextDocumentItem) -> Document:
    """Return the document that an editor opens."""
    return Document(item.uri, document_name(item.uri), item.version, SourceText(item.text))

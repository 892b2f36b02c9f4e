"""The documents that are open, each in its newest text.

Edits are made when somebody asks for a document. So a burst of keys, whose messages are all there
before anybody asks, makes one text of a large document and not one for each key. Its bytes are put
together when the findings are out, as far as they were not needed for them.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING

from batten_server.document import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.syntax.text import Encoding
    from batten_server.document import Change


class Documents(MutableMapping[str, Document]):
    """Documents by their names."""

    def __init__(self) -> None:
        self._made: dict[str, Document] = {}
        self._waiting: dict[str, tuple[int | None, list[Change], Encoding]] = {}
        self._in_pieces: set[str] = set()

    def change(
        self, name: str, version: int | None, changes: Iterable[Change], encoding: Encoding
    ) -> None:
        """Take the edits that lead to a version of a document that is open."""
        _, waiting, _ = self._waiting.get(name, (None, [], encoding))
        waiting.extend(changes)
        self._waiting[name] = (version, waiting, encoding)

    def put_together(self) -> None:
        """Put the bytes of what was changed together, while nobody waits for anything."""
        for name in self._in_pieces & self._made.keys():
            self._made[name].source.put_together()
        self._in_pieces.clear()

    def is_newest(self, document: Document) -> bool:
        """Tell whether a document is open in this very text."""
        return document.path not in self._waiting and self._made.get(document.path) is document

    def __getitem__(self, name: str) -> Document:
        waiting = self._waiting.pop(name, None)
        if waiting is not None:
            self._made[name] = self._made[name].changed(*waiting)
            self._in_pieces.add(name)
        return self._made[name]

    def __setitem__(self, name: str, document: Document) -> None:
        self._waiting.pop(name, None)
        self._made[name] = document

    def __delitem__(self, name: str) -> None:
        self._waiting.pop(name, None)
        del self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

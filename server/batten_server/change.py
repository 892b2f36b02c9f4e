"""What an editor tells of a change of a document: `textDocument/didChange`, with every key.

As editors write it, it is read by hand. Anything unusual is left to the converter, which takes far
longer and knows what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lsprotocol import types

from batten.syntax.text import Position
from batten_server.document import Change

if TYPE_CHECKING:
    from collections.abc import Iterable


class DocumentChange(NamedTuple):
    """The edits that lead to a version of a document, each of the text that the last one left.

    Editors of the protocol before 3.16 may say null for the version.
    """

    uri: str
    version: int | None
    changes: tuple[Change, ...]


def read_change(params: Any) -> DocumentChange | None:
    """Return what the params of a message tell; None when there is anything unusual about them."""
    try:
        document = params["textDocument"]
        changes = tuple([_read(change) for change in params["contentChanges"]])
        return DocumentChange(_text(document["uri"]), _version(document["version"]), changes)
    except (KeyError, TypeError):
        return None


def converted(params: types.DidChangeTextDocumentParams) -> DocumentChange:
    """Return what params tell that the converter has read."""
    document = params.text_document
    return DocumentChange(document.uri, document.version, edits(params.content_changes))


def edits(changes: Iterable[types.TextDocumentContentChangeEvent]) -> tuple[Change, ...]:
    """Return edits that the converter has read."""
    return tuple(
        Change(change.text, (_position(change.range.start), _position(change.range.end)))
        if isinstance(change, types.TextDocumentContentChangePartial)
        else Change(change.text)
        for change in changes
    )


def _position(place: types.Position) -> Position:
    return Position(place.line, place.character)


def _read(change: Any) -> Change:
    text = _text(change["text"])
    if "range" not in change:
        return Change(text)
    place = change["range"]
    return Change(text, (_read_position(place["start"]), _read_position(place["end"])))


def _read_position(place: Any) -> Position:
    return Position(_number(place["line"]), _number(place["character"]))


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError(value)
    return value


def _version(value: Any) -> int | None:
    return None if value is None else _number(value)


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _LAST:  # bool is a kind of int
        raise TypeError(value)
    return value


_LAST = 2**31 - 1
"""The largest number that the protocol has."""

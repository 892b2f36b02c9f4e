"""Reading `textDocument/didChange`, which comes with every key, without the converter.

Only what is as editors write it is read here. Anything else is left to the converter, which is
slower and knows what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

if TYPE_CHECKING:
    from lsprotocol.types import TextDocumentContentChangeEvent


def read_change(params: Any) -> types.DidChangeTextDocumentParams | None:
    """Return the params of a message; None when there is anything unusual about them."""
    try:
        document = params["textDocument"]
        return types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(_number(document["version"]), document["uri"]),
            tuple([_edit(change) for change in params["contentChanges"]]),
        )
    except (KeyError, TypeError, ValueError):  # the protocol's types raise the last two
        return None


def _edit(change: Any) -> TextDocumentContentChangeEvent:
    if "range" not in change:
        return types.TextDocumentContentChangeWholeDocument(change["text"])
    place = change["range"]
    return types.TextDocumentContentChangePartial(
        types.Range(_position(place["start"]), _position(place["end"])), change["text"]
    )


def _position(place: Any) -> types.Position:
    return types.Position(_number(place["line"]), _number(place["character"]))


def _number(value: Any) -> int:
    if type(value) is not int:  # bool is a kind of int
        raise TypeError(value)
    return value

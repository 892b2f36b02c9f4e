"""Places, between the engine's bytes and the editor's lines and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from batten.syntax.text import Position, Span

if TYPE_CHECKING:
    from batten.syntax.text import Encoding, SourceText


def to_range(source: SourceText, span: Span, encoding: Encoding) -> types.Range:
    """Return the editor's form of a byte range of `source`."""
    return types.Range(
        _to_position(source, span.start, encoding), _to_position(source, span.end, encoding)
    )


def to_span(source: SourceText, place: types.Range, encoding: Encoding) -> Span:
    """Return the byte range of an editor's range, brought inside the text and put in order."""
    start = to_offset(source, place.start, encoding)
    end = to_offset(source, place.end, encoding)
    return Span(min(start, end), max(start, end))


def to_offset(source: SourceText, position: types.Position, encoding: Encoding) -> int:
    """Return the byte offset of an editor's position, brought inside the text."""
    return source.offset(Position(position.line, position.character), encoding)


def _to_position(source: SourceText, offset: int, encoding: Encoding) -> types.Position:
    position = source.position(offset, encoding)
    return types.Position(position.line, position.column)

"""Text with some of its units put aside, so that the rest of it can be read without them.

A unit that is put aside is there by name only. The text keeps its length: all places in the rest
of it are those of the document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.syntax.text import Span
from batten.syntax.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from batten.syntax.units import Content, Division, Piece, Unit


def put_aside(data: bytes, units: Iterable[Unit]) -> bytes:
    """Return the text `data` of a document with functions and classes put aside.

    Functions and classes inside a class stay in it; where its name is too short for that, nothing
    is put aside. A module can't be.
    """
    changed = bytearray(data)
    for unit in units:
        for piece in unit.pieces:
            start, end = piece.document_start, piece.document_start + piece.length
            changed[start:end] = _instead(unit, piece, data[start:end])
    return bytes(changed)


def left_out(
    division: Division, units: Iterable[Content], named: Collection[str]
) -> tuple[bytes, list[Span]]:
    """Return the text of a document in which some units are there by name only, with all in them.

    With it come the ranges to read: the text between them is what is left out. `units` are in
    order and not inside one another; the module can't be one. What is right inside of a unit that
    is not `named` is not even there by name if it follows another one that is left out.
    """
    data = division.source.data
    changed = bytearray(data)
    read: list[Span] = []
    begin = 0
    for unit in units:
        span = division.extent(division.numbers[unit.qualified_name])
        if unit.owner not in named and begin and data[begin : span.start].isspace():
            begin = span.end
            continue
        name = unit.name.encode("utf-8", "surrogatepass")
        head = b"class %b:0" if unit.kind is UnitKind.CLASS else b"def %b():0"
        fitting = (
            each for each in (head % name, b"%b=0" % name) if len(each) <= span.end - span.start
        )
        stub = next(fitting, None)
        if stub is not None:
            end = span.start + len(stub)
            changed[span.start : end] = stub
            read.append(Span(begin, end))
            begin = span.end
    return bytes(changed), [*read, Span(begin, len(data))] if begin < len(data) else read


def _instead(unit: Unit, piece: Piece, text: bytes) -> bytes:
    """Return what stands in the place of a piece, and is as long."""
    name = unit.name.encode("utf-8", "surrogatepass")
    is_before_unit = piece.unit_start + piece.length < len(unit.text)
    kept = text[max(text.rfind(b"\n"), text.rfind(b"\r"), 0) :] if is_before_unit else b""
    if piece.unit_start > 0:
        options = [b""]
    elif is_before_unit:
        options = [b"class %b:" % name]
    else:
        head = b"class %b:0" if unit.kind is UnitKind.CLASS else b"def %b():0"
        options = [head % name, b"%b=0" % name]
    room = len(text) - len(kept)
    fitting = next((option for option in options if len(option) <= room), None)
    return text if fitting is None else fitting.ljust(room) + kept

"""Text with some of its units put aside, so that the rest of it can be read without them.

A unit that is put aside is there by name only. The text keeps its length: all places in the rest
of it are those of the document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.syntax.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.syntax.units import Piece, Unit


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

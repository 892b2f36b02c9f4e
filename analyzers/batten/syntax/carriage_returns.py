"""Lone carriage returns: to Python each ends a line, to tree-sitter only a line feed does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.syntax.change import Change
    from batten.syntax.piece_table import PieceTable


def as_line_feeds(data: bytes) -> bytes:
    """Return a text of as many bytes without them; the very same one when there are none."""
    return _LONE.sub(b"\n", data) if b"\r" in data and _LONE.search(data) else data


def brings_none(change: Change, pieces: PieceTable) -> bool:
    """Tell whether there are none in a changed text, given that there were none before."""
    start = max(change.start - 1, 0)
    lone = _LONE.search(pieces.part(start, change.new_end + 1))
    return lone is None or start + lone.start() >= change.new_end


_LONE = re.compile(rb"\r(?!\n)")

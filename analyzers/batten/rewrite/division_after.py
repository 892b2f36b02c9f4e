"""The units of a document after edits of it.

From its first byte to its last, a change is read again. An import at the top and a call at the end
are one change of nearly all of a document. So a few edits are made one after another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.edit import apply
from batten.syntax.units import divided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.rewrite.edit import Edit
    from batten.syntax.units import Division

FEW = 8


def division_after(before: Division, edits: Sequence[Edit]) -> Division:
    """Return a document, with its units, after edits, which are sorted and do not overlap."""
    if len(edits) > FEW:
        return divided(apply(before.source, edits), before)
    division = before
    for edit in reversed(edits):  # those before it stay where they are
        division = divided(division.source.replaced(edit.span, edit.text), division)
    return division

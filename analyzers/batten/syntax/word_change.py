"""A letter typed in a name: the outline stays as it is, and what is behind the name moves.

Most keys are of this kind. Nothing that an outline is told by is in a word inside of a function,
unless it is a keyword, is told to be one by what stands beside it, or is where another region was
found by reading ahead. Whatever may be more than a word is left to `outline_after`, which has the
same result.
"""

from __future__ import annotations

import keyword
import re
from typing import TYPE_CHECKING

from batten.syntax.mistyped import half_a_class
from batten.syntax.outline import Kept, Outline, chain, ending
from batten.syntax.strings import Strings

if TYPE_CHECKING:
    from batten.syntax.change import Change
    from batten.syntax.piece_table import PieceTable


def outline_after_word(
    pieces: PieceTable, before: Outline, change: Change
) -> tuple[Outline, Kept] | None:
    """Return the outline of a text after a change, and what was kept; None for most changes."""
    if not before.strings.sound or not _is_in_a_word(pieces, before.pieces, change):
        return None
    index = before.starts.up_to(change.start) - 1
    region = before.regions[index]
    start = before.starts[index]
    if region.is_class or not start + region.named < change.start:
        return None
    if change.old_end > start + region.end or before.found_up_to(change.start) != index:
        return None
    regions, moved = before.regions[:], change.moved
    around = tuple(chain(regions, index))
    for each in around:
        regions[each] = ending(regions[each], regions[each].end + moved)
    starts = before.starts.replaced(index + 1, index + 1, (), moved)
    borders = before.strings.borders
    number = borders.up_to(change.start)
    borders = borders.replaced(number, number, (), moved)
    strings = Strings(borders, True, [], before.strings.plausible)
    kept = Kept(index, around, index + 1, index + 1)
    return Outline(pieces, strings, regions, starts, before.far), kept


_WORD = re.compile(rb"[0-9A-Za-z_]*")
_LAST_WORD = re.compile(rb"[0-9A-Za-z_]*\Z")
_MARKED = re.compile(rb"[\\\x80-\xff]")
"""What makes more of a word than that: a backslash, other letters.

Quotes don't: whether a word is the prefix of a string is nothing that an outline is told by.
"""
_TELLING = re.compile(rb"(?:%b)\Z|async|class|def" % b"|".join(map(str.encode, keyword.kwlist)))


def _is_in_a_word(pieces: PieceTable, before: PieceTable, change: Change) -> bool:
    """Tell whether a change is one of letters and digits in a word that tells nothing."""
    old = before.part(change.start, change.old_end)
    new = pieces.part(change.start, change.new_end)
    if _WORD.fullmatch(old) is None or _WORD.fullmatch(new) is None:
        return False
    head = pieces.part(pieces.line_start(change.start), change.start)
    tail = pieces.part(change.new_end, pieces.line_end(change.new_end))
    if b'"""' in head or b'"""' in tail or b"'''" in head or b"'''" in tail:
        return False
    start = len(head) - len(head.lstrip())
    lines = (head + old + tail, head + new + tail)
    left, right = _LAST_WORD.search(head), _WORD.match(tail)
    assert left is not None
    assert right is not None
    if _MARKED.match(tail, right.end()) or _MARKED.fullmatch(head, left.start() - 1, left.start()):
        return False
    if any(half_a_class(text, start, len(text)) for text in lines):
        return False
    return all(
        word and word[0] not in b"0123456789" and _TELLING.match(word) is None
        for word in (left[0] + old + right[0], left[0] + new + right[0])
    )

"""The edits that lead from one text to another, as few and as small as lines allow.

An editor keeps cursor, folds and undo history only outside of what is edited.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import accumulate
from typing import TYPE_CHECKING

from batten.rewrite.edit import Edit
from batten.syntax.text import Span

if TYPE_CHECKING:
    from batten.syntax.text import SourceText


def difference(before: SourceText, after: SourceText) -> tuple[Edit, ...]:
    """Return the edits of `before` that make it `after`, sorted and not overlapping."""
    # Into which pieces the texts are cut does not matter here, so str's idea of lines will do.
    old, new = before.text.splitlines(keepends=True), after.text.splitlines(keepends=True)
    starts = tuple(accumulate((len(_bytes(line)) for line in old), initial=0))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        _trimmed(starts[from_old], "".join(old[from_old:to_old]), "".join(new[from_new:to_new]))
        for tag, from_old, to_old, from_new, to_new in matcher.get_opcodes()
        if tag != "equal"
    )


def _trimmed(start: int, old: str, new: str) -> Edit:
    """Return the edit of `old`, which begins at byte `start`, without what both ends share.

    It does not begin or end inside a line end, where an editor has no position.
    """
    head = _shared(old, new)
    if old[:head].endswith("\r"):
        head -= 1
    start += len(_bytes(old[:head]))
    old, new = old[head:], new[head:]
    tail = _shared(old[::-1], new[::-1])
    if old[len(old) - tail :].startswith("\n"):
        tail -= 1
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    return Edit(Span(start, start + len(_bytes(old))), new)


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts share at their start."""
    pairs = enumerate(zip(one, other, strict=False))
    differing = (at for at, (mine, yours) in pairs if mine != yours)
    return next(differing, min(len(one), len(other)))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

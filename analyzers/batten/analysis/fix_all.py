"""Many fixes of one document as one set of edits, repeated until nothing is left to fix."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from batten.rewrite.edit import apart, apply
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import syntax

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from batten.rewrite.edit import Fix
    from batten.syntax.text import SourceText

ROUNDS = 20


@dataclass(frozen=True, slots=True)
class FixedText:
    """A document after its fixes.

    `applied` are the fixes that were made, in the order of the rounds and within a round of the
    text. `settled` tells that no fix was left; if not, the bound on rounds was reached, or a
    round would have gone back to an earlier text.
    """

    source: SourceText
    applied: tuple[Fix, ...]
    rounds: int
    settled: bool


def fix_all(
    source: SourceText,
    propose: Callable[[SourceText], Sequence[Fix]],
    *,
    rounds: int = ROUNDS,
) -> FixedText:
    """Apply fixes round by round until `propose` has none for the text, or `rounds` are over.

    Each round makes the fixes that leave each other alone, first come, first served; the others
    are proposed again for the new text. Equal edits, such as of an import that several fixes
    need, are made once. Fixes without edits are ignored.
    """
    applied: list[Fix] = []
    seen = {source.text}
    for done in range(rounds):
        fixes = apart(fix for fix in propose(source) if fix.edits)
        changed = _applied(source, fixes)
        if _errors(changed) > _errors(source):
            # Each fix alone is sound: make one, and look at the others again.
            fixes = fixes[:1]
            changed = _applied(source, fixes)
        if changed == source:
            return FixedText(source, tuple(applied), done, settled=True)
        if changed.text in seen:
            return FixedText(source, tuple(applied), done, settled=False)
        seen.add(changed.text)
        source = changed
        applied += fixes
    left = any(fix.edits for fix in propose(source))
    return FixedText(source, tuple(applied), rounds, settled=not left)


def _applied(source: SourceText, fixes: Iterable[Fix]) -> SourceText:
    return apply(source, (edit for fix in fixes for edit in fix.edits))


def _errors(source: SourceText) -> float:
    """Return how many broken ranges a document has; no end of them when none of it can be read."""
    found = syntax(source)
    return inf if isinstance(found, Refusal) else len(found.unread)

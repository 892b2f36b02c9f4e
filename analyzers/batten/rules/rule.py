"""What a rule is: its metadata, its examples, its check and its fix, as one value.

Every module below `batten.rules` that has a `RULE` is a rule; `batten.rules.registry` finds
them. The docstring of the module is the rule's documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.synonyms import QUOTE, URLENCODE
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from batten.link.flow import Flow
    from batten.rewrite.edit import Fix
    from batten.rewrite.refusal import Refusal
    from batten.rules.finding import Finding, Severity
    from batten.syntax.text import SourceText


@immutable
class Example:
    """A mistake and its cure.

    `bad` is a module that has exactly one finding of the rule, `fixed` the same module after
    the preferred fix (None where the rule has no edit), `good` a safe twin that is silent.
    """

    title: str
    bad: str
    fixed: str | None
    good: str


@immutable
class Rule:
    """One rule. `check` judges one flow; `fix` proposes edits, best first, not yet verified.

    Where `fix` can't make an edit that people might expect, it tells why with a refusal.
    `leaves` are the codes of lesser findings that a fix may leave where the finding was: what
    no edit can cure there. `calls` are the qualified names of what a fix may call, builtins apart.
    """

    code: str
    name: str
    family: str
    summary: str
    severity: Severity
    cwe: tuple[int, ...]
    aliases: tuple[str, ...]
    documentation: str
    examples: tuple[Example, ...]
    check: Callable[[Flow], Finding | None]
    fix: Callable[[Flow, SourceText], Iterable[Fix | Refusal]]
    leaves: tuple[str, ...] = ()
    calls: tuple[str, ...] = (QUOTE, URLENCODE)


def no_fix(_flow: Flow, _source: SourceText) -> tuple[Fix, ...]:
    """Propose nothing: the `fix` of a rule whose defects no edit of the expression can cure."""
    return ()

"""Why a comment of ours suppresses nothing: people should hear of it, and not only wonder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.project.settings import UnknownRuleError
from batten.project.suggestion import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from batten.project.suppressions import Suppression
    from batten.rules.finding import Finding
    from batten.syntax.text import Span


@dataclass(frozen=True, slots=True)
class Idle:
    """A comment of ours that suppresses nothing, where it stands, and why."""

    span: Span
    reason: str


def idle(
    comments: Iterable[Suppression], findings: Sequence[Finding], today: date
) -> tuple[Idle, ...]:
    """Return those comments of a document that suppress none of all its findings."""
    return tuple(
        Idle(comment.span, mistake_in(comment, today) or "there is no such finding here")
        for comment in comments
        if comment.is_ours
        and not any(comment.covers(each.code, each.span, today) for each in findings)
    )


def mistake_in(suppression: Suppression, today: date) -> str | None:
    """Return what is wrong with a comment, None for a sound one and for those of other tools."""
    if not suppression.is_ours:
        return None
    if suppression.until is not None and today > suppression.until:
        return f"it ended on {suppression.until}"
    if not suppression.named:
        return (
            "it needs the code of a rule in brackets, and where it has a day, a day that exists, "
            "as in `until 2026-01-31`"
        )
    unknown = [UnknownRuleError(name.text) for name in suppression.named if not name.codes]
    return "; ".join(f"{error}{suggestion(error.name, error.known)}" for error in unknown) or None

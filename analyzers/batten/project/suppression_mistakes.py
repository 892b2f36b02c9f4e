"""Why a comment of ours suppresses nothing: people should hear of it, and not only wonder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.project.settings import UnknownRuleError
from batten.project.suggestion import suggestion

if TYPE_CHECKING:
    from datetime import date

    from batten.project.suppressions import Suppression


def mistake_in(suppression: Suppression, today: date) -> str | None:
    """Return what is wrong with a comment, None for a sound one and for those of other tools."""
    if not suppression.is_ours:
        return None
    if suppression.until is not None and today > suppression.until:
        return f"it ended on {suppression.until}"
    if not suppression.named:
        return "it needs the code of a rule in brackets, and a day that exists where it has one"
    unknown = [UnknownRuleError(name.text) for name in suppression.named if not name.codes]
    return "; ".join(f"{error}{suggestion(error.name, error.known)}" for error in unknown) or None

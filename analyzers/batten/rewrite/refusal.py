"""Why an edit can't be made, in words for the person who asked for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """No edit is offered; `reason` is a plain sentence without a full stop."""

    reason: str

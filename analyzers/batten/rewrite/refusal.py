"""Why an edit can't be made, in words for the person who asked for it."""

from __future__ import annotations

from batten.values.immutable import immutable


@immutable
class Refusal:
    """No edit is offered; `reason` is a plain sentence without a full stop."""

    reason: str

"""Wrong use of the command line."""

from __future__ import annotations


class UsageError(Exception):
    """Somebody asked for what can't be done; the message says what, and ends the run with 2."""

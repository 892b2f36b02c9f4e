"""Query parameters whose name says that their value is a secret."""

from __future__ import annotations

import re

_SECRET = re.compile(
    r"(?:^|[?&])(?P<name>password|passwd|passphrase|pwd|secret|client_?secret|api_?secret|access_?token"
    r"|refresh_?token|auth_?token|private_?token)=$",
    re.IGNORECASE,
)


def secret_parameter(before: str) -> str:
    """Return the name of the secret parameter whose value stands behind a text, or ""."""
    if not before.endswith("="):
        return ""
    found = _SECRET.search(before)
    return found["name"] if found else ""

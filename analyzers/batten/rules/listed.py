"""The code, the name and the aliases of every rule.

Written by `make generate` from the rules; do not edit.
"""

from __future__ import annotations

LISTED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("BTN101", "unescaped-path-segment", ()),
    ("BTN102", "unescaped-query-value", ()),
    ("BTN103", "quote-keeps-slash", ()),
    ("BTN104", "controlled-host", ()),
    ("BTN105", "controlled-url", ()),
    ("BTN106", "open-redirect", ()),
    ("BTN107", "double-encoding", ()),
    ("BTN108", "template-again", ()),
    ("BTN109", "dot-segment", ()),
    ("BTN110", "credentials-in-url", ()),
    ("BTN111", "cleartext-http", ()),
    ("BTN112", "line-ends-in-url", ()),
)

"""Text from files, safe to show.

Source code, file names and attack values can hold characters that move the cursor, recolour
the terminal or reorder the line (CVE-2021-42574). They are shown as escapes instead.
"""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Return `text` on one line, with every control and invisible character escaped."""
    return _UNSEEN.sub(lambda match: ascii(match[0])[1:-1], text)

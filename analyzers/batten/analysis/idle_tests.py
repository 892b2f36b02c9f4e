"""What of test code is read: the functions that may send a text which they put together.

In many projects half of the code are tests. What tests give to a function says nothing of what
others may, so a test function matters only for what it sends itself. One without a call that may
send something, or without text that is put together, is left alone: it is not even parsed.

A file counts as a test by its name alone. A folder called `test` may hold anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.link.client_evidence import REQUEST_NAMES
from batten.syntax.units import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.models.model import Models
    from batten.syntax.units import Content


class IdleTests:
    """Knows the functions of test files that are not read, by the names of what sends."""

    def __init__(self, models: Models) -> None:
        names = models.sink_names() | REQUEST_NAMES
        self._sending = frozenset(name.lower().strip("_").encode() for name in names)

    def hold(self, path: str, unit: Content) -> bool:
        """Tell whether a unit is such a function: it puts no text together that it might send."""
        if unit.kind is not UnitKind.FUNCTION or not _is_test_file(path):
            return False
        return self._sending.isdisjoint(_called(unit.text)) or _COMPOSES.search(unit.text) is None


def _called(text: bytes) -> Iterator[bytes]:
    """Yield the words before parentheses, in lower case, without underscores around them.

    This is asked of every test: an expression that finds these words takes ten times as long.
    """
    for before in text.translate(_WORDS).split(b"(")[:-1]:
        words = before.rsplit(None, 1)
        if words:
            yield words[-1].strip(b"_")


def _is_test_file(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"


# To lower case; what is no part of a name, except for a parenthesis, to a blank.
_WORDS = bytes(
    byte if byte >= 0x80 or chr(byte).isalnum() or byte in b"_(" else ord(" ")
    for byte in range(256)
).lower()
_COMPOSES = re.compile(
    rb"""
    (?i: \b(?:f|t|rf|fr|tr|rt)["'] )  # a formatted literal
    | ["')\]\w] \s* (?: % | \+ )
    | [+%] =
    | \b (?: format | format_map | join | urljoin | replace | substitute | safe_substitute ) \s* \(
    """,
    re.VERBOSE,
)

"""The documents that servers are given: modules of published packages, of a wanted length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scan import packages

if TYPE_CHECKING:
    from pathlib import Path

LEAST_LINES = 1_000
# What each server finds something in, so that a code action has something to say.
_FOUND = """

def _found(name):
    import requests
    return requests.get("https://api.example/things/%s" % name, verify=False)
"""
_CLASS = re.compile(r"^class (\w+)", re.MULTILINE)


def modules() -> list[Path]:
    """Return the longest module of each package that has one of a thousand lines; no tests."""
    longest = []
    for package in sorted(packages().iterdir()):
        sizes = {
            path: path.read_bytes().count(b"\n")
            for path in sorted(package.rglob("*.py"))
            if "test" not in str(path.relative_to(package))
        }
        found = max(sizes, key=sizes.__getitem__)
        if sizes[found] >= LEAST_LINES:
            longest.append(found)
    return longest


def hardest() -> Path:
    """Return the module with the most findings for its length, a client of 2,300 lines."""
    return next(packages().glob("spotipy*/**/client.py"))


def document(text: str, count: int) -> str:
    """Return a document of about `count` lines, made of `text`.

    It is cut off, or repeated with other names for its classes, and ends with a finding.
    """
    copies = [text]
    while sum(copy.count("\n") for copy in copies) < count:
        name = rf"class \1Copy{len(copies)}"
        copies.append(_CLASS.sub(name, text))
    lines = "".join(copies).splitlines(keepends=True)
    end = next((n for n in range(count, len(lines)) if lines[n][:5] in ("    d", "class")), count)
    return "".join(lines[:end]) + _FOUND

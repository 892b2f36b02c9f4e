"""What an editor does with positions and edits, written from the protocol and not from our code."""

from __future__ import annotations

import re

UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def lines_of(text: str) -> list[str]:
    """The lines of a text with their line ends, as the protocol counts them."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text) + (
        [""] if not text or text[-1] in "\r\n" else []
    )


def index(text: str, line: int, character: int, encoding: str) -> int:
    """The index into `text` of a position; it must exist and stand between characters."""
    codec, width = UNITS[encoding]
    lines = lines_of(text)
    encoded = lines[line].encode(codec)
    assert character * width <= len(encoded)
    column = len(encoded[: character * width].decode(codec))
    return sum(map(len, lines[:line])) + column


def position(text: str, at: int, encoding: str) -> tuple[int, int]:
    """The position of an index into `text`."""
    codec, width = UNITS[encoding]
    lines = lines_of(text)
    for number, line in enumerate(lines):
        if at < len(line) or number == len(lines) - 1:
            return number, len(line[:at].encode(codec)) // width
        at -= len(line)
    raise AssertionError("unreachable")

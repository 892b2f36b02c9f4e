"""A unified diff that `git apply` and `patch -p1` take.

It is made of bytes, not of text: the hunks carry the file's own encoding and line ends. Like
git, it knows no line end but LF, so the CR of a CRLF file belongs to its lines. The paths are
relative to the current folder: that is how `git apply` reads a patch without `diff --git`.
"""

from __future__ import annotations

from difflib import diff_bytes, unified_diff
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def patch(path: str, old: bytes, new: bytes) -> bytes:
    """Return the patch that turns `old` into `new`; empty when they are equal."""
    hunks = diff_bytes(unified_diff, _lines(old), _lines(new))
    lines = list(hunks)[2:]  # its own header does not quote names
    if not lines:
        return b""
    name = path.lstrip("/")
    return b"".join(
        (_header(b"--- ", f"a/{name}"), _header(b"+++ ", f"b/{name}"), *map(_line, lines))
    )


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _line(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _header(mark: bytes, path: str) -> bytes:
    name = path.encode("utf-8", "surrogateescape")
    if any(byte < 0x20 or byte in b'"\\' for byte in name):
        name = b'"' + b"".join(_quoted(name)) + b'"'
    elif b" " in name:
        name += b"\t"  # ends the name, as in git's own patches
    return mark + name + b"\n"


def _quoted(name: bytes) -> Iterator[bytes]:
    """Yield a name's bytes as git quotes them (core.quotePath)."""
    for byte in name:
        if byte in b'"\\':
            yield b"\\" + bytes((byte,))
        elif byte < 0x20:
            yield b"\\%03o" % byte
        else:
            yield bytes((byte,))

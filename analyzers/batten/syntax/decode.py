"""From the bytes of a file to its text and back, as Python reads source files (PEP 263).

Source is UTF-8, unless a `coding` comment in the first two lines says otherwise. Line ends are
part of the text: nothing here changes them.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from batten.syntax.text import SourceText


class DecodeError(Exception):
    """The bytes are no Python source; the message tells why and, where that is known, the line."""


class EncodeError(Exception):
    """The text can't be stored as its file was; the message tells why and, if known, the line."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file and how it was stored.

    `encoding` is a name that Python knows, `bom` the byte order mark in front or nothing.
    `reversible` tells whether encoding the same text gives the same bytes.
    """

    source: SourceText
    encoding: str
    bom: bytes
    reversible: bool


def decode(data: bytes) -> Decoded:
    """Return the text of a file; DecodeError when Python could not read it as source either."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DecodeError("the file is UTF-16, which is no encoding for Python source")
    null = data.find(b"\0")
    if null >= 0:
        raise DecodeError(f"line {_line(data, null)}: a null byte, so this is no text")
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    body = data[len(bom) :]
    encoding = _encoding(body)
    if bom and encoding != "utf-8":
        raise DecodeError(f"the file has a UTF-8 byte order mark, but calls itself {encoding}")
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        place = f"line {_line(body, error.start)}: byte 0x{body[error.start]:02x}"
        raise DecodeError(f"{place} is not valid {encoding}") from error
    except UnicodeError as error:
        raise DecodeError(f"the file is not valid {encoding}: {error}") from error
    return Decoded(SourceText(text), encoding, bom, _encodes_to(text, encoding, body))


def encode(source: SourceText, decoded: Decoded) -> bytes:
    """Return the bytes that store `source` in the way of the file that `decoded` came from.

    EncodeError when that would change more than the text: the encoding lacks a character, or
    has several spellings for the same text.
    """
    if not decoded.reversible:
        raise EncodeError(f"{decoded.encoding} can't be written back without other changes")
    try:
        return decoded.bom + source.text.encode(decoded.encoding)
    except UnicodeEncodeError as error:
        character = source.text[error.start]
        before = source.text[: error.start].encode("utf-8", "surrogatepass")
        line = source.position(len(before)).line + 1
        raise EncodeError(f"line {line}: {decoded.encoding} has no {character!a}") from error


_FIRST_TWO_LINES = re.compile(rb"([^\r\n]*(?:\r\n|\r|\n)?)([^\r\n]*)")
_ASCII = bytes(range(32, 127)).replace(b"\\", b"").replace(b"+", b"").replace(b"~", b"")


def _encoding(body: bytes) -> str:
    """Return the encoding that the first two lines ask for, by its usual name."""
    match = _FIRST_TWO_LINES.match(body)
    assert match
    if b"coding" not in match[0]:
        return "utf-8"
    from tokenize import detect_encoding  # what most files need none of

    # Other characters don't matter to the comment, and are not known to be UTF-8 yet.
    lines = (line.decode("ascii", "replace").encode("ascii", "replace") for line in match.groups())
    try:
        name, _ = detect_encoding(lines.__next__)
    except SyntaxError as error:
        raise DecodeError(str(error)) from error
    try:
        readable = _ASCII.decode(name) == _ASCII.decode("ascii")
    except (LookupError, UnicodeError):
        readable = False
    if not readable:
        raise DecodeError(f"{name} is no encoding for Python source")
    return codecs.lookup(name).name


def _encodes_to(text: str, encoding: str, data: bytes) -> bool:
    if encoding == "utf-8":
        return True
    try:
        return text.encode(encoding) == data
    except UnicodeError:
        return False


def _line(data: bytes, offset: int) -> int:
    """Return the number, from 1, of the line that holds the byte at `offset`."""
    return len(data[: offset + 1].splitlines())

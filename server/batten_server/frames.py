"""Messages, cut out of a stream of bytes.

A message is a header, lines up to an empty one, and as many bytes of body as the header says.
Where a header said a wrong number, or something else got into the stream, the next header stands
at the end of a line, since no body has line ends in the middle of its texts. So a mistake costs
the messages around it and not all that follow.
"""

from __future__ import annotations

import re

_USUAL = re.compile(rb"Content-Length: ([0-9]{1,9})\r\n\r\n")
"""All that a header holds, as editors write it."""
_BEHIND = re.compile(rb"content-length: ?([0-9]{1,9})$", re.IGNORECASE)
"""The beginning of a header behind what is no header, up to the end of the line."""
_LONGEST_BEHIND = len("content-length: 123456789")
_LONGEST_HEADER = 1 << 16
"""Bytes after which a header that has not ended is none."""


class NoMessageError(ValueError):
    """What came is not a message, and where the next one begins can't be told."""


class Frames:
    """Takes bytes as they come, and gives the body of each message once it is all there."""

    def __init__(self) -> None:
        self._data = bytearray()

    @property
    def is_empty(self) -> bool:
        """Whether no message has begun."""
        return not self._data.strip()

    def add(self, data: bytes) -> None:
        """Take the next bytes of the stream."""
        self._data += data

    def next(self) -> bytes | None:
        """Return the body of the next message, None while there is none or only some of it.

        NoMessageError for bytes that can't be a message.
        """
        data, length, at = self._data, None, 0
        usual = _USUAL.match(data)
        if usual is not None:
            length, at = int(usual[1]), usual.end() - 2
        while (end := data.find(b"\n", at)) >= 0:
            line, at = data[at:end].strip(), end + 1
            if line:
                length = _length(line, length)
            elif length is None:
                del data[:at]  # nothing was said: an empty line between messages
                at = 0
            else:
                if len(data) < at + length:
                    return None
                body = bytes(data[at : at + length])
                del data[: at + length]
                return body
        if len(data) > _LONGEST_HEADER:
            raise NoMessageError("this is no header: " + repr(bytes(data[:80])))
        return None


def _length(line: bytearray, known: int | None) -> int | None:
    """Return the length of the body as far as it is known after one more line of the header."""
    name, _, value = line.partition(b":")
    if name.strip().lower() != b"content-length" or not value.strip().isdigit():
        behind = _BEHIND.search(line[-_LONGEST_BEHIND:])
        return known if behind is None else int(behind[1])
    try:
        return int(value)
    except ValueError as error:  # of thousands of digits
        raise NoMessageError(str(error)) from error

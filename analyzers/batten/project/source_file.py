"""Reading a file as Python source, and turning source back into bytes of the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.project.discovery import unreadable
from batten.project.disk import DISK, NoFileError
from batten.project.problem import Kind, Problem
from batten.syntax.decode import DecodeError, decode, encode

if TYPE_CHECKING:
    from batten.project.disk import Disk
    from batten.syntax.decode import Decoded
    from batten.syntax.text import SourceText


class NotReadError(Exception):
    """The file can't be had as text; `problem` tells why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read: its bytes, and the text that they stand for."""

    path: str
    data: bytes
    decoded: Decoded

    @property
    def source(self) -> SourceText:
        """The text of the file, without a byte order mark."""
        return self.decoded.source

    def with_source(self, source: SourceText) -> bytes:
        """Return the bytes of the file with another text: same encoding, same byte order mark.

        Raises EncodeError when the encoding has no such characters.
        """
        return encode(source, self.decoded)


def read(path: str) -> SourceFile:
    """Return a file; raises NotReadError when it is not there, not readable or not text."""
    return decoded(path, contents(path))


def contents(path: str, disk: Disk = DISK) -> bytes:
    """Return the bytes of a file; raises NotReadError when it is not there or not readable."""
    try:
        return disk.content(path)
    except NoFileError:
        message = "is no regular file; to judge what comes through it: batten scan - <FILE"
        raise NotReadError(Problem(path, Kind.UNREADABLE, message)) from None
    except FileNotFoundError:
        raise NotReadError(Problem(path, Kind.MISSING, "no such file or folder")) from None
    except (OSError, ValueError) as failure:
        raise NotReadError(unreadable(path, failure)) from failure


def decoded(path: str, data: bytes) -> SourceFile:
    """Return the file that `data` is the content of; raises NotReadError when it is not text."""
    try:
        return SourceFile(path, data, decode(data))
    except DecodeError as failure:
        kind = Kind.BINARY if b"\0" in data else Kind.UNDECODABLE
        raise NotReadError(Problem(path, kind, str(failure))) from failure

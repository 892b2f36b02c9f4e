"""The files of one run as bytes, each read once: what is known by them is true of them.

A file that changes while it is looked at can't be taken for what it was before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.project.digest import blake2b
from batten.project.disk import DISK
from batten.project.problem import failed
from batten.project.source_file import NotReadError, contents, decoded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from batten.project.disk import Disk
    from batten.project.problem import Problem
    from batten.project.source_file import SourceFile


@dataclass(frozen=True, slots=True)
class Contents:
    """The bytes of files by path, in the order of the paths, or what keeps one from being read."""

    files: Mapping[str, bytes | Problem]

    def read(self, path: str) -> SourceFile:
        """Return a file as text; raises NotReadError."""
        found = self.files[path]
        if isinstance(found, bytes):
            return decoded(path, found)
        raise NotReadError(found)

    def digest(self, engine: bytes) -> str:
        """Return what an engine with that mark finds in them goes by, in hexadecimal digits."""
        whole = blake2b(engine, digest_size=32)
        for path, found in self.files.items():
            name = path.encode("utf-8", "surrogatepass")
            whole.update(len(name).to_bytes(8, "big") + name)
            if isinstance(found, bytes):
                whole.update(b"+" + blake2b(found, digest_size=32).digest())
            else:
                why = f"{found.kind.value} {found.message}".encode("utf-8", "surrogatepass")
                whole.update(b"-" + blake2b(why, digest_size=32).digest())
        return whole.hexdigest()


def read_all(paths: Iterable[str], disk: Disk = DISK) -> Contents:
    """Read files; what can't be read is remembered as that."""
    return Contents({path: _content(path, disk) for path in paths})


def _content(path: str, disk: Disk) -> bytes | Problem:
    try:
        return contents(path, disk)
    except NotReadError as refused:
        return refused.problem
    except Exception as failure:
        return failed(path, failure)

"""The disk, by the few things that whoever looks for Python files and their settings asks about it.

Each is told as it is now, in plain values: so it can be noted, and asked again (`sights.py`). There
are thousands of files: path objects would cost more than the calls.
"""

# ruff: noqa: PTH110, PTH116, PTH123
from __future__ import annotations

import errno
import os
import stat

TYPE_CHECKING = False  # `typing` takes longer to load than all that a warm scan needs
if TYPE_CHECKING:
    Stamp = tuple[int, int]
    """Time, in nanoseconds, and size of a file."""

    Names = tuple[str, ...]
    Inside = tuple[Names, Names, Names, Names]
    """The sorted names of folders, of Python files, of links to such, and of marks."""

SUFFIXES = (".py", ".pyw")

IGNORE = ".gitignore"
ENVIRONMENT = "pyvenv.cfg"
MARKS = frozenset({IGNORE, ENVIRONMENT})
"""Names of files that change what the others in a folder are to Batten."""

# Where shells put what `<(command)` gives.
_HANDED = ("/dev/fd/", "/proc/self/fd/")


class NoFileError(OSError):
    """Something else has the name of a file: whoever reads it might wait for ever."""


def is_handed(path: str) -> bool:
    """Tell whether a path is that of a pipe from a shell, which can be read once."""
    return path.startswith(_HANDED)


class Disk:
    """The disk as it is; its questions raise OSError, or ValueError for what is no path."""

    def kind(self, path: str) -> int:
        """Return the type of what is there, by the bits of `stat.S_IFMT`; links are followed."""
        return stat.S_IFMT(os.stat(path).st_mode)

    def is_there(self, path: str) -> bool:
        """Tell whether there is anything; what can't be known is not there."""
        return os.path.exists(path)

    def stamp(self, path: str) -> Stamp | None:
        """Return what tells a file from what it was before; None when there is none."""
        try:
            # Editors ask with every key, and most files are not there: then this is the quickest
            # way to know.
            if not os.access(path, os.F_OK):
                return None
            status = os.stat(path)
        except (OSError, ValueError):
            return None
        if not stat.S_ISREG(status.st_mode):  # to read a pipe could take for ever
            return None
        return status.st_mtime_ns, status.st_size

    def real(self, path: str) -> str:
        """Return the path from the root that has no links in it, POSIX-style."""
        return os.path.realpath(path).replace(os.sep, "/")

    def inside(self, folder: str) -> Inside:
        """Return what is in a folder, of what matters; links to folders don't."""
        folders: list[str] = []
        files: list[str] = []
        links: list[str] = []
        marks: list[str] = []
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name in MARKS:
                    marks.append(name)
                if _is_folder(entry):
                    folders.append(name)
                elif name.endswith(SUFFIXES) and _is_file(entry):
                    (links if entry.is_symlink() else files).append(name)
        for names in (folders, files, links, marks):
            names.sort()
        return tuple(folders), tuple(files), tuple(links), tuple(marks)

    def content(self, path: str) -> bytes:
        """Return the bytes of a file; NoFileError for what is neither a file nor handed over."""
        status = os.stat(path)
        if status.st_size > LARGEST:
            raise OSError(errno.EFBIG, f"it is larger than {LARGEST >> 20} MiB")
        if not stat.S_ISREG(status.st_mode):
            if not stat.S_ISDIR(status.st_mode) and not is_handed(path):
                raise NoFileError
            with open(path, "rb", buffering=0) as opened:
                return opened.readall()
        file = os.open(path, _READING)
        try:
            data = os.read(file, status.st_size + 1)
            if len(data) == status.st_size:
                return data
            rest = [data]  # it has grown, or is one of those that tell no size
            while data:
                data = os.read(file, _PIECE)
                rest.append(data)
            return b"".join(rest)
        finally:
            os.close(file)


DISK = Disk()

LARGEST = 1 << 28
"""Bytes of a file: larger than any source, small enough not to fill memory."""

_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_PIECE = 1 << 20


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Tell whether it is a regular file or leads to one: reading a pipe could wait for ever."""
    try:
        return entry.is_file()
    except OSError:  # a loop of links
        return False

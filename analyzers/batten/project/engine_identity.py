"""What tells one Batten from another: two with the same mark find the same in the same files.

An installed package is known by the list of its files that its installer wrote (`RECORD`), which
has a digest of each, so that the same version installed again elsewhere is the same. A checkout
has no such list: there the names, sizes and times of the files tell.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder

from batten import __version__
from batten.project.digest import blake2b

TYPE_CHECKING = False  # as in disk.py
if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARIES = ("tree_sitter", "tree_sitter_python", "libcst")
"""The packages that decide what is found and fixed, besides our own; nothing loads them here."""


def engine_mark() -> bytes:
    """Return a digest of all that decides what is found, but the files that are looked at."""
    mark = blake2b(digest_size=32)
    for told in (__version__, sys.version, sys.platform):
        mark.update(f"{told}\0".encode())
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    mark.update(_mark(own, __version__))
    for library in LIBRARIES:
        for folder in _folders(library):
            mark.update(b"\0\0" + _mark(folder, ""))
    return mark.digest()


def _folders(library: str) -> list[str]:
    """Return the folders of a package that is not loaded."""
    spec = PathFinder.find_spec(library)
    if spec is None:  # what is installed to be edited has finders of its own
        from importlib.util import find_spec

        spec = find_spec(library)
    return list(spec.submodule_search_locations or ()) if spec else []


def _mark(package: str, version: str) -> bytes:
    """Return the mark of a package in a folder; "" stands for any version."""
    around, name = os.path.split(package)
    for known in _metadata(around, f"{name}-{version}"):
        try:
            with open(os.path.join(around, known, "RECORD"), "rb") as record:  # noqa: PTH118, PTH123
                lines = record.read().split(b"\n")
        except OSError:
            continue
        start = f"{name}/".encode()
        files = [line for line in lines if line.startswith(start) and not _is_compiled(line)]
        if files:
            return known.encode("utf-8", "surrogatepass") + b"\0".join(files)
    return b"\0".join(_stamps(package))


def _metadata(folder: str, start: str) -> list[str]:
    try:
        names = os.listdir(folder)  # noqa: PTH208
    except OSError:
        return []
    return sorted(n for n in names if n.startswith(start) and n.endswith(".dist-info"))


def _is_compiled(line: bytes) -> bool:
    """Tell whether a line is about bytecode, which some installers write and list."""
    return b".pyc," in line


def _stamps(package: str) -> Iterator[bytes]:
    """Yield what tells each file of a package from an earlier one."""
    folders = [package]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith(".pyc") or entry.name == "__pycache__":
                continue
            try:
                if entry.is_dir():
                    folders.append(entry.path)
                    continue
                status = entry.stat()
            except OSError:
                continue
            path = entry.path[len(package) :].encode("utf-8", "surrogatepass")
            yield b"%s %d %d" % (path, status.st_size, status.st_mtime_ns)

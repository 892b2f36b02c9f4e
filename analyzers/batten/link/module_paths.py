"""Which documents a dotted module name may mean, by their paths."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def modules_of(paths: Collection[str]) -> Mapping[str, tuple[tuple[int, str], ...]]:
    """Return the documents that a dotted module name may mean, by every suffix of their paths.

    `a/b/c.py` is `a.b.c`, `b.c` and `c`; a package's `__init__.py` is the package. With each
    goes how many packages around the module the name leaves out: 0 for its full name, less
    for a name that counts folders above the topmost package.
    """
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for path in paths:
        parts = module_parts(path)
        root = _root(path, paths)
        for start in range(len(parts)):
            found[".".join(parts[start:])].append((start - root, path))
    return {name: tuple(sorted(those)) for name, those in found.items()}


def module_parts(path: str) -> list[str]:
    """Return the dotted parts of a document's path, from the file system's root."""
    parts = [part for part in path.split("/") if part]
    if not parts:
        return []  # an editor may say `file:///`
    last = parts[-1].rpartition(".")[0] or parts[-1]
    return parts[:-1] if last == "__init__" else [*parts[:-1], last]


def _root(path: str, paths: Collection[str]) -> int:
    """Return how many leading folders of `path` are above its topmost package."""
    folders = path.split("/")[:-1]
    depth = len(folders)
    while depth and "/".join((*folders[:depth], "__init__.py")) in paths:
        depth -= 1
    offset = len([folder for folder in folders if not folder])
    return depth - offset

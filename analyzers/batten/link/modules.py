"""Which document an import means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.index import FunctionKey
from batten.link.module_paths import module_parts
from batten.values.terms import Imported

if TYPE_CHECKING:
    from batten.link.index import Index


def module_of(target: str, path: str, index: Index) -> tuple[str, list[str]] | None:
    """Return the document of the longest part of a dotted name that is a module, and the rest.

    `target` is the name as `path` imports it, with leading dots when it is relative. None when
    no document of the program is meant.
    """
    if target.startswith("."):
        return _relative(target, path, index)
    parts = target.split(".")
    for count in range(len(parts), 0, -1):
        found = _absolute(".".join(parts[:count]), path, index)
        if found is not None:
            return found, parts[count:]
    return None


def imported_by(path: str, index: Index) -> tuple[str, ...]:
    """Return the documents of the program that a document's module body imports from."""
    found: dict[str, None] = {}
    for value in index.function(FunctionKey(path, "", 0)).bound.values():
        if isinstance(value, Imported):
            module = module_of(value.target, path, index)
            if module is not None:
                found[module[0]] = None
    return tuple(found)


def _relative(target: str, path: str, index: Index) -> tuple[str, list[str]] | None:
    level = len(target) - len(target.lstrip("."))
    names = [part for part in target[level:].split(".") if part]
    folders = path.split("/")[:-1]
    if level - 1 > len(folders):
        return None
    base = folders[: len(folders) - (level - 1)]
    for count in range(len(names), -1, -1):
        stem = "/".join((*base, *names[:count]))
        for candidate in (f"{stem}.py", f"{stem}/__init__.py"):
            if index.has_document(candidate):
                return candidate, names[count:]
    return None


def _absolute(name: str, path: str, index: Index) -> str | None:
    """Return the document that a module's name means to `path`: of several the nearest.

    A name that leaves out the packages around a module means it only to its neighbours, as in
    scripts and in Python 2: `import json` is not `app/json.py` to the rest of the program.
    """
    folder = path.rpartition("/")[0]
    candidates = [
        candidate
        for missing, candidate in index.modules(name)
        if candidate != path and (missing <= 0 or candidate.rpartition("/")[0] == folder)
    ]
    if not candidates:
        return None
    here = module_parts(path)

    def distance(candidate: str) -> tuple[int, str]:
        there = module_parts(candidate)
        shared = 0
        while shared < min(len(here), len(there)) and here[shared] == there[shared]:
            shared += 1
        return len(here) + len(there) - 2 * shared, candidate

    return min(candidates, key=distance)

"""Which files a run is about.

A file that is named is always taken, whatever its name. Below a folder that is named, Python
files are taken, except what `.gitignore` leaves out and the folders of tools and installed
packages. A folder with an `__init__.py` is source whatever it is called. Links to folders are not
followed, so a loop of them is no trap; a file that several links lead to is taken once.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from batten.project.disk import DISK, ENVIRONMENT, IGNORE
from batten.project.gitignore import IgnoreRules, rules_around, rules_inside
from batten.project.problem import Kind, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from batten.project.disk import Disk

    Found = tuple[str, str]
    """The path of a file, and the path without links in it."""

SKIPPED = frozenset(
    {
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".hg",
        ".idea",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pytest_cache",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        ".vscode",
        "__pycache__",
        "__pypackages__",
        "_build",
        "build",
        "dist",
        "env",
        "node_modules",
        "site-packages",
        "venv",
    }
)


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files of a run: absolute POSIX-style paths, sorted, each real file once.

    `named` are those that were named, not found in a folder. `problems` tell what is not there
    or can't be entered.
    """

    files: tuple[str, ...]
    named: frozenset[str]
    problems: tuple[Problem, ...]


def discover(paths: Iterable[str], disk: Disk = DISK) -> Discovery:
    """Return the files that `paths` stand for, as seen from the current folder."""
    named: list[str] = []
    found: list[Found] = []
    refused: list[str] = []
    problems: list[Problem] = []
    for given in paths:
        path = absolute(given, disk)
        try:
            kind = disk.kind(path)
        except (FileNotFoundError, NotADirectoryError):
            problems.append(Problem(path, Kind.MISSING, "no such file or folder"))
        except (OSError, ValueError) as failure:
            problems.append(unreadable(path, failure))
            refused.append(path)
        else:
            if stat.S_ISDIR(kind):
                found += _below(path, problems, disk)
            else:
                named.append(path)
                found.append((path, disk.real(path)))
    files = _each_once(found)
    asked_for = (files & frozenset(named)).union(refused)
    return Discovery(tuple(sorted(files)), asked_for, tuple(dict.fromkeys(problems)))


def absolute(path: str, disk: Disk = DISK) -> str:
    """Return the path from the root, POSIX-style, without `.` and `..`; links are kept."""
    whole = Path(path).absolute()
    if ".." in whole.parts:  # what `..` means behind a link, only the file system knows
        if whole.name == "..":
            return disk.real(str(whole))
        whole = Path(disk.real(str(whole.parent)), whole.name)
    return whole.as_posix()


def unreadable(path: str, failure: Exception) -> Problem:
    """Return the problem of a path that the operating system refuses to read."""
    reason = failure.strerror if isinstance(failure, OSError) else str(failure)
    return Problem(path, Kind.UNREADABLE, f"can't be read: {reason or type(failure).__name__}")


def _below(folder: str, problems: list[Problem], disk: Disk) -> Iterator[Found]:
    top = folder.rstrip("/") + "/"
    # What is below differs from its real path at the top only: links to folders are not followed.
    real_top = disk.real(folder).rstrip("/") + "/"
    pending: list[tuple[str, IgnoreRules | None]] = [(top, rules_around(top, disk))]
    while pending:
        here, around = pending.pop()
        try:
            folders, files, links, marks = disk.inside(here)
        except OSError as failure:
            problems.append(unreadable(here.rstrip("/"), failure))
            continue
        if ENVIRONMENT in marks and here != top:  # other people's packages
            continue
        rules = rules_inside(here, around, disk) if IGNORE in marks else around
        for name in folders:
            inner = f"{here}{name}/"
            if not _is_foreign(name, inner, disk) and not _ignores(rules, inner):
                pending.append((inner, rules))
        for name in files:
            path = here + name
            if not _ignores(rules, path):
                yield path, real_top + path[len(top) :]
        for name in links:
            path = here + name
            if not _ignores(rules, path):
                yield path, disk.real(path)


def _ignores(rules: IgnoreRules | None, path: str) -> bool:
    return rules is not None and rules.ignores(path)


def _is_foreign(name: str, folder: str, disk: Disk) -> bool:
    """Tell whether a folder holds the work of tools, by its name."""
    return name in SKIPPED and not disk.is_there(f"{folder}__init__.py")


def _each_once(found: Sequence[Found]) -> frozenset[str]:
    """Keep one path of each real file: the real one, else the first in order of the alphabet."""
    chosen: dict[str, str] = {}
    for path, real in sorted(found):
        if real not in chosen or path == real:
            chosen[real] = path
    return frozenset(chosen.values())

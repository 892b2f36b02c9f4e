"""Which files a run is about.

A file that is named is always taken, whatever its name. Below a folder that is named, Python
files are taken, except what `.gitignore` leaves out and the folders of tools and installed
packages. A folder with an `__init__.py` is source whatever it is called. Links to folders are not
followed, so a loop of them is no trap; a file that several links lead to is taken once.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from batten.project.gitignore import rules_around, rules_inside
from batten.project.problem import Kind, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUFFIXES = (".py", ".pyw")

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


def discover(paths: Iterable[str]) -> Discovery:
    """Return the files that `paths` stand for, as seen from the current folder."""
    named: list[str] = []
    found: list[str] = []
    refused: list[str] = []
    problems: list[Problem] = []
    for given in paths:
        path = absolute(given)
        try:
            is_folder = stat.S_ISDIR(Path(path).stat().st_mode)
        except (FileNotFoundError, NotADirectoryError):
            problems.append(Problem(path, Kind.MISSING, "no such file or folder"))
        except (OSError, ValueError) as failure:
            problems.append(unreadable(path, failure))
            refused.append(path)
        else:
            if is_folder:
                found += _below(path, problems)
            else:
                named.append(path)
    files = _each_once((*named, *found))
    asked_for = (files & frozenset(named)).union(refused)
    return Discovery(tuple(sorted(files)), asked_for, tuple(dict.fromkeys(problems)))


def absolute(path: str) -> str:
    """Return the path from the root, POSIX-style, without `.` and `..`; links are kept."""
    whole = Path(path).absolute()
    if ".." in whole.parts:  # what `..` means behind a link, only the file system knows
        whole = whole.parent.resolve() / whole.name if whole.name != ".." else whole.resolve()
    return whole.as_posix()


def unreadable(path: str, failure: Exception) -> Problem:
    """Return the problem of a path that the operating system refuses to read."""
    reason = failure.strerror if isinstance(failure, OSError) else str(failure)
    return Problem(path, Kind.UNREADABLE, f"can't be read: {reason or type(failure).__name__}")


def _below(folder: str, problems: list[Problem]) -> Iterator[str]:
    top = folder.rstrip("/") + "/"
    pending = [(top, rules_inside(top, rules_around(top)))]
    while pending:
        here, rules = pending.pop()
        try:
            with os.scandir(here) as scan:
                entries = list(scan)
        except OSError as failure:
            problems.append(unreadable(here.rstrip("/"), failure))
            continue
        for entry in entries:
            path = here + entry.name
            if _is_folder(entry):
                inner = path + "/"
                if not _is_foreign(entry.name, inner) and not rules.ignores(inner):
                    pending.append((inner, rules_inside(inner, rules)))
            elif entry.name.endswith(SUFFIXES) and _is_file(entry) and not rules.ignores(path):
                yield path


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


def _is_foreign(name: str, folder: str) -> bool:
    """Tell whether a folder holds the work of tools or other people's packages."""
    if os.path.exists(f"{folder}pyvenv.cfg"):  # noqa: PTH110 - as there may be many
        return True
    return name in SKIPPED and not Path(folder, "__init__.py").exists()


def _each_once(paths: tuple[str, ...]) -> frozenset[str]:
    """Keep one path of each real file: the real one, else the first in order of the alphabet."""
    chosen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in sorted(paths):
        folder, _, name = path.rpartition("/")
        if os.path.islink(path):  # noqa: PTH114 - as there may be many
            real = Path(path).resolve().as_posix()
        else:
            if folder not in folders:
                folders[folder] = Path(folder or "/").resolve().as_posix()
            real = f"{folders[folder].rstrip('/')}/{name}"
        if real not in chosen or path == real:
            chosen[real] = path
    return frozenset(chosen.values())

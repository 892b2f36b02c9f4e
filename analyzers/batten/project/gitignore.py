"""Which paths `.gitignore` files leave out.

The rules of a folder come before those of the folders around it, and the last rule of a
file that speaks of a path decides (gitignore(5)). A file below a folder that is left out can't be
brought back, so whoever walks a tree asks for folders first and enters none that is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from batten.project.disk import IGNORE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathspec import GitIgnoreSpec

    from batten.project.disk import Disk


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules that hold inside one folder; `folder` is absolute, POSIX-style, ends in `/`."""

    folder: str
    spec: GitIgnoreSpec
    around: IgnoreRules | None

    def ignores(self, path: str) -> bool:
        """Tell whether a path below the folder is left out; a folder's path ends in `/`."""
        rules: IgnoreRules | None = self
        while rules is not None:
            verdict = rules.spec.check_file(path[len(rules.folder) :]).include
            if verdict is not None:
                return verdict
            rules = rules.around
        return False


def rules_inside(folder: str, around: IgnoreRules | None, disk: Disk) -> IgnoreRules | None:
    """Return the rules inside `folder`, given those that hold around it; None when all is taken."""
    spec = _read(f"{folder}{IGNORE}", disk)
    return around if spec is None else IgnoreRules(folder, spec, around)


def rules_around(folder: str, disk: Disk) -> IgnoreRules | None:
    """Return what the repository that holds `folder` says about the inside of it.

    None when `folder` is in no repository, is the top of one, or is itself ignored: somebody who
    asks for an ignored folder means what is in it.
    """
    path = PurePath(folder)
    folders = (path, *path.parents)
    top = next((each for each in folders if disk.is_there((each / ".git").as_posix())), None)
    if top is None or top == path:
        return None
    between = [above for above in reversed(path.parents) if above.is_relative_to(top)]
    rules: IgnoreRules | None = None
    for outer, inner in zip(between, (*between[1:], path), strict=True):
        rules = rules_inside(_posix(outer), rules, disk)
        if rules is not None and rules.ignores(_posix(inner)):
            return None
    return rules


def _posix(folder: PurePath) -> str:
    return folder.as_posix().rstrip("/") + "/"


def _read(path: str, disk: Disk) -> GitIgnoreSpec | None:
    try:
        text = disk.content(path).decode("utf-8", "surrogateescape")
    except OSError:
        return None
    return _compiled(text.splitlines())


def _compiled(lines: Iterable[str]) -> GitIgnoreSpec:
    # pathspec takes 40 ms to import and most scans of single files need none of it.
    from pathspec import GitIgnoreSpec

    lines = tuple(lines)
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:  # git skips a pattern that it can't read
        return GitIgnoreSpec.from_lines(line for line in lines if _reads(line))


def _reads(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True

"""The paths that a command is given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.cli.usage import UsageError
from batten.project.discovery import discover

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten.project.discovery import Discovery
    from batten.project.disk import Disk


def discovered(paths: Sequence[str], excludes: Callable[[str], bool], disk: Disk) -> Discovery:
    """Return the files that the paths name or hold, without those in folders that are excluded.

    UsageError for an empty path: a variable that is not set must not become the whole folder.
    """
    if not all(paths):
        raise UsageError("a path is empty; for the current folder, say .")
    found = discover(paths, disk)
    files = (path for path in found.files if path in found.named or not excludes(path))
    return replace(found, files=tuple(files))

"""The paths that a command is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.cli.usage import UsageError
from batten.project.discovery import discover

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.project.discovery import Discovery


def discovered(paths: Sequence[str]) -> Discovery:
    """Return the files that the paths name or hold.

    UsageError for an empty path: a variable that is not set must not become the whole folder.
    """
    if not all(paths):
        raise UsageError("a path is empty; for the current folder, say .")
    return discover(paths)

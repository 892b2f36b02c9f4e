"""The settings of a project: `batten.toml`, or `[tool.batten]` in `pyproject.toml`.

The nearest one counts, from the folder of a file upward, and it counts alone. `batten.toml`
stands over a `pyproject.toml` beside it; a `pyproject.toml` without `[tool.batten]` is passed by.
Patterns in it start from its folder.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from batten.project.disk import DISK
from batten.project.settings import Settings
from batten.project.settings_table import ConfigurationError, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.project.disk import Disk, Stamp

OWN_FILE = "batten.toml"
SHARED_FILE = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings in a file, whose patterns start from `folder`; no file has no settings."""

    file: str | None = None
    folder: str = ""
    settings: Settings = field(default_factory=Settings)

    def for_file(self, path: str) -> Settings:
        """Return the settings for a file below the folder, by its path from the root."""
        return self.settings.at(self._relative(path))

    def excludes(self, path: str) -> bool:
        """Tell whether such a file is not to be looked at."""
        return self.settings.excludes(self._relative(path))

    def _relative(self, path: str) -> str:
        return path[len(self.folder) + 1 :] if path.startswith(f"{self.folder}/") else path


UNCONFIGURED = Configuration()
"""What counts where no file configures anything."""


class Configurations:
    """Finds configurations, and remembers each as long as its file is the same."""

    def __init__(self, disk: Disk = DISK) -> None:
        self._disk = disk
        self._read: dict[str, tuple[Stamp, Configuration | ConfigurationError | None]] = {}

    def nearest(self, path: str) -> Configuration:
        """Return what is configured for a file, named by its path from the root.

        Raises ConfigurationError when the nearest configuration is wrong.
        """
        for folder in _upward(path):
            for name in (OWN_FILE, SHARED_FILE):
                found = self._of(f"{folder}/{name}")
                if isinstance(found, ConfigurationError):
                    raise found
                if found is not None:
                    return found
        return UNCONFIGURED

    def _of(self, file: str) -> Configuration | ConfigurationError | None:
        stamp = self._disk.stamp(file)
        if stamp is None:
            self._read.pop(file, None)
            return None
        known = self._read.get(file)
        if known is not None and known[0] == stamp:
            return known[1]
        found: Configuration | ConfigurationError | None
        try:
            found = read_configuration(file, self._disk)
        except ConfigurationError as error:
            found = error
        self._read[file] = (stamp, found)
        return found


def read_configuration(file: str, disk: Disk) -> Configuration | None:
    """Return what a file configures, None when it is about other tools.

    Raises ConfigurationError when that is wrong, or can't be told because the file can't be
    read. A `pyproject.toml` that is no TOML and has no word of Batten is passed by: it may be a
    template, and others will tell.
    """
    folder, _, name = file.rpartition("/")
    try:
        data = disk.content(file)
    except IsADirectoryError:
        return None
    except OSError as error:
        advice = "let Batten read it, or put a batten.toml beside it"
        why = f"it can't be read, so its settings are not known: {error.strerror}; {advice}"
        raise ConfigurationError(file, (why,)) from error
    try:
        table = _toml(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        if name == SHARED_FILE and b"batten" not in data:
            return None
        why = f"it can't be read as TOML, so its settings are not known: {error}; correct that"
        raise ConfigurationError(file, (why,)) from error
    if name == SHARED_FILE:
        tool: Any = table.get("tool")
        if not isinstance(tool, dict) or "batten" not in tool:
            return None
        table = tool["batten"]
        if not isinstance(table, dict):
            raise ConfigurationError(file, ("[tool.batten] has to be a table",))
    elif isinstance(table.get("tool"), dict) and "batten" in table["tool"]:
        raise ConfigurationError(
            file, ("here the keys stand by themselves, without [tool.batten]",)
        )
    return Configuration(file, folder, settings_of(table, file))


def _toml(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):  # only where there is a file to read
        from tomllib import loads
    else:
        from tomli import loads

    return loads(text)


def _upward(path: str) -> Iterator[str]:
    """Yield the folders around a file, the nearest first; none for a name that is no path."""
    if not os.path.isabs(path):  # noqa: PTH117
        return
    folder = path
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        yield folder

"""The settings that count for files, looked up once in a while and not with each key.

To find the configuration of a project is to ask the system for two files in each folder up to the
root, which in a deep project is a tenth of what a key takes, and with each key it is asked for all
open documents.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.project.settings import Settings

MOMENT = 1.0
"""Seconds for which an answer counts."""


class _Known(NamedTuple):
    until: float
    settings: Settings | None


class RecentSettings:
    """What `look_up` says of files, by path; None of one that is excluded.

    `look_up` has to return the same object as long as nothing has changed.
    """

    def __init__(self, look_up: Callable[[str], Settings | None]) -> None:
        self._look_up = look_up
        self._known: dict[str, _Known] = {}
        self._is_another = False  # one of them, since somebody asked whether any is

    def of(self, path: str) -> Settings | None:
        """Return the settings for a file, as they are or were a `MOMENT` ago."""
        known = self._known.get(path)
        if known is not None and monotonic() <= known.until:
            return known.settings
        settings = self._look_up(path)
        self._is_another |= known is not None and settings is not known.settings
        self._known[path] = _Known(monotonic() + MOMENT, settings)
        return settings

    def forget(self, path: str) -> None:
        """Forget a file that nobody will ask for any more."""
        self._known.pop(path, None)

    def have_changed(self) -> bool:
        """Look all of them up again; tell whether one is another than when this was asked last."""
        for path, known in self._known.items():
            settings = self._look_up(path)
            self._is_another |= settings is not known.settings
            self._known[path] = _Known(monotonic() + MOMENT, settings)
        have_changed, self._is_another = self._is_another, False
        return have_changed

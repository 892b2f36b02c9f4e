"""Which findings the user wants to see: the project's configuration and the editor's settings.

The editor's settings stand over the files'. A mistake in either costs that one, and is told to
the user once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from batten.project.configuration import UNCONFIGURED, Configuration, Configurations
from batten.project.settings import Settings
from batten.project.settings_table import ConfigurationError, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

SECTION = "batten"
"""The section of an editor's settings that is ours."""

_EDITOR = "the editor's settings for batten"


class _Known(NamedTuple):
    """What counts for a file, and what it was put together from."""

    files: Configuration
    editors: Settings
    settings: Settings | None


class Policy:
    """What counts for each file. `complain` is handed what is wrong, each mistake once.

    Asked where the analysis runs and changed in the thread of the event loop; a change replaces
    what there was as a whole.
    """

    def __init__(self, complain: Callable[[str], None]) -> None:
        self._complain = complain
        self._told: set[str] = set()
        self._files = Configurations()
        self._asked = 0
        self._answered = 0
        # What the editor sent unasked, and what of all that counts everywhere.
        self._unasked: Any = None
        self._sent: Any = None
        self._sent_for_folders: dict[str, Any] = {}
        self._everywhere = Settings()
        self._folders: dict[str, Settings] = {}
        # It is asked for the same files again and again: what was put together stays while that
        # counts.
        self._known: dict[str, _Known] = {}

    def settings(self, path: str) -> Settings | None:
        """Return the settings for a file; None when it is excluded."""
        try:
            found = self._files.nearest(path)
        except ConfigurationError as error:
            self.tell(str(error))
            found = UNCONFIGURED
        folder = self._folder(path)
        editors = self._folders.get(folder, self._everywhere)
        known = self._known.get(path)
        if known is None or known.files is not found or known.editors is not editors:
            whole = Configuration(found.file, found.folder or folder, found.settings.under(editors))
            settings = None if whole.excludes(path) else whole.for_file(path)
            known = self._known[path] = _Known(found, editors, settings)
        return known.settings

    def take(self, sent: Any) -> None:
        """Take settings that the editor sent for everywhere, unasked."""
        self._unasked = sent
        self._take_everywhere(sent)

    def take_for_folders(self, sent: Mapping[str, Any]) -> None:
        """Take settings that the editor sent for its folders, by their paths."""
        self._sent_for_folders = dict(sent)
        self._folders = {path: self._read(each) for path, each in sent.items()}

    def asked(self) -> int:
        """Return the number of a question to the editor, for its answer."""
        self._asked += 1
        return self._asked

    def take_answer(self, number: int, everywhere: Any, folders: Mapping[str, Any]) -> bool:
        """Take what an editor answers; False when it has answered a newer question before.

        Where that is nothing for everywhere, what it sent unasked counts.
        """
        if number < self._answered:
            return False
        self._answered = number
        self._take_everywhere(self._unasked if everywhere is None else everywhere)
        self.take_for_folders(folders)
        return True

    def sent(self) -> dict[str, Any]:
        """Return all that the editor sent, as JSON for `take_sent` in another process."""
        return {"everywhere": self._sent, "folders": self._sent_for_folders}

    def take_sent(self, sent: Mapping[str, Any]) -> None:
        """Take what another policy was sent."""
        self.take(sent["everywhere"])
        self.take_for_folders(sent["folders"])

    def tell(self, mistake: str) -> None:
        """Tell the user a mistake of theirs, unless they know it."""
        if mistake not in self._told:
            self._told.add(mistake)
            self._complain(mistake)

    def _take_everywhere(self, sent: Any) -> None:
        self._sent = sent
        self._everywhere = self._read(sent)

    def _folder(self, path: str) -> str:
        """Return the innermost folder of the editor's around a file; empty when there is none."""
        around = (each for each in self._folders if path.startswith(f"{each.rstrip('/')}/"))
        return max(around, key=len, default="")

    def _read(self, sent: Any) -> Settings:
        table = _section(sent)
        try:
            return settings_of(table, _EDITOR)
        except ConfigurationError as error:
            self.tell(str(error))
            return Settings()


_NOT_OURS = frozenset({"trace", "server", "path", "interpreter", "args", "arguments", "enable"})
"""Keys in our section that tell the editor's side how to start the server."""


def _section(sent: Any) -> dict[str, Any]:
    """Return the settings in what an editor sent: whole or wrapped, in kebab-case or camelCase.

    Editors send null, and null for each setting, where nothing is set.
    """
    if isinstance(sent, Mapping):
        sent = sent.get("settings", sent)
    if isinstance(sent, Mapping):
        sent = sent.get(SECTION, sent)
    if not isinstance(sent, Mapping):
        return {}
    return {
        _kebab_case(key): _inner(value)
        for key, value in sent.items()
        if isinstance(key, str) and value is not None and key not in _NOT_OURS
    }


def _inner(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {
        pattern: _section(table) if isinstance(table, Mapping) else table
        for pattern, table in value.items()
    }


def _kebab_case(key: str) -> str:
    return "".join(f"-{each.lower()}" if each.isupper() else each for each in key)

"""Where scans keep what they found and told for the next one: a folder of the user's own.

Nothing that is read from there is ever run. But who can write there decides what a scan tells, so
only files of the user's in a folder of the user's count, where nobody else can write. Whatever is
wrong with the folder costs time and never a run: what can't be read is not there, and what can't
be written is not kept.
"""

from __future__ import annotations

import os
import stat
import sys
import time

TYPE_CHECKING = False  # as in disk.py
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VARIABLE = "BATTEN_CACHE_DIR"
"""The environment variable that names another folder."""

RUNS = "runs"
"""The folder for what was found in which files."""

ANSWERS = "answers"
"""The folder for what was told to which question."""

MOST_RUNS = 100
MOST_BYTES = 64 * 1024 * 1024
"""What a folder may take; what was used longest ago goes first."""

LARGEST_RUN = MOST_BYTES // 4


def usual_folder(environment: Mapping[str, str]) -> str | None:
    """Return where the user wants caches, None when that can't be told.

    This is what the XDG Base Directory Specification, Apple and Microsoft say.
    """
    if named := environment.get(VARIABLE):
        return named
    if sys.platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return os.path.join(local, "batten", "cache") if local else None  # noqa: PTH118
    named = environment.get("XDG_CACHE_HOME", "")
    if os.path.isabs(named):  # noqa: PTH117 - a relative one does not count
        return f"{named}/batten"
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is none
    if not os.path.isabs(home):  # noqa: PTH117
        return None
    return f"{home}/{'Library/Caches' if sys.platform == 'darwin' else '.cache'}/batten"


class CacheFolder:
    """What is kept in one folder, each under the name of what it is an answer to."""

    def __init__(self, folder: str, part: str = RUNS) -> None:
        # One of our own making: what else is in the folder, and who may write there, is not ours.
        self._folder = os.path.join(folder, part)  # noqa: PTH118

    def read(self, name: str) -> bytes | None:
        """Return what is kept under a name, and note that somebody asked for it."""
        try:
            if not _is_ours(os.lstat(self._folder), stat.S_ISDIR):
                return None
            file = os.open(self._path(name), _READING)
        except (OSError, ValueError):
            return None
        try:
            with open(file, "rb") as opened:  # noqa: PTH123
                status = os.fstat(file)
                if not _is_ours(status, stat.S_ISREG) or status.st_size > LARGEST_RUN:
                    return None
                data = opened.read(LARGEST_RUN)
        except OSError:
            return None
        self._note_use(name)
        return data

    def write(self, name: str, data: bytes) -> None:
        """Keep something under a name, whole or not at all, and drop what is too much."""
        if len(data) > LARGEST_RUN:
            return
        import tempfile  # only for what is new: a warm run does without

        try:
            self._make_folder()
            if not _is_ours(os.lstat(self._folder), stat.S_ISDIR):
                return
            file, written = tempfile.mkstemp(_UNFINISHED, dir=self._folder)
        except (OSError, ValueError):
            return
        try:
            with open(file, "wb") as opened:  # noqa: PTH123
                opened.write(data)
            os.replace(written, self._path(name))  # noqa: PTH105
        except OSError:
            _remove(written)
        except BaseException:
            _remove(written)
            raise
        self._drop_oldest()

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name + _FINISHED)  # noqa: PTH118

    def _note_use(self, name: str) -> None:
        try:
            os.utime(self._path(name))
        except OSError:  # then it seems older than it is
            return

    def _make_folder(self) -> None:
        if os.path.isdir(self._folder):  # noqa: PTH112
            return
        from pathlib import Path  # as tempfile

        whole = Path(self._folder)
        for folder in (*reversed(whole.parents), whole):
            if not folder.is_dir():
                try:
                    folder.mkdir(0o700)
                except FileExistsError:  # another run was quicker
                    continue
        for name, text in _MARKS.items():
            with open(os.path.join(self._folder, name), "w", encoding="ascii") as file:  # noqa: PTH118, PTH123
                file.write(text)

    def _drop_oldest(self) -> None:
        """Drop runs until what is left is within bounds, and what stopped runs left behind."""
        runs: list[tuple[float, int, str]] = []
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    status = entry.stat(follow_symlinks=False)
                    if entry.name.endswith(_FINISHED):
                        runs.append((status.st_mtime, status.st_size, entry.path))
                    elif entry.name.endswith(_UNFINISHED) and status.st_mtime < time.time() - _HOUR:
                        _remove(entry.path)
        except OSError:
            return  # another run is at it
        size = 0
        for count, (_, bytes_of_run, path) in enumerate(sorted(runs, reverse=True), 1):
            size += bytes_of_run
            if count > MOST_RUNS or size > MOST_BYTES:
                _remove(path)


_FINISHED = ".run"
_UNFINISHED = ".part"
_HOUR = 3600

_MARKS = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": (
        "Signature: 8a477f597d28d172789f06886806bc55\n"
        "# What `batten scan` found, so that the next one is quick. May be deleted at any time.\n"
    ),
}
"""What tells Git and programs that make backups (bford.info/cachedir) to pass the folder by."""

# A link is not followed and a pipe not waited for; Windows knows neither of these flags.
_READING = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)


def _is_ours(status: os.stat_result, is_kind: Callable[[int], bool]) -> bool:
    """Tell whether it is of a kind, belongs to the user, and nobody else can write to it."""
    if not is_kind(status.st_mode):
        return False
    if sys.platform == "win32":  # where the folder of a user is closed to others
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _remove(path: str) -> None:
    try:
        os.unlink(path)  # noqa: PTH108
    except OSError:  # another run was quicker, or it stays
        return

"""Putting new text into a file: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


class FileChangedError(Exception):
    """The file is not what it was when it was read."""


def rewrite(path: str, old: bytes, new: bytes) -> None:
    """Replace the content `old` of a file by `new`; permissions, owner and links stay.

    The new text is written beside the file and then takes its place in one step, so nobody ever
    sees half of it. Raises FileChangedError when the file no longer holds `old`, OSError when
    it can't be written; in both cases the file is untouched.
    """
    target = Path(path).resolve()
    if not os.access(target, os.W_OK):
        raise PermissionError(13, "Permission denied", str(target))
    mode = target.stat().st_mode
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        _give_to_owner(fresh, target)
        fresh.chmod(mode & 0o7777)
        if target.read_bytes() != old:
            raise FileChangedError(path)
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _give_to_owner(fresh: Path, target: Path) -> None:
    """Let a file belong to whom another belongs, as far as the system has that and allows it."""
    old, new = target.stat(), fresh.stat()
    if hasattr(os, "chown") and (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with suppress(PermissionError):
            os.chown(fresh, old.st_uid, old.st_gid)

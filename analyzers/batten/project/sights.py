"""What was seen on the disk, and whether it still looks the same.

Whoever looks through a `WatchedDisk` leaves a note of each question, with a digest of the answer.
When all that was seen is seen again, what was concluded from it holds again. The contents of files
are read for that: times and sizes are not asked.
"""

from __future__ import annotations

from batten.project.digest import blake2b
from batten.project.disk import DISK, Disk, is_handed

TYPE_CHECKING = False  # as in disk.py
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from batten.project.disk import Inside, Stamp

    T = TypeVar("T")

    Sight = tuple[str, str, bytes]
    """A question, the path that it was about, and a digest of the answer."""

SIZE = 32
"""How many bytes that digest has."""


class WatchedDisk(Disk):
    """The disk, and notes of all that is seen on it."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], bytes] = {}
        self._is_steady = True

    def sights(self) -> list[Sight] | None:
        """Return what was seen; None if it has changed meanwhile, or can't be seen again."""
        if not self._is_steady:
            return None
        return [(question, path, digest) for (question, path), digest in self._seen.items()]

    def kind(self, path: str) -> int:
        """See Disk."""
        return self._noted("kind", super().kind, path)

    def is_there(self, path: str) -> bool:
        """See Disk."""
        return self._noted("is_there", super().is_there, path)

    def stamp(self, path: str) -> Stamp | None:
        """See Disk; when a file was written is not noted, since whoever cares reads it."""
        found = super().stamp(path)
        self._note("is_file", path, _digest(found is not None))
        return found

    def real(self, path: str) -> str:
        """See Disk."""
        return self._noted("real", super().real, path)

    def inside(self, folder: str) -> Inside:
        """See Disk."""
        return self._noted("inside", super().inside, folder)

    def content(self, path: str) -> bytes:
        """See Disk."""
        if is_handed(path):
            self._is_steady = False
        return self._noted("content", super().content, path)

    def _noted(self, question: str, ask: Callable[[str], T], path: str) -> T:
        try:
            found = ask(path)
        except (OSError, ValueError) as failure:
            self._note(question, path, _digest_of_failure(failure))
            raise
        self._note(question, path, _digest(found))
        return found

    def _note(self, question: str, path: str, digest: bytes) -> None:
        if self._seen.setdefault((question, path), digest) != digest:
            self._is_steady = False


def are_seen(sights: Iterable[Sight]) -> bool:
    """Tell whether the disk looks as it did; the first difference ends that."""
    return all(_seen(question, path) == digest for question, path, digest in sights)


_QUESTIONS: dict[str, Callable[[str], object]] = {
    "kind": DISK.kind,
    "is_there": DISK.is_there,
    "is_file": lambda path: DISK.stamp(path) is not None,
    "real": DISK.real,
    "inside": DISK.inside,
    "content": DISK.content,
}


def _seen(question: str, path: str) -> bytes | None:
    ask = _QUESTIONS.get(question)
    if ask is None or is_handed(path):
        return None
    try:
        return _digest(ask(path))
    except (OSError, ValueError) as failure:
        return _digest_of_failure(failure)


def _digest(found: object) -> bytes:
    seen = found if isinstance(found, bytes) else repr(found).encode("utf-8")
    return blake2b(seen, digest_size=SIZE).digest()


def _digest_of_failure(failure: Exception) -> bytes:
    told = getattr(failure, "strerror", None) or str(failure)
    return _digest((type(failure).__name__, told))

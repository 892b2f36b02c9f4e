"""Reads model files, Batten's own and a user's, into one `Models`."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from batten.models.document import parse
from batten.models.draft import TABLES, Draft
from batten.models.error import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from batten.models.model import Models

__all__ = ["ModelError", "load"]


def load(extra: Iterable[Path] = ()) -> Models:
    """Read Batten's own models, then the `extra` files, whose word is the last.

    Raises ModelError when a file is not what docs/models.md says, OSError when an extra file
    cannot be read.
    """
    names = dict(TABLES)
    documents = [parse(file, data, names) for file, data in _files(extra)]
    draft = Draft()
    for table, read in TABLES:
        for document in documents:
            for row in document[table]:
                read(draft, row)
    return draft.models()


def _files(extra: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    own = (each for each in resources.files(__package__).iterdir() if each.name.endswith(".toml"))
    for resource in sorted(own, key=lambda each: each.name):
        yield resource.name, resource.read_bytes()
    for path in extra:
        yield str(path), path.read_bytes()

"""Runs over files that have been looked at before, as they are now, by the same Batten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.project.contents import read_all
from batten.project.kept_results import from_bytes, to_bytes
from batten.project.run import Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.project.cache_folder import CacheFolder
    from batten.project.disk import Disk
    from batten.project.examination import Progress


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run that is kept in a folder, under the name of what it is about."""

    run: Run
    folder: CacheFolder
    key: str
    paths: Sequence[str]

    def keep(self) -> None:
        """Keep what the run has found so far, for the next one over the same files."""
        news = self.run.news()
        if news is not None:
            self.folder.write(self.key, to_bytes(news, self.key, self.paths))


def kept_run(
    folder: CacheFolder, engine: bytes, paths: Sequence[str], disk: Disk, progress: Progress
) -> KeptRun:
    """Return a run over files that knows what the folder holds of it; `engine` is its mark."""
    contents = read_all(paths, disk)
    key = contents.digest(engine)
    run = Run(paths, contents.read, progress)
    data = folder.read(key)
    known = None if data is None else from_bytes(data, key, paths, run.source)
    if known is not None:
        run.know(known)
    return KeptRun(run, folder, key, paths)

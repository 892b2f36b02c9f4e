"""A run over files, linked with one another: what it finds, and what reports ask about that.

The program is made when somebody asks for what is not known from a run over the same files before.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.project.collector import without_collector
from batten.project.examination import examine
from batten.project.results import Results, unweighed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten.project.examination import Examination, Progress
    from batten.project.offered_fixes import OfferedFixes
    from batten.project.problem import Problem
    from batten.project.source_file import SourceFile
    from batten.project.suppressions import Suppression
    from batten.rewrite.edit import Fix
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText


class Run:
    """One run over the files of `paths`; what was known of it before, `know` tells."""

    def __init__(
        self, paths: Sequence[str], read: Callable[[str], SourceFile], progress: Progress
    ) -> None:
        self._paths = paths
        self._read = read
        self._progress = progress
        self._sources: dict[str, SourceText] = {}
        self._known: Results | None = None
        self._fixes: dict[Finding, tuple[Fix, ...]] = {}
        self._offered: OfferedFixes | None = None
        self._is_new = False

    def know(self, results: Results) -> None:
        """Take what a run over the same files has found."""
        self._known = results
        self._fixes = dict(results.fixes)

    def examined(self) -> Examination:
        """Return what is found in which files."""
        return self._results().examined

    def commented(self) -> frozenset[str]:
        """Return the files with comments that may suppress something."""
        return self._results().commented

    def source(self, path: str) -> SourceText:
        """Return the text of a file that could be read; raises NotReadError for others."""
        source = self._sources.get(path)
        if source is None:
            source = self._sources[path] = self._text(path)
        return source

    def suppressions(self, path: str) -> Sequence[Suppression]:
        """Return the comments of a file that may suppress something, perhaps with others."""
        if path not in self.commented():
            return ()
        from batten.project.suppressions import suppressions  # most runs do without

        return suppressions(self.source(path))

    def fixes(self, finding: Finding) -> tuple[Fix, ...]:
        """Return the verified fixes of a finding, best first; none when looking for them fails."""
        name = unweighed(finding)
        found = self._fixes.get(name)
        if found is None:
            offered = self._offered or self._examine()[0]
            failures = len(offered.problems)
            found = offered.of(finding)
            if len(offered.problems) == failures:
                self._fixes[name] = found
                self._is_new = True
        return found

    def failures(self) -> tuple[Problem, ...]:
        """Return what failed so far when fixes were looked for."""
        return () if self._offered is None else tuple(self._offered.problems)

    def news(self) -> Results | None:
        """Return all that is known; None if nothing of it is new, or it can't be relied on."""
        if self._known is None or not self._is_new or not self._known.are_sound:
            return None
        return replace(self._known, fixes=dict(self._fixes))

    def _results(self) -> Results:
        if self._known is None:
            from batten.project.suppressions import may_suppress, suppressions

            examined = self._examine()[1]
            self._known = Results(
                examined,
                frozenset(
                    path
                    for path in examined.files
                    if any(map(may_suppress, suppressions(self.source(path))))
                ),
            )
            self._is_new = True
        return self._known

    def _examine(self) -> tuple[OfferedFixes, Examination]:
        """Make the program; this is what takes long."""
        with without_collector():  # what is loaded stays
            from batten.analysis.program import Program
            from batten.models.load import load
            from batten.project.offered_fixes import OfferedFixes

            program = Program(load())
        self._offered = OfferedFixes(program)
        return self._offered, examine(program, self._paths, self._read, self._progress)

    def _text(self, path: str) -> SourceText:
        if self._offered is not None:
            return self._offered.program.source(path)
        return self._read(path).source

"""A copy of a program, to see what a change of one document would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.analysis.program import Program
    from batten.rewrite.edit import Fix
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText


class Trial:
    """A copy of a program in which one document is given other texts."""

    def __init__(self, program: Program, path: str) -> None:
        self._program = program
        self._path = path
        self._first = program.source(path)
        self._before = program.findings(path)

    def shows(self, finding: Finding) -> bool:
        """Tell whether the copy has a finding at the same place, however it is graded."""
        wanted = (finding.code, finding.span, finding.context)
        return any((each.code, each.span, each.context) == wanted for each in self._before)

    def findings(self, source: SourceText) -> tuple[Finding, ...]:
        """Return the findings of a text in the place of the document."""
        if source == self._first:
            return self._before
        self._program.put(self._path, source)
        return self._program.findings(self._path)

    def proposed(self, source: SourceText, finding: Finding) -> tuple[Fix, ...]:
        """Return the unverified fixes of a finding in such a text."""
        self._program.put(self._path, source)
        return self._program.proposed(finding)


class Aside:
    """A program in which one document is given other texts for as long as a question takes."""

    def __init__(self, program: Program, path: str) -> None:
        self._program = program
        self._path = path

    def findings(self, source: SourceText) -> tuple[Finding, ...]:
        """Return the findings of a text in the place of the document.

        Those that only move, in units that stay as they are, are left out: there are many of them.
        """
        program, path = self._program, self._path
        if source == program.source(path):
            return program.findings(path)
        before = set(program.judged(path))
        units = set(map(id, program.contents(path)))
        with program.put_aside(path, source):
            same = {each.qualified_name for each in program.contents(path) if id(each) in units}
            return tuple(
                [
                    each.finding()
                    for each in program.judged(path)
                    if each not in before or each.found.unit not in same
                ]
            )

    def proposed(self, source: SourceText, finding: Finding) -> tuple[Fix, ...]:
        """Return the unverified fixes of a finding in such a text."""
        with self._program.put_aside(self._path, source):
            return self._program.proposed(finding)

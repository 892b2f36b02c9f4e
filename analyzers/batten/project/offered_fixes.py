"""The verified fixes of findings, one by one, so that a failure on one costs only that one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from batten.project.problem import failed

if TYPE_CHECKING:
    from batten.analysis.program import Program
    from batten.project.problem import Problem
    from batten.rewrite.edit import Fix
    from batten.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class OfferedFixes:
    """Asks a program for fixes; `problems` are the failures that there were so far."""

    program: Program
    problems: list[Problem] = field(default_factory=list)

    def of(self, finding: Finding) -> tuple[Fix, ...]:
        """Return the fixes of a finding, best first; none when looking for them fails."""
        try:
            return self.program.fixes(finding)
        except Exception as failure:
            self.problems.append(failed(finding.path, failure))
            return ()

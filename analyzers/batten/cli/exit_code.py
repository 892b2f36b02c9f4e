"""The exit codes of the commands that judge code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.project.problem import Kind
from batten.rules.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from batten.project.problem import Problem
    from batten.rules.finding import Finding

NOTHING = 0
FINDINGS = 1
FAILURE = 2

EPILOG = """\
exit codes:
  0  nothing to report (notes alone don't count)
  1  findings
  2  wrong use or a failure of Batten: a path that does not exist, a file that was
     named but can't be read, or of which most is no Python. Such a file below a
     folder is named on standard error and changes nothing."""


def exit_code(
    findings: Iterable[Finding], problems: Iterable[Problem], named: Collection[str]
) -> int:
    """Return the code for a run that was asked to judge the files `named`, among others."""
    if any(_is_failure(problem, named) for problem in problems):
        return FAILURE
    if any(finding.severity > Severity.NOTE for finding in findings):
        return FINDINGS
    return NOTHING


def _is_failure(problem: Problem, named: Collection[str]) -> bool:
    if problem.kind is Kind.SYNTAX:  # the rest of the file was judged
        return False
    return problem.kind in (Kind.MISSING, Kind.INTERNAL) or problem.path in named

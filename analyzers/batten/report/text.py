"""`--format text`: one line for a finding, for people, editors and `grep`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.project.problem import Kind
from batten.report.outcome import shown
from batten.report.printable import printable
from batten.report.region import region
from batten.report.style import SEVERITY_ROLE, Role

if TYPE_CHECKING:
    from batten.project.problem import Problem
    from batten.report.outcome import Outcome
    from batten.report.style import Style
    from batten.rules.finding import Finding


def render(outcome: Outcome, style: Style) -> str:
    """Return the lines of all findings, then those of what was not judged."""
    lines = [headline(finding, outcome, style) for finding in outcome.findings]
    lines += [problem_line(problem, outcome.root, style) for problem in outcome.problems]
    return "".join(f"{line}\n" for line in lines)


def headline(finding: Finding, outcome: Outcome, style: Style) -> str:
    """Return `path:line:column: severity CODE [name] message`."""
    place = region(outcome.source(finding.path), finding.span)
    path = printable(shown(finding.path, outcome.root))
    where = f"{path}:{place.start_line}:{place.start_column}:"
    severity = style.paint(SEVERITY_ROLE[finding.severity], finding.severity.label)
    return (
        f"{style.paint(Role.PLACE, where)} {severity} {finding.code} [{finding.name}] "
        f"{printable(finding.message)}"
    )


def problem_line(problem: Problem, root: str, style: Style) -> str:
    """Return `path: not read: why`, or `path:line: not read: which lines` for a part of a file.

    A failure of Batten says that itself.
    """
    path = printable(shown(problem.path, root))
    where = f"{path}:{problem.lines[0].first}:" if problem.lines else f"{path}:"
    what = "" if problem.kind is Kind.INTERNAL else "not read: "
    return f"{style.paint(Role.PLACE, where)} {what}{printable(problem.message)}"

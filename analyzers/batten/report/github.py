"""`--format github`: workflow commands that annotate a pull request.

The escapes are those of GitHub's toolkit: `%`, CR and LF in a message, `:` and `,` as well in a
property.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.report.outcome import shown
from batten.report.region import region
from batten.rules.finding import Severity

if TYPE_CHECKING:
    from batten.project.problem import Problem
    from batten.report.outcome import Outcome
    from batten.rules.finding import Finding

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(outcome: Outcome) -> str:
    """Return one command for each finding and for each thing that was not judged."""
    lines = [_annotation(finding, outcome) for finding in outcome.findings]
    lines += [_problem(problem, outcome) for problem in outcome.problems]
    return "".join(f"{line}\n" for line in lines)


def _annotation(finding: Finding, outcome: Outcome) -> str:
    place = region(outcome.source(finding.path), finding.span)
    properties = {
        "file": shown(finding.path, outcome.root),
        "line": str(place.start_line),
        "endLine": str(place.end_line),
        "title": f"{finding.code} {finding.name}",
    }
    if place.start_line == place.end_line:  # columns are for ranges within a line
        properties |= {"col": str(place.start_column), "endColumn": str(place.end_column)}
    return _command(_COMMANDS[finding.severity], properties, finding.message)


def _problem(problem: Problem, outcome: Outcome) -> str:
    properties = {"file": shown(problem.path, outcome.root), "title": "not read"}
    if problem.lines:
        properties["line"] = str(problem.lines[0].first)
    return _command("warning", properties, problem.message)


def _command(name: str, properties: dict[str, str], message: str) -> str:
    described = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {described}::{_message(message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")

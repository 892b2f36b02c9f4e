"""`--format junit`: a test report in which a finding is a failed test.

Notes are no failures, so they are left out. A file that was not read is an error. A clean run
has one test that passed, since servers take a report without tests for a broken one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from batten.report.outcome import shown
from batten.report.printable import printable
from batten.report.region import region
from batten.rules.finding import Severity

if TYPE_CHECKING:
    from batten.project.problem import Problem
    from batten.report.outcome import Outcome
    from batten.rules.finding import Finding


def render(outcome: Outcome) -> str:
    """Return an XML document."""
    failures = [finding for finding in outcome.findings if finding.severity > Severity.NOTE]
    count = len(failures) + len(outcome.problems)
    suite = Element(
        "testsuite",
        name="batten",
        tests=str(count or 1),
        failures=str(len(failures)),
        errors=str(len(outcome.problems)),
    )
    for finding in failures:
        _failure(suite, finding, outcome)
    for problem in outcome.problems:
        _error(suite, problem, outcome)
    if not count:
        SubElement(suite, "testcase", classname="batten", name="no findings")
    suites = Element("testsuites")
    suites.append(suite)
    indent(suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _failure(suite: Element, finding: Finding, outcome: Outcome) -> None:
    place = region(outcome.source(finding.path), finding.span)
    path = printable(shown(finding.path, outcome.root))
    where = f"{path}:{place.start_line}:{place.start_column}"
    case = SubElement(suite, "testcase", classname=path, name=f"{finding.code} {where}")
    message = printable(finding.message)
    failure = SubElement(case, "failure", type=finding.severity.label, message=message)
    failure.text = f"{where}: {finding.code} [{finding.name}] {message}"


def _error(suite: Element, problem: Problem, outcome: Outcome) -> None:
    path = printable(shown(problem.path, outcome.root))
    case = SubElement(suite, "testcase", classname=path, name=f"{problem.kind.value} {path}")
    SubElement(case, "error", type=problem.kind.value, message=printable(problem.message))

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from batten.project.problem import Kind, Lines, Problem
from batten.report import github, gitlab, junit
from batten.rules.finding import Severity


def test_github_annotates_the_range(run):
    run.finding()

    assert github.render(run.outcome) == (
        "::warning file=client.py,line=5,endLine=5,title=BTN102 unescaped-query-value,"
        "col=67,endColumn=71::`name` goes unescaped into the query.\n"
    )


def test_github_shows_notes_as_notices_and_gives_no_columns_over_lines(run):
    run.code("f(a,\nb)\n", "/home/ada/here/x.py")
    run.finding("a,\nb", path="/home/ada/here/x.py", severity=Severity.NOTE)

    assert github.render(run.outcome).startswith(
        "::notice file=x.py,line=1,endLine=2,title=BTN102 unescaped-query-value::"
    )


def test_a_message_can_not_forge_a_github_command(run):
    run.code("name\n", "/home/ada/here/a,b:c.py")
    run.finding(path="/home/ada/here/a,b:c.py", message="100%\n::error::forged")

    assert github.render(run.outcome) == (
        "::warning file=a%2Cb%3Ac.py,line=1,endLine=1,title=BTN102 unescaped-query-value,"
        "col=1,endColumn=5::100%25%0A::error::forged\n"
    )


def test_github_warns_of_what_was_not_judged(run):
    run.problems.append(Problem("/home/ada/here/b.py", Kind.SYNTAX, "unread", (Lines(3, 4),)))

    assert github.render(run.outcome) == "::warning file=b.py,title=not read,line=3::unread\n"


def test_gitlab_gets_a_code_quality_report(run):
    run.finding(severity=Severity.ERROR)

    assert json.loads(gitlab.render(run.outcome)) == [
        {
            "description": "`name` goes unescaped into the query.",
            "check_name": "BTN102 unescaped-query-value",
            "fingerprint": "name--1-1",
            "severity": "critical",
            "location": {"path": "client.py", "lines": {"begin": 5, "end": 5}},
        }
    ]


def test_gitlab_gets_fingerprints_that_differ(run):
    first = run.finding()
    run.findings.append(first)

    fingerprints = [issue["fingerprint"] for issue in json.loads(gitlab.render(run.outcome))]

    assert fingerprints == ["name--1-1", "name--1-2"]


def test_junit_fails_a_test_for_each_finding_but_not_for_notes(run):
    run.finding()
    run.finding(nth=1, severity=Severity.NOTE)
    run.problems.append(Problem("/home/ada/here/b.py", Kind.BINARY, "is binary \x00"))
    (suite,) = ET.fromstring(junit.render(run.outcome))

    assert suite.attrib == {"name": "batten", "tests": "2", "failures": "1", "errors": "1"}
    (failure,) = suite.iter("failure")
    assert failure.attrib["type"] == "warning"
    assert failure.text.startswith("client.py:5:67: BTN102")
    assert [error.attrib["message"] for error in suite.iter("error")] == [r"is binary \x00"]


def test_junit_of_a_clean_run_has_a_test_that_passed(run):
    (suite,) = ET.fromstring(junit.render(run.outcome))

    assert suite.attrib["tests"] == "1"
    assert [list(case) for case in suite.iter("testcase")] == [[]]

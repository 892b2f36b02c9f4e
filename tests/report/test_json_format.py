from __future__ import annotations

import json
from importlib import resources

from handmade import PATH
from jsonschema import Draft202012Validator

import batten.report
from batten.project.problem import Kind, Lines, Problem
from batten.report import json as json_report
from batten.rules.finding import Severity, Step

SCHEMA = json.loads(
    resources.files(batten.report)
    .joinpath("schema", "findings.schema.json")
    .read_text(encoding="utf-8")
)


def document(run) -> dict:
    written = json_report.render(run.outcome)
    assert written.isascii()
    read = json.loads(written)
    Draft202012Validator(SCHEMA).validate(read)
    return read


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_knows_every_property(run):
    """Nothing can be added to the output without a word in the published schema."""
    for part in (SCHEMA, *SCHEMA["$defs"].values()):
        if part["type"] == "object":
            assert part["additionalProperties"] is False
            assert set(part["required"]) == set(part["properties"])


def test_a_finding_is_told_whole(run):
    way = (Step(PATH, run.span("name", nth=0), "the parameter"),)
    run.finding(trace=way, fixes=(run.quote_fix(),))

    assert document(run)["findings"] == [
        {
            "code": "BTN102",
            "name": "unescaped-query-value",
            "severity": "warning",
            "message": "`name` goes unescaped into the query.",
            "path": "client.py",
            "range": {"start": {"line": 5, "column": 67}, "end": {"line": 5, "column": 71}},
            "context": "query value",
            "witness": {
                "value": "a&limit=0",
                "before": "GET /users?name=a&limit=0",
                "after": "GET /users?name=a%26limit%3D0",
            },
            "trace": [
                {
                    "path": "client.py",
                    "range": {
                        "start": {"line": 4, "column": 11},
                        "end": {"line": 4, "column": 15},
                    },
                    "message": "the parameter",
                }
            ],
            "fixes": [
                {
                    "title": "Escape it with `quote`",
                    "level": "safe",
                    "preferred": True,
                    "edits": [
                        {
                            "range": {
                                "start": {"line": 2, "column": 1},
                                "end": {"line": 2, "column": 1},
                            },
                            "text": "from urllib.parse import quote\n",
                        },
                        {
                            "range": {
                                "start": {"line": 5, "column": 67},
                                "end": {"line": 5, "column": 71},
                            },
                            "text": 'quote(name, safe="")',
                        },
                    ],
                }
            ],
            "fingerprint": "name--1",
            "suppressed": False,
        }
    ]


def test_fixes_that_nobody_looked_for_are_null(run):
    run.fixes[run.finding()] = None

    assert document(run)["findings"][0]["fixes"] is None


def test_the_summary_counts_files_and_findings_by_severity(run):
    run.finding()
    run.finding(nth=1, severity=Severity.NOTE)

    assert document(run)["summary"] == {"files": 1, "error": 0, "warning": 1, "note": 1}


def test_what_was_not_judged_is_an_error(run):
    run.problems += [
        Problem("/home/ada/here/gone.py", Kind.MISSING, "no such file or folder"),
        Problem("/home/ada/here/b.py", Kind.SYNTAX, "unread", (Lines(3, 3), Lines(7, 9))),
    ]

    assert document(run)["errors"] == [
        {
            "path": "gone.py",
            "kind": "missing",
            "message": "no such file or folder",
            "lines": [],
        },
        {
            "path": "b.py",
            "kind": "syntax",
            "message": "unread",
            "lines": [{"first": 3, "last": 3}, {"first": 7, "last": 9}],
        },
    ]


def test_a_lone_surrogate_of_a_file_name_does_not_break_the_output(run):
    run.code("name\n", "/home/ada/here/\udcff.py")
    run.finding(path="/home/ada/here/\udcff.py")

    assert document(run)["findings"][0]["path"] == "\udcff.py"

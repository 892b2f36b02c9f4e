from __future__ import annotations

import json

from handmade import PATH, RULE

from batten.project.problem import Kind, Lines, Problem
from batten.report import sarif
from batten.rewrite.edit import Fix, Level
from batten.rules.finding import Step


def the_run(run) -> dict:
    log = json.loads(sarif.render(run.outcome))
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    return only


def test_a_rule_is_described_for_code_scanning(run):
    (rule,) = the_run(run)["tool"]["driver"]["rules"]

    assert rule["id"] == "BTN102"
    assert rule["name"] == "UnescapedQueryValue"
    assert rule["shortDescription"] == {"text": RULE.summary}
    assert rule["fullDescription"] == {"text": "A value that is put into a query as it is."}
    assert "## Why it matters" in rule["help"]["markdown"]
    assert rule["helpUri"] == "https://cwe.mitre.org/data/definitions/116.html"
    assert rule["defaultConfiguration"] == {"level": "warning"}
    assert rule["properties"]["tags"] == [
        "security",
        "external/cwe/cwe-116",
        "external/cwe/cwe-74",
    ]
    assert 4.0 <= float(rule["properties"]["security-severity"]) < 7.0


def test_a_result_has_a_full_region_in_code_points(run):
    run.code('x = "é😀", name\n', "/home/ada/here/wide.py")
    run.finding(path="/home/ada/here/wide.py")
    only = the_run(run)
    (result,) = only["results"]

    assert only["columnKind"] == "unicodeCodePoints"
    assert result["ruleId"] == "BTN102"
    assert only["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "BTN102"
    assert result["level"] == "warning"
    assert result["message"] == {"text": "`name` goes unescaped into the query."}
    assert result["partialFingerprints"] == {"batten/v1": "name--1"}
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "wide.py", "uriBaseId": "SRCROOT"},
                "region": {"startLine": 1, "startColumn": 11, "endLine": 1, "endColumn": 15},
            }
        }
    ]


def test_paths_below_the_root_are_relative_uris_and_others_absolute(run):
    inside, outside = "/home/ada/here/my dir/é#.py", "/home/ada/other/b.py"
    for path in (inside, outside):
        run.code("name\n", path)
        run.finding(path=path)
    only = the_run(run)
    artifacts = [
        result["locations"][0]["physicalLocation"]["artifactLocation"] for result in only["results"]
    ]

    assert only["originalUriBaseIds"] == {"SRCROOT": {"uri": "file:///home/ada/here/"}}
    assert artifacts == [
        {"uri": "my%20dir/%C3%A9%23.py", "uriBaseId": "SRCROOT"},
        {"uri": "file:///home/ada/other/b.py"},
    ]


def test_the_trace_is_a_code_flow(run):
    way = (
        Step(PATH, run.span("name", nth=0), "the parameter"),
        Step(PATH, run.span("requests.get"), "sent"),
    )
    run.finding(trace=way)
    (result,) = the_run(run)["results"]
    ((flow,),) = (each["threadFlows"] for each in result["codeFlows"])

    assert [step["location"]["message"]["text"] for step in flow["locations"]] == [
        "the parameter",
        "sent",
    ]
    assert [
        step["location"]["physicalLocation"]["region"]["startLine"] for step in flow["locations"]
    ] == [4, 5]


def test_fixes_are_replacements_and_advice_without_an_edit_is_none(run):
    run.finding(fixes=(run.quote_fix(), Fix("Think", Level.ADVICE, (), preferred=False)))
    (result,) = the_run(run)["results"]
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]

    assert fix["description"] == {"text": "Escape it with `quote`"}
    assert change["artifactLocation"]["uri"] == "client.py"
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 1},
            "insertedContent": {"text": "from urllib.parse import quote\n"},
        },
        {
            "deletedRegion": {"startLine": 5, "startColumn": 67, "endLine": 5, "endColumn": 71},
            "insertedContent": {"text": 'quote(name, safe="")'},
        },
    ]


def test_what_was_not_judged_is_a_notification(run):
    run.problems += [
        Problem("/home/ada/here/b.py", Kind.SYNTAX, "line 3 unread", (Lines(3, 4),)),
        Problem("/home/ada/here/c.py", Kind.UNDECODABLE, "not UTF-8"),
    ]
    (invocation,) = the_run(run)["invocations"]
    syntax, undecodable = invocation["toolExecutionNotifications"]

    assert invocation["executionSuccessful"] is True
    assert syntax["level"] == "warning"
    assert syntax["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "endLine": 4}
    assert undecodable["level"] == "error"
    assert undecodable["message"] == {"text": "not UTF-8"}


def test_a_missing_path_is_a_run_without_success(run):
    run.problems.append(Problem("/home/ada/here/gone.py", Kind.MISSING, "no such file"))

    assert the_run(run)["invocations"][0]["executionSuccessful"] is False


def test_a_run_without_findings_still_lists_the_rules_and_an_empty_result(run):
    only = the_run(run)

    assert only["results"] == []
    assert only["tool"]["driver"]["rules"]

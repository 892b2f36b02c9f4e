"""`--format sarif`: SARIF 2.1.0 (OASIS), for code scanning services.

Columns count code points. Paths below the current folder are relative to `SRCROOT`; others are
absolute.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import batten
from batten.project.problem import Kind
from batten.report.outcome import place, shown
from batten.report.region import region

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.project.problem import Problem
    from batten.project.verdict import Suppressed
    from batten.report.outcome import Outcome
    from batten.rewrite.edit import Fix
    from batten.rules.finding import Finding, Step
    from batten.syntax.text import SourceText, Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_FAILURES = frozenset({Kind.MISSING, Kind.INTERNAL})


def render(outcome: Outcome) -> str:
    """Return one log with one run, in ASCII."""
    return json.dumps(log(outcome)) + "\n"


def log(outcome: Outcome) -> dict[str, Any]:
    """Return the log as JSON values."""
    rules = outcome.rules()
    run = {
        "tool": {
            "driver": {
                "name": "Batten",
                "semanticVersion": batten.__version__,
                "rules": rules,
            }
        },
        "invocations": [_invocation(outcome)],
        "originalUriBaseIds": {"SRCROOT": {"uri": _folder_uri(outcome.root)}},
        "columnKind": "unicodeCodePoints",
        "results": _results(outcome, [rule["id"] for rule in rules]),
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _results(outcome: Outcome, codes: Iterable[str]) -> list[dict[str, Any]]:
    index = {code: number for number, code in enumerate(codes)}

    @cache  # findings share most steps of their ways
    def step(of: Step) -> dict[str, Any]:
        message = {"text": of.note}
        return {"location": {**_location(of.path, of.span, outcome), "message": message}}

    def result_of(finding: Finding, offered: Iterable[Fix]) -> dict[str, Any]:
        steps = [*map(step, finding.trace)]
        return _result(finding, index[finding.code], outcome, steps, offered)

    results = [
        (finding, result_of(finding, outcome.fixes(finding) or ())) for finding in outcome.findings
    ]
    for each in outcome.suppressed:
        result = result_of(each.finding, ())
        results.append((each.finding, {**result, "suppressions": [_suppression(each)]}))
    return [result for _, result in sorted(results, key=lambda pair: place(pair[0]))]


def _suppression(suppressed: Suppressed) -> dict[str, Any]:
    reason = suppressed.by.reason
    return {"kind": "inSource", "status": "accepted"} | (
        {"justification": reason} if reason else {}
    )


def _result(
    finding: Finding,
    rule_index: int,
    outcome: Outcome,
    steps: list[dict[str, Any]],
    offered: Iterable[Fix],
) -> dict[str, Any]:
    source = outcome.source(finding.path)
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": finding.severity.label,
        "message": {"text": finding.message},
        "locations": [_location(finding.path, finding.span, outcome)],
        "partialFingerprints": {"batten/v1": finding.fingerprint},
        "properties": {"context": finding.context},
    }
    if steps:
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    fixes = [_fix(fix, finding.path, source, outcome) for fix in offered if fix.edits]
    if fixes:
        result["fixes"] = fixes
    return result


def _location(path: str, span: Span, outcome: Outcome) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(path, outcome.root),
            "region": _region(outcome.source(path), span),
        }
    }


def _region(source: SourceText, span: Span) -> dict[str, int]:
    lines = region(source, span)
    return {
        "startLine": lines.start_line,
        "startColumn": lines.start_column,
        "endLine": lines.end_line,
        "endColumn": lines.end_column,
    }


def _fix(fix: Fix, path: str, source: SourceText, outcome: Outcome) -> dict[str, Any]:
    replacements = [
        {"deletedRegion": _region(source, edit.span), "insertedContent": {"text": edit.text}}
        for edit in fix.edits
    ]
    change = {"artifactLocation": _artifact(path, outcome.root), "replacements": replacements}
    return {"description": {"text": fix.title}, "artifactChanges": [change]}


def _artifact(path: str, root: str) -> dict[str, str]:
    relative = shown(path, root)
    if relative.startswith("../") or Path(relative).is_absolute():
        return {"uri": Path(path).as_uri()}
    return {"uri": quote(relative.encode("utf-8", "surrogateescape")), "uriBaseId": "SRCROOT"}


def _folder_uri(folder: str) -> str:
    return Path(folder).as_uri().rstrip("/") + "/"


def _invocation(outcome: Outcome) -> dict[str, Any]:
    failed = any(problem.kind in _FAILURES for problem in outcome.problems)
    return {
        "executionSuccessful": not failed,
        "toolExecutionNotifications": [
            _notification(problem, outcome) for problem in outcome.problems
        ],
    }


def _notification(problem: Problem, outcome: Outcome) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": _artifact(problem.path, outcome.root)}
    if problem.lines:
        first = problem.lines[0]
        where["region"] = {"startLine": first.first, "endLine": first.last}
    return {
        "descriptor": {"id": problem.kind.value},
        "level": "warning" if problem.kind is Kind.SYNTAX else "error",
        "message": {"text": problem.message},
        "locations": [{"physicalLocation": where}],
    }

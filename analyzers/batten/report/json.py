"""`--format json`: version 1 of the format that `schema/findings.schema.json` describes."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from batten.report.outcome import place, shown
from batten.report.region import region
from batten.rules.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.project.problem import Problem
    from batten.report.outcome import Outcome
    from batten.rewrite.edit import Edit, Fix
    from batten.rules.finding import Finding, Step, Witness
    from batten.syntax.text import SourceText, Span

VERSION = 1


def render(outcome: Outcome) -> str:
    """Return one JSON document in ASCII, so that any standard output can carry it."""
    return json.dumps(document(outcome)) + "\n"


def document(outcome: Outcome) -> dict[str, Any]:
    """Return the document as JSON values."""
    counts = outcome.counts()
    return {
        "version": VERSION,
        "findings": _findings(outcome),
        "errors": [_error(problem, outcome.root) for problem in outcome.problems],
        "summary": {
            "files": outcome.files,
            **{severity.label: counts[severity] for severity in sorted(Severity, reverse=True)},
        },
    }


def _findings(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the findings sorted by place, the suppressed ones among them."""

    @cache  # findings share most steps of their ways
    def step(of: Step) -> dict[str, Any]:
        return _step(of, outcome)

    others = [
        (finding, _finding(finding, outcome, outcome.fixes(finding), step))
        for finding in outcome.findings
    ]
    hidden = [
        (each.finding, {**_finding(each.finding, outcome, None, step), "suppressed": True})
        for each in outcome.suppressed
    ]
    both = sorted([*others, *hidden], key=lambda pair: place(pair[0]))
    return [described for _, described in both]


def _finding(
    finding: Finding,
    outcome: Outcome,
    fixes: tuple[Fix, ...] | None,
    step: Callable[[Step], dict[str, Any]],
) -> dict[str, Any]:
    source = outcome.source(finding.path)
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.label,
        "message": finding.message,
        "path": shown(finding.path, outcome.root),
        "range": _range(source, finding.span),
        "context": finding.context,
        "witness": None if finding.witness is None else _witness(finding.witness),
        "trace": [*map(step, finding.trace)],
        "fixes": None if fixes is None else [_fix(fix, source) for fix in fixes],
        "fingerprint": finding.fingerprint,
        "suppressed": False,
    }


def _range(source: SourceText, span: Span) -> dict[str, Any]:
    lines = region(source, span)
    return {
        "start": {"line": lines.start_line, "column": lines.start_column},
        "end": {"line": lines.end_line, "column": lines.end_column},
    }


def _witness(witness: Witness) -> dict[str, Any]:
    return {"value": witness.value, "before": witness.before, "after": witness.after}


def _step(step: Step, outcome: Outcome) -> dict[str, Any]:
    return {
        "path": shown(step.path, outcome.root),
        "range": _range(outcome.source(step.path), step.span),
        "message": step.note,
    }


def _fix(fix: Fix, source: SourceText) -> dict[str, Any]:
    return {
        "title": fix.title,
        "level": fix.level.value,
        "preferred": fix.preferred,
        "edits": [_edit(edit, source) for edit in fix.edits],
    }


def _edit(edit: Edit, source: SourceText) -> dict[str, Any]:
    return {"range": _range(source, edit.span), "text": edit.text}


def _error(problem: Problem, root: str) -> dict[str, Any]:
    return {
        "path": shown(problem.path, root),
        "kind": problem.kind.value,
        "message": problem.message,
        "lines": [{"first": lines.first, "last": lines.last} for lines in problem.lines],
    }

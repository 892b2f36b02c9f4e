"""`--format gitlab`: a Code Quality report, which GitLab shows in a merge request."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from batten.report.outcome import shown
from batten.report.region import region
from batten.rules.finding import Severity

if TYPE_CHECKING:
    from batten.report.outcome import Outcome
    from batten.rules.finding import Finding

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(outcome: Outcome) -> str:
    """Return a JSON list of findings; the format has no place for files that were not read.

    GitLab takes issues with one fingerprint for one issue, so equal ones are numbered.
    """
    issues: list[dict[str, Any]] = []
    seen: Counter[str] = Counter()
    for finding in outcome.findings:
        seen[finding.fingerprint] += 1
        count = seen[finding.fingerprint]
        issues.append(_issue(finding, f"{finding.fingerprint}-{count}", outcome))
    return json.dumps(issues, indent=2) + "\n"


def _issue(finding: Finding, fingerprint: str, outcome: Outcome) -> dict[str, Any]:
    place = region(outcome.source(finding.path), finding.span)
    return {
        "description": finding.message,
        "check_name": f"{finding.code} {finding.name}",
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": shown(finding.path, outcome.root),
            "lines": {"begin": place.start_line, "end": place.end_line},
        },
    }

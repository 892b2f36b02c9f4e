"""`--format gitlab`: a Code Quality report, which GitLab shows in a merge request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from batten.report.outcome import shown
from batten.report.region import region
from batten.rules.finding import Severity

if TYPE_CHECKING:
    from batten.report.outcome import Outcome
    from batten.rules.finding import Finding

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


def render(outcome: Outcome) -> str:
    """Return a JSON list of findings; the format has no place for files that were not read."""
    return json.dumps([_issue(finding, outcome) for finding in outcome.findings], indent=2) + "\n"


def _issue(finding: Finding, outcome: Outcome) -> dict[str, Any]:
    place = region(outcome.source(finding.path), finding.span)
    return {
        "description": finding.message,
        "check_name": f"{finding.code} {finding.name}",
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": shown(finding.path, outcome.root),
            "lines": {"begin": place.start_line, "end": place.end_line},
        },
    }

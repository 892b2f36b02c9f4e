"""The rules as SARIF describes them, in a file that `make generate` writes.

A rule's `helpUri` is the page of the weakness that it looks for, and its `help` the whole page of
the rule. To load the rules themselves takes longer than to tell a scan again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batten.rules.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.rules.rule import Rule

FILE = Path(__file__).with_suffix(".json")
"""Where the descriptions of all rules are."""

_CWE = "https://cwe.mitre.org/data/definitions/{}.html"

# The bands of code scanning services: 7 to 8.9 is high, 4 to 6.9 medium, below 4 low.
_SECURITY_SEVERITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.5", Severity.NOTE: "2.0"}


def known() -> list[dict[str, Any]]:
    """Return the descriptions of all rules, sorted by code."""
    found: list[dict[str, Any]] = json.loads(FILE.read_bytes())
    return found


def described(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Return the descriptions of rules, as JSON values."""
    return [_rule(rule) for rule in rules]


def text(rules: Iterable[Rule]) -> str:
    """Return what the file has to hold."""
    return json.dumps(described(rules), indent=1) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    from batten.report.rule_page import page  # to write the file

    found: dict[str, Any] = {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": _first_paragraph(rule.documentation) or rule.summary},
        "help": {"text": rule.summary, "markdown": page(rule)},
        "defaultConfiguration": {"level": rule.severity.label},
        "properties": {
            "tags": ["security", *(f"external/cwe/cwe-{number}" for number in rule.cwe)],
            "precision": "high",
            "security-severity": _SECURITY_SEVERITY[rule.severity],
        },
    }
    if rule.cwe:
        found["helpUri"] = _CWE.format(rule.cwe[0])
    return found


def _first_paragraph(documentation: str) -> str:
    """Return the first paragraph that is no heading, on one line."""
    for paragraph in documentation.strip().split("\n\n"):
        lines = [line for line in paragraph.splitlines() if not line.startswith("#")]
        if lines:
            return " ".join(" ".join(lines).split())
    return ""

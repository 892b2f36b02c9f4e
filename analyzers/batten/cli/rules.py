"""`batten rules`: list the rules."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from batten.cli.exit_code import NOTHING
from batten.cli.terminal import style_of
from batten.report.style import SEVERITY_ROLE, Role
from batten.rules.registry import rules

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Sequence

    from batten.report.style import Style
    from batten.rules.rule import Rule


def add_arguments(parser: ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = "List the rules. `batten explain RULE` prints the page of one."
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="how to write (default: text)"
    )


def run(arguments: Namespace) -> int:
    """List the rules; return the exit code."""
    listed = rules()
    if arguments.format == "json":
        described = [_described(rule) for rule in listed]
        sys.stdout.write(json.dumps(described, indent=2) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _table(listed, style_of(sys.stdout)))
    return NOTHING


def _described(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
        "severity": rule.severity.label,
        "summary": rule.summary,
        "cwe": list(rule.cwe),
        "aliases": list(rule.aliases),
        "fixable": _is_fixable(rule),
    }


def _is_fixable(rule: Rule) -> bool:
    return any(example.fixed is not None for example in rule.examples)


def _table(listed: Sequence[Rule], style: Style) -> Iterator[str]:
    width = max((len(rule.name) for rule in listed), default=0)
    for rule in listed:
        code = style.paint(Role.TITLE, rule.code)
        severity = style.paint(SEVERITY_ROLE[rule.severity], f"{rule.severity.label:<7}")
        fix = "fix" if _is_fixable(rule) else "   "
        yield f"{code}  {rule.name:<{width}}  {severity}  {fix}  {rule.summary}"

"""Which findings a command is about: `--select`, `--ignore` and `--min-severity`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.cli.rule_names import codes_named
from batten.cli.usage import UsageError
from batten.rules.finding import Severity
from batten.rules.registry import rules

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from batten.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class Selection:
    """Findings of the rules `codes` of at least the severity `least`."""

    codes: frozenset[str]
    least: Severity

    def has(self, finding: Finding) -> bool:
        """Tell whether a finding is one of them."""
        return finding.code in self.codes and finding.severity >= self.least


def add_selection(parser: ArgumentParser, least: Severity) -> None:
    """Add the options to a parser; `least` is the severity without `--min-severity`."""
    group = parser.add_argument_group("which findings")
    group.add_argument(
        "--select",
        metavar="RULE,...",
        action="append",
        help="only these rules: codes, names, aliases, or the start of codes such as BTN1",
    )
    group.add_argument("--ignore", metavar="RULE,...", action="append", help="all rules but these")
    group.add_argument(
        "--min-severity",
        choices=[severity.label for severity in Severity],
        default=least.label,
        help="leave out what is less severe (default: %(default)s)",
    )


def selection(arguments: Namespace) -> Selection:
    """Return what the options select; UsageError for a name that no rule has."""
    codes = frozenset(rule.code for rule in rules())
    if arguments.select is not None:
        names = _names(arguments.select)
        if not any(names):
            raise UsageError("--select names no rule, so nothing would be looked for")
        codes = codes_named(names)
    if arguments.ignore is not None:
        codes -= codes_named(_names(arguments.ignore))
    return Selection(codes, Severity[arguments.min_severity.upper()])


def _names(lists: Sequence[str]) -> list[str]:
    names = (name.strip() for each in lists for name in each.split(","))
    return [name for name in names if name]

"""Which findings a command is about: the options, on top of what is configured."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from batten.cli.rule_names import codes_named
from batten.cli.usage import UsageError
from batten.project.configuration import Configurations
from batten.project.settings import Settings
from batten.project.settings_table import ConfigurationError
from batten.project.verdict import Verdict, verdict
from batten.rules.finding import Severity

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterable, Sequence

    from batten.project.configuration import Configuration
    from batten.project.disk import Disk
    from batten.project.suppressions import Suppression
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText


@dataclass(frozen=True, slots=True)
class Selection:
    """What the options say; `least` is the severity that counts when nobody names one.

    `known` holds the configuration of each folder that was asked about: for one run it stays.
    """

    options: Settings
    least: Severity
    today: date
    configurations: Configurations
    known: dict[str, Configuration] = field(default_factory=dict)

    def excludes(self, path: str) -> bool:
        """Tell whether the project's configuration leaves a file out; UsageError when wrong."""
        return self._configuration(path).excludes(path)

    def verdict(
        self,
        findings: Iterable[Finding],
        source: Callable[[str], SourceText],
        comments: Callable[[str], Sequence[Suppression]],
    ) -> Verdict:
        """Return what is shown of findings, sorted by path; UsageError as above.

        `comments` are those of a file that may suppress something.
        """
        parts = [
            verdict(found, source(path), self._settings(path), self.today, _given(comments(path)))
            for path, found in groupby(findings, key=lambda finding: finding.path)
        ]
        return Verdict(
            tuple(finding for part in parts for finding in part.shown),
            tuple(suppressed for part in parts for suppressed in part.suppressed),
        )

    def _settings(self, path: str) -> Settings:
        settings = self._configuration(path).for_file(path).under(self.options)
        return settings if settings.least else replace(settings, least=self.least)

    def _configuration(self, path: str) -> Configuration:
        folder = path.rpartition("/")[0]
        found = self.known.get(folder)
        if found is None:
            try:
                found = self.known[folder] = self.configurations.nearest(path)
            except ConfigurationError as error:
                raise UsageError(str(error)) from error
        return found


def _given(comments: Sequence[Suppression]) -> Callable[[SourceText], Sequence[Suppression]]:
    """Return what finds these in a text, whatever it is."""
    return lambda _: comments


def add_selection(parser: ArgumentParser, least: Severity) -> None:
    """Add the options to a parser; `least` is the severity when none is named or configured."""
    group = parser.add_argument_group("which findings", "These stand over the configuration.")
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
        help=f"leave out what is less severe (default: {least.label})",
    )
    parser.set_defaults(least=least)


def selection(arguments: Namespace, disk: Disk) -> Selection:
    """Return what the options select; UsageError for a name that no rule has."""
    selected: frozenset[str] | None = None
    if arguments.select is not None:
        names = _names(arguments.select)
        if not any(names):
            raise UsageError("--select names no rule, so nothing would be looked for")
        selected = codes_named(names)
    ignored = codes_named(_names(arguments.ignore or ()))
    wanted = arguments.min_severity
    least = None if wanted is None else Severity[wanted.upper()]
    settings = Settings(selected, ignored, least)
    return Selection(settings, arguments.least, date.today(), Configurations(disk))


def _names(lists: Sequence[str]) -> list[str]:
    names = (name.strip() for each in lists for name in each.split(","))
    return [name for name in names if name]

"""Which findings somebody wants to see: rules, least severity, and paths where that differs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from batten.rules.names import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pathspec import GitIgnoreSpec

    from batten.rules.finding import Finding, Severity


@dataclass(frozen=True, slots=True)
class PathSettings:
    """Settings for the files that match a pattern of `.gitignore`'s kind."""

    pattern: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class Settings:
    """What is wanted; a part that is None or empty was not said.

    `select` are codes of rules, None for all; `ignore` takes some of them out. `severity` is how
    severe the findings of a rule are, by its code, whatever the rule itself says of each.
    `exclude` are patterns of `.gitignore`'s kind for files that are not looked at.
    """

    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    least: Severity | None = None
    severity: Mapping[str, Severity] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    per_path: tuple[PathSettings, ...] = ()

    def under(self, other: Settings) -> Settings:
        """Return these settings with what another one says on top."""
        return Settings(
            self.select if other.select is None else other.select,
            # Who selects a rule by name wants it, whatever was ignored before.
            (self.ignore if other.select is None else self.ignore - other.select) | other.ignore,
            self.least if other.least is None else other.least,
            {**self.severity, **other.severity},
            (*self.exclude, *other.exclude),
            (*self.per_path, *other.per_path),
        )

    def at(self, relative: str) -> Settings:
        """Return what holds for a file, named relative to the folder that patterns start from.

        Of several patterns that match, a later one stands over an earlier one.
        """
        found = replace(self, per_path=())
        for each in self.per_path:
            if _matches((each.pattern,), relative):
                found = found.under(each.settings)
        return found

    def excludes(self, relative: str) -> bool:
        """Tell whether a file, named in the same way, is not to be looked at."""
        return bool(self.exclude) and _matches(self.exclude, relative)

    def weighed(self, finding: Finding) -> Finding:
        """Return a finding with the severity that it is to have."""
        severity = self.severity.get(finding.code, finding.severity)
        return finding if severity is finding.severity else replace(finding, severity=severity)

    def has(self, finding: Finding) -> bool:
        """Tell whether a finding, weighed already, is wanted."""
        return (
            (self.select is None or finding.code in self.select)
            and finding.code not in self.ignore
            and (self.least is None or finding.severity >= self.least)
        )


class UnknownRuleError(Exception):
    """No rule goes by a name; `known` are the names that there are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no rule {name!r}")
        self.name = name
        self.known = tuple(each for rule in NAMES.values() for each in rule.all())


def codes_named(names: Iterable[str]) -> frozenset[str]:
    """Return the codes that names stand for; `BTN1` and `BTN10` stand for all that begin so.

    Raises UnknownRuleError for a name that stands for none.
    """
    codes: set[str] = set()
    for name in names:
        wanted = name.strip().lower()
        found = {
            rule.code
            for rule in NAMES.values()
            if rule.is_called(wanted)
            or (wanted.startswith("btn") and rule.code.lower().startswith(wanted))
        }
        if not found:
            raise UnknownRuleError(name)
        codes |= found
    return frozenset(codes)


def _matches(patterns: tuple[str, ...], relative: str) -> bool:
    return _compiled(patterns).match_file(relative)


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    # pathspec takes 40 ms to import and most runs have no patterns.
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)

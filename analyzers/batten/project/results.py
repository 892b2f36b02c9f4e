"""What a run found, without the program that found it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from batten.project.problem import Kind
from batten.rules.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.project.examination import Examination
    from batten.rewrite.edit import Fix
    from batten.rules.finding import Finding


@dataclass(frozen=True, slots=True)
class Results:
    """What depends on the files of a run and on nothing else.

    `commented` are the files with comments that may suppress something. `fixes` holds the verified
    fixes of those findings that somebody has asked about; settings may give these another severity.
    """

    examined: Examination
    commented: frozenset[str]
    fixes: Mapping[Finding, tuple[Fix, ...]] = field(default_factory=dict)

    @property
    def are_sound(self) -> bool:
        """Whether Batten failed nowhere, so that another run would find the same."""
        return all(each.kind is not Kind.INTERNAL for each in self.examined.problems)


def unweighed(finding: Finding) -> Finding:
    """Return what a finding goes by in `Results.fixes`, whatever its severity."""
    return replace(finding, severity=Severity.NOTE)

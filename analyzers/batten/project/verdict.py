"""What is shown of the findings in a file: what is configured, without what is suppressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from batten.project.settings import Settings
    from batten.project.suppressions import Suppression
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that is not shown, and the comment that says so."""

    finding: Finding
    by: Suppression


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings of a file that are shown, and those that a comment suppresses."""

    shown: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()


def _covering(source: SourceText) -> Sequence[Suppression]:
    from batten.project.suppressions import covering  # a run that knows its comments does without

    return covering(source)


def verdict(
    findings: Iterable[Finding],
    source: SourceText,
    settings: Settings,
    today: date,
    comments_in: Callable[[SourceText], Sequence[Suppression]] = _covering,
) -> Verdict:
    """Sort the findings in `source`; those that nobody wants are in neither part.

    They have the severity that is configured. `comments_in` finds the suppressions of a text.
    """
    if settings.severity:
        findings = map(settings.weighed, findings)
    wanted = tuple(filter(settings.has, findings))
    comments = comments_in(source) if wanted else ()
    if not comments:
        return Verdict(wanted)
    from batten.project.suppressions import suppressor

    shown: list[Finding] = []
    suppressed: list[Suppressed] = []
    for finding in wanted:
        by = suppressor(finding.code, finding.span, comments, today)
        if by is None:
            shown.append(finding)
        else:
            suppressed.append(Suppressed(finding, by))
    return Verdict(tuple(shown), tuple(suppressed))

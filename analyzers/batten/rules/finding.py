"""What a rule reports: a finding, with its place, its attack and the way the value took."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from batten.values.immutable import immutable

if TYPE_CHECKING:
    from batten.link.flow import Flow
    from batten.syntax.text import Span


class Severity(IntEnum):
    """How sure harm is, in rising order; `label` is the word of every output format."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The lower-case word: `note`, `warning` or `error`."""
        return self.name.lower()


# All that are behind an edit are made again: as for `Span`, nothing guards the fields.
@dataclass(slots=True, unsafe_hash=True)
class Step:
    """One place that the value passed on its way to the sink, and what happens there."""

    path: str
    span: Span
    note: str


@immutable
class Witness:
    """The attack: a hostile value and the request line that it makes, before and after the fix.

    `after` is None where no escaping helps.
    """

    value: str
    before: str
    after: str | None


@dataclass(slots=True, unsafe_hash=True)
class Finding:
    """One defect at one place.

    `span` covers exactly the interpolated expression, in UTF-8 bytes of the document `path`.
    `context` is the words for the place in the URL, such as `query value`. `trace` runs from
    where the value comes from to the sink. `fingerprint` survives moved lines.
    """

    code: str
    name: str
    severity: Severity
    message: str
    path: str
    span: Span
    context: str
    witness: Witness | None
    trace: tuple[Step, ...]
    fingerprint: str


def moved(finding: Finding, places: tuple[Span, ...]) -> Finding:
    """Return a finding in other places: its own, and then those of its trace."""
    trace = zip(finding.trace, places[1:], strict=True)
    return Finding(
        finding.code,
        finding.name,
        finding.severity,
        finding.message,
        finding.path,
        places[0],
        finding.context,
        finding.witness,
        tuple([Step(step.path, span, step.note) for step, span in trace]),
        finding.fingerprint,
    )


def steps_of(flow: Flow) -> tuple[Step, ...]:
    """Return the trace of what is found in a flow."""
    return tuple(Step(site.path, site.span, site.note) for site in flow.steps)

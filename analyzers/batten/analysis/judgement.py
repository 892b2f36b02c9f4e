"""What the rules say of the flows of one document, kept for as long as these are the same.

A rule is asked once for each thing that a flow tells. What has only moved since has the findings
that it had, in other places.
"""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter, ne
from typing import TYPE_CHECKING

from batten.rules.finding import moved
from batten.rules.registry import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from batten.link.found import Found
    from batten.rules.finding import Finding


class Judged:
    """A finding and its flow; it stays the same while the finding only moves."""

    __slots__ = ("found", "last")

    def __init__(self, finding: Finding, found: Found) -> None:
        self.last = finding
        self.found = found

    def finding(self) -> Finding:
        """Return the finding where it is in the documents as they were linked last."""
        finding, places = self.last, self.found.places()
        if finding.span != places[0] or any(map(ne, map(_SPAN, finding.trace), places[1:])):
            finding = self.last = moved(finding, places)
        return finding


_SPAN = attrgetter("span")


class Judgement:
    """The findings in one document."""

    __slots__ = ("_found", "_said")

    def __init__(self) -> None:
        self._found: tuple[Found, ...] = ()
        self._said: dict[Found, tuple[Judged, ...]] = {}

    def of(
        self, found: tuple[Found, ...], border: Callable[[], None]
    ) -> tuple[tuple[Finding, Found], ...]:
        """Return the findings in flows, in order, as the documents were linked last.

        It can be stopped at the border, and gone on with when the flows are others.
        """
        if found is not self._found:
            self._look_at(found, border)
        said = [each for several in filter(None, self._said.values()) for each in several]
        return _worst((each.finding(), each.found) for each in said)

    def _look_at(self, found: tuple[Found, ...], border: Callable[[], None]) -> None:
        """Let every rule look at every flow that is new."""
        said = self._said
        new = [each for each in found if each not in said]
        before = {each.told: each for each in said.keys() - set(found)} if new else {}
        for each in new:
            border()
            known = before.get(each.told)
            if known is not None:
                said[each] = tuple([Judged(judged.last, each) for judged in said[known]])
            else:
                flow = each.flow()
                findings = filter(None, [rule.check(flow) for rule in rules()])
                said[each] = tuple([Judged(finding, each) for finding in findings])
        self._said = {each: said[each] for each in found}
        self._found = found


def _worst(checked: Iterable[tuple[Finding, Found]]) -> tuple[tuple[Finding, Found], ...]:
    """Return the findings in order; of one rule's findings at a place the worst counts."""
    worst: dict[tuple[int, int, str], tuple[Finding, Found]] = {}
    for pair in checked:
        finding = pair[0]
        key = (finding.span.start, finding.span.end, finding.code)
        other = worst.get(key)
        if other is None or _rank(finding) > _rank(other[0]):
            worst[key] = pair
    return tuple(_numbered(worst[key] for key in sorted(worst)))


def _numbered(
    judged: Iterable[tuple[Finding, Found]],
) -> Iterator[tuple[Finding, Found]]:
    """Tell findings with the same fingerprint apart by their order in the document."""
    seen: dict[str, int] = {}
    for pair in judged:
        finding = pair[0]
        count = seen[finding.fingerprint] = seen.get(finding.fingerprint, 0) + 1
        if count > 1:
            finding = replace(finding, fingerprint=f"{finding.fingerprint}-{count}")
            pair = (finding, pair[1])
        yield pair


def _rank(finding: Finding) -> tuple[int, str, str]:
    return (finding.severity, finding.message, repr(finding))

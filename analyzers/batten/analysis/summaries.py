"""The summaries of documents' units, made again only of texts that are new."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from batten.analysis.gone_texts import GoneTexts
from batten.analysis.idle_tests import IdleTests
from batten.summarize.unit import Summarizer, unread
from batten.syntax.between import between

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.link.border import Border
    from batten.link.document import Document
    from batten.models.model import Models
    from batten.summarize.summary import Summary
    from batten.syntax.units import Content, Division, UnitKind

LONG = 50_000
"""Bytes of a unit that is parsed in more than some milliseconds."""


class Summaries:
    """Summarizes documents. It can be stopped at the border, and what is done stays."""

    def __init__(self, models: Models, border: Border) -> None:
        self._border = border
        self._idle_tests = IdleTests(models)
        # One for texts that have changed, in the last of which somebody types; one for new ones.
        self._changed = Summarizer(border)
        self._new = Summarizer(border)
        self._gone = GoneTexts()
        # What was made of a text that was not put to its end, for the next text of the document.
        self._made: list[tuple[Content, Summary]] = []
        self._begun: dict[str, dict[tuple[UnitKind, bytes], Summary]] = {}

    def of(self, path: str, division: Division) -> tuple[Summary, ...]:
        """Return those of the units of a document, index for index."""
        units = division.contents
        return self._noted(path, lambda: tuple([self._summary(path, unit) for unit in units]))

    def again(self, division: Division, before: Document) -> tuple[Summary, ...]:
        """Return those of a changed document; those of units with the same text stay."""
        return self._noted(before.path, partial(self._again, division, before))

    def forget(self, path: str) -> None:
        """Forget what was begun of a document."""
        self._begun.pop(path, None)

    def _noted(self, path: str, make: Callable[[], tuple[Summary, ...]]) -> tuple[Summary, ...]:
        """Make summaries; what is made of a text that is not put to its end is for the next one."""
        try:
            summaries = make()
        except BaseException:
            begun = self._begun.setdefault(path, {})
            begun.update({(unit.kind, unit.text): summary for unit, summary in self._made})
            raise
        finally:
            self._made.clear()
        self._begun.pop(path, None)
        return summaries

    def _again(self, division: Division, before: Document) -> tuple[Summary, ...]:
        path = before.path
        if division.numbers is before.division.numbers:
            summaries = list(before.summaries)
            changed = list(division.changed_since(before.division))
            for number in changed:
                text = before.units[number].text
                summaries[number] = self._summary(path, division.contents[number], text)
            for number in changed:
                self._gone.note(path, before.units[number], before.summaries[number])
            return tuple(summaries)
        inside_before, inside = between(before.units, division.contents)
        old = {number: before.units[number] for number in (0, *inside_before)}
        new = {number: division.contents[number] for number in (0, *inside)}
        kept = {id(unit): before.summaries[number] for number, unit in old.items()}
        gone = kept.keys() - map(id, new.values())
        known = {
            (unit.kind, unit.text): kept[id(unit)] for unit in old.values() if id(unit) in gone
        }
        found = {
            number: kept.get(id(unit))
            or known.get((unit.kind, unit.text))
            or self._summary(path, unit, None if number else old[0].text)
            for number, unit in new.items()
        }
        for unit in old.values():
            if id(unit) in gone:
                self._gone.note(path, unit, kept[id(unit)])
        return (
            found.pop(0),
            *before.summaries[1 : inside.start],
            *found.values(),
            *before.summaries[inside_before.stop :],
        )

    def _summary(self, path: str, unit: Content, before: bytes | None = None) -> Summary:
        known = self._begun.get(path, _NONE_BEGUN).get((unit.kind, unit.text))
        if known is not None:
            return known
        made = self._gone.take(path, unit)
        if made is None:
            self._border()
            if len(unit.text) > LONG:
                self._border.before_long()
            made = self._summarized(path, unit, before)
        self._made.append((unit, made))
        return made

    def _summarized(self, path: str, unit: Content, before: bytes | None) -> Summary:
        if self._idle_tests.hold(path, unit):
            return unread(unit.name)
        if before is None:
            return self._new.summarize(unit.kind, unit.text)
        return self._changed.summarize(unit.kind, unit.text, before)


_NONE_BEGUN: Mapping[tuple[UnitKind, bytes], Summary] = {}

"""The diagnostics of one document from one text to the next.

A key leaves nearly all findings in their lines and columns, and what is the same is not written
down again. What is typed inside a line moves nothing but what is in that line: then only what
is new is looked at. A line that comes or goes moves what is behind it, and changes nothing else.
"""

from __future__ import annotations

from datetime import date
from itertools import compress, count
from operator import is_not
from typing import TYPE_CHECKING

from batten_server.beginnings import Beginnings
from batten_server.moving_diagnostic import MovingDiagnostic
from batten_server.written import diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.analysis.judgement import Judged
    from batten.link.found import Found
    from batten.project.settings import Settings
    from batten.project.suppressions import Suppression
    from batten.syntax.text import Span
    from batten.syntax.units import Division
    from batten_server.beginnings import Beginning
    from batten_server.capabilities import Editor
    from batten_server.document import Document, Part


class KeptDiagnostics:
    """What is shown of the findings in one document that is not a notebook."""

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._judged: tuple[Judged, ...] = ()
        self._wanted: dict[Judged, bool] = {}
        # What was shown last, and how. None of what is not in functions is kept: it is written
        # each time.
        self._shown: list[Judged] = []
        self._texts: list[str] = []
        self._kept: dict[Judged, MovingDiagnostic] = {}
        self._beginnings: dict[str, Beginnings] = {}

    def of(
        self,
        judged: tuple[Judged, ...],
        settings: Settings,
        comments: Sequence[Suppression],
        documents: Mapping[str, Document],
        editor: Editor,
    ) -> list[str]:
        """Return the diagnostics of what is judged that is wanted and that no comment accepts.

        `documents` are those that traces may pass through, by path.
        """
        shown = _not_accepted(self._wanted_of(judged, settings), comments)
        parts = _Parts(documents)
        may_have_moved = bool(shown) and self._follow(shown[0].found)
        first, last = 0, 0
        if not may_have_moved and len(self._kept) == len(self._shown):
            first, last = _same_at_ends(self._shown, shown)
        end_before, end = len(self._shown) - last, len(shown) - last
        changed = [each for each in self._shown[first:end_before] if each in self._kept]
        kept = {each: self._kept.pop(each) for each in changed}
        texts = self._texts[:first]
        for each in shown[first:end]:
            known = kept.get(each)
            if known is None or (may_have_moved and not known.moved()):
                text = diagnostic(settings.weighed(each.finding()), parts, editor)
                around = self._around(each.found, editor)
                if around is None:
                    texts.append(text)
                    continue
                known = MovingDiagnostic(text, around)
            self._kept[each] = known
            texts.append(known.text)
        texts += self._texts[end_before:]
        self._shown, self._texts = shown, texts
        return [*texts]

    def _wanted_of(self, judged: tuple[Judged, ...], settings: Settings) -> list[Judged]:
        before = self._wanted
        if settings is not self._settings and settings != self._settings:
            self._kept.clear()
            self._shown, self._texts = [], []
            before = {}
        if judged is not self._judged or not before:
            self._settings, self._judged = settings, judged
            self._wanted = {
                each: before[each] if each in before else settings.has(settings.weighed(each.last))
                for each in judged
            }
        return [each for each, is_wanted in self._wanted.items() if is_wanted]

    def _follow(self, any_found: Found) -> bool:
        """Look where functions are; tell whether one may begin in another line than before."""
        moved = [of.follow(any_found.division(path)) for path, of in self._beginnings.items()]
        return any(moved)

    def _around(self, found: Found, editor: Editor) -> list[Beginning] | None:
        """Return where the functions begin that the places shown are in.

        None when one is in no function: what is around it may be in several pieces.
        """
        around: list[Beginning] = []
        for unit in found.around() if editor.related_information else found.around()[:1]:
            functions = self._beginnings.setdefault(unit.path, Beginnings())
            functions.follow(found.division(unit.path))
            beginning = functions.beginning(unit.unit)
            if beginning is None:
                return None
            around.append(beginning)
        return around


def _same_at_ends(before: Sequence[Judged], now: Sequence[Judged]) -> tuple[int, int]:
    """Return how many are the same at the beginning of both, and at the end."""
    shorter = min(len(before), len(now))
    first = next(compress(count(), map(is_not, before, now)), shorter)
    behind = next(compress(count(), map(is_not, reversed(before), reversed(now))), shorter)
    return first, min(behind, shorter - first)


def _not_accepted(judged: list[Judged], comments: Sequence[Suppression]) -> list[Judged]:
    """Return those of some findings of a document that no comment accepts.

    To work out where all of them are takes longer than what else is done with them.
    """
    division = judged[0].found.division(judged[0].found.path) if judged and comments else None
    if division is None:  # there is nothing to look for
        return judged
    today = date.today()
    of_units: dict[str, list[Judged]] = {}
    for each in judged:
        of_units.setdefault(each.found.unit, []).append(each)
    accepted = {
        each
        for comment in comments
        for name in map(division.name, _touched(division, comment.covered))
        for each in of_units.get(name, ())
        if comment.covers(each.last.code, each.found.span(), today)
    }
    return [each for each in judged if each not in accepted]


def _touched(division: Division, span: Span) -> set[int]:
    """Return the indices of all units that touch a range of their document, and maybe others."""
    starts, regions = division.outline.starts, division.outline.regions
    before = max(span.start - 1, 0)
    found = {0, *range(starts.up_to(before) - 1, starts.up_to(span.end))}
    around = division.index_at(before)
    while around:
        found.add(around)
        around = regions[around].owner
    return found


class _Parts(dict[str, tuple["Part", ...]]):
    """The parts of documents, looked for when they are asked for."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        super().__init__()
        self._documents = documents

    def __missing__(self, path: str) -> tuple[Part, ...]:
        found = self[path] = self._documents[path].parts
        return found

"""The diagnostics of one document from one text to the next.

A key leaves nearly all findings in their lines and columns, and what is the same is not written
down again.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from batten.project.suppressions import suppressor
from batten_server.written import diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.analysis.judgement import Judged
    from batten.project.settings import Settings
    from batten.project.suppressions import Suppression
    from batten_server.capabilities import Editor
    from batten_server.document import Document, Part

_Line = tuple[int, int]


class _Kept(NamedTuple):
    """A diagnostic, and in which line and column each function that its places are in begins.

    There are none for what is not in functions: it is written each time.
    """

    at: list[_Line] | None
    text: str


class KeptDiagnostics:
    """What is shown of the findings in one document that is not a notebook."""

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._judged: tuple[Judged, ...] = ()
        self._wanted: tuple[Judged, ...] = ()
        self._kept: dict[Judged, _Kept] = {}

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
        shown = self._wanted_of(judged, settings)
        if comments:
            today = date.today()
            shown = tuple(
                [each for each in shown if suppressor(each.finding(), comments, today) is None]
            )
        kept: dict[Judged, _Kept] = {}
        lines = _Lines(documents)
        for each in shown:
            anchors = each.found.anchors()
            if anchors is not None and not editor.related_information:
                del anchors[1:]
            at = None if anchors is None else [lines[anchor] for anchor in anchors]
            known = self._kept.get(each)
            if known is None or at is None or known.at != at:
                finding = settings.weighed(each.finding())
                known = _Kept(at, diagnostic(finding, _Parts(documents), editor))
            kept[each] = known
        self._kept = kept
        return [each.text for each in kept.values()]

    def _wanted_of(self, judged: tuple[Judged, ...], settings: Settings) -> tuple[Judged, ...]:
        if settings != self._settings:
            self._kept.clear()
        elif judged is self._judged:
            return self._wanted
        self._settings, self._judged = settings, judged
        wanted = [each for each in judged if settings.has(settings.weighed(each.last))]
        self._wanted = tuple(wanted)
        return self._wanted


class _Lines(dict[tuple[str, int], _Line]):
    """The line and the column, in bytes, of each byte of a document, found once."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        super().__init__()
        self._documents = documents

    def __missing__(self, anchor: tuple[str, int]) -> _Line:
        path, offset = anchor
        found = self[anchor] = self._documents[path].source.line_and_byte(offset)
        return found


class _Parts(dict[str, tuple["Part", ...]]):
    """The parts of documents, looked for when they are asked for."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        super().__init__()
        self._documents = documents

    def __missing__(self, path: str) -> tuple[Part, ...]:
        found = self[path] = self._documents[path].parts
        return found

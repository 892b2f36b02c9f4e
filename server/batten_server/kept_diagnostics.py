"""The diagnostics of one document from one text to the next.

A key leaves nearly all findings in their lines and columns, and what is the same is not written
down again. What is typed inside a line moves nothing but what is in that line: then only what
is new is looked at.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from batten.project.suppressions import suppressor
from batten_server.written import diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from batten.analysis.judgement import Judged
    from batten.project.settings import Settings
    from batten.project.suppressions import Suppression
    from batten.syntax.text import SourceText
    from batten_server.capabilities import Editor
    from batten_server.document import Document, Part

_Line = tuple[int, int]


class _Kept(NamedTuple):
    """A diagnostic, and in which line and column each function that its places are in begins."""

    at: list[_Line]
    text: str


class KeptDiagnostics:
    """What is shown of the findings in one document that is not a notebook."""

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._judged: tuple[Judged, ...] = ()
        self._wanted: tuple[Judged, ...] = ()
        # None of what is not in functions: it is written each time.
        self._kept: dict[Judged, _Kept] = {}
        # The texts that these are of, and the lines in which functions of theirs begin.
        self._sources: dict[str, SourceText] = {}
        self._lines: set[tuple[str, int]] = set()

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
        before, self._kept = self._kept, {}
        may_have_moved = self._may_have_moved(documents)
        if may_have_moved:
            self._sources.clear()
            self._lines.clear()
        lines, parts = _Lines(documents), _Parts(documents)
        texts: list[str] = []
        for each in shown:
            known = before.get(each)
            if known is None or may_have_moved:
                anchors = each.found.anchors()
                if anchors is None:
                    finding = settings.weighed(each.finding())
                    texts.append(diagnostic(finding, parts, editor))
                    continue
                if not editor.related_information:
                    del anchors[1:]
                at = [lines[anchor] for anchor in anchors]
                if known is None or known.at != at:
                    finding = settings.weighed(each.finding())
                    known = _Kept(at, diagnostic(finding, parts, editor))
                for (path, _), (line, _) in zip(anchors, at, strict=True):
                    self._sources[path] = documents[path].source
                    self._lines.add((path, line))
            self._kept[each] = known
            texts.append(known.text)
        return texts

    def _wanted_of(self, judged: tuple[Judged, ...], settings: Settings) -> tuple[Judged, ...]:
        if settings != self._settings:
            self._kept.clear()
        elif judged is self._judged:
            return self._wanted
        self._settings, self._judged = settings, judged
        wanted = [each for each in judged if settings.has(settings.weighed(each.last))]
        self._wanted = tuple(wanted)
        return self._wanted

    def _may_have_moved(self, documents: Mapping[str, Document]) -> bool:
        """Tell whether a function that a place is in may begin in another line or column."""
        for path, before in self._sources.items():
            document = documents.get(path)
            if document is None:
                return True
            if document.source is not before:
                line = _changed_line(before, document.source)
                if line is None or (path, line) in self._lines:
                    return True
                self._sources[path] = document.source
        return not self._sources


def _not_accepted(judged: tuple[Judged, ...], comments: Sequence[Suppression]) -> Iterable[Judged]:
    if not comments:
        return judged
    today = date.today()
    return [
        each
        for each in judged
        if suppressor(each.last.code, each.found.span(), comments, today) is None
    ]


def _changed_line(before: SourceText, after: SourceText) -> int | None:
    """Return the one line in which two texts differ, None when line ends have come or gone."""
    if before.line_count != after.line_count:
        return None
    change = after.change_since(before)
    removed = before.data[change.start : change.old_end]
    typed = after.data[change.start : change.new_end]
    if any(end in text for end in (b"\n", b"\r") for text in (removed, typed)):
        return None
    return after.line_and_byte(change.start)[0]


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

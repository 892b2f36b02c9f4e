"""What is known of the open documents: findings and fixes, kept as long as no text changes.

All of it belongs to whoever runs the analysis, one thread at a time. A failure costs its answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from batten.project.known_suppressions import KnownSuppressions
from batten.project.suppression_mistakes import idle as idle_comments
from batten.project.verdict import Verdict, verdict
from batten.rewrite.edit import Level
from batten_server.difference import difference
from batten_server.kept_diagnostics import KeptDiagnostics
from batten_server.recent_settings import RecentSettings
from batten_server.written import diagnostics, idle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from batten.analysis.program import Program
    from batten.link.sink_calls import SinkCall
    from batten.project.settings import Settings
    from batten.project.suppression_mistakes import Idle
    from batten.rewrite.edit import Edit, Fix
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText, Span
    from batten_server.capabilities import Editor
    from batten_server.document import Document
    from batten_server.failures import Failures

TURN = 0.005
"""Seconds that are spent on fixes before another question gets its turn."""


@dataclass(frozen=True, slots=True)
class Report:
    """The findings in a document, without those that nobody wants to see or a comment accepts.

    `passed` are the documents that the findings' traces pass through, by path. `idle` are the
    comments that are to accept findings and don't.
    """

    document: Document
    findings: tuple[Finding, ...]
    passed: Mapping[str, Document]
    idle: tuple[Idle, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The same as the editor gets it: the diagnostics of each part of a document, by its URI."""

    document: Document
    written: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Fixable:
    """A finding of `report` and its verified fixes, best first; there may be none."""

    report: Report
    finding: Finding
    fixes: tuple[Fix, ...]


NO_FIXABLE: tuple[tuple[Fixable, ...], bool] = ((), True)
"""Nothing that can be fixed, and that is all."""


class Analysis:
    """A `Program` of the open documents, and what was concluded from it."""

    def __init__(
        self,
        make_program: Callable[[], Program],
        settings: Callable[[str], Settings | None],
        editor: Callable[[], Editor],
        failures: Failures,
    ) -> None:
        """Make one; `settings` tells what is wanted of a file, `editor` what it is shown in."""
        self._make_program = make_program
        self._settings = RecentSettings(settings)
        self._editor = editor
        self._contain = failures.contain
        self._made: Program | None = None
        self._taken: dict[str, Document] = {}
        # `_diagnoses` may be from before a change of another document; those that are not are
        # `_fresh`, and so are all `_reports`.
        self._reports: dict[str, Report] = {}
        self._diagnoses: dict[str, Diagnosis] = {}
        self._kept: dict[str, KeptDiagnostics] = {}
        self._fresh: set[str] = set()
        self._suppressions: dict[str, KnownSuppressions] = {}
        self._fixes: dict[Finding, tuple[Fix, ...]] = {}

    @property
    def program(self) -> Program:
        """The program, made when it is asked for first."""
        if self._made is None:
            self._made = self._make_program()
        return self._made

    def take(self, document: Document) -> None:
        """Take the newest text of a document."""
        before = self._taken.get(document.path)
        if before is not document:
            self.forget_conclusions()
            if before is not None and (before.marked is None) != (document.marked is None):
                self._kept.clear()  # the columns of its first line are others
            self.program.put(document.path, document.source)
            self._taken[document.path] = document

    def take_all(self, documents: Iterable[Document]) -> None:
        """Take the newest texts of other documents; one that can't be is left as it was."""
        for each in documents:
            self._contain(partial(self.take, each), None)

    def drop(self, path: str) -> None:
        """Drop a document that is no longer open."""
        self.forget_conclusions()
        self._taken.pop(path, None)
        self._diagnoses.pop(path, None)
        self._kept.pop(path, None)
        self._suppressions.pop(path, None)
        self._settings.forget(path)
        self.program.remove(path)

    def forget_conclusions(self) -> None:
        """Forget what was concluded from texts or settings that change."""
        self._fresh.clear()
        self._reports.clear()
        self._fixes.clear()

    def reconsider(self) -> None:
        """Look up what is wanted of all documents, and judge them anew by that."""
        self._settings.have_changed()
        self.forget_conclusions()

    def look_at_settings(self) -> bool:
        """Look up what is wanted of all documents; tell whether that has changed."""
        have_changed = self._settings.have_changed()
        if have_changed:
            self.forget_conclusions()
        return have_changed

    def settle(self, document: Document) -> None:
        """Link a document again as it was before fixes were tried in it."""
        if self._taken.get(document.path) is document:
            self.program.judged(document.path)

    def report(self, document: Document, new: Collection[Document] = ()) -> Report:
        """Return the findings in a document, given `new` texts of others."""
        self.take_all(new)
        self.take(document)
        path = document.path
        if path not in self._reports:
            findings = self._verdict(document).shown
            passed = {step.path for finding in findings for step in finding.trace}
            self._reports[path] = Report(
                document,
                findings,
                {other: self._taken[other] for other in passed},
                self._idle(document),
            )
        return self._reports[path]

    def diagnosis(self, document: Document, new: Collection[Document] = ()) -> Diagnosis:
        """Return the findings in a document as the editor gets them, given `new` texts of others.

        It is the same object as before when nothing in it has changed.
        """
        self.take_all(new)
        self.take(document)
        path = document.path
        if path not in self._fresh:
            diagnosis = Diagnosis(document, self._written(document))
            if self._diagnoses.get(path) != diagnosis:
                self._diagnoses[path] = diagnosis
            self._fresh.add(path)
        return self._diagnoses[path]

    def fixable(
        self, document: Document, span: Span, is_loaded: Callable[[], bool]
    ) -> tuple[tuple[Fixable, ...], bool]:
        """Return the findings that touch a range, with fixes, and whether these are all.

        As many are tried as there is time for in a `TURN`, and at least one; but none that is
        new before all that fixes need `is_loaded`.
        """
        return self._more_fixable(self.report(document), span, is_loaded, ())

    def more_fixable(
        self,
        document: Document,
        span: Span,
        is_loaded: Callable[[], bool],
        known: tuple[Fixable, ...],
    ) -> tuple[tuple[Fixable, ...], bool]:
        """Go on with what is `known`; there is nothing if the document is not the same any more."""
        if self._taken.get(document.path) is not document:
            return NO_FIXABLE
        return self._more_fixable(self.report(document), span, is_loaded, known)

    def sinks(self, document: Document, offset: int) -> tuple[SinkCall, ...]:
        """Return the call around whose name an offset is, once for each argument that it sends."""
        self.take(document)
        sinks = self.program.sinks(document.path)
        return tuple(each for each in sinks if each.callee.start <= offset <= each.callee.end)

    def fixed_all(self, document: Document, wanted: Callable[[Finding], bool]) -> tuple[Edit, ...]:
        """Return the edits that make all safe fixes of the wanted findings of a document."""
        from batten.analysis.fix_all import fix_all  # here, in the analysis thread, not at start-up

        self.take(document)
        program, path = self.program, document.path

        def propose(source: SourceText) -> tuple[Fix, ...]:
            program.put(path, source)
            shown = self._verdict(replace(document, source=source)).shown
            return program.fixes_to_make(tuple(filter(wanted, shown)), {Level.SAFE})

        with program.put_aside(path, document.source):
            return difference(document.source, fix_all(document.source, propose).source)

    def described(self) -> dict[str, object]:
        """Return what there is to say to somebody who looks for a mistake."""
        return {
            "documents": sorted(self._taken),
            "findings": sum(
                len(found) for each in self._diagnoses.values() for found in each.written.values()
            ),
        }

    def _written(self, document: Document) -> Mapping[str, list[str]]:
        editor = self._editor()
        if document.cells:
            return diagnostics(self.report(document), editor)
        settings = self._settings.of(document.path)
        if settings is None:
            return {document.uri: []}
        comments = self._known(document)(document.source)
        kept = self._kept.get(document.path)
        if kept is None:
            kept = self._kept[document.path] = KeptDiagnostics()
        judged = self.program.judged(document.path)
        found = kept.of(judged, settings, comments, self._taken, editor)
        if comments and editor.unnecessary:
            found += [idle(each, document, editor) for each in self._idle(document)]
        return {document.uri: found}

    def _more_fixable(
        self,
        report: Report,
        span: Span,
        is_loaded: Callable[[], bool],
        known: tuple[Fixable, ...],
    ) -> tuple[tuple[Fixable, ...], bool]:
        found = [each for each in known if each.report is report]
        touching = [
            finding
            for finding in report.findings
            if finding.span.start <= span.end and span.start <= finding.span.end
        ]
        end = monotonic() + TURN
        for finding in touching[len(found) :]:
            if not is_loaded() and finding not in self._fixes:
                break  # whoever types needs this thread sooner
            found.append(Fixable(report, finding, self._fixes_of(finding)))
            if monotonic() > end:
                break
        return tuple(found), len(found) == len(touching)

    def _fixes_of(self, finding: Finding) -> tuple[Fix, ...]:
        if finding not in self._fixes:
            fixes: Callable[[], tuple[Fix, ...]] = partial(self.program.fixes, finding)
            self._fixes[finding] = self._contain(fixes, ())
        return self._fixes[finding]

    def _verdict(self, document: Document) -> Verdict:
        settings = self._settings.of(document.path)
        if settings is None:
            return Verdict()
        findings = self.program.findings(document.path)
        known = self._known(document)
        return verdict(findings, document.source, settings, date.today(), known)

    def _idle(self, document: Document) -> tuple[Idle, ...]:
        if self._settings.of(document.path) is None:
            return ()
        comments = self._known(document)(document.source)
        if not comments:
            return ()
        return idle_comments(comments, self.program.findings(document.path), date.today())

    def _known(self, document: Document) -> KnownSuppressions:
        known = self._suppressions.get(document.path)
        if known is None:
            known = self._suppressions[document.path] = KnownSuppressions()
        return known

"""The analysis behind the server: documents in, findings and fixes out, never an exception.

It runs in the `Worker`'s thread, and for a `ShortTurn` in that of the event loop while the other
has nothing to do: in one of them at a time. A failure of the analysis is logged, once for each
place where it fails, and costs its answer and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import deque
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from batten.project.known_suppressions import KnownSuppressions
from batten.project.suppression_edit import ignored
from batten.project.suppression_mistakes import idle as idle_comments
from batten.project.suppressions import suppressions
from batten.project.verdict import Verdict, verdict
from batten.rewrite.edit import Level
from batten_server.difference import difference
from batten_server.kept_diagnostics import KeptDiagnostics
from batten_server.loading import loading
from batten_server.short_turn import ShortTurn, TooLongError
from batten_server.worker import Worker
from batten_server.written import diagnostics, idle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from batten.analysis.program import Program
    from batten.link.sink_calls import SinkCall
    from batten.project.settings import Settings
    from batten.project.suppression_mistakes import Idle
    from batten.project.suppressions import Suppression
    from batten.rewrite.edit import Edit, Fix
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText, Span
    from batten_server.capabilities import Editor
    from batten_server.document import Document

T = TypeVar("T")

TURN = 0.005
"""Seconds that are spent on other documents before a question gets its turn."""

SOON = 0.02
"""Seconds after which an answer is out."""

_log = logging.getLogger(__name__)


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


_NO_FIXABLE: tuple[tuple[Fixable, ...], bool] = ((), True)


class Engine:
    """A `Program` of the open documents, asked from the event loop."""

    def __init__(
        self,
        make_program: Callable[[], Program],
        settings: Callable[[str], Settings | None],
        editor: Callable[[], Editor],
    ) -> None:
        """Make an engine.

        `settings` tells what is wanted of a file, None for nothing; `editor` what the editor
        can take. Both are called where the analysis runs.
        """
        self._make_program = make_program
        self._settings = settings
        self._editor = editor
        self._worker = Worker()
        self._short_turn = ShortTurn()
        self._waited_for: deque[tuple[asyncio.Future[Any], Any]] = deque()
        self._is_over = False
        self._loading = loading()
        # All of these belong to whoever runs the analysis. `_diagnoses` may be from before a change
        # of another document; those that are not are `_fresh`, and so are all `_reports`.
        self._program: Program | None = None
        self._taken: dict[str, Document] = {}
        self._reports: dict[str, Report] = {}
        self._diagnoses: dict[str, Diagnosis] = {}
        self._kept: dict[str, KeptDiagnostics] = {}
        self._fresh: set[str] = set()
        self._suppressions: dict[str, KnownSuppressions] = {}
        self._fixes: dict[Finding, tuple[Fix, ...]] = {}
        self._failures: set[str] = set()
        # Counted by the event loop; an analysis that began before the last of them is stopped.
        self.changes = 0
        self._at_work_on: int | None = None

    def start(self) -> None:
        """Load what the first analysis needs, while the client is still opening documents."""
        self._do(self._loaded, None)

    def warm_up(self, besides: Callable[[], None]) -> None:
        """Load what the first fix needs, once the first findings are out, and do more like it."""
        self._loading.begin(besides)

    async def report(self, document: Document, new: Collection[Document] = ()) -> Report | None:
        """Return the findings in a document, given `new` texts of this and other documents.

        None when the analysis fails, and when it was stopped since a text is `outdated`.
        """
        job = partial(self._read, document, new)
        return await self._do(partial(self._until_outdated, self.changes, job), None)

    async def diagnosis(
        self, document: Document, new: Collection[Document] = ()
    ) -> Diagnosis | None:
        """Return the findings in a document as the editor gets them, likewise.

        It is the same object as before when nothing in it has changed.
        """
        path = document.path
        job = partial(self._short_turn.timed, path, partial(self._diagnosed, document, new))
        if self._worker.is_idle and self._short_turn.suits(path) and not self._is_over:
            turn = partial(self._short_turn.take, path, self._loaded().border, job)
            try:
                return self._contained(turn, None)
            except TooLongError:
                pass  # the worker goes on from there
        return await self._do(partial(self._until_outdated, self.changes, job), None)

    async def diagnoses(self, documents: Sequence[Document]) -> tuple[list[Diagnosis], int]:
        """Return the findings in several documents, in their order, and in how many of them.

        That is as many as are looked through in a `TURN`, and at least the first, unless a text is
        `outdated`. Documents whose analysis fails have none.
        """
        return await self._do(partial(self._turn, self.changes, documents), ([], len(documents)))

    def outdated(self) -> None:
        """Stop the reports that are being worked on: a text has changed that they are of."""
        self.changes += 1

    async def fixes(self, document: Document, span: Span) -> tuple[Fixable, ...]:
        """Return the findings that touch a range of the document, with their fixes.

        A place at either end of a finding touches it: that is where a cursor stands. To try the
        fixes of a whole file takes minutes, so it is done in turns, and other questions are
        answered between them. None are found when the analysis fails, and when the document
        changes meanwhile.
        """
        job = partial(self._fixable, document, span)
        found, is_all = await self._do(job, _NO_FIXABLE)
        while not is_all:
            await self._loading.over()
            job = partial(self._more_fixable, document, span, found)
            found, is_all = await self._do(job, _NO_FIXABLE)
        if found:
            asyncio.get_running_loop().call_later(SOON, self._settle, document)
        return found

    def _settle(self, document: Document) -> None:
        """Link the text again as it was before fixes were tried in it: the next key need not."""
        job = partial(self._settled, document)
        self._do(partial(self._until_outdated, self.changes, job), None)

    def _settled(self, document: Document) -> None:
        if self._taken.get(document.path) is document:
            self._loaded().judged(document.path)

    async def sinks(self, document: Document, offset: int) -> tuple[SinkCall, ...]:
        """Return the call around whose name an offset is, once for each argument that it sends.

        There is none when the analysis fails.
        """
        return await self._do(partial(self._sinks, document, offset), ())

    async def suppressions(self, document: Document) -> tuple[Suppression, ...]:
        """Return the comments in the document that say which findings are accepted."""
        return await self._do(partial(suppressions, document.source), ())

    async def ignored(self, document: Document, findings: Iterable[Finding]) -> tuple[Edit, ...]:
        """Return, for each finding in turn, the edit that accepts it with a comment.

        There are none when that fails.
        """
        return await self._do(
            lambda: tuple(ignored(document.source, finding) for finding in findings), ()
        )

    async def fix_all(
        self, document: Document, wanted: Callable[[Finding], bool]
    ) -> tuple[Edit, ...] | None:
        """Return the edits that make all safe fixes of the wanted findings of a document.

        There are none when the analysis fails; None when it was stopped since a text is
        `outdated`.
        """
        await self._loading.over()
        job = partial(self._fixed_all, document, wanted)
        return await self._do(partial(self._until_outdated, self.changes, job), ())

    def reconsider(self) -> None:
        """Judge all documents anew: what the user wants to see has changed."""
        self._do(self._forget_conclusions, None)

    def end(self) -> None:
        """Let go of everything; whoever waits for something, or still asks, gets nothing."""
        self._is_over = True
        self.outdated()
        self._worker.end()
        for future, otherwise in self._waited_for:
            if not future.done():
                future.set_result(otherwise)

    async def state(self) -> dict[str, object]:
        """Return what there is to say about the engine to somebody who looks for a mistake."""
        return await self._do(self._described, {})

    def forget(self, path: str) -> None:
        """Drop a document that is no longer open."""
        self._do(partial(self._drop, path), None)

    def _do(self, job: Callable[[], T], otherwise: T) -> asyncio.Future[T]:
        if self._is_over:
            nothing: asyncio.Future[T] = asyncio.get_running_loop().create_future()
            nothing.set_result(otherwise)
            return nothing
        future = self._worker.do(lambda: self._contained(job, otherwise))
        waited_for = self._waited_for
        while waited_for and waited_for[0][0].done():
            waited_for.popleft()
        waited_for.append((future, otherwise))
        return future

    def _contained(self, job: Callable[[], T], otherwise: T) -> T:
        try:
            return job()
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            failure = f"{type(error).__name__} at {place.filename}:{place.lineno}"
            if failure not in self._failures:
                self._failures.add(failure)
                _log.exception("The analysis failed; the same failure is not logged again")
            return otherwise

    def _loaded(self) -> Program:
        if self._program is None:
            self._program = self._make_program()
            self._program.border.check = self._stop_if_outdated
        return self._program

    def _until_outdated(self, changes: int, job: Callable[[], T]) -> T | None:
        """Do a job; None when there were more than so many changes before it was done."""
        self._at_work_on = changes
        try:
            return job()
        except _StoppedError:
            return None
        finally:
            self._at_work_on = None

    def _turn(self, changes: int, documents: Sequence[Document]) -> tuple[list[Diagnosis], int]:
        end = monotonic() + TURN
        found: list[Diagnosis] = []
        for number, document in enumerate(documents):
            if changes != self.changes or (number and monotonic() > end):
                return found, number
            job = partial(self._diagnosed, document, ())
            each = self._contained(partial(self._until_outdated, changes, job), None)
            if each is not None:
                found.append(each)
        return found, len(documents)

    def _stop_if_outdated(self) -> None:
        if self._at_work_on not in (None, self.changes):
            raise _StoppedError

    def _take_all(self, document: Document, new: Collection[Document]) -> None:
        for other in new:
            self._contained(partial(self._take, other), None)
        self._take(document)

    def _take(self, document: Document) -> None:
        before = self._taken.get(document.path)
        if before is not document:
            self._forget_conclusions()
            if before is not None and (before.marked is None) != (document.marked is None):
                self._kept.clear()  # the columns of its first line are others
            self._loaded().put(document.path, document.source)
            self._taken[document.path] = document

    def _read(self, document: Document, new: Collection[Document] = ()) -> Report:
        self._take_all(document, new)
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

    def _diagnosed(self, document: Document, new: Collection[Document]) -> Diagnosis:
        self._take_all(document, new)
        path = document.path
        if path not in self._fresh:
            diagnosis = Diagnosis(document, self._written(document))
            if self._diagnoses.get(path) != diagnosis:
                self._diagnoses[path] = diagnosis
            self._fresh.add(path)
        return self._diagnoses[path]

    def _written(self, document: Document) -> Mapping[str, list[str]]:
        editor = self._editor()
        if document.cells:
            return diagnostics(self._read(document), editor)
        settings = self._settings(document.path)
        if settings is None:
            return {document.uri: []}
        comments = self._known(document)(document.source)
        kept = self._kept.setdefault(document.path, KeptDiagnostics())
        judged = self._loaded().judged(document.path)
        found = kept.of(judged, settings, comments, self._taken, editor)
        if comments and editor.unnecessary:
            found += [idle(each, document, editor) for each in self._idle(document)]
        return {document.uri: found}

    def _fixable(
        self, document: Document, span: Span, known: tuple[Fixable, ...] = ()
    ) -> tuple[tuple[Fixable, ...], bool]:
        """Return the findings that touch a range, with fixes, and whether these are all.

        To those that are `known` it adds as many as are tried in a `TURN`, and at least one.
        """
        report = self._read(document)
        found = [each for each in known if each.report is report]
        touching = [
            finding
            for finding in report.findings
            if finding.span.start <= span.end and span.start <= finding.span.end
        ]
        end = monotonic() + TURN
        for finding in touching[len(found) :]:
            if not self._loading.is_over and finding not in self._fixes:
                break  # whoever types needs this thread sooner
            found.append(Fixable(report, finding, self._fixes_of(finding)))
            if monotonic() > end:
                break
        return tuple(found), len(found) == len(touching)

    def _more_fixable(
        self, document: Document, span: Span, known: tuple[Fixable, ...]
    ) -> tuple[tuple[Fixable, ...], bool]:
        """Go on with what is `known`, unless the document is not the same any more."""
        if self._taken.get(document.path) is not document:
            return _NO_FIXABLE
        return self._fixable(document, span, known)

    def _sinks(self, document: Document, offset: int) -> tuple[SinkCall, ...]:
        self._take(document)
        sinks = self._loaded().sinks(document.path)
        return tuple(each for each in sinks if each.callee.start <= offset <= each.callee.end)

    def _fixes_of(self, finding: Finding) -> tuple[Fix, ...]:
        if finding not in self._fixes:
            fixes: Callable[[], tuple[Fix, ...]] = partial(self._loaded().fixes, finding)
            self._fixes[finding] = self._contained(fixes, ())
        return self._fixes[finding]

    def _verdict(self, document: Document) -> Verdict:
        settings = self._settings(document.path)
        if settings is None:
            return Verdict()
        findings = self._loaded().findings(document.path)
        known = self._known(document)
        return verdict(findings, document.source, settings, date.today(), known)

    def _idle(self, document: Document) -> tuple[Idle, ...]:
        if self._settings(document.path) is None:
            return ()
        comments = self._known(document)(document.source)
        if not comments:
            return ()
        return idle_comments(comments, self._loaded().findings(document.path), date.today())

    def _known(self, document: Document) -> KnownSuppressions:
        return self._suppressions.setdefault(document.path, KnownSuppressions())

    def _fixed_all(self, document: Document, wanted: Callable[[Finding], bool]) -> tuple[Edit, ...]:
        from batten.analysis.fix_all import fix_all  # here, in the analysis thread, not at start-up

        self._take(document)
        program, path = self._loaded(), document.path

        def propose(source: SourceText) -> tuple[Fix, ...]:
            program.put(path, source)
            shown = self._verdict(replace(document, source=source)).shown
            return program.fixes_to_make(tuple(filter(wanted, shown)), {Level.SAFE})

        with program.put_aside(path, document.source):
            return difference(document.source, fix_all(document.source, propose).source)

    def _drop(self, path: str) -> None:
        self._forget_conclusions()
        self._taken.pop(path, None)
        self._diagnoses.pop(path, None)
        self._kept.pop(path, None)
        self._suppressions.pop(path, None)
        self._short_turn.forget(path)
        self._loaded().remove(path)

    def _described(self) -> dict[str, object]:
        return {
            "documents": sorted(self._taken),
            "findings": sum(
                len(found) for each in self._diagnoses.values() for found in each.written.values()
            ),
            "failures": sorted(self._failures),
        }

    def _forget_conclusions(self) -> None:
        """Forget what was concluded from texts that are about to change."""
        self._fresh.clear()
        self._reports.clear()
        self._fixes.clear()


class _StoppedError(BaseException):
    """An analysis is stopped. It is no failure, and nobody who waits for those gets it."""

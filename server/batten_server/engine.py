"""The analysis behind the server: documents in, findings and fixes out, never an exception.

It runs in the `Worker`'s thread, and for a `ShortTurn` in that of the event loop while the other
has nothing to do: in one of them at a time.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from batten.project.suppression_edit import ignored
from batten.project.suppressions import suppressions
from batten_server.analysis import NO_FIXABLE, Analysis
from batten_server.failures import Failures
from batten_server.loading import loading
from batten_server.short_turn import MoreToReadError, ShortTurn, TooLongError
from batten_server.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from batten.analysis.program import Program
    from batten.link.sink_calls import SinkCall
    from batten.project.settings import Settings
    from batten.project.suppressions import Suppression
    from batten.rewrite.edit import Edit
    from batten.rules.finding import Finding
    from batten.syntax.text import Span
    from batten_server.analysis import Diagnosis, Fixable, Report
    from batten_server.capabilities import Editor
    from batten_server.document import Document
    from batten_server.incoming import Incoming

T = TypeVar("T")

TURN = 0.005
"""Seconds that are spent on other documents before a question gets its turn."""

SOON = 0.02
"""Seconds after which an answer is out."""


class Engine:
    """An `Analysis` of the open documents, asked from the event loop."""

    def __init__(
        self,
        make_program: Callable[[], Program],
        settings: Callable[[str], Settings | None],
        editor: Callable[[], Editor],
        incoming: Incoming,
    ) -> None:
        """Make an engine.

        `settings` tells what is wanted of a file, None for nothing; `editor` what the editor
        can take. Both are called where the analysis runs. What is `incoming` may change what is
        asked.
        """
        self._failures = Failures()
        made = partial(self._made, make_program)
        self._analysis = Analysis(made, settings, editor, self._failures)
        self._worker = Worker()
        self._incoming = incoming
        self._short_turn = ShortTurn(lambda: incoming.is_there())  # it is told later how to look
        self._waited_for: deque[tuple[asyncio.Future[Any], Any]] = deque()
        self._is_over = False
        self._loading = loading()
        # Counted by the event loop; an analysis that began before the last of them is stopped.
        self.changes = 0
        self._at_work_on: int | None = None

    def start(self) -> None:
        """Load what the first analysis needs, while the client is still opening documents."""
        self._do(self._program, None)

    def warm_up(self, besides: Callable[[], None]) -> None:
        """Load what the first fix needs, once the first findings are out, and do more like it."""
        self._loading.begin(besides)

    async def report(self, document: Document, new: Collection[Document] = ()) -> Report | None:
        """Return the findings in a document, given `new` texts of this and other documents.

        None when the analysis fails, and when it was stopped since a text is `outdated`.
        """
        job = partial(self._analysis.report, document, new)
        return await self._do(partial(self._until_outdated, self.changes, job), None)

    async def diagnosis(
        self, document: Document, new: Collection[Document] = ()
    ) -> Diagnosis | None:
        """Return the findings in a document as the editor gets them, likewise.

        It is the same object as before when nothing in it has changed.
        """
        path = document.path
        job = partial(self._analysis.diagnosis, document, new)
        job = partial(self._short_turn.timed, path, job)
        if self._worker.is_idle and self._short_turn.suits(path) and not self._is_over:
            turn = partial(self._short_turn.take, path, self._program().border, job)
            try:
                return self._failures.contain(turn, None)
            except TooLongError:
                pass  # the worker goes on from there
            except MoreToReadError:
                await self._incoming.read()
                self.outdated()
                return None
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
        job = partial(self._analysis.fixable, document, span, self._is_loaded)
        found, is_all = await self._do(job, NO_FIXABLE)
        while not is_all:
            await self._loading.over()
            job = partial(self._analysis.more_fixable, document, span, self._is_loaded, found)
            found, is_all = await self._do(job, NO_FIXABLE)
        if found:
            asyncio.get_running_loop().call_later(SOON, self._settle, document)
        return found

    def _settle(self, document: Document) -> None:
        """Link the text again as it was before fixes were tried in it: the next key need not."""
        job = partial(self._analysis.settle, document)
        self._do(partial(self._until_outdated, self.changes, job), None)

    async def sinks(self, document: Document, offset: int) -> tuple[SinkCall, ...]:
        """Return the call around whose name an offset is, once for each argument that it sends.

        There is none when the analysis fails.
        """
        return await self._do(partial(self._analysis.sinks, document, offset), ())

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
        job = partial(self._analysis.fixed_all, document, wanted)
        return await self._do(partial(self._until_outdated, self.changes, job), ())

    def reconsider(self) -> None:
        """Judge all documents anew: what the user wants to see has changed."""
        self._do(self._analysis.reconsider, None)

    async def settings_have_changed(self) -> bool:
        """Tell whether what the user wants to see has changed, unasked, in the project's files."""
        return await self._do(self._analysis.look_at_settings, False)

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
        nothing: dict[str, object] = {}
        described = await self._do(self._analysis.described, nothing)
        return {**described, "failures": self._failures.known()} if described else {}

    def forget(self, path: str) -> None:
        """Drop a document that is no longer open."""
        self._do(partial(self._drop, path), None)

    def _do(self, job: Callable[[], T], otherwise: T) -> asyncio.Future[T]:
        if self._is_over:
            nothing: asyncio.Future[T] = asyncio.get_running_loop().create_future()
            nothing.set_result(otherwise)
            return nothing
        future = self._worker.do(partial(self._failures.contain, job, otherwise))
        waited_for = self._waited_for
        while waited_for and waited_for[0][0].done():
            waited_for.popleft()
        waited_for.append((future, otherwise))
        return future

    def _made(self, make_program: Callable[[], Program]) -> Program:
        program = make_program()
        program.border.check = self._stop_if_outdated
        return program

    def _program(self) -> Program:
        return self._analysis.program

    def _is_loaded(self) -> bool:
        return self._loading.is_over

    def _drop(self, path: str) -> None:
        self._short_turn.forget(path)
        self._analysis.drop(path)

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
            job = partial(self._analysis.diagnosis, document)
            each = self._failures.contain(partial(self._until_outdated, changes, job), None)
            if each is not None:
                found.append(each)
        return found, len(documents)

    def _stop_if_outdated(self) -> None:
        if self._at_work_on not in (None, self.changes):
            raise _StoppedError


class _StoppedError(BaseException):
    """An analysis is stopped. It is no failure, and nobody who waits for those gets it."""

"""The findings of open documents, found out after each change and handed to the editor.

A change only marks its document. The marked are analysed once all messages that have come are
handled, each in its newest text, so that a burst of keys is one analysis. An analysis of texts of
which one is changed meanwhile is stopped; a result that is there already is dropped, as most
editors do not look at the version. After a change the other open documents are looked at again,
as it may have been in what they call.

How findings get to the editor is decided once in a session: it is pushed to, or it pulls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from batten_server.engine import Engine
from batten_server.quiet import Quiet
from batten_server.readiness import get_ready

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from batten_server.analysis import Diagnosis, Report
    from batten_server.document import Document
    from batten_server.server import BattenServer


T = TypeVar("T")

QUIET = 0.3
"""Seconds without a change after which nobody is typing."""


class Outlet(Protocol):
    """A way to the editor."""

    def deliver(self, diagnosis: Diagnosis) -> None:
        """Hand over what was found in a document that is open in this very text."""

    def deliver_unopened(self, found: dict[str, list[str]]) -> None:
        """Hand over the findings of files that are not open, by URI, in the place of earlier."""

    def clear(self, path: str) -> None:
        """Take the findings of a document that was closed out of the editor."""

    def settle(self) -> None:
        """Do what is left to do when all that has changed is delivered."""


class Diagnostics:
    """What is still to be found out.

    Documents are `marked` when their text has changed, and `due` when their findings may have,
    which is all of them after any change.
    """

    def __init__(self, server: BattenServer, outlet: Outlet) -> None:
        self.outlet = outlet
        self._server = server
        self._marked: dict[str, None] = {}
        self._due: dict[str, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._is_over = False
        self._at_rest: asyncio.Task[None] | None = None
        self._quiet = Quiet(server.loop, QUIET, self._rest)

    def mark(self, name: str) -> None:
        """Have a document that was opened or changed analysed, soon, and the result delivered."""
        self._marked[name] = None
        self._wake()

    def outdate(self, name: str) -> None:
        """Have a document that was changed analysed instead of what it was before."""
        self._server.engine.outdated()
        self.mark(name)

    def look_again(self) -> None:
        """Have the findings of all open documents delivered anew; their texts are the same."""
        self._due.update(dict.fromkeys(self._server.documents))
        self._wake()

    def restart(self) -> None:
        """Do not wait any longer for what is being analysed; begin anew with all documents."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._marked.update(dict.fromkeys(self._server.documents))
        self._wake()

    def end(self) -> None:
        """Find out nothing more: nobody wants to know."""
        self._is_over = True
        for task in (self._task, self._at_rest):
            if task is not None:
                task.cancel()

    def clear(self, name: str) -> None:
        """Take the findings of a document that was closed out of the editor."""
        self.outlet.clear(name)
        self._due.update(dict.fromkeys(self._server.documents))
        self._wake()

    async def report(self, document: Document) -> Report | None:
        """Return the findings in a document, given the newest texts of all.

        None when the analysis fails, or the document is changed meanwhile.
        """
        return await self._asked_again(Engine.report, document)

    async def diagnosis(self, document: Document) -> Diagnosis | None:
        """Return the findings in a document as the editor gets them, likewise."""
        return await self._asked_again(Engine.diagnosis, document)

    async def _asked_again(
        self,
        question: Callable[[Engine, Document, list[Document]], Awaitable[T | None]],
        document: Document,
    ) -> T | None:
        """Ask about a document until nothing that changes elsewhere stops the answer."""
        while True:
            engine = self._server.engine
            changes = engine.changes
            answer = await self._asked(question, document, self._changed())
            if answer is not None or engine.changes == changes:
                return answer
            if not self._server.documents.is_newest(document):
                return None

    async def _asked(
        self,
        question: Callable[[Engine, Document, list[Document]], Awaitable[T | None]],
        document: Document,
        new: list[Document],
    ) -> T | None:
        """Ask about a document; when that was stopped, what was new is so again."""
        engine = self._server.engine
        changes = engine.changes
        answer = await question(engine, document, new)
        if answer is None and engine.changes != changes:
            self._marked.update(dict.fromkeys(each.path for each in new))
            self._due[document.path] = None
            self._wake()
        return answer

    def _wake(self) -> None:
        if not self._is_over and (self._task is None or self._task.done()):
            self._task = self._server.loop.create_task(self._catch_up())

    async def _catch_up(self) -> None:
        while self._marked or self._due:
            await self._server.incoming.read()
            new = self._changed()
            if not new:
                await self._look_at_others()
                continue
            document = self._next()
            if document is not None:
                diagnosis = await self._asked(Engine.diagnosis, document, new)
                if diagnosis is not None:
                    self._deliver(diagnosis)
        self.outlet.settle()
        self._server.documents.put_together()
        self._server.garbage.settled()
        self._quiet.disturb()

    async def _look_at_others(self) -> None:
        """Look through documents whose texts are the same: in most of them nothing is new."""
        documents = [each for name in self._due if (each := self._server.documents.get(name))]
        self._due.clear()
        found, count = await self._server.engine.diagnoses(documents)
        self._due.update(dict.fromkeys(each.path for each in documents[count:]))
        for diagnosis in found:
            self._deliver(diagnosis)

    def _deliver(self, diagnosis: Diagnosis) -> None:
        if self._server.documents.is_newest(diagnosis.document):
            self.outlet.deliver(diagnosis)

    def _rest(self) -> None:
        """Do what a key would have to wait for; nobody is typing."""
        self._server.engine.warm_up(get_ready)
        self._at_rest = self._server.loop.create_task(self._look_at_settings())

    async def _look_at_settings(self) -> None:
        """Have all judged anew if the project's files ask for that since they were looked at."""
        if await self._server.engine.settings_have_changed():
            self.look_again()

    def _changed(self) -> list[Document]:
        """Return the marked documents; these are due next, and after them all others."""
        documents = self._server.documents
        new = [documents[name] for name in self._marked if name in documents]
        self._marked.clear()
        if new:
            first = (document.path for document in new)
            self._due = dict.fromkeys((*first, *self._due, *documents))
        return new

    def _next(self) -> Document | None:
        """Take the next document that is due; None when it is not open any more."""
        name = next(iter(self._due), None)
        if name is None:
            return None
        del self._due[name]
        return self._server.documents.get(name)

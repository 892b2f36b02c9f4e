"""Documents linked together, and linked again after an edit at the cost of what it touches."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from batten.link.callers import Callers
from batten.link.entrypoints import Entrypoints
from batten.link.index import Index
from batten.link.reads import Undoing
from batten.link.release import release
from batten.link.resolve import Resolver
from batten.link.sink_calls import sink_calls
from batten.link.trace import Tracer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.link.border import Border
    from batten.link.document import Document
    from batten.link.found import Found
    from batten.link.reads import Entry
    from batten.link.sink_calls import SinkCall
    from batten.models.model import Models

MAX_DROPPED = 20_000
"""So many answers may be dropped before those who were read by them let go of them."""
MAX_GROWTH = 2
"""So many times the answers of the beginning may be remembered before all is linked anew.

An answer about a name that is gone stays when nothing that changes is behind it.
"""

_log = logging.getLogger(__name__)


class Links:
    """What linking has found; the result is the same as if all had been linked at once.

    `begun` counts how often all was linked anew: flows that were found before can't be asked for.
    """

    def __init__(self, models: Models, border: Border) -> None:
        self._models = models
        self._border = border
        self._told: set[str] = set()
        self._index: Index | None = None
        self._tracer: Tracer | None = None
        self._undoing: Undoing | None = None
        self._remembered = 0
        self._is_larger = self._is_outgrown = False
        self.begun = 0

    def found(self, documents: Mapping[str, Document]) -> Mapping[str, tuple[Found, ...]]:
        """Return the flows in each document; should linking fail, of each by itself.

        They are the same tuple as before while they are the same. A document without any may be
        left out.
        """
        try:
            return self._updated(documents).found()
        except Exception as error:
            self._index = self._tracer = None
            apart = "one by one" if len(documents) > 1 else "anew"
            self._tell(f"Linking failed ({error!r}): documents are linked {apart}")
        found: dict[str, tuple[Found, ...]] = {}
        for path, document in documents.items():
            try:
                found.update(self._traced(Index({path: document})).found())
            except Exception as error:
                self._tell(f"{path} can't be linked: {error!r}")
        return found

    def _tell(self, failure: str) -> None:
        """Log a failure, which may come again with every key, once."""
        if failure not in self._told:
            self._told.add(failure)
            _log.warning("%s", failure)

    def sinks(self, document: Document) -> tuple[SinkCall, ...]:
        """Return the calls of a document that send text, as linking found them last."""
        return () if self._tracer is None else sink_calls(self._tracer.sinks(), document)

    def _updated(self, documents: Mapping[str, Document]) -> Tracer:
        index, tracer = self._index, self._tracer
        if index is not None and tracer is not None and self._is_outgrown:
            self._border.before_long()
            self._index = self._tracer = None
            self.begun += 1
            release(index, tracer)
            index = tracer = None
        if index is None or tracer is None:
            self._is_outgrown = False
            index = Index(documents)
            tracer = self._tracer_of(index)
            # Noted before the run: when that is stopped, it is gone on with.
            self._index, self._tracer, self._remembered = index, tracer, 0
            self._undoing, self._is_larger = None, False
            tracer.run()
            self._remembered = index.reads.remembered()
        else:
            self._is_larger |= bool(documents.keys() - index.documents.keys())
            self._take(documents, index)
            tracer.run()
            if self._is_larger or not self._remembered:
                self._remembered = max(self._remembered, index.reads.remembered())
                self._is_larger = False
            if index.reads.dropped > MAX_DROPPED:
                self._border.before_long()
                index.tidy(tracer.facts())
                self._is_outgrown = index.reads.remembered() > MAX_GROWTH * self._remembered
        return tracer

    def _traced(self, index: Index) -> Tracer:
        tracer = self._tracer_of(index)
        tracer.run()
        return tracer

    def _tracer_of(self, index: Index) -> Tracer:
        resolver = Resolver(index, self._models, Entrypoints(Resolver(index, self._models)))
        return Tracer(Callers(resolver), self._border)

    def _take(self, documents: Mapping[str, Document], index: Index) -> None:
        """Take documents and their new texts into an index; drop what does not hold any more."""
        self._undo()
        changed: list[Entry] = []
        for path in index.documents.keys() - documents.keys():
            changed += index.removed(path)
        for path, document in documents.items():
            if index.documents.get(path) is not document:
                changed += index.updated(document)
        self._undoing = Undoing(index.reads, changed)
        self._undo()

    def _undo(self) -> None:
        """Go on with dropping, if that was stopped; what depends on older texts comes first."""
        if self._undoing is not None:
            self._undoing.go_on(self._border)
            self._undoing = None

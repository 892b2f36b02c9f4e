"""Taking apart what was linked, when all is linked anew.

Answers know who has read them, and the parts of linking know one another. Left alone they would
stay, as many objects as the program has calls, until Python looks at all there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from batten.link.index import Index
    from batten.link.reads import Entry
    from batten.link.trace import Tracer


def release(index: Index, tracer: Tracer) -> None:
    """Empty the parts of a linking that nobody will ask any more."""
    reads = index.reads
    facts = (*index.facts(), *tracer.facts())
    _empty_answers([*facts, *(entry for table in reads.tables for entry in table())])
    reads.tables.clear()
    _empty_parts([index, tracer])


def _empty_answers(waiting: list[Entry]) -> None:
    seen = set(waiting)
    while waiting:
        entry = waiting.pop()
        more = [each for each in entry.readers if each not in seen]
        seen.update(more)
        waiting += more
    for entry in seen:
        entry.forget_readers()
        entry.key = entry.value = entry.drop = entry.renewed = None


def _empty_parts(waiting: list[Any]) -> None:
    """Empty objects of linking, and all that they have; values, which are shared, have slots."""
    while waiting:
        part = waiting.pop()
        own: dict[str, Any] | None = getattr(part, "__dict__", None)
        if own and type(part).__module__.startswith(_OURS):
            waiting += own.values()
            own.clear()


_OURS = __name__.rpartition(".")[0]

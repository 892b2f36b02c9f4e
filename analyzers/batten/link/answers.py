"""What terms may be, each worked out once; those that depend on each other hold together.

Answers on a cycle are the least that hold together: the first term of the cycle is resolved again
until no answer on it grows. Until then the others keep what they have. So no answer depends on
where the walk began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.link.entities import Entity, Frame, Instance, Known, Open
from batten.link.reads import Entry
from batten.values.terms import (
    Bag,
    Const,
    Format,
    Joined,
    Mapping,
    Sequence,
    Template,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from batten.link.reads import Reads

MAX_DEPTH = 60
MAX_ENTITIES = 96

_STRUCTURE = (Template, Joined, Format, Sequence, Bag, Mapping, Unknown)
READY = (Const, *_STRUCTURE)
"""Terms that are what they may be."""


class Answers:
    """What each term may be. `find` looks for it once, and asks for those that it is made of."""

    def __init__(self, reads: Reads, find: Callable[[Value, Frame], Iterable[Entity]]) -> None:
        self._reads = reads
        self._find = find
        self._answers: dict[tuple[Value, Frame], _Answer] = {}
        self._on_change = self._drop  # one for all answers
        reads.tables.append(self._answers.values)
        self._open: list[_Answer] = []
        self._unsettled: dict[_Answer, None] = {}
        self._lowest = MAX_DEPTH

    def resolve(self, value: Value, frame: Frame) -> tuple[Entity, ...]:
        """Return what a term may be, each possibility once."""
        if isinstance(value, READY):
            return (Known(value, frame),)
        key = (value, frame)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = _Answer(key, self._on_change)
        return self._of(answer)

    def _of(self, answer: _Answer) -> tuple[Entity, ...]:
        """Return what is known of a term; who is being resolved takes note of what may grow."""
        reader = self._reads.at
        if reader is not answer._readers:  # who asks again is noted already
            answer.read_by(reader)
        if answer.value is not None:
            known: tuple[Entity, ...] = answer.value
            return known
        depth = len(self._open)
        if answer.level is not None:
            self._lowest = min(self._lowest, answer.level)
            found = answer.so_far
        elif depth >= MAX_DEPTH:
            self._open[-1].asked = None
            return (Open(*answer.key),)
        else:
            found = self._worked_out(answer, depth)
        if depth and answer.value is None:
            asked = self._open[-1].asked
            if asked is not None:
                asked.append((answer, found))
        return found

    def _worked_out(self, answer: _Answer, depth: int) -> tuple[Entity, ...]:
        reader, self._reads.at = self._reads.at, answer
        try:
            return self._settled(answer, depth)
        except RecursionError:
            if depth:
                raise
            # Nested more deeply than Python can follow: nothing is known of it.
            self._give_up()
            answer.value = (Open(*answer.key),)
            return (Open(*answer.key),)
        except LookupError:
            # In the middle of an update: it led to what is gone.
            self._give_up()
            self._answers.pop(answer.key, None)
            raise
        finally:
            self._reads.at = reader

    def _give_up(self) -> None:
        """Stop resolving."""
        for each in (*self._open, *self._unsettled):
            each.level = None
            each.asked = None
            each.so_far = ()
        self._open.clear()
        self._unsettled.clear()
        self._lowest = MAX_DEPTH

    def _drop(self, key: tuple[Value, Frame]) -> None:
        self._answers.pop(key, None)

    def _settled(self, answer: _Answer, depth: int) -> tuple[Entity, ...]:
        self._open.append(answer)
        answer.level = depth
        outer = self._lowest
        entities = self._grown(answer)
        while self._lowest == depth:
            # The first term of a cycle: once more, with what the others have now.
            members = [other for other in self._unsettled if (other.level or 0) >= depth]
            before = [other.so_far for other in members]
            for other in members:
                del self._unsettled[other]
                other.level = None
            previous, entities = entities, self._grown(answer)
            if entities == previous and before == [other.so_far for other in members]:
                for other in members:
                    self._unsettled.pop(other, None)
                    other.level = None
                    other.asked = None
                    other.value = other.so_far
                break
        self._open.pop()
        if self._lowest < depth:
            answer.level = self._lowest
            self._unsettled[answer] = None
            self._lowest = min(outer, self._lowest)
        else:
            answer.level = None
            answer.asked = None
            answer.value = entities
            self._lowest = outer
        return entities

    def _grown(self, answer: _Answer) -> tuple[Entity, ...]:
        """Resolve a term once; return its answer so far and what has come to it."""
        self._lowest = MAX_DEPTH
        if self._is_as_before(answer):
            return answer.so_far
        self._lowest = MAX_DEPTH
        answer.asked, in_doubt = [], self._reads.unfinished
        so_far = answer.so_far
        entities = tuple(self._find(*answer.key))
        if so_far:
            entities = (*so_far, *map(_read_once, entities))
        if len(entities) > 1:
            entities = tuple(dict.fromkeys(entities))
        if in_doubt != self._reads.unfinished:
            answer.asked = None
        if len(entities) == len(so_far):
            return so_far
        if len(entities) > MAX_ENTITIES:
            entities = tuple(dict.fromkeys(map(_of_any_call, entities)))
        if len(entities) > MAX_ENTITIES:
            entities = (Open(*answer.key),)
        answer.so_far = entities
        return entities

    def _is_as_before(self, answer: _Answer) -> bool:
        """Tell whether all that an answer was made of is as it was then, resolved once more."""
        before = answer.asked
        if before is None:
            return False
        answer.asked = []
        return all(self._of(other) == found for other, found in before)

    def outside_cycles(
        self, find: Callable[[], Iterable[Entity]]
    ) -> tuple[tuple[Entity, ...], bool]:
        """Return what `find` yields, and whether it holds wherever the walk began."""
        outer, self._lowest = self._lowest, MAX_DEPTH
        found = tuple(dict.fromkeys(find()))
        settled = self._lowest == MAX_DEPTH
        self._lowest = min(outer, self._lowest)
        return found, settled


class _Answer(Entry):
    """What a term may be: `value` when that is settled, until then what is known `so_far`.

    `level` tells how deep the walk was that it waits for: its own while it is being resolved,
    that of the first term of its cycle when it is not settled yet. `asked` is what was known of
    those answers of the cycle that it was made of last, None if it can't be told by them.
    """

    __slots__ = ("asked", "level", "so_far")

    def __init__(self, key: tuple[Value, Frame], drop: Callable[[Any], object]) -> None:
        super().__init__(key, drop)
        self.level: int | None = None
        self.so_far: tuple[Entity, ...] = ()
        self.asked: list[tuple[_Answer, tuple[Entity, ...]]] | None = None


def _read_once(entity: Entity) -> Entity:
    """Return a term without the rounds that it was read on a cycle: each would make another one."""
    if not isinstance(entity, Open):
        return entity
    at = entity.receiver
    while isinstance(at, Open):
        if at.value == entity.value and at.frame == entity.frame:
            entity = at
        at = at.receiver
    return entity


def _of_any_call(entity: Entity) -> Entity:
    """Return an object without the call that made it."""
    return Instance(entity.key) if isinstance(entity, Instance) else entity

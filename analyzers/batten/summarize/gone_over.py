"""Statements whose interpretation is known: where they stand as they were, it is taken over.

The state before them has to be the same. So a letter costs the statement that it stands in, and
what depends on it, wherever that is.

- The state is compared, not the way to it: see `_is_as_before`. Numbers of sites, calls and
  functions are part of it, so all that holds a number stays as it is.
- Of the calls and reads before, it counts what is asked of them (`WatchedScope`).
- Names that hold something else, and are no word of the stretch, stay as they are: the letters
  of a name that is being typed. Who may speak of a name otherwise is named in `_is_untouched`.
- Objects of the last interpretation are replaced by those of this one (`Likeness.instead`), for
  joining branches asks whether it has the same object on both.
- The same text, next to other text, has the same tree if its statements have the same kinds, ends
  and numbers of nodes, and there is no error.
"""

from __future__ import annotations

from itertools import compress, count
from typing import TYPE_CHECKING, NamedTuple

from batten.summarize.alike import is_same, likeness
from batten.summarize.environment import Environment, others
from batten.summarize.guarded import is_refined_from
from batten.summarize.stretch import counts, form, logs
from batten.summarize.waiting import found
from batten.values.terms import Param

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tree_sitter import Node

    from batten.summarize.alike import Likeness
    from batten.summarize.environment import Key, Proof
    from batten.summarize.stretch import Stretch
    from batten.summarize.watched_scope import WatchedScope


def gone_over(
    stretch: Stretch,
    scope: WatchedScope,
    statements: list[Node],
    left: list[Environment] | None,
    root: Node,
) -> bool:
    """Do to a scope what the stretch does, if that is what the statements do."""
    start = statements[0].start_byte
    if [form(each, start) for each in statements] != list(stretch.forms):
        return False
    if not _is_as_before(stretch, scope, left):
        return False
    builder = scope.builder
    if not builder.may_spend(stretch.spent):
        return False
    like = likeness(stretch.before.environment, scope.environment)
    text = builder.text[start : start + stretch.length]
    if like is None or not _tests_the_same(stretch, scope, text):
        return False
    if like.apart and not _is_untouched(stretch, scope, like.apart, text):
        return False
    functions, classes = (found(root, each, start) for each in (stretch.functions, stretch.classes))
    if functions is None or classes is None:
        return False
    builder.spent += stretch.spent
    builder.waiting += functions
    builder.waiting_classes += classes
    _put(stretch, scope, like, left)
    numbers = builder.sites.numbers
    ranges = [(low + start, high + start) for low, high in stretch.sites]
    numbers.update(zip(ranges, count(len(numbers)), strict=False))
    return True


def _put(
    stretch: Stretch, scope: WatchedScope, like: Likeness, left: list[Environment] | None
) -> None:
    ended = stretch.counts
    instead = dict(like.instead)
    names = scope.unbound
    for name, value in stretch.bare:
        mine = names.setdefault(name, value)
        if mine is not value:
            instead.setdefault(id(value), mine)
    given = _Given(stretch.before.environment, scope.environment, like.apart, instead)
    scope.environment = given.environment(stretch.environment)
    scope.alive = stretch.is_alive
    if scope.loop_exits is not None:
        scope.loop_exits += map(given.environment, stretch.exits)
    if left is not None:
        left += map(given.environment, stretch.left)
    for log, more in zip(logs(scope), stretch.logs, strict=False):
        log += more
    *_, noted, used = stretch.logs
    scope.uses.update(dict.fromkeys(used))  # type: ignore[arg-type]
    scope.reads.update(stretch.reads)
    scope.mapped.update(stretch.mapped)
    scope.annotations.update(noted)  # type: ignore[arg-type]
    scope.global_names = set(ended.global_names)
    scope.outer_names = dict.fromkeys(ended.outer_names)
    scope.shared = set(ended.shared)
    scope.builder.function_count = ended.functions
    scope.builder.class_count = ended.classes


class _Given(NamedTuple):
    """Environments of the last interpretation, as they are in this one."""

    old: Environment
    new: Environment
    apart: frozenset[Key]
    instead: Mapping[int, object]

    def environment(self, known: Environment) -> Environment:
        """Return one of them."""
        if not self.apart and not self.instead:
            return Environment(known)
        get = self.instead.get
        if self.apart:  # they have their own places in the order of the keys
            found = Environment(self.new)
            changed = [each for each in others(self.old, known) if each[0] not in self.apart]
            found.update((key, get(id(value), value)) for key, _, value in changed)  # type: ignore[misc]
        else:
            found = Environment(known)
            replaced = map(self.instead.__contains__, map(id, known.values()))
            found.update(
                (key, get(id(value), value))  # type: ignore[misc]
                for key, value in compress(known.items(), replaced)
            )
        found.truths = {name: get(id(t), t) for name, t in known.truths.items()}  # type: ignore[misc]
        return found


def _is_as_before(
    stretch: Stretch, scope: WatchedScope, left: Sequence[Environment] | None
) -> bool:
    """Tell whether all is as before a stretch, but for what names hold."""
    before = stretch.before
    if before.counts != counts(scope, left):
        return False
    reads = scope.reads
    if any((value in reads) is not known for value, known in stretch.read_before.items()):
        return False
    calls = scope.calls
    if not all(is_same(call, calls[number]) for number, call in stretch.asked):
        return False
    return is_same(before.parameters, scope.parameters) and is_same(before.mapped, scope.mapped)


def _tests_the_same(stretch: Stretch, scope: WatchedScope, text: bytes) -> bool:
    """Tell whether those names that a stretch knows of are tested in the unit as before."""
    if stretch.tested is None or stretch.tested == scope.builder.tested:
        return True
    return not any(
        name in scope.environment or name in stretch.before.environment or _has_word(text, name)
        for name in stretch.tested ^ scope.builder.tested
    )


def _is_untouched(
    stretch: Stretch, scope: WatchedScope, apart: frozenset[Key], text: bytes
) -> bool:
    """Tell whether a stretch leaves what is under some keys alone, whatever it is.

    The keys are names or attributes that it does not speak of: no word of it, nothing of whose
    truth something is known, no parameter if it returns, and nothing that it looked for.
    """
    before, now = stretch.before.environment, scope.environment
    names = [key if isinstance(key, str) else key[1] for key in apart]
    if not all(isinstance(key, str) for key in apart):
        names.append("getattr")  # of which the name may be anywhere
    if stretch.tells_of_all:
        return False
    if any(_has_word(text, name) for name in names):
        return False
    for name, truth in now.truths.items():
        told = (*(truth.true or ()), *(truth.false or ()))
        if name in apart or any(_speaks_of(each.proof, apart) for each in told):
            return False
    ends = (stretch.environment, *stretch.exits, *stretch.left)
    if not all(before.keys() <= end.keys() for end in ends):
        return False
    for key in apart:
        old, new = before.get(key), now.get(key)
        if isinstance(key, str):
            if key in stretch.named:
                return False
            if key in scope.parameters:
                if stretch.returns:
                    return False
                new = new or Param(key)
        if any(end.get(key) is not old for end in ends):
            return False
        if new is not None and any(
            new is each or is_refined_from(new, each) for each in stretch.sought
        ):
            return False
    return True


def _speaks_of(proof: Proof, keys: frozenset[Key]) -> bool:
    return proof.key in keys or any(_speaks_of(each, keys) for way in proof.either for each in way)


def _has_word(text: bytes, name: str) -> bool:
    """Tell whether a name is a word of a text, as far as can be told."""
    word = name.encode()
    at = text.find(word)
    while at >= 0:
        before, behind = text[at - 1 : at] if at else b"", text[at + len(word) : at + len(word) + 1]
        if before not in _LETTERS and behind not in _LETTERS:
            return True
        at = text.find(word, at + 1)
    return False


_LETTERS = frozenset(
    bytes([number]) for number in range(128) if chr(number).isalnum() or number == 95
)

"""What the names of a function hold at one place in it, and what their truth tells there.

`ok = isinstance(n, int)` says nothing of `n`; where `ok` is true, it does. So does a flag that
is set on one branch and not on the other, and a list of errors that stays empty.
"""

from __future__ import annotations

import re
from functools import lru_cache, reduce
from itertools import compress, count, islice
from operator import is_not, ne
from typing import TYPE_CHECKING

from batten.summarize.guarded import unrefined
from batten.values.combine import choice, refined
from batten.values.immutable import immutable
from batten.values.terms import (
    NONE,
    Choice,
    Const,
    Fact,
    Mapping,
    Refined,
    Sequence,
    Template,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from batten.syntax.text import Span

Key = str | tuple[Value, str]
# Both are searched for in every unit: they begin with a letter that a search can leap to.
_TESTED = re.compile(
    r" (?:if|elif|while|not|and|or|assert|return)\b[\s(]*"
    r"(?:(?:not|len|bool|all|any)\b[\s(\[]*)*(\w+)"
)
_GOES_ON = re.compile(
    r"(?:\A|\b(?:if|elif|while|not|and|or|assert|return|len|bool|all|any))[\s(\[]*\Z"
)
_LOOK_BACK = 80
_ALIASED = re.compile(r"=[ \t]*([A-Za-z_]\w*)[ \t]*(?:$|[;#])", re.MULTILINE)
MAX_PROOFS = 64
MAX_TRUTHS = 64
MAX_STATES = 24


@immutable
class Proof:
    """A fact about the value under `key`; with `value`, the value itself.

    With `either`, one of several lists of proofs about it holds; `facts` is how many are in all of
    them, and in those in them.
    """

    key: Key
    fact: Fact
    value: Value | None = None
    either: tuple[tuple[Proof, ...], ...] = ()
    facts: int = 1


def proven(value: Value, proof: Proof) -> Value:
    """Return a value of which one more thing is known."""
    if proof.either:
        return choice(reduce(proven, way, value) for way in proof.either)
    return proof.value if proof.value is not None else refined(value, proof.fact)


@immutable
class Told:
    """A proof about what was under its key, `held`, when a variable was bound."""

    proof: Proof
    held: Value

    def is_about(self, value: Value) -> bool:
        """Tell whether the value is still there, whatever else is known of it by now."""
        return self.held is value or unrefined(self.held) == unrefined(value)


@immutable
class Truth:
    """What holds where a variable is true, and where it is false; None where it never is."""

    true: tuple[Told, ...] | None
    false: tuple[Told, ...] | None


TRUE = Truth((), None)
FALSE = Truth(None, ())


class Environment(dict[Key, Value]):
    """What names and attributes hold; `truths` is what the truth of some names tells."""

    __slots__ = ("truths",)

    def __init__(self, held: Environment | None = None) -> None:
        """Make an environment of its own, which holds the same as another at first."""
        self.truths: dict[str, Truth] = {}
        if held is not None:
            self.update(held)
            if held.truths:
                self.truths.update(held.truths)

    def copy(self) -> Environment:
        """Return an environment of its own, which holds the same at first."""
        return Environment(self)

    def tell(self, name: str, truth: Truth) -> None:
        """Note what the truth of a name tells; beyond the bound no other tells anything more."""
        if len(self.truths) >= MAX_TRUTHS:
            self.truths.clear()
        self.truths[name] = truth


def others(before: Environment, after: Environment) -> Iterator[tuple[Key, Value | None, Value]]:
    """Yield what is another object in the second of two environments, in the order of its keys.

    With each key comes what the first holds, None for nothing. Mostly both have begun as the same,
    hold a thousand names, and differ in one: then no name is looked up.
    """
    alike = min(len(before), len(after))
    if [*islice(before, alike)] != [*islice(after, alike)]:
        alike = next(compress(count(), map(ne, before, after)), alike)
    differ = map(is_not, islice(before.values(), alike), after.values())
    for key in (*compress(after, differ), *islice(after, alike, None)):
        known, value = before.get(key), after[key]
        if known is not value:
            yield key, known, value


def names_tested(unit: bytes, docstring: Span, line: int = 0) -> frozenset[str]:
    """Return the names of whose truth something may depend: only they have to be followed.

    A name may be given another (`known = ok`), so all that is bound to a bare name counts. It is
    the same with any `line` that starts behind the docstring; what is before that is remembered.
    """
    begun = unit[: docstring.start] + unit[docstring.end : max(line, docstring.end)]
    rest = unit[max(line, docstring.end) :]
    if line > docstring.end:
        found = _names_before(begun)
        if found is not None:
            return found | _names(rest)
    return _names(begun + rest)


@lru_cache(maxsize=1)
def _names_before(text: bytes) -> frozenset[str] | None:
    """Return the names in a text up to the end of a line; None if what follows may tell of it."""
    if _GOES_ON.search(text[-_LOOK_BACK:].decode("utf-8", "replace")):
        return None
    return _names(text)


def _names(text: bytes) -> frozenset[str]:
    letters = text.decode("utf-8", "replace")
    words = letters.split()  # indentation is half of a text, and each space might begin something
    return frozenset((*_TESTED.findall(" " + " ".join(words)), *_ALIASED.findall(letters)))


Differences = list[tuple[Key, Value | None, Value]]
"""What `others` yields."""


def after_branches(
    ways: list[Environment],
    differences: list[Differences],
    joined: Environment,
    is_tested: Callable[[str], bool],
    initial: Callable[[Key], Value],
) -> dict[str, Truth]:
    """Return what the truth of names tells behind branches that were `joined`.

    `differences` are those of each way but the first from that. Of most names it tells nothing; of
    the others is asked if one `is_tested` somewhere. `initial` gives what is under a key that a
    branch has not bound.
    """
    truths: dict[str, Truth] = {}
    flags = _flags(ways, differences, is_tested)
    for name in flags if len(flags) <= MAX_TRUTHS else ():
        known = [_truth(way, name) for way in ways]
        first = known[0]
        if all(truth is first for truth in known):
            if first is not None:
                truths[name] = first
            continue
        pairs = [(way, truth) for way, truth in zip(ways, known, strict=True) if truth is not None]
        if len(pairs) == len(ways):
            true = [(way, truth.true) for way, truth in pairs if truth.true is not None]
            false = [(way, truth.false) for way, truth in pairs if truth.false is not None]
            truths[name] = Truth(
                _common(true, name, joined, initial), _common(false, name, joined, initial)
            )
    return truths


def after_rounds(
    ways: list[Environment],
    differences: list[Differences],
    joined: Environment,
    is_tested: Callable[[str], bool],
    initial: Callable[[Key], Value],
) -> dict[str, Truth]:
    """Return what the truth of names tells behind a loop.

    A flag may have been set in an earlier round, so it tells nothing of what every round has of
    its own.
    """
    truths = after_branches(ways, differences, joined, is_tested, initial)
    return {
        name: Truth(_lasting(truth.true), _lasting(truth.false)) for name, truth in truths.items()
    }


def _lasting(told: tuple[Told, ...] | None) -> tuple[Told, ...] | None:
    return told and tuple(each for each in told if each.proof.value is None)


def _flags(
    ways: list[Environment], differences: list[Differences], is_tested: Callable[[str], bool]
) -> list[str]:
    """Return the names whose truth tells something, or differs from way to way."""
    found: set[str] = set()
    for way in ways:
        if way.truths:
            found.update(filter(is_tested, way.truths))
    for each in differences:
        for name, before, value in each:
            if value.__class__ in _TELLING and isinstance(name, str) and name not in found:
                one, another = _known_truth(NONE if before is None else before), _known_truth(value)
                if one is None or another is None or one is another:
                    continue
                if is_tested(name):
                    found.add(name)
    return sorted(found)


def _truth(way: Environment, name: str) -> Truth | None:
    return way.truths.get(name) or _known_truth(way.get(name, NONE))


def _known_truth(value: Value) -> Truth | None:
    """Return the truth of a constant, or of a collection or a text that is empty or is not."""
    match value:
        case Const(known):
            return TRUE if known else FALSE
        case Template(parts) if any(isinstance(part, str) for part in parts):
            return TRUE
        case Sequence(items):
            return TRUE if items else FALSE
        case Mapping(entries, spread) if entries or not spread:
            return TRUE if entries else FALSE
    return None


# What `_known_truth` tells the truth of.
_TELLING = frozenset({Const, Template, Sequence, Mapping})
_Way = tuple[Environment, tuple[Told, ...]]


def _common(
    ways: list[_Way], name: str, joined: Environment, initial: Callable[[Key], Value]
) -> tuple[Told, ...] | None:
    """Return what holds on all ways on which a variable is so; None when there is none."""
    if not ways:
        return None
    found: list[Told] = []
    for key in _keys(ways[0], joined):
        if key == name:
            continue
        before = _under(joined, key, initial)
        each = [_held(way, key, told, initial) for way, told in ways]
        now = each[0] if len(each) == 1 else choice(each)
        if now == before:
            continue
        if now.__class__ not in _FURTHER:
            if now != unrefined(before):
                found.append(Told(Proof(key, _EQUAL, now), before))
            continue
        (base, facts), (base_before, known) = _facts(now), _facts(before)
        if base == base_before:
            found += [Told(Proof(key, fact), before) for fact in facts if fact not in known]
        elif not _is_as_much(now, before):
            found.append(Told(Proof(key, _EQUAL, now), before))
    return tuple(found) if len(found) <= MAX_PROOFS else ()


# Values of which facts may be known.
_FURTHER = frozenset({Choice, Refined})
_EQUAL = Fact("equal", NONE)


def _keys(first: _Way, joined: Environment) -> Iterable[Key]:
    """Return the keys of which a way may tell more than all together."""
    way, told = first
    keys = [key for key, _, _ in others(joined, way)]
    return dict.fromkeys((*(each.proof.key for each in told), *keys)) if told else keys


def _held(
    way: Environment, key: Key, told: tuple[Told, ...], initial: Callable[[Key], Value]
) -> Value:
    """Return what is under a key on a way on which some things are told."""
    held = _under(way, key, initial)
    if not told:
        return held
    about = (each.proof for each in told if each.proof.key == key and each.is_about(held))
    return reduce(proven, about, held)


def _under(way: Environment, key: Key, initial: Callable[[Key], Value]) -> Value:
    held = way.get(key)
    return initial(key) if held is None else held


def _facts(value: Value) -> tuple[Value, tuple[Fact, ...]]:
    """Return a value without what is known of it, and what is known whichever of several it is."""
    if isinstance(value, Choice):
        first, *others = value.alternatives
        facts = _facts(first)[1]
        for each in others if facts else ():
            known = _facts(each)[1]
            facts = tuple([fact for fact in facts if fact in known])
        return unrefined(value), facts
    return unrefined(value), value.facts if isinstance(value, Refined) else ()


def _is_as_much(one: Value, other: Value) -> bool:
    """Tell whether two values are the same possibilities."""
    if isinstance(one, Choice) and isinstance(other, Choice):
        return set(one.alternatives) == set(other.alternatives)
    return one == other

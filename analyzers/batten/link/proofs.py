"""What guards prove of a value: that it is harmless, or constant."""

from __future__ import annotations

import re
from itertools import repeat
from typing import TYPE_CHECKING

from batten.link.entities import (
    ClassObject,
    External,
    Frame,
    Instance,
    Known,
    Open,
)
from batten.link.flow import Leaf, LeafKind
from batten.link.helpers import asked_of_helper
from batten.link.index import last_name
from batten.link.letters import are_harmless
from batten.link.pattern_texts import pattern_texts
from batten.link.patterns import excludes_harmful, proves_harmless
from batten.link.types import harmless_type
from batten.values.combine import plain
from batten.values.terms import Bag, Choice, Const, Mapping, Refined, Result, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.helpers import Asked
    from batten.link.resolve import Resolver
    from batten.values.terms import Fact, Value

_HARMLESS_PREDICATES = frozenset(
    (".isdigit", ".isnumeric", ".isdecimal", ".isalnum", ".isalpha", ".isidentifier")
)
FEW_FACTS = 4
_SEARCHES = frozenset({"match", "fullmatch", "search"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+\d*|\d+")


def proven(facts: tuple[Fact, ...], frame: Frame, resolver: Resolver) -> Leaf | None:
    """Return what the first fact that proves anything makes of a value; None for nothing."""
    found: Iterator[Leaf | None]
    if len(facts) > FEW_FACTS:
        # A value that is handed to one function after the other has more facts each time.
        found = map(resolver.proved, zip(facts, repeat(frame)))
    else:
        found = (_proven(fact, frame, resolver, 0) for fact in facts)
    return next((leaf for leaf in found if leaf is not None), None)


def proven_by_fact(asked: tuple[Fact, Frame], resolver: Resolver) -> Leaf | None:
    """Return what a fact makes of a value; None for nothing."""
    fact, frame = asked
    resolver.index.head(frame.function)  # of one that is gone nothing is kept
    return _proven(fact, frame, resolver, 0)


def _proven(fact: Fact, frame: Frame, resolver: Resolver, depth: int) -> Leaf | None:
    return _by_fact(fact, frame, resolver) or _by_helper(fact, frame, resolver, depth)


def _by_helper(fact: Fact, frame: Frame, resolver: Resolver, depth: int) -> Leaf | None:
    """Return what a function of the program has proved of its argument."""
    asked = asked_of_helper(fact, frame, resolver, depth)
    return resolver.proved_by_helper(asked) if asked is not None else None


def proven_by_helper(asked: Asked, resolver: Resolver) -> Leaf | None:
    """Return what the first fact that proves anything makes of a helper's argument."""
    for each, at in asked.promised(resolver.index):
        found = _proven(each, at, resolver, asked.depth)
        if found is not None:
            return found
    return None


def _of_text_class(value: Value, frame: Frame, resolver: Resolver) -> Leaf | None:
    """Return the leaf of an object whose class makes its text: it is judged where it is made."""
    classes = resolver.resolve(value, frame)
    if classes and all(
        isinstance(c, ClassObject) and resolver.text_made_by(c.key) for c in classes
    ):
        return Leaf(LeafKind.HARMLESS, f"is a `{last_name(value)}` already", is_text=True)
    return None


def _by_fact(fact: Fact, frame: Frame, resolver: Resolver) -> Leaf | None:
    match fact.kind:
        case "type":
            name = harmless_type(fact.value, frame, resolver)
            if name is not None:
                return Leaf(LeafKind.HARMLESS, f"is known to be {name}")
            return _of_text_class(fact.value, frame, resolver)
        case "empty":
            return Leaf(LeafKind.CONSTANT, "is empty here")
        case "equal":
            return Leaf(LeafKind.CONSTANT, "was compared with a constant")
        case "converted":
            return _by_conversion(fact.value, frame, resolver)
        case "member" if is_fixed_set(fact.value, frame, resolver):
            return Leaf(LeafKind.CONSTANT, "was checked to be in a fixed set")
        case "member" if are_harmless(fact.value, frame, resolver):
            return Leaf(LeafKind.HARMLESS, "was checked to be in a text of the program")
        case "either" if _either(fact.value, frame, resolver):
            return Leaf(LeafKind.HARMLESS, "was checked in several ways")
        case "each" if _each_harmless(fact.value, frame, resolver):
            return Leaf(LeafKind.HARMLESS, "was checked letter by letter")
        case "predicate":
            return _by_predicate(fact.value, frame, resolver)
        case "refuted" if _refuted(fact.value, frame, resolver):
            return Leaf(LeafKind.HARMLESS, "was checked by a pattern")
    return None


def _either(value: Value, frame: Frame, resolver: Resolver) -> bool:
    """Tell whether each of several ways to pass a check proves that a value is harmless."""
    match value:
        case Choice(alternatives):
            return all(_either(each, frame, resolver) for each in alternatives)
        case Refined(_, facts):
            return proven(facts, frame, resolver) is not None
        case _:
            return isinstance(value, Const)


def _each_harmless(letter: Value, frame: Frame, resolver: Resolver) -> bool:
    """Tell whether a letter of which guards have proved something is harmless."""
    match letter:
        case Choice(alternatives):
            return all(_each_harmless(each, frame, resolver) for each in alternatives)
        case Refined(inner, facts):
            return _each_harmless(inner, frame, resolver) or any(
                are_harmless(fact.value, frame, resolver)
                if fact.kind == "member"
                else proven((fact,), frame, resolver) is not None
                for fact in facts
            )
        case _:
            return are_harmless(letter, frame, resolver)


def _by_conversion(function: Value, frame: Frame, resolver: Resolver) -> Leaf | None:
    for entity in resolver.resolve(function, frame):
        if isinstance(entity, External) and resolver.models.harmless(entity.name, "url"):
            return Leaf(LeafKind.HARMLESS, f"was converted to {last_name(function)}")
        if isinstance(entity, ClassObject) and resolver.hierarchy.is_enumeration(entity.key):
            return Leaf(LeafKind.CONSTANT, f"was checked to be one of {last_name(function)}")
    return None


def _by_predicate(predicate: Value, frame: Frame, resolver: Resolver) -> Leaf | None:
    if isinstance(predicate, Const):
        if predicate.value in _HARMLESS_PREDICATES:
            return Leaf(LeafKind.HARMLESS, f"was checked by {predicate.value}()")
        return None
    function = predicate.items[0] if isinstance(predicate, Sequence) else predicate
    name = last_name(function)
    if name in _SEARCHES and _checked_by_pattern(predicate, name, frame, resolver):
        return Leaf(LeafKind.HARMLESS, "was checked by a pattern")
    words = [word.lower() for word in _WORD.findall(name)]
    if "uuid" in words or name.startswith(("is_int", "is_digit", "is_num")):
        return Leaf(LeafKind.HARMLESS, f"was checked by {name}()")
    return None


def _refuted(predicate: Value, frame: Frame, resolver: Resolver) -> bool:
    """Tell whether a text in which a pattern was not found is harmless (`[^a-z]`)."""
    function = predicate.items[0] if isinstance(predicate, Sequence) else predicate
    if last_name(function) not in ("search", "findall"):
        return False
    patterns = pattern_texts(predicate, frame, resolver)
    return bool(patterns) and all(excludes_harmful(pattern) for pattern in patterns)


def matched(
    facts: tuple[Fact, ...], frame: Frame, resolver: Resolver
) -> tuple[tuple[str, str], ...]:
    """Return the patterns that a value has passed, each behind the name of what looked for it."""
    found = []
    for fact in facts:
        if fact.kind == "predicate" and not isinstance(fact.value, Const):
            predicate = fact.value
            name = last_name(predicate.items[0] if isinstance(predicate, Sequence) else predicate)
            patterns = pattern_texts(predicate, frame, resolver) if name in _SEARCHES else []
            found += [(name, pattern) for pattern in patterns if len(patterns) == 1]
    return tuple(found)


def is_fixed_set(value: Value, frame: Frame, resolver: Resolver) -> bool:
    """Tell whether a collection is written out (`ALLOWED = frozenset(["a", "b"])`)."""
    if _is_literal_type(value, frame, resolver):
        return True
    passed = resolver.results.passed(value, frame)
    if passed:
        return all(is_fixed_set(inner, inner_frame, resolver) for inner, inner_frame in passed)
    entities = resolver.resolve(value, frame)
    return bool(entities) and all(
        (isinstance(entity, Known) and _is_written_out(entity, resolver))
        or (isinstance(entity, ClassObject) and resolver.hierarchy.is_enumeration(entity.key))
        or (
            isinstance(entity, Open)
            and (entity.value, entity.frame) != (value, frame)
            and is_fixed_set(entity.value, entity.frame, resolver)
        )
        for entity in entities
    )


def _is_literal_type(value: Value, frame: Frame, resolver: Resolver) -> bool:
    """Tell whether a collection is what a type is made of: `get_args(Literal["a", "b"])`."""
    if not isinstance(value, Result):
        return False
    call = resolver.index.call_in(frame.function, value.call)
    given = call.arguments.positional
    return (
        last_name(call.function) == "get_args"
        and len(given) == 1
        and harmless_type(given[0].value, frame, resolver) is not None
    )


def _is_written_out(known: Known, resolver: Resolver) -> bool:
    """Tell whether a collection holds nothing but what the program itself says."""
    match known.value:
        case Sequence(items):
            spread: tuple[Value, ...] = ()
        case Bag(items, spread):
            pass
        case Mapping(entries, spread):
            items = tuple(key for key, _ in entries)
        case _:
            return False
    constant = (
        isinstance(entity, (Known, Instance, ClassObject, External))
        for item in items
        for entity in resolver.resolve(plain(item), known.frame)
    )
    return all(constant) and all(is_fixed_set(each, known.frame, resolver) for each in spread)


def _checked_by_pattern(predicate: Value, name: str, frame: Frame, resolver: Resolver) -> bool:
    patterns = pattern_texts(predicate, frame, resolver)
    return bool(patterns) and all(proves_harmless(name, pattern) for pattern in patterns)

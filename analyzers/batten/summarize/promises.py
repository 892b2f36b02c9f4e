"""What a function has proved of its arguments when it returns.

So a check that a helper makes (`def validate(name)` that raises, `def is_name(text)` that tells)
counts where the helper is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.environment import proven
from batten.summarize.guarded import unrefined
from batten.summarize.summary import Promise
from batten.values.immutable import immutable
from batten.values.terms import UNKNOWN, Const, Fact, Param, Refined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from batten.summarize.environment import Proof
    from batten.summarize.scope import Scope
    from batten.values.terms import Value

    Known = Mapping[str, tuple[Fact, ...]]


@immutable
class Exit:
    """One way out of a function: what is known of its arguments, when the result is so."""

    any: Known
    true: Known | None
    false: Known | None


def returned(scope: Scope, value: Value, proofs: tuple[list[Proof], list[Proof]]) -> Exit:
    """Return the way out of returning `value`; `proofs` is what it proves as a condition."""
    known = _known(scope)
    true, false = _with(known, proofs[0], scope), _with(known, proofs[1], scope)
    if isinstance(value, Const):
        return Exit(known, true if value.value else None, None if value.value else false)
    return Exit(known, true, false)


def fallen_through(scope: Scope) -> Exit:
    """Return the way out at the end of the body, which returns None."""
    known = _known(scope)
    return Exit(known, None, known)


def promises(exits: list[Exit]) -> tuple[Promise, ...]:
    """Return what holds of each argument whichever way is taken."""
    for each in exits:
        if each.any or each.true or each.false:
            break
    else:
        return ()  # as mostly
    return (
        *_common("any", [each.any for each in exits]),
        *_common("true", [each.true for each in exits if each.true is not None]),
        *_common("false", [each.false for each in exits if each.false is not None]),
    )


def _common(outcome: str, ways: list[Known]) -> Iterable[Promise]:
    if not ways:
        return
    for name, facts in ways[0].items():
        kept = tuple(fact for fact in facts if all(fact in way.get(name, ()) for way in ways))
        if kept:
            yield Promise(name, outcome, kept)


def _known(scope: Scope) -> Known:
    known = {}
    for name in scope.parameters:
        value = scope.environment.get(name)
        if isinstance(value, Refined) and value.value == Param(name):
            known[name] = value.facts
    return known


def _with(known: Known, proofs: list[Proof], scope: Scope) -> Known:
    if not proofs:
        return known
    more = dict(known)
    for proof in proofs:
        if isinstance(proof.key, str) and unrefined(scope.read(proof.key)) == Param(proof.key):
            fact = proof.fact if proof.value is None else Fact("equal", proof.value)
            if proof.either:
                fact = Fact("either", proven(UNKNOWN, proof))
            more[proof.key] = (*more.get(proof.key, ()), fact)
    return more

"""Conditions about each letter of a text: `all(c.isalnum() or c in "-_" for c in text)`.

What is proved of every letter is one fact about the text. Whether such letters are harmless is
for `batten.link.letters` to say.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, cast

from batten.summarize.environment import Proof, proven
from batten.summarize.guarded import plain_key
from batten.values.terms import UNKNOWN, Const, Fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from batten.summarize.environment import Key
    from batten.summarize.scope import Scope
    from batten.values.terms import Value

_SETS = frozenset({"set", "frozenset"})


def each_letter(key: Key, letter: str, proofs: Iterable[Proof]) -> list[Proof]:
    """Return what is proved of a text when `proofs` hold for each `letter` of it."""
    about = (proof for proof in proofs if proof.key == letter)
    told: Value = reduce(proven, about, cast("Value", UNKNOWN))
    return [] if told == UNKNOWN else [Proof(key, Fact("each", told))]


def letters_of(scope: Scope, node: Node) -> Key | None:
    """Return the text of which `node` is the set of letters, None if it is something else."""
    given = _only_argument(node)
    callee = node.child_by_field_name("function")
    if given is None or callee is None or scope.slice(callee) not in _SETS:
        return None
    return plain_key(scope, given)


def subset(scope: Scope, node: Node, of: Node) -> list[Proof]:
    """Read `set(text) <= letters`."""
    key = letters_of(scope, node)
    if key is None:
        return []
    letter = Proof("", Fact("member", scope.evaluate(of)))
    return each_letter(key, "", [letter])


def without_harmless(scope: Scope, node: Node) -> Node:
    """Return the text out of which harmless letters were taken: `x` of `x.replace("-", "")`."""
    while node.type == "call":
        callee, arguments = (node.child_by_field_name(n) for n in ("function", "arguments"))
        base = callee.child_by_field_name("object") if callee is not None else None
        if callee is None or arguments is None or base is None:
            return node
        name = callee.child_by_field_name("attribute")
        given = [scope.evaluate(child) for child in arguments.named_children]
        if name is None or scope.slice(name) != "replace" or len(given) != 2:
            return node
        old = given[0].value if isinstance(given[0], Const) else None
        if not isinstance(old, str) or not set(old) <= _HARMLESS:
            return node
        node = base
    return node


_HARMLESS = frozenset("-._~ ")


def _only_argument(node: Node) -> Node | None:
    arguments = node.child_by_field_name("arguments") if node.type == "call" else None
    if arguments is None or arguments.type != "argument_list":
        return None
    inner = [child for child in arguments.named_children if child.type != "comment"]
    return inner[0] if len(inner) == 1 else None

"""The grades of text that is put together or escaped, and the union of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.arguments import given_argument
from batten.link.flow import Leaf, LeafKind
from batten.values.terms import Const

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.grammars.url import Place
    from batten.link.point import Traced
    from batten.models.model import CallModel
    from batten.summarize.summary import Call

CONSTANT = Leaf(LeafKind.CONSTANT, "is constant", is_text=True)
COMPOSED = Leaf(LeafKind.COMPOSED, "is put together elsewhere", is_text=True)
PIECE = Leaf(LeafKind.PIECE, "is put together elsewhere", is_text=True)
CLEANED = Leaf(LeafKind.HARMLESS, "has only harmless letters left", is_text=True)
TOP = Leaf(LeafKind.UNKNOWN, "is of a kind that is not known")
RAW = frozenset({LeafKind.REPLIED, LeafKind.IDENTIFIER, LeafKind.UNKNOWN, LeafKind.CONTROLLED})
# What documentation and names can't talk away.
OUTWEIGHS_WORDS = frozenset({LeafKind.COMPOSED, LeafKind.PIECE, LeafKind.CONTROLLED})


def escaped_leaf(function: str, kept: str) -> Leaf:
    """Return the leaf of a value that `function` has escaped but for `kept`."""
    why = f"is escaped by `{function.rpartition('.')[2]}()`"
    return Leaf(LeafKind.ESCAPED, why, kept, is_text=True)


def escaped_by(model: CallModel, call: Call) -> Leaf:
    """Return the leaf of what a call of an escaper gives, by the delimiters that it keeps."""
    escape = model.escape
    kept = escape.kept if escape is not None else ""
    if escape is not None and escape.kept_argument is not None:
        argument = escape.kept_argument
        given = given_argument(call, argument.position, argument.keyword)
        if given is not None and isinstance(given.value, Const):
            known = given.value.value
            kept = known.decode("latin-1") if isinstance(known, bytes) else str(known)
    return escaped_leaf(model.name, kept)


def undone(leaves: set[Leaf]) -> set[Leaf]:
    """Return what becomes of values that are made anew (`unquote`): no escaping holds."""
    made = Leaf(LeafKind.UNKNOWN, "is unescaped before it goes in", is_text=True)
    return {made if leaf.kind is LeafKind.ESCAPED else leaf for leaf in leaves}


def union(traced: Iterable[Traced]) -> Traced:
    """Return all ends and all leaves of several answers."""
    ends: set[Place] = set()
    leaves: set[Leaf] = set()
    for places, found in traced:
        ends |= places
        leaves |= found
    return ends, leaves

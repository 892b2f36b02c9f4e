"""What the patterns of a `case` bind, and what they prove of the subject of a `match`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.guarded import plain_key
from batten.summarize.guards import type_proofs
from batten.summarize.nodes import operands
from batten.values.combine import refined
from batten.values.terms import UNKNOWN, Fact, Sequence, Value

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.summarize.guards import Proofs
    from batten.summarize.scope import Scope


def class_proofs(scope: Scope, patterns: list[Node], subjects: list[Node]) -> Proofs:
    """Return what `case int() | float()` proves of the subject, and what it leaves for the rest."""
    if len(patterns) != 1 or len(subjects) != 1:
        return [], []
    inner = operands(patterns[0])
    if len(inner) == 1 and inner[0].type == "union_pattern":
        inner = operands(inner[0])
    names = [operands(each) for each in inner if each.type == "class_pattern"]
    if not names or len(names) < len(inner) or any(len(each) != 1 for each in names):
        return [], []
    types = tuple(scope.evaluate(operands(name)[0]) for (name,) in names)
    key = plain_key(scope, subjects[0])
    return type_proofs(scope, key, types[0] if len(types) == 1 else Sequence(types))


def texts_matched(scope: Scope, pattern: Node) -> list[Value]:
    """Return the texts of which one is matched (`case "user" | "group"`), [] for other patterns."""
    inner = operands(pattern)
    if len(inner) == 1 and inner[0].type == "union_pattern":
        inner = operands(inner[0])
    return [scope.evaluate(each) for each in inner if each.type == "string"] if inner else []


def bind_pattern(scope: Scope, pattern: Node, subject: Value, whole: bool) -> None:
    """Bind the names of a pattern; what it matches is the `whole` subject or a part of it."""
    stack: list[tuple[Node, Value | None]] = [(pattern, subject if whole else None)]
    while stack:
        node, matched = stack.pop()
        inner = operands(node)
        names = [child for child in inner if child.type in ("dotted_name", "identifier")]
        if node.type in ("case_pattern", "as_pattern") and len(names) == 1 and not _dots(names[0]):
            scope.write(scope.slice(names[0]), UNKNOWN if matched is None else matched)
        if node.type == "class_pattern" and len(inner) == 2 and names:
            # `int(number)` takes the subject itself, if it is an int.
            value = UNKNOWN if matched is None else matched
            matched = refined(value, Fact("type", scope.read(scope.slice(names[0]))))
        elif len(inner) > 1 and node.type != "as_pattern":
            matched = None
        stack.extend(
            (child, matched) for child in inner if child.type not in ("string", "dotted_name")
        )


def _dots(node: Node) -> bool:
    return node.named_child_count > 1

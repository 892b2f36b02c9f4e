"""Correcting which characters a call of `quote` keeps, where nothing else may be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.escaping import QUOTE, escaping_function
from batten.rewrite.names import bindings
from batten.rewrite.quote import Coercion, quote_value
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import without_parentheses

if TYPE_CHECKING:
    from batten.rewrite.edit import Edit
    from batten.syntax.text import SourceText, Span


def keep_only(source: SourceText, call: Span, *, safe: str) -> tuple[Edit, ...] | Refusal:
    """Return the edits that make the call of `quote` at `call` keep the characters in `safe`.

    Refuses every other expression: a name for escaped text would be escaped a second time.
    """
    names = bindings(source)
    if isinstance(names, Refusal):
        return names
    node = names.syntax.node(call)
    if node is None or escaping_function(names, without_parentheses(node)) != QUOTE:
        return Refusal("it is not a call of `quote`")
    return quote_value(source, call, safe=safe, coercion=Coercion.TEXT)

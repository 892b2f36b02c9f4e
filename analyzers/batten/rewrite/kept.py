"""Correcting which characters a call of `quote` keeps, where nothing else may be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.escaping import QUOTE, escaping_function
from batten.rewrite.names import bindings_at
from batten.rewrite.quote import Coercion, quote_value
from batten.rewrite.refusal import Refusal
from batten.rewrite.variables import sole_value
from batten.syntax.text import Span

if TYPE_CHECKING:
    from batten.rewrite.edit import Edit
    from batten.syntax.text import SourceText


def keep_only(source: SourceText, call: Span, *, safe: str) -> tuple[Edit, ...] | Refusal:
    """Return the edits that make the call of `quote` at `call` keep the characters in `safe`.

    A variable that holds the call for this place only stands for it. Refuses every other
    expression: escaped text would be escaped a second time.
    """
    names = bindings_at(source, call.start)
    if isinstance(names, Refusal):
        return names
    node = names.syntax.node(call)
    node = None if node is None else sole_value(names, node)
    if node is None or escaping_function(names, node) != QUOTE:
        return Refusal("it is not a call of `quote`")
    call = Span(node.start_byte, node.end_byte)
    return quote_value(source, call, safe=safe, coercion=Coercion.TEXT)

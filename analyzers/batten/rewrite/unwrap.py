"""Taking a call of an escaping function away from around its text, which is escaped elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.edit import Edit
from batten.rewrite.escaping import QUOTE, escaping_function
from batten.rewrite.expressions import EXPRESSIONS, without_comments
from batten.rewrite.names import bindings_at
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import descendants
from batten.rewrite.variables import sole_value
from batten.syntax.text import Span

if TYPE_CHECKING:
    from batten.syntax.text import SourceText


def unwrap(source: SourceText, call: Span) -> tuple[Edit, ...] | Refusal:
    """Return the edits that put what `quote` or `quote_plus` is called with in its place.

    A variable that holds the call for this place only stands for it. Refuses every other
    expression, and a call whose text is not its first argument.
    """
    names = bindings_at(source, call.start)
    if isinstance(names, Refusal):
        return names
    node = names.syntax.node(call)
    if node is None:
        return names.syntax.broken(call.start) or Refusal("it is not an expression of its own")
    node = sole_value(names, node)
    if escaping_function(names, node) not in _OF_TEXT:
        return Refusal("it is not a call of `quote`")
    arguments = node.child_by_field_name("arguments")
    items = [] if arguments is None else without_comments(arguments)
    if not items or items[0].type not in EXPRESSIONS:
        return Refusal("the arguments of `quote` are not in sight")
    if any(inner.type == "comment" for inner in descendants(node)):
        return Refusal("there is a comment in the call")
    text = names.syntax.text(items[0])
    if items[0].type not in _ATOMS or "\n" in text:
        text = f"({text})"
    return (Edit(Span(node.start_byte, node.end_byte), text),)


_OF_TEXT = frozenset({QUOTE, "urllib.parse.quote_plus"})
_ATOMS = frozenset({"attribute", "call", "identifier", "parenthesized_expression", "subscript"})

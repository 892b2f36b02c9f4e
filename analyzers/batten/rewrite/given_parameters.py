"""The parameters that a call has already: a dict that is written out there, or a variable of one.

To a variable nothing is added: other code may see it. The call is given a new dict with all that
the variable holds, once it is certain that it is a dict, and which keys it can have by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.edit import Edit
from batten.rewrite.expressions import without_comments
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import ancestors
from batten.rewrite.variables import mentions
from batten.syntax.text import Span
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.rewrite.names import Bindings
    from batten.rewrite.tree import Syntax


@immutable
class GivenParameters:
    """A dict display, or a name that holds a dict, and all keys that it may have."""

    node: Node
    keys: frozenset[str]

    def with_entries(self, syntax: Syntax, entries: str) -> Edit:
        """Return the edit that puts more entries before those that there are."""
        if self.node.type == "identifier":
            span = Span(self.node.start_byte, self.node.end_byte)
            return Edit(span, f"{{{entries}, **{syntax.text(self.node)}}}")
        at = self.node.start_byte + 1
        return Edit(Span(at, at), entries + (", " if without_comments(self.node) else ""))


def given_parameters(names: Bindings, value: Node, keyword: str) -> GivenParameters | Refusal:
    """Return what is known of the value of an argument; refuses when its keys are not known."""
    if value.type == "identifier":
        keys = _keys_of_variable(names, value)
    else:
        keys = _keys(names.syntax, value)
    if keys is None:
        return Refusal(f"the call has `{keyword}` already, put together elsewhere")
    return keys if isinstance(keys, Refusal) else GivenParameters(value, keys)


def _keys(syntax: Syntax, display: Node) -> frozenset[str] | None:
    """Return the keys of a dict display; None for anything else and for keys that are computed."""
    if display.type != "dictionary":
        return None
    keys = [pair.child_by_field_name("key") for pair in without_comments(display)]
    if not all(key is not None and _is_plain(syntax, key) for key in keys):
        return None
    return frozenset(syntax.text(key).strip("\"'") for key in keys if key is not None)


def _keys_of_variable(names: Bindings, use: Node) -> frozenset[str] | Refusal | None:
    """Return the keys of a dict that a function makes, maybe adds to, and gives to one call."""
    name = names.syntax.text(use)
    first, *others = mentions(names, use)
    scope = next((outer for outer in ancestors(use) if outer.type in _SCOPES), None)
    if scope is None or scope.type != "function_definition" or first.parent is None:
        return None
    assignment = first.parent
    made = assignment.child_by_field_name("right")
    if assignment.type != "assignment" or assignment.child_by_field_name("left") != first:
        return None
    keys = None if made is None else _keys(names.syntax, made)
    if keys is None:
        return None
    for other in others:
        if other == use:
            continue
        added = _added(names.syntax, other)
        if added is None:
            return Refusal(f"`{name}` is used for more than the call")
        keys |= {added}
    return keys


def _added(syntax: Syntax, name: Node) -> str | None:
    """Return the key under which something is put into a dict by `name["key"] = value`."""
    item = name.parent
    if item is None or item.type != "subscript" or item.child_by_field_name("value") != name:
        return None
    store, key = item.parent, item.child_by_field_name("subscript")
    if store is None or store.type != "assignment" or store.child_by_field_name("left") != item:
        return None
    return syntax.text(key).strip("\"'") if key is not None and _is_plain(syntax, key) else None


def _is_plain(syntax: Syntax, key: Node) -> bool:
    """Tell whether a key is a string literal that is spelled as it reads."""
    text = syntax.text(key)
    return key.type == "string" and text[0] in "\"'" and "\\" not in text


_SCOPES = frozenset({"class_definition", "function_definition", "lambda"})

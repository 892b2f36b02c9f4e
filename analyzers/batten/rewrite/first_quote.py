"""Taking away the first of two escapings of a text: in the place itself, or where callers do it.

Callers are followed as far as it is plain whom they call: a function of the same document by its
name, or a method of the same class through `self`. What others give is for the verification to see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.escaping import QUOTE, escaping_function
from batten.rewrite.expressions import without_comments
from batten.rewrite.names import bindings
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import ancestors, descendants, without_parentheses
from batten.rewrite.unwrap import unwrap
from batten.rewrite.variables import sole_value
from batten.syntax.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from batten.rewrite.edit import Edit
    from batten.rewrite.names import Bindings
    from batten.rewrite.tree import Syntax
    from batten.syntax.text import SourceText


def without_first_quote(source: SourceText, value: Span) -> tuple[Edit, ...] | Refusal:
    """Return the edits that leave `quote` out around a value, or around what callers give for it.

    Refuses where neither is in sight, and where a parameter does not stay what was given.
    """
    here = unwrap(source, value)
    names = bindings(source)
    if not isinstance(here, Refusal) or isinstance(names, Refusal):
        return here
    node = names.syntax.node(value)
    function = node and next((outer for outer in ancestors(node) if outer.type in _SCOPES), None)
    node = node and without_parentheses(node)
    if node is None or function is None or node.type != "identifier":
        return here
    if function.type != "function_definition":
        return here
    name = names.syntax.text(node)
    parameters = list(_parameters(names.syntax, function))
    if not any(parameter == name for parameter, _ in parameters):
        return here
    by_position = [parameter for parameter, is_positional in parameters if is_positional]
    _, bound = names.lookup(name, node.start_byte)
    if len(bound) != 1:
        return Refusal(f"`{name}` is given another value on the way")
    edits: set[Edit] = set()
    for call, is_method in _calls(names, function):
        given = _given(names.syntax, call, by_position[is_method:], name)
        if given is None or escaping_function(names, sole_value(names, given)) not in _OF_TEXT:
            continue
        taken = unwrap(source, Span(given.start_byte, given.end_byte))
        if isinstance(taken, Refusal):
            return taken
        edits.update(taken)
    return tuple(sorted(edits)) or Refusal(f"`{name}` is escaped first in code that is not seen")


def _parameters(syntax: Syntax, function: Node) -> Iterator[tuple[str, bool]]:
    """Yield the names of the parameters, and whether each may be given by position."""
    parameters = function.child_by_field_name("parameters")
    is_positional = True
    for parameter in [] if parameters is None else without_comments(parameters):
        is_positional = is_positional and parameter.type not in _STARRED
        named = parameter.child_by_field_name("name") or next(
            (node for node in descendants(parameter) if node.type == "identifier"), None
        )
        if named is not None and parameter.type not in _STARRED:
            yield syntax.text(named), is_positional


def _calls(names: Bindings, function: Node) -> Iterator[tuple[Node, bool]]:
    """Yield the calls of a function, and whether its first parameter is given by the way."""
    syntax = names.syntax
    own = function.child_by_field_name("name")
    block = function.parent
    if own is None or block is None or block.type == "decorated_definition":
        return
    owner = block.parent if block.type == "block" else None
    is_method = owner is not None and owner.type == "class_definition"
    if not is_method and block != syntax.root:
        return
    name = syntax.text(own)
    for node in descendants(owner if is_method and owner is not None else syntax.root):
        callee = node.child_by_field_name("function") if node.type == "call" else None
        if callee is None:
            continue
        if is_method and syntax.text(callee) == f"self.{name}":
            yield node, True
        elif not is_method and callee.type == "identifier" and syntax.text(callee) == name:
            scope, bound = names.lookup(name, node.start_byte)
            if scope.covers(own.start_byte) and len(bound) == 1:
                yield node, False


def _given(syntax: Syntax, call: Node, by_position: list[str], name: str) -> Node | None:
    """Return what a call gives for a parameter; None when that is not in sight."""
    arguments = call.child_by_field_name("arguments")
    if arguments is None or arguments.type != "argument_list":
        return None
    items = without_comments(arguments)
    if any(item.type.endswith("_splat") for item in items):
        return None
    for item in items:
        keyword = item.child_by_field_name("name")
        if item.type == "keyword_argument" and keyword and syntax.text(keyword) == name:
            return item.child_by_field_name("value")
    positional = [item for item in items if item.type != "keyword_argument"]
    index = by_position.index(name) if name in by_position else len(positional)
    return positional[index] if index < len(positional) else None


_OF_TEXT = frozenset({QUOTE, "urllib.parse.quote_plus"})
_SCOPES = frozenset({"class_definition", "function_definition", "lambda"})
_STARRED = frozenset({"list_splat_pattern", "dictionary_splat_pattern", "keyword_separator"})

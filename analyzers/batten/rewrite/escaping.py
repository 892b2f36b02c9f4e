"""Calls that escape text for a URL, and the text that is inside one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.refusal import Refusal
from batten.rewrite.synonyms import QUOTE, URLENCODE
from batten.rewrite.tree import ancestors

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.rewrite.names import Bindings

__all__ = ["QUOTE", "URLENCODE", "escaped_around", "escaping_function"]


def escaping_function(names: Bindings, node: Node) -> str | None:
    """Return the function by which a call escapes text, None when it does not.

    The result is a qualified name, or the name as written where a function that can't be resolved
    is called `..quote..` or `..urlencode..`: it is taken at its word.
    """
    function = node.child_by_field_name("function") if node.type == "call" else None
    if function is None:
        return None
    text = names.syntax.text(function)
    meant = names.resolve(text, node.start_byte)
    if not isinstance(meant, Refusal):
        if meant in _ESCAPING:
            return meant
        if meant in _OTHER_GRAMMARS:
            return None
    last = text.rpartition(".")[2].lower()
    return text if any(word in last for word in _TELLING) and "unquote" not in last else None


def escaped_around(names: Bindings, node: Node) -> str | None:
    """Return the function that escapes the text which a node is a part of, None if none does.

    The text is followed out through formatting, concatenation, displays and `str()`, up to the
    first call that may do something else with it. `params=` escapes in every client.
    """
    inner = node
    for outer in ancestors(node):
        if outer.type == "call":
            if outer.child_by_field_name("function") == inner:
                return None
            function = escaping_function(names, outer)
            if function is not None:
                return function
            if not _keeps_text(names, outer):
                return None
        elif outer.type == "keyword_argument":
            name = outer.child_by_field_name("name")
            if name is not None and names.syntax.text(name) == "params" and inner.type in _PAIRS:
                return "params"
        elif outer.type not in _KEEPING and not outer.type.endswith("_comprehension"):
            return None
        inner = outer
    return None


def _keeps_text(names: Bindings, call: Node) -> bool:
    """Tell whether the result of a call is text that its arguments are a part of."""
    function = call.child_by_field_name("function")
    last = "" if function is None else names.syntax.text(function).rpartition(".")[2]
    return last in ("str", "format", "join", "repr", "ascii", "list", "tuple", "sorted", "dict")


_ESCAPING = frozenset({QUOTE, "urllib.parse.quote_plus", URLENCODE})
_OTHER_GRAMMARS = frozenset({"pipes.quote", "shlex.quote"})
_TELLING = ("quote", "urlencode")
_PAIRS = frozenset({"dictionary", "list", "tuple", "dictionary_comprehension", "call"})
_KEEPING = frozenset(
    {
        "argument_list",
        "binary_operator",
        "concatenated_string",
        "conditional_expression",
        "dictionary",
        "generator_expression",
        "interpolation",
        "list",
        "pair",
        "parenthesized_expression",
        "set",
        "string",
        "tuple",
    }
)

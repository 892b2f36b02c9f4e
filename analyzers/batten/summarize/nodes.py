"""Looking at tree-sitter nodes: operands without comments, and the name of an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.syntax.kinds import kind as kind_number

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.summarize.scope import Scope

IDENTIFIER = kind_number("identifier")
COMMENT = kind_number("comment")
ATTRIBUTE = kind_number("attribute")
CALL = kind_number("call")
ARGUMENTS = kind_number("argument_list")
KEYWORD = kind_number("keyword_argument")
STRING = kind_number("string")
PARENTHESIZED = kind_number("parenthesized_expression")

MAX_STEPS = 200
SAME_TEXT = frozenset(
    """
    strip lstrip rstrip lower upper title capitalize casefold encode decode replace removeprefix
    removesuffix split rsplit
    """.split()
)
"""Methods of text whose result holds the same text, or parts of it."""

TAKES_ENTRY = frozenset({"get", "pop", "setdefault", "getlist", "getone"})
"""Methods that take an entry out of a mapping."""

_OF_TIMES = frozenset({"isoformat", "strftime"})
_VARIABLE = "getenv"
_COMMAND_LINE = frozenset({"sys.argv", "argv"})
_SHOWN = frozenset({"str", "text_type", "unicode", "sorted", "set", "list", "tuple"})


def is_key(text: str) -> bool:
    """Tell whether a text is the name of an entry, and no path that a client is to get."""
    return text.replace("-", "_").isidentifier()


def operands(node: Node) -> list[Node]:
    """Return the named children that are not comments, which may stand anywhere."""
    children = node.named_children
    for child in children:
        if child.kind_id == COMMENT:
            return [child for child in children if child.kind_id != COMMENT]
    return children


def attribute_parts(node: Node) -> tuple[Node | None, Node | None]:
    """Return the object and the name of an attribute."""
    children = node.children
    if len(children) == 3:  # no comment between: to look a field up by its name takes longer
        return children[0], children[2]
    return node.child_by_field_name("object"), node.child_by_field_name("attribute")


def call_parts(node: Node) -> tuple[Node | None, Node | None]:
    """Return the function and the arguments of a call."""
    children = node.children
    if len(children) == 2:
        return children[0], children[1]
    return node.child_by_field_name("function"), node.child_by_field_name("arguments")


def keyword_parts(node: Node) -> tuple[Node | None, Node | None]:
    """Return the name and the value of a keyword argument."""
    children = node.children
    if len(children) == 3:
        return children[0], children[2]
    return node.child_by_field_name("name"), node.child_by_field_name("value")


def pair_parts(node: Node) -> tuple[Node | None, Node | None]:
    """Return the key and the value of an entry of a dict."""
    children = node.children
    if len(children) == 3:
        return children[0], children[2]
    return node.child_by_field_name("key"), node.child_by_field_name("value")


def last_name(scope: Scope, node: Node) -> str:
    """Return the last identifier that names the value of `node`, or an empty string."""
    for _ in range(MAX_STEPS):
        kind_id = node.kind_id
        if kind_id == IDENTIFIER:
            return scope.slice(node)
        if kind_id == ATTRIBUTE:
            found = attribute_parts(node)[1]
        elif kind_id == CALL:
            found, arguments = call_parts(node)
            inner = arguments.named_children if arguments is not None else []
            base, method = None, found
            if found is not None and found.kind_id == ATTRIBUTE:
                base, method = attribute_parts(found)
            name = scope.slice(method) if method is not None else ""
            takes_key = name == _VARIABLE or (base is not None and name in TAKES_ENTRY)
            if base is not None and (name in SAME_TEXT or name in _OF_TIMES):
                found = base
            elif takes_key and inner and inner[0].kind_id == STRING:
                key = scope.slice(inner[0]).strip("'\"")
                if is_key(key):
                    return key
            elif base is None and len(inner) == 1 and name in _SHOWN:
                found = inner[0]
            if found is not None and inner and scope.slice(found).endswith("quote"):
                found = inner[0]
        else:
            kind = node.type
            if kind == "subscript":
                found = node.child_by_field_name("subscript")
                if found is not None and found.kind_id == STRING:
                    return scope.slice(found).lstrip("rbuRBU").strip("'\"")
                is_number = found is not None and found.type == "integer"
                found = node.child_by_field_name("value")
                if is_number and found is not None and scope.slice(found) in _COMMAND_LINE:
                    return scope.slice(node)
            elif kind in ("parenthesized_expression", "await"):
                found = next((c for c in node.named_children if c.kind_id != COMMENT), None)
            else:
                return ""
        if found is None:
            return ""
        node = found
    return ""

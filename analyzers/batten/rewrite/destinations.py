"""Where the text goes that a value is put into, as far as its function shows that.

A text that is sent in one place and names a file in another is not to be escaped where it is made:
the file would have another name. Who only shows it, in a log or an error, is not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.names import bindings_at
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import ancestors
from batten.rewrite.variables import mentions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from batten.rewrite.names import Bindings
    from batten.syntax.text import SourceText, Span

Destination = tuple[str, str]
"""What is called, or what kind of place it is, and as which argument or where."""


def goes_elsewhere(source: SourceText, value: Span) -> bool:
    """Tell whether the text with a value in it goes to calls of several kinds, or elsewhere, too.

    Those of one object are of one kind (`requests.get(url)`, `requests.post(url)`).
    """
    names = bindings_at(source, value.start)
    node = None if isinstance(names, Refusal) else names.syntax.node(value)
    if node is None or isinstance(names, Refusal):
        return False
    return len(set(_destinations(names, node))) > 1


def _destinations(names: Bindings, value: Node) -> Iterator[Destination]:
    """Yield where the text goes, through the variables of the function that hold it."""
    seen: set[str] = set()
    waiting = [value]
    while waiting:
        text = _whole(names, waiting.pop())
        variable = _variable(text)
        if variable is None:
            found = _destination(names, text)
            if found is not None:
                yield found
        elif (name := names.syntax.text(variable)) not in seen:
            seen.add(name)
            waiting += (each for each in mentions(names, variable) if not _is_assigned(each))


def _whole(names: Bindings, node: Node) -> Node:
    """Return the whole text that a value is a part of, or that is made of it."""
    while (parent := node.parent) is not None:
        if parent.type in _AROUND or (
            parent.type == "conditional_expression" and node != parent.named_children[1]
        ):
            node = parent
        elif (call := _text_method(names, parent)) is not None:
            node = call
        else:
            break
    return node


def _text_method(names: Bindings, parent: Node) -> Node | None:
    """Return the call of a method of text of which an object or an argument is in a node."""
    if parent.type in ("list", "tuple", "keyword_argument") and parent.parent is not None:
        if parent.parent.type == "binary_operator":
            return parent.parent
        parent = parent.parent
    call = parent.parent
    if call is None or call.type != "call":
        return None
    function = call.named_children[0]
    method = function.child_by_field_name("attribute")
    is_of_text = method is not None and names.syntax.text(method) in _TEXT_METHODS
    return call if is_of_text and parent.type in ("argument_list", "attribute") else None


def _variable(text: Node) -> Node | None:
    """Return the variable of a function that a text is assigned to."""
    assignment = text.parent
    if assignment is None or assignment.type not in _ASSIGNMENTS:
        return None
    left = assignment.child_by_field_name("left")
    scope = next((outer for outer in ancestors(text) if outer.type in _SCOPES), None)
    is_local = scope is not None and scope.type == "function_definition"
    return left if left is not None and left.type == "identifier" and is_local else None


def _is_assigned(mention: Node) -> bool:
    assignment = mention.parent
    if assignment is None or assignment.type not in _ASSIGNMENTS:
        return False
    return assignment.child_by_field_name("left") == mention


def _destination(names: Bindings, text: Node) -> Destination | None:
    """Return where a text goes; None where it is only looked at or shown."""
    parent = text.parent
    if parent is None or parent.type in _LOOKED_AT:
        return None
    method = parent.child_by_field_name("attribute") if parent.type == "attribute" else None
    if method is not None and names.syntax.text(method) in ("endswith", "startswith"):
        return None
    keyword = parent.child_by_field_name("name") if parent.type == "keyword_argument" else None
    arguments = parent.parent if keyword is not None else parent
    call = arguments.parent if arguments is not None else None
    is_argument = arguments is not None and arguments.type == "argument_list"
    if call is None or not is_argument or call.type != "call":
        if any(outer.type in _SHOWN for outer in ancestors(text)):
            return None
        place = "" if parent.type == "return_statement" else str(text.start_byte)
        return parent.type, place
    function = call.named_children[0]
    last = function.child_by_field_name("attribute") or function
    if names.syntax.text(last) in _SHOWING or any(
        outer.type in _SHOWN for outer in ancestors(call)
    ):
        return None
    called = function.child_by_field_name("object") or function
    given = "" if keyword is None else names.syntax.text(keyword)
    return names.syntax.text(called), "" if given in _ADDRESSES else given


_AROUND = frozenset(
    """
    binary_operator boolean_operator concatenated_string interpolation parenthesized_expression
    string
    """.split()
)
_TEXT_METHODS = frozenset("encode format join lower lstrip replace rstrip strip upper".split())
_ASSIGNMENTS = frozenset(("assignment", "augmented_assignment"))
_SCOPES = frozenset(("class_definition", "function_definition", "lambda"))
_LOOKED_AT = frozenset(
    """
    comparison_operator conditional_expression default_parameter delete_statement elif_clause
    expression_statement global_statement if_statement nonlocal_statement not_operator parameters
    typed_default_parameter typed_parameter while_statement
    """.split()
)
_SHOWN = frozenset(("assert_statement", "raise_statement"))
_SHOWING = frozenset("critical debug error exception fail info log print warn warning".split())
_ADDRESSES = frozenset("endpoint path uri url".split())

"""Building blocks for the fixes of rules: each changes one call, or one expression, of a document.

A block is made once, with what it writes, and is then a function of a document and a range:

    safe_load = together(swap_callee("yaml.safe_load"), drop_argument("Loader", 1))
    edits = safe_load(source, call)

It returns the edits, or refuses with a reason. Texts that are written (`"10"`, `"False"`) are
Python. `batten.rewrite.move_query` moves a query to the parameters of a call,
`batten.rewrite.quote` and `batten.rewrite.unwrap` know about URLs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from batten.rewrite.arguments import argument, arguments_of, separator
from batten.rewrite.edit import Edit, apply
from batten.rewrite.expressions import not_a_value, without_comments
from batten.rewrite.imports import callee
from batten.rewrite.names import bindings_at
from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import descendants, without_parentheses
from batten.syntax.text import SourceText, Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.rewrite.names import Bindings

Change: TypeAlias = Callable[[SourceText, Span], "tuple[Edit, ...] | Refusal"]


def together(*changes: Change) -> Change:
    """Make several changes as one; refuse when one of them refuses, or two are in the way."""

    def change(source: SourceText, span: Span) -> tuple[Edit, ...] | Refusal:
        edits: set[Edit] = set()
        for each in changes:
            made = each(source, span)
            if isinstance(made, Refusal):
                return made
            edits.update(made)
        try:
            apply(source, edits)
        except ValueError as overlap:
            return Refusal(f"the changes are {overlap}")
        return tuple(sorted(edits))

    return change


def swap_callee(name: str) -> Change:
    """Call the function with the qualified `name` instead, imported if it is not yet."""

    def change(source: SourceText, span: Span) -> tuple[Edit, ...] | Refusal:
        call = _call(source, span)
        if isinstance(call, Refusal):
            return call
        function = call.child_by_field_name("function")
        assert function is not None
        new = callee(source, function.start_byte, name)
        if isinstance(new, Refusal):
            return new
        return tuple(sorted((*new.imports, Edit(_span(function), new.text))))

    return change


def add_keyword(name: str, text: str) -> Change:
    """Give a call the keyword argument `name=text`, or another value for it.

    Refuses where the argument may be among those that are unpacked.
    """

    def change(source: SourceText, span: Span) -> tuple[Edit, ...] | Refusal:
        arguments = _arguments(source, span)
        if isinstance(arguments, Refusal):
            return arguments
        given = argument(source, arguments, name)
        if isinstance(given, Refusal):
            return given
        if given is not None:
            return _replaced(source, given, text)
        items = without_comments(arguments)
        if not items:
            at = arguments.start_byte + 1
            return (Edit(Span(at, at), f"{name}={text}"),)
        end = items[-1].end_byte
        return (Edit(Span(end, end), f"{separator(source, items[-1])}{name}={text}"),)

    return change


def replace_argument(name: str, position: int | None, text: str) -> Change:
    """Give `text` for an argument of a call, which has it by keyword or at a position from 0."""

    def change(source: SourceText, span: Span) -> tuple[Edit, ...] | Refusal:
        arguments = _arguments(source, span)
        if isinstance(arguments, Refusal):
            return arguments
        given = argument(source, arguments, name, position)
        if isinstance(given, Refusal):
            return given
        return (
            Refusal(f"the call has no `{name}`")
            if given is None
            else _replaced(source, given, text)
        )

    return change


def drop_argument(name: str, position: int | None = None) -> Change:
    """Take an argument away from a call, if it has it."""

    def change(source: SourceText, span: Span) -> tuple[Edit, ...] | Refusal:
        arguments = _arguments(source, span)
        if isinstance(arguments, Refusal):
            return arguments
        given = argument(source, arguments, name, position)
        if given is None or isinstance(given, Refusal):
            return given or ()
        items = without_comments(arguments)
        whole = given.parent if given.parent in items and given.parent is not None else given
        index = items.index(whole)
        behind = items[index + 1 : index + 2]
        if whole == given and behind and behind[0].type != "keyword_argument":
            return Refusal(f"the arguments behind `{name}` would move up")
        start, end = whole.start_byte, whole.end_byte
        if index:
            start = items[index - 1].end_byte
        elif len(items) > 1:
            end = items[1].start_byte
        lost = (child for child in arguments.children if child.type == "comment")
        if any(start <= comment.start_byte < end for comment in lost):
            return Refusal("there is a comment beside the argument")
        return (Edit(Span(start, end), ""),)

    return change


def wrap(function: str) -> Change:
    """Put an expression into a call of the function with a qualified name (`builtins.int`)."""

    def change(source: SourceText, span: Span) -> tuple[Edit, ...] | Refusal:
        names = bindings_at(source, span.start)
        if isinstance(names, Refusal):
            return names
        found = _node(names, span)
        if isinstance(found, Refusal):
            return found
        refusal = not_a_value(found)
        if refusal is not None:
            return refusal
        called = _called(names, source, found, function)
        if isinstance(called, Refusal):
            return called
        text, imports = called
        from batten.rewrite.concrete import expression  # loads LibCST: only where it is needed

        value = expression(names.syntax, found)
        if isinstance(value, Refusal):
            return value
        return tuple(sorted((*imports, Edit(_span(found), value.passed_to(text).text))))

    return change


def replace_prefix(old: str, new: str) -> Change:
    """Let a string literal that begins with `old` begin with `new` instead."""

    def change(source: SourceText, span: Span) -> tuple[Edit, ...] | Refusal:
        names = bindings_at(source, span.start)
        if isinstance(names, Refusal):
            return names
        found = names.syntax.node(span)
        first = (
            next((node for node in descendants(found) if node.type == "string_content"), None)
            if found is not None
            else None
        )
        if first is None or not names.syntax.text(first).startswith(old):
            return Refusal(f"it is no literal that begins with `{old}`")
        start = first.start_byte
        return (Edit(Span(start, start + len(old.encode())), new),)

    return change


def _arguments(source: SourceText, span: Span) -> Node | Refusal:
    call = _call(source, span)
    return call if isinstance(call, Refusal) else arguments_of(call)


def _call(source: SourceText, span: Span) -> Node | Refusal:
    names = bindings_at(source, span.start)
    found = names if isinstance(names, Refusal) else _node(names, span)
    if isinstance(found, Refusal):
        return found
    found = without_parentheses(found)
    return found if found.type == "call" else Refusal("it is not a call")


def _node(names: Bindings, span: Span) -> Node | Refusal:
    found = names.syntax.node(span)
    if found is not None:
        return found
    return names.syntax.broken(span.start) or Refusal("it is not an expression of its own")


def _called(
    names: Bindings, source: SourceText, at: Node, function: str
) -> tuple[str, tuple[Edit, ...]] | Refusal:
    """Return what to write to call a function at a node, and the imports that it takes."""
    module, _, last = function.rpartition(".")
    if module == "builtins":
        meant = names.resolve(last, at.start_byte)
        return (last, ()) if meant == function else Refusal(f"`{last}` is not the builtin here")
    found = callee(source, at.start_byte, function)
    return found if isinstance(found, Refusal) else (found.text, found.imports)


def _replaced(source: SourceText, value: Node, text: str) -> tuple[Edit, ...]:
    span = _span(value)
    return () if source.slice(span) == text else (Edit(span, text),)


def _span(node: Node) -> Span:
    return Span(node.start_byte, node.end_byte)

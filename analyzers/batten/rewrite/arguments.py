"""The arguments of a call: which of them is a parameter, and what stands between two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.rewrite.expressions import without_comments
from batten.rewrite.refusal import Refusal
from batten.syntax.text import Span

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.syntax.text import SourceText


def arguments_of(call: Node) -> Node | Refusal:
    """Return the list of arguments of a call."""
    arguments = call.child_by_field_name("arguments")
    if arguments is None or arguments.type != "argument_list":
        return Refusal("its argument is a generator without parentheses of its own")
    return arguments


def argument(
    source: SourceText, arguments: Node, name: str, position: int | None = None
) -> Node | Refusal | None:
    """Return the value that is given for a parameter, None when there is none.

    `position` counts from 0; None for a parameter that is given by keyword only. Refuses when
    arguments that are unpacked may hold it.
    """
    items = without_comments(arguments)
    for item in items:
        keyword, value = (item.child_by_field_name(field) for field in ("name", "value"))
        if (
            keyword is not None
            and item.type == "keyword_argument"
            and source.slice(Span(keyword.start_byte, keyword.end_byte)) == name
        ):
            return value
    before = items if position is None else items[: position + 1]
    hidden = ("dictionary_splat",) if position is None else ("list_splat", "dictionary_splat")
    if any(item.type in hidden for item in (*before, *items)):
        return Refusal(f"`{name}` may be among the arguments that are unpacked")
    if position is None or position >= len(items) or items[position].type == "keyword_argument":
        return None
    return items[position]


def separator(source: SourceText, before: Node) -> str:
    """Return what stands between an argument and the next: a line break if each has its line."""
    line = source.position(before.start_byte).line
    start = source.line_span(line).start
    indent = source.slice(Span(start, before.start_byte))
    if line == 0 or indent.strip():
        return ", "
    end = source.line_span(line - 1).end
    return "," + source.slice(Span(end, start)) + indent

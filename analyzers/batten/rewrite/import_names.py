"""Adding a name to a `from ... import` statement that is there, in its own layout and order."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from batten.rewrite.edit import Edit
from batten.syntax.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from batten.rewrite.tree import Syntax


def with_name(syntax: Syntax, statement: Node, name: str) -> Edit | None:
    """Return the edit that makes a `from` statement import `name` too.

    Returns None where that takes more than one plain insertion: a star, a comment in the way, a
    line that would get too long.
    """
    items = statement.children_by_field_name("name")
    if statement.type != "import_from_statement" or not items:
        return None
    following = _following(syntax, items, name)
    if all(_is_first_on_line(syntax, item) for item in items):
        if following is None:
            return _on_last_line(syntax, statement, items[-1], name)
        return _on_line_above(syntax, statement, following, name)
    if following is None:
        return _if_short(syntax, Edit(Span(items[-1].end_byte, items[-1].end_byte), f", {name}"))
    return _if_short(syntax, Edit(Span(following.start_byte, following.start_byte), f"{name}, "))


def _following(syntax: Syntax, items: list[Node], name: str) -> Node | None:
    """Return the item that `name` sorts before; None for the end, and where nothing is sorted."""
    names = [syntax.text(item.child_by_field_name("name") or item) for item in items]
    for key in _ORDERS:
        keys = [key(known) for known in names]
        if all(one <= other for one, other in pairwise(keys)):
            mine = key(name)
            return next((item for item, its in zip(items, keys, strict=True) if its > mine), None)
    return None


def _by_type(name: str) -> tuple[int, str]:
    """Sort constants, then classes, then the rest, as isort does by default."""
    if name.isupper() and len(name) > 1:
        return (0, name.casefold())
    return (1 if name[:1].isupper() else 2, name.casefold())


def _by_letter(name: str) -> tuple[int, str]:
    return (0, name.casefold())


def _by_code_point(name: str) -> tuple[int, str]:
    return (0, name)


_ORDERS: tuple[Callable[[str], tuple[int, str]], ...] = (_by_type, _by_letter, _by_code_point)


def _on_line_above(syntax: Syntax, statement: Node, item: Node, name: str) -> Edit | None:
    line = syntax.line(item.start_byte)
    for comment in _comments(statement):
        if syntax.line(comment.start_byte) == line - 1 and _is_first_on_line(syntax, comment):
            return None  # it may be about the item
    return Edit(Span(item.start_byte, item.start_byte), f"{name},{_line_break(syntax, item)}")


def _on_last_line(syntax: Syntax, statement: Node, item: Node, name: str) -> Edit | None:
    line = syntax.line(item.start_byte)
    if any(syntax.line(comment.start_byte) == line for comment in _comments(statement)):
        return None
    comma = item.next_sibling
    if comma is not None and comma.type == ",":
        end, text = comma.end_byte, f"{_line_break(syntax, item)}{name},"
    else:
        end, text = item.end_byte, f",{_line_break(syntax, item)}{name}"
    return Edit(Span(end, end), text)


def _comments(statement: Node) -> list[Node]:
    return [child for child in statement.children if child.type == "comment"]


def _is_first_on_line(syntax: Syntax, item: Node) -> bool:
    return not _indent(syntax, item).strip()


def _indent(syntax: Syntax, item: Node) -> str:
    source = syntax.source
    start = source.line_span(source.position(item.start_byte).line).start
    return source.slice(Span(start, item.start_byte))


def _line_break(syntax: Syntax, item: Node) -> str:
    """Return the end of the line above `item` and the blanks before it."""
    source = syntax.source
    line = source.position(item.start_byte).line
    end = Span(source.line_span(line - 1).end, source.line_span(line).start)
    return source.slice(end) + _indent(syntax, item)


def _if_short(syntax: Syntax, edit: Edit) -> Edit | None:
    """Return `edit` if its line stays as short as the lines of the document are."""
    source = syntax.source
    lengths = [len(source.slice(source.line_span(line))) for line in range(source.line_count)]
    limit = min(max([_SHORT, *lengths]), _LONG)
    return (
        edit if lengths[source.position(edit.span.start).line] + len(edit.text) <= limit else None
    )


_SHORT = 79
_LONG = 100

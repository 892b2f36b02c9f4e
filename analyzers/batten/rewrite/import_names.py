"""Import statements as LibCST's concrete nodes: a new one, and one that imports a name more.

Importing this module loads LibCST, which takes a while: import it where an edit is made.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import libcst as cst

from batten.rewrite.concrete import dotted, first_line_end, printed
from batten.rewrite.edit import difference

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tree_sitter import Node

    from batten.rewrite.edit import Edit
    from batten.rewrite.tree import Syntax


def import_line(module: str, name: str | None) -> str:
    """Return `from module import name`, or `import module` when there is no `name`."""
    if name is None:
        return printed(cst.Import([cst.ImportAlias(dotted(module))]), "\n")
    return printed(cst.ImportFrom(dotted(module), [cst.ImportAlias(cst.Name(name))]), "\n")


def with_name(syntax: Syntax, statement: Node, name: str) -> Edit | None:
    """Return the edit that makes a `from` statement import `name` too, in its own layout and order.

    Returns None where that takes more than one plain insertion: a star, a comment in the way, a
    line that would get too long; and where LibCST does not read the statement.
    """
    text = syntax.text(statement)
    found = _from_import(text)
    if found is None or isinstance(found.names, cst.ImportStar):
        return None
    place = _place(found.names, name)
    around = _whitespace(found, found.names)
    each_on_its_line = all(isinstance(blank, cst.ParenthesizedWhitespace) for blank in around[:-1])
    if each_on_its_line and _is_commented(around, place):
        return None
    blank = _line_break(around, place) if each_on_its_line else cst.SimpleWhitespace(" ")
    names = _inserted(found.names, place, name, blank)
    new = printed(found.with_changes(names=names), first_line_end(text))
    edit = difference(statement.start_byte, text, new)
    return edit if each_on_its_line or _stays_short(syntax, edit) else None


def _from_import(text: str) -> cst.ImportFrom | None:
    try:
        line = cst.parse_statement(text)
    except (cst.ParserSyntaxError, UnicodeEncodeError):
        return None
    found = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    if not isinstance(found, cst.ImportFrom) or printed(found, first_line_end(text)) != text:
        return None
    return found


def _place(names: Sequence[cst.ImportAlias], name: str) -> int:
    """Return the index at which `name` is sorted in: the end where nothing is sorted."""
    known = [alias.evaluated_name for alias in names]
    for key in _ORDERS:
        keys = [key(name) for name in known]
        if all(one <= other for one, other in pairwise(keys)):
            mine = key(name)
            return next((index for index, its in enumerate(keys) if its > mine), len(keys))
    return len(known)


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


def _whitespace(
    statement: cst.ImportFrom, names: Sequence[cst.ImportAlias]
) -> list[cst.BaseParenthesizableWhitespace]:
    """Return what stands before each name, and what stands behind the last one."""
    nothing = cst.SimpleWhitespace("")
    first = nothing if statement.lpar is None else statement.lpar.whitespace_after
    last = nothing if statement.rpar is None else statement.rpar.whitespace_before
    commas = [alias.comma for alias in names if isinstance(alias.comma, cst.Comma)]
    around = [first, *(comma.whitespace_after for comma in commas)]
    return around if len(commas) == len(names) else [*around, last]


def _is_commented(around: Sequence[cst.BaseParenthesizableWhitespace], place: int) -> bool:
    """Tell whether a comment may be about the name that a new line would part it from."""
    blank = around[place]
    if not isinstance(blank, cst.ParenthesizedWhitespace):
        return False
    if place == len(around) - 1:
        return blank.first_line.comment is not None
    return bool(blank.empty_lines) and blank.empty_lines[-1].comment is not None


def _line_break(
    around: Sequence[cst.BaseParenthesizableWhitespace], place: int
) -> cst.BaseParenthesizableWhitespace:
    """Return the line end and the indentation before the nearest name, without comments."""
    blank = around[min(place, len(around) - 2)]
    assert isinstance(blank, cst.ParenthesizedWhitespace)
    return blank.with_changes(
        first_line=cst.TrailingWhitespace(newline=blank.first_line.newline), empty_lines=[]
    )


def _inserted(
    names: Sequence[cst.ImportAlias],
    place: int,
    name: str,
    blank: cst.BaseParenthesizableWhitespace,
) -> list[cst.ImportAlias]:
    comma = cst.Comma(whitespace_after=blank)
    new = cst.ImportAlias(cst.Name(name), comma=comma)
    if place < len(names):
        return [*names[:place], new, *names[place:]]
    *before, last = names
    return [*before, last.with_changes(comma=comma), new.with_changes(comma=last.comma)]


def _stays_short(syntax: Syntax, edit: Edit) -> bool:
    """Tell whether the line of an insertion stays as short as the lines of the document are."""
    source = syntax.source
    lengths = [len(source.slice(source.line_span(line))) for line in range(source.line_count)]
    limit = min(max([_SHORT, *lengths]), _LONG)
    return lengths[source.position(edit.span.start).line] + len(edit.text) <= limit


_SHORT = 79
_LONG = 100

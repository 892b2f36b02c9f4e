"""The block of imports at the top of a document, and the place of a new one in it.

What comes before the imports stays before them: a shebang, a coding line, comments, the docstring,
`__future__` imports. A new line is sorted in as isort would do it, if the lines that are there
are sorted; else it goes behind the last line that isort would put before it.
"""

from __future__ import annotations

import re
import sys
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from batten.rewrite.edit import Edit
from batten.rewrite.import_statements import IMPORTS, from_module, imported
from batten.rewrite.tree import descendants
from batten.syntax.text import Span
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.rewrite.tree import Syntax


@immutable
class NewImport:
    """`from module import name`, or `import module` when there is no `name`."""

    module: str
    name: str | None


def import_edit(syntax: Syntax, new: NewImport, *, behind: int) -> Edit | None:
    """Return the edit that adds an import to the block, at `behind` or later.

    `behind` is a byte offset. Returns None when the block ends before it. The edit depends on
    nothing but these arguments, so fixes that need the same import have the same edit.
    """
    from batten.rewrite.import_names import import_line, with_name  # loads LibCST

    block = _Block(syntax)
    for line in block.lines:
        for statement in line.imports:
            if block.has_lists and new.name and from_module(syntax, statement) == new.module:
                edit = with_name(syntax, statement, new.name)
                if edit is not None and edit.span.start >= behind:
                    return edit
    text = import_line(new.module, new.name)
    edit = block.with_line(new, text)
    if edit.span.start >= behind:
        return edit
    for line in block.lines:
        if line.imports and syntax.source.line_span(line.last).end >= behind:
            return block.below(line.last, text)
    return None


class _Section(Enum):
    FUTURE = "future"
    STANDARD = "standard library"
    OTHER = "installed"
    LOCAL = "relative"


@immutable
class _Line:
    """A line as Python sees it, with its first and last line number, from 0.

    `imports` is empty for a docstring and for the assignment of a name like `__version__`.
    `name` is what a `from` statement imports when that is a single name.
    """

    first: int
    last: int
    imports: tuple[Node, ...]
    section: _Section | None
    module: str
    is_from: bool
    name: str = ""


class _Block:
    """The imports at the top of a document and what may stand before and between them."""

    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax
        self._source = syntax.source
        self.lines: list[_Line] = []
        self._next: Node | None = None
        statements = [node for node in syntax.root.named_children if node.type != "comment"]
        at = 0
        while at < len(statements):
            same = [statements[at]]
            while at + len(same) < len(statements) and self._share_line(
                same[-1], statements[at + len(same)]
            ):
                same.append(statements[at + len(same)])
            if not all(self._may_stand(node, at + i) for i, node in enumerate(same)):
                self._next = same[0]
                break
            self.lines.append(self._line(same))
            at += len(same)

    @property
    def has_lists(self) -> bool:
        """Whether a statement may import several names; isort's `force_single_line` forbids it."""
        single = [line.module for line in self.lines if line.is_from and line.name]
        several = any(line.is_from and line.imports and not line.name for line in self.lines)
        return several or len(single) == len(set(single))

    def with_line(self, new: NewImport, statement: str) -> Edit:
        """Return the edit that adds `statement`, a line of its own, where isort would have it."""
        section = _section(new.module)
        peers = self._peers(section)
        if peers:
            return self._among(peers, new, statement)
        first = next((line for line in self.lines if _is_ordinary(line)), None)
        before = self.lines if first is None else self.lines[: self.lines.index(first)]
        top = before[-1].last if before else -1
        if first is not None:
            return self._above_imports(top, first.first, statement)
        return self._above_code(top, statement)

    def below(self, line: int, statement: str) -> Edit:
        """Return the edit that adds a statement on the line after `line`."""
        return self._insert(line + 1, statement, 0, 0)

    def _peers(self, section: _Section) -> list[_Line]:
        """Return the first lines of a section, over groups that follow each other."""
        peers: list[_Line] = []
        for line, following in pairwise([*self.lines, None]):
            assert line is not None
            if line.section is section:
                peers.append(line)
            ends_group = following is None or following.first > line.last + 1
            if ends_group and peers and line.section is not section:
                break
        return peers

    def _among(self, peers: list[_Line], new: NewImport, statement: str) -> Edit:
        key = _by_kind
        if not _is_sorted([_by_kind(line.is_from, line.module) for line in peers]) and _is_sorted(
            [_by_module(line.is_from, line.module) for line in peers]
        ):
            key = _by_module
        mine = key(new.name is not None, new.module)
        smaller = [
            line
            for line in peers
            if (its := key(line.is_from, line.module)) < mine
            or (
                its == mine and (self.has_lists or line.name.casefold() <= str(new.name).casefold())
            )
        ]
        if smaller:
            return self.below(smaller[-1].last, statement)
        first = peers[0]
        if first.first > 0 and self._is_comment(first.first - 1):
            return self.below(first.last, statement)
        return self._insert(first.first, statement, 0, 0)

    def _above_imports(self, top: int, first: int, statement: str) -> Edit:
        """Begin a section above the first import."""
        start = self._with_comments(first, top)
        return self._insert(start, statement, self._is_text(start - 1), 1)

    def _above_code(self, top: int, statement: str) -> Edit:
        """Begin the block of imports in a document that has none."""
        if self._next is None:
            code, blanks = self._source.line_count - 1, 0
        else:
            code = self._with_comments(self._row(self._next.start_byte), top)
            blanks = 2 if self._next.type in _DEFINITIONS else 1
        top = max(filter(self._is_comment, range(top + 1, code)), default=top)
        gap = code - top - 1
        if top < 0:
            return self._insert(code, statement, 0, blanks)
        if gap == 0:
            return self._insert(code, statement, 1, blanks)
        return self._insert(top + 2, statement, 0, max(0, blanks - (gap - 1)))

    def _with_comments(self, line: int, top: int) -> int:
        """Return the first line of the comments right above a line, if they belong to it."""
        start = line
        while start - 1 > top and self._is_comment(start - 1):
            start -= 1
        comments = "\n".join(map(self._text, range(start, line)))
        return line if start == 0 and _HEADER.search(comments) else start

    def _insert(self, line: int, statement: str, blanks_before: int, blanks_after: int) -> Edit:
        source = self._source
        end = self._line_end(line)
        text = end * blanks_before + statement
        if line >= source.line_count:
            return Edit(Span(len(source.data), len(source.data)), end + text)
        start = source.line_span(line).start
        return Edit(Span(start, start), text + end * (1 + blanks_after))

    def _line_end(self, line: int) -> str:
        """Return how the line before `line` ends, or another one if that has no end."""
        source = self._source
        for index in (line - 1, line, 0):
            if 0 <= index < source.line_count - 1:
                end = Span(source.line_span(index).end, source.line_span(index + 1).start)
                return source.slice(end)
        return "\n"

    def _line(self, statements: list[Node]) -> _Line:
        first, last = self._row(statements[0].start_byte), self._row(statements[-1].end_byte)
        imports = tuple(node for node in statements if node.type in IMPORTS)
        if any(node.type == "future_import_statement" for node in statements):
            return _Line(first, last, imports, _Section.FUTURE, "__future__", is_from=True)
        if not imports:
            return _Line(first, last, (), None, "", is_from=False)
        is_from = imports[0].type == "import_from_statement"
        if is_from:
            module = from_module(self._syntax, imports[0])
        else:
            module = imported(self._syntax, imports[0])[0].module
        names = imported(self._syntax, imports[0]) if is_from and len(imports) == 1 else ()
        name = names[0].name if len(names) == 1 else ""
        return _Line(first, last, imports, _section(module), module, is_from, name)

    def _may_stand(self, node: Node, index: int) -> bool:
        """Tell whether a statement may stand among the imports of the block."""
        if node.type in IMPORTS or node.type == "future_import_statement":
            return True
        inner = node.named_children[0] if node.named_child_count == 1 else None
        if node.type != "expression_statement" or inner is None:
            return False
        if index == 0 and inner.type in ("string", "concatenated_string"):
            return all(part.type != "interpolation" for part in descendants(inner))
        target = inner.child_by_field_name("left")
        return target is not None and _DUNDER.fullmatch(self._syntax.text(target)) is not None

    def _share_line(self, one: Node, other: Node) -> bool:
        return self._row(one.end_byte) == self._row(other.start_byte)

    def _row(self, offset: int) -> int:
        return self._source.position(offset).line

    def _text(self, line: int) -> str:
        return self._source.slice(self._source.line_span(line)).strip()

    def _is_comment(self, line: int) -> bool:
        return self._text(line).startswith("#")

    def _is_text(self, line: int) -> bool:
        return line >= 0 and self._text(line) != ""


def _is_ordinary(line: _Line) -> bool:
    return line.section not in (None, _Section.FUTURE)


def _section(module: str) -> _Section:
    if module.startswith("."):
        return _Section.LOCAL
    if module == "__future__":
        return _Section.FUTURE
    known = module.partition(".")[0] in sys.stdlib_module_names
    return _Section.STANDARD if known else _Section.OTHER


def _by_kind(is_from: bool, module: str) -> tuple[bool | str, ...]:
    """Sort `import x` before `from x import y`, as isort does."""
    return (is_from, module.casefold())


def _by_module(is_from: bool, module: str) -> tuple[bool | str, ...]:
    """Sort by module alone, as isort does with `force_sort_within_sections`."""
    return (module.casefold(), is_from)


def _is_sorted(keys: list[tuple[bool | str, ...]]) -> bool:
    return all(one <= other for one, other in pairwise(keys))


_DEFINITIONS = frozenset({"function_definition", "class_definition", "decorated_definition"})
_DUNDER = re.compile(r"__\w+__")
_HEADER = re.compile(r"#!|coding[:=]|copyright|licen[cs]e|SPDX", re.IGNORECASE)

"""Reading import statements: what one binds, and what a compound statement surely imports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.rewrite.tree import descendants
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node

    from batten.rewrite.tree import Syntax

_PLAIN = re.compile(r"[\w.]+")
IMPORTS = frozenset({"import_statement", "import_from_statement"})


@immutable
class Imported:
    """One name that an import statement binds.

    `target` is the qualified name of what it is, `module` all that is loaded: `import
    urllib.parse` binds `urllib`, which is `urllib`, and loads `urllib.parse`. Relative imports
    keep their dots.
    """

    name: str
    target: str
    module: str


def imported(syntax: Syntax, statement: Node) -> tuple[Imported, ...]:
    """Return what an `import` or `from ... import` statement binds, but for a star."""
    items = statement.children_by_field_name("name")
    if statement.type == "import_from_statement":
        module = from_module(syntax, statement)
        dot = "" if module.endswith(".") else "."
        return tuple(
            Imported(alias or path, f"{module}{dot}{path}", module)
            for path, alias in (_path_and_alias(syntax, item) for item in items)
        )
    return tuple(
        Imported(alias or path.partition(".")[0], path if alias else path.partition(".")[0], path)
        for path, alias in (_path_and_alias(syntax, item) for item in items)
    )


def from_module(syntax: Syntax, statement: Node) -> str:
    """Return the module that a `from ... import` statement names, with its leading dots."""
    module = statement.child_by_field_name("module_name")
    return "" if module is None else _dotted(syntax, module)


def has_star(statement: Node) -> bool:
    """Tell whether a statement is `from ... import *`."""
    return any(child.type == "wildcard_import" for child in statement.children)


def surely_imported(syntax: Syntax, node: Node) -> frozenset[str]:
    """Return the names that a statement or block imports whichever way it runs."""
    if node.type in IMPORTS:
        return frozenset(item.name for item in imported(syntax, node))
    if node.type in ("block", "else_clause", "finally_clause"):
        return frozenset[str]().union(*(surely_imported(syntax, n) for n in node.named_children))
    if node.type == "if_statement":
        branches = [node, *node.children_by_field_name("alternative")]
        if branches[-1].type != "else_clause":
            return frozenset()
        return _imported_by_each(
            syntax, (n.child_by_field_name("consequence") or n.named_children[-1] for n in branches)
        )
    if node.type == "try_statement":
        parts = {kind: [n for n in node.named_children if n.type == kind] for kind in _TRY}
        done = frozenset[str]().union(
            *(surely_imported(syntax, n) for n in parts["block"] + parts["else_clause"])
        )
        handlers = [clause.named_children[-1] for clause in parts["except_clause"]]
        if not all(map(_leaves, handlers)):
            done &= _imported_by_each(syntax, handlers)
        return done.union(*(surely_imported(syntax, n) for n in parts["finally_clause"]))
    return frozenset()


_TRY = ("block", "except_clause", "else_clause", "finally_clause")


def _imported_by_each(syntax: Syntax, blocks: Iterable[Node]) -> frozenset[str]:
    """Return what each block imports, of those blocks after which the code goes on."""
    ways = [surely_imported(syntax, block) for block in blocks if not _leaves(block)]
    return frozenset.intersection(*ways) if ways else frozenset()


def _leaves(block: Node) -> bool:
    """Tell whether a block ends by leaving the code around it."""
    statements = [child for child in block.named_children if child.type != "comment"]
    return bool(statements) and statements[-1].type in (
        "raise_statement",
        "return_statement",
        "continue_statement",
        "break_statement",
    )


def _path_and_alias(syntax: Syntax, item: Node) -> tuple[str, str | None]:
    alias = item.child_by_field_name("alias")
    path = _dotted(syntax, item.child_by_field_name("name") or item)
    return path, None if alias is None else syntax.text(alias)


def _dotted(syntax: Syntax, node: Node) -> str:
    """Return a dotted name without the blanks that may stand around its dots."""
    text = syntax.text(node)
    if _PLAIN.fullmatch(text):
        return text
    leaves = (leaf for leaf in descendants(node) if leaf.child_count == 0)
    return "".join(syntax.text(leaf) for leaf in leaves if leaf.type in ("identifier", "."))

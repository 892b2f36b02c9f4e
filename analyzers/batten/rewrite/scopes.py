"""The scopes of a document and every statement or expression that binds a name in them.

The rules are those of the language reference, "Naming and binding". Where code decides at run
time whether a name is bound, the binding is there and marked with its condition.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from batten.rewrite.import_statements import from_module, has_star, imported, surely_imported
from batten.rewrite.tree import ancestors, descendants
from batten.syntax.text import Span
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tree_sitter import Node

    from batten.rewrite.tree import Syntax


class ScopeKind(Enum):
    """What a scope is the text of; names of a CLASS are not seen by functions inside it."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    LAMBDA = "lambda"
    COMPREHENSION = "comprehension"


class How(Enum):
    """What binds a name; the value completes "`quote` is ..."."""

    IMPORT = "imported"
    ASSIGNMENT = "assigned"
    PARAMETER = "a parameter"
    FUNCTION = "a function"
    CLASS = "a class"
    LOOP = "a loop variable"
    WITH = "bound by a with statement"
    EXCEPT = "bound by an except clause"
    MATCH = "bound by a pattern"
    DELETION = "deleted"
    TYPE = "a type"


class Condition(Enum):
    """What decides whether a binding is made when its scope runs."""

    NONE = "always"
    BRANCH = "under a condition"
    TYPE_CHECKING = "for type checkers"


@immutable
class Binding:
    """One place that binds `name`.

    `span` is the statement or clause that does it; the name is bound from its end on. An import
    has a `target`, the qualified name of what it binds, and a `module`, all that it loads:
    `import urllib.parse` binds `urllib` and loads `urllib.parse`. Relative imports keep their
    dots.
    """

    name: str
    how: How
    span: Span
    condition: Condition
    target: str | None = None
    module: str | None = None


@immutable
class StarImport:
    """`from module import *`, which may bind any name."""

    module: str
    span: Span
    condition: Condition


@immutable
class Scope:
    """One scope.

    `span` is the text whose names it holds, without the part `outside` (the first iterable of a
    comprehension runs in the scope around it). `parent` is the index of the scope around.
    `surely` gives the place from which an imported name is bound whatever happened before.
    """

    kind: ScopeKind
    span: Span
    outside: Span | None
    parent: int | None
    bindings: Mapping[str, tuple[Binding, ...]]
    surely: Mapping[str, int]
    globals: frozenset[str]
    nonlocals: frozenset[str]

    def covers(self, offset: int) -> bool:
        """Tell whether a name at `offset` is looked up here first, or in a scope inside."""
        if not self.span.start <= offset < self.span.end:
            return False
        return self.outside is None or not self.outside.start <= offset < self.outside.end


@immutable
class Scopes:
    """All scopes of a document, outer ones first, and all star imports in the order of the text.

    `mentioned` are all identifiers that stand alone, not as an attribute or a keyword.
    """

    all: tuple[Scope, ...]
    stars: tuple[StarImport, ...]
    mentioned: frozenset[str]

    @property
    def module(self) -> Scope:
        """The scope of the module."""
        return self.all[0]


def read_scopes(syntax: Syntax) -> Scopes:
    """Return the scopes of a document."""
    return _Reader(syntax).read()


@dataclass(slots=True)
class _Open:
    """A scope that is being read."""

    kind: ScopeKind
    span: Span
    outside: Span | None
    parent: int | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    surely: dict[str, int] = field(default_factory=dict)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)

    def closed(self) -> Scope:
        return Scope(
            self.kind,
            self.span,
            self.outside,
            self.parent,
            {name: tuple(bindings) for name, bindings in self.bindings.items()},
            self.surely,
            frozenset(self.globals),
            frozenset(self.nonlocals),
        )


class _At(NamedTuple):
    """Where the walk is: the index of the scope, and what decides whether the code runs."""

    scope: int
    condition: Condition

    def branch(self) -> _At:
        if self.condition is Condition.NONE:
            return _At(self.scope, Condition.BRANCH)
        return self


class _Reader:
    """One walk over a tree, with a stack of its own: the nesting of code has no limit."""

    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax
        self._scopes: list[_Open] = []
        self._stars: list[StarImport] = []
        self._mentioned = _words(syntax)
        self._pending: list[tuple[Node, _At]] = []

    def read(self) -> Scopes:
        whole = Span(0, len(self._syntax.source.data) + 1)
        module = self._open(ScopeKind.MODULE, whole, None)
        self._visit(self._syntax.root.children, module)
        while self._pending:
            node, at = self._pending.pop()
            reader = _READERS.get(node.type)
            if reader is not None:
                reader(self, node, at)
            elif node.type == "identifier":
                self._mentioned.add(self._syntax.text(node))
            else:
                self._visit(node.named_children, at)
        self._move_globals()
        self._move_nonlocals()
        return Scopes(
            tuple(scope.closed() for scope in self._scopes),
            tuple(self._stars),
            frozenset(self._mentioned),
        )

    def _open(
        self, kind: ScopeKind, span: Span, parent: int | None, outside: Span | None = None
    ) -> _At:
        self._scopes.append(_Open(kind, span, outside, parent))
        return _At(len(self._scopes) - 1, Condition.NONE)

    def _visit(self, nodes: Iterable[Node | None], at: _At) -> None:
        """Read nodes later, in their order, before all that waits already."""
        found = [(node, at) for node in nodes if node is not None]
        self._pending.extend(reversed(found))

    def _bind(self, name: Node | None, how: How, statement: Node, at: _At) -> None:
        if name is not None:
            # Identifiers are compared in this form (language reference, "Identifiers").
            text = unicodedata.normalize("NFKC", self._syntax.text(name))
            binding = Binding(text, how, _span(statement), at.condition)
            self._scopes[at.scope].bindings.setdefault(binding.name, []).append(binding)

    def _bind_targets(self, target: Node | None, how: How, statement: Node, at: _At) -> None:
        """Bind every name of an assignment target; visit the expressions inside it."""
        pending = [] if target is None else [target]
        while pending:
            node = pending.pop()
            if node.type == "identifier":
                self._bind(node, how, statement, at)
            elif node.type in ("attribute", "subscript", "call"):
                self._visit([node], at)
            else:
                pending.extend(reversed(node.named_children))

    # One method for each kind of node that opens a scope, binds names or makes code conditional.

    def _attribute(self, node: Node, at: _At) -> None:
        self._visit([node.child_by_field_name("object")], at)

    def _string(self, node: Node, at: _At) -> None:
        """Visit what is filled in; most strings have nothing, and most of a tree is strings."""
        self._visit((part for part in node.named_children if part.type == "interpolation"), at)

    def _keyword(self, node: Node, at: _At) -> None:
        self._visit([node.child_by_field_name("value")], at)

    def _function(self, node: Node, at: _At) -> None:
        body = node.named_children[-1]
        self._bind(node.child_by_field_name("name"), How.FUNCTION, node, at)
        if self._syntax.is_aside(body):
            return
        inner = self._open(ScopeKind.FUNCTION, _span(body), at.scope)
        self._parameters(node, inner, at)
        self._visit([node.child_by_field_name("return_type")], at)
        self._visit([body], inner)

    def _lambda(self, node: Node, at: _At) -> None:
        body = node.named_children[-1]
        inner = self._open(ScopeKind.LAMBDA, _span(body), at.scope)
        self._parameters(node, inner, at)
        self._visit([body], inner)

    def _class(self, node: Node, at: _At) -> None:
        body = node.named_children[-1]
        self._bind(node.child_by_field_name("name"), How.CLASS, node, at)
        if self._syntax.is_aside(body):
            return
        inner = self._open(ScopeKind.CLASS, _span(body), at.scope)
        self._parameters(node, inner, at)
        self._visit([node.child_by_field_name("superclasses")], at)
        self._visit([body], inner)

    def _parameters(self, owner: Node, inner: _At, outer: _At) -> None:
        """Bind parameters, of values and of types; their types and defaults belong outside."""
        for parameters in owner.children_by_field_name("type_parameters"):
            for parameter in parameters.named_children:
                self._bind(_first_identifier(parameter), How.TYPE, parameter, inner)
                self._visit([parameter], outer)
        for parameters in owner.children_by_field_name("parameters"):
            for parameter in parameters.named_children:
                name = parameter.child_by_field_name("name") or parameter
                if parameter.type == "typed_parameter":
                    name = parameter.named_children[0]
                self._bind_targets(name, How.PARAMETER, parameter, inner)
                self._visit([parameter.child_by_field_name("type")], outer)
                self._visit([parameter.child_by_field_name("value")], outer)

    def _comprehension(self, node: Node, at: _At) -> None:
        clauses = [child for child in node.children if child.type == "for_in_clause"]
        first = clauses[0].child_by_field_name("right") if clauses else None
        outside = None if first is None else _span(first)
        inner = self._open(ScopeKind.COMPREHENSION, _span(node), at.scope, outside)
        self._visit([first], at)
        for clause in clauses:
            self._bind_targets(clause.child_by_field_name("left"), How.LOOP, clause, inner)
            if clause is not clauses[0]:
                self._visit([clause.child_by_field_name("right")], inner)
        self._visit((child for child in node.children if child not in clauses), inner)

    def _assignment(self, node: Node, at: _At) -> None:
        self._bind_targets(node.child_by_field_name("left"), How.ASSIGNMENT, node, at)
        self._visit([node.child_by_field_name("type"), node.child_by_field_name("right")], at)

    def _walrus(self, node: Node, at: _At) -> None:
        """Bind in the scope around any comprehensions (PEP 572)."""
        owner = at.scope
        while self._scopes[owner].kind is ScopeKind.COMPREHENSION:
            owner = self._scopes[owner].parent or 0
        self._bind(node.child_by_field_name("name"), How.ASSIGNMENT, node, _At(owner, at.condition))
        self._visit([node.child_by_field_name("value")], at)

    def _for(self, node: Node, at: _At) -> None:
        self._bind_targets(node.child_by_field_name("left"), How.LOOP, node, at)
        self._visit([node.child_by_field_name("right")], at)
        self._visit(node.children_by_field_name("body"), at.branch())
        self._visit(node.children_by_field_name("alternative"), at.branch())

    def _as_target(self, node: Node, at: _At) -> None:
        clause = next((n for n in ancestors(node) if n.type in _AS_CLAUSES), node)
        self._bind_targets(node, _AS_CLAUSES.get(clause.type, How.WITH), clause, at)

    def _pattern(self, node: Node, at: _At) -> None:
        """Bind what a case pattern captures: lone names, but not those of classes and keywords."""
        pending = [node]
        while pending:
            inner = pending.pop()
            named = inner.named_children
            if inner.type == "identifier":
                self._bind(inner, How.MATCH, node, at)
            elif inner.type in ("class_pattern", "keyword_pattern"):
                pending.extend(named[1:])
            elif inner.type != "dotted_name" or len(named) == 1:
                pending.extend(named)

    def _branches(self, node: Node, at: _At) -> None:
        """Visit a statement whose blocks may not run."""
        self._note_sure(node, at)
        for child in node.children:
            if child.type == "block" and self._is_for_type_checkers(node):
                self._visit([child], _At(at.scope, Condition.TYPE_CHECKING))
            else:
                self._visit([child], at.branch())

    def _is_for_type_checkers(self, node: Node) -> bool:
        condition = node.child_by_field_name("condition")
        if condition is None or node.type != "if_statement":
            return False
        return self._syntax.text(condition).rpartition(".")[2] == "TYPE_CHECKING"

    def _import(self, node: Node, at: _At) -> None:
        span = _span(node)
        for item in imported(self._syntax, node):
            binding = Binding(item.name, How.IMPORT, span, at.condition, item.target, item.module)
            self._scopes[at.scope].bindings.setdefault(item.name, []).append(binding)
        self._note_sure(node, at)
        if has_star(node):
            module = from_module(self._syntax, node)
            self._stars.append(StarImport(module, span, at.condition))

    def _note_sure(self, node: Node, at: _At) -> None:
        if at.condition is Condition.NONE:
            surely = self._scopes[at.scope].surely
            for name in surely_imported(self._syntax, node):
                surely.setdefault(name, node.end_byte)

    def _future_import(self, node: Node, at: _At) -> None:
        """Bind nothing: what `from __future__ import` gives is never called."""

    def _delete(self, node: Node, at: _At) -> None:
        for child in node.named_children:
            self._bind_targets(child, How.DELETION, node, at)

    def _global(self, node: Node, at: _At) -> None:
        self._scopes[at.scope].globals.update(map(self._syntax.text, node.named_children))

    def _nonlocal(self, node: Node, at: _At) -> None:
        self._scopes[at.scope].nonlocals.update(map(self._syntax.text, node.named_children))

    def _type_alias(self, node: Node, at: _At) -> None:
        left = node.child_by_field_name("left")
        self._bind(left and _first_identifier(left), How.TYPE, node, at)
        self._visit([node.child_by_field_name("right")], at)

    def _move_globals(self) -> None:
        """Give bindings of names declared `global` to the module."""
        for scope in self._scopes[1:]:
            for name in scope.globals & scope.bindings.keys():
                _move(name, scope, self._scopes[0])

    def _move_nonlocals(self) -> None:
        """Give bindings of names declared `nonlocal` to the function that owns them."""
        for scope in self._scopes[1:]:
            for name in scope.nonlocals & scope.bindings.keys():
                owner = self._scopes[scope.parent or 0]
                while owner.parent is not None and (
                    owner.kind is ScopeKind.CLASS or name not in owner.bindings
                ):
                    owner = self._scopes[owner.parent]
                _move(name, scope, owner)


def _move(name: str, scope: _Open, owner: _Open) -> None:
    """Give a function's bindings of a name to `owner`: they are made when the function runs."""
    scope.surely.pop(name, None)
    for binding in scope.bindings.pop(name):
        moved = replace(binding, condition=Condition.BRANCH)
        owner.bindings.setdefault(name, []).append(moved)


def _words(syntax: Syntax) -> set[str]:
    """Return the words of text that could not be read: it may mention any of them."""
    broken = (syntax.source.slice(unread.span) for unread in syntax.unread)
    return {word for text in broken for word in _WORD.findall(text)}


def _span(node: Node) -> Span:
    return Span(node.start_byte, node.end_byte)


def _first_identifier(node: Node) -> Node | None:
    return next((inner for inner in descendants(node) if inner.type == "identifier"), None)


_WORD = re.compile(r"\w+")
_AS_CLAUSES = {"with_item": How.WITH, "except_clause": How.EXCEPT}

_READERS: dict[str, Callable[[_Reader, Node, _At], None]] = {
    "assignment": _Reader._assignment,
    "as_pattern_target": _Reader._as_target,
    "attribute": _Reader._attribute,
    "augmented_assignment": _Reader._assignment,
    "case_pattern": _Reader._pattern,
    "class_definition": _Reader._class,
    "delete_statement": _Reader._delete,
    "dictionary_comprehension": _Reader._comprehension,
    "elif_clause": _Reader._branches,
    "else_clause": _Reader._branches,
    "except_clause": _Reader._branches,
    "finally_clause": _Reader._branches,
    "for_statement": _Reader._for,
    "function_definition": _Reader._function,
    "future_import_statement": _Reader._future_import,
    "generator_expression": _Reader._comprehension,
    "global_statement": _Reader._global,
    "if_statement": _Reader._branches,
    "import_from_statement": _Reader._import,
    "import_statement": _Reader._import,
    "keyword_argument": _Reader._keyword,
    "lambda": _Reader._lambda,
    "list_comprehension": _Reader._comprehension,
    "match_statement": _Reader._branches,
    "named_expression": _Reader._walrus,
    "nonlocal_statement": _Reader._nonlocal,
    "set_comprehension": _Reader._comprehension,
    "string": _Reader._string,
    "try_statement": _Reader._branches,
    "type_alias_statement": _Reader._type_alias,
    "while_statement": _Reader._branches,
    "with_statement": _Reader._branches,
}

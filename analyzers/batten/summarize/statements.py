"""What statements do to a scope, in order, with branches joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.binding import assume, bind, condition
from batten.summarize.definitions import decorated, definition
from batten.summarize.environment import MAX_STATES
from batten.summarize.guards import converted
from batten.summarize.match_patterns import bind_pattern, class_proofs, texts_matched
from batten.summarize.nodes import CALL, COMMENT, STRING, call_parts, operands
from batten.summarize.simple_statements import SIMPLE
from batten.syntax.kinds import kind_table
from batten.values.combine import choice, element
from batten.values.terms import UNKNOWN, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from batten.summarize.bookmarks import Rereading
    from batten.summarize.environment import Environment, Proof
    from batten.summarize.scope import Scope


MAX_DEPTH = 100
BETWEEN_BORDERS = 8
"""Statements of a block between two borders."""


def execute(scope: Scope, node: Node) -> None:
    """Interpret one statement; code that is never reached is left out."""
    handler = _HANDLERS.get(node.kind_id)
    if handler is not None:
        if scope.depth >= MAX_DEPTH:
            scope.builder.skip(node)
            return
        scope.depth += 1
        handler(scope, node)
        scope.depth -= 1
    elif node.is_named:
        scope.evaluate(node)


def execute_block(scope: Scope, node: Node) -> None:
    """Interpret the statements of a block until control leaves it."""
    statements = node.named_children
    rereading = scope.builder.rereading
    if rereading is not None:
        if not scope.depth and not scope.number:
            statements = _up_to_change(scope, statements, rereading)
        rereading.stretches.interpret(scope, statements, execute)
        return
    for number, child in enumerate(statements, 1):
        if not scope.alive:
            return
        if number % BETWEEN_BORDERS == 0:
            scope.builder.border()
        handler = _HANDLERS.get(child.kind_id)
        if handler is None or scope.depth >= MAX_DEPTH:
            execute(scope, child)
            continue
        scope.depth += 1
        handler(scope, child)
        scope.depth -= 1


def _up_to_change(scope: Scope, statements: list[Node], rereading: Rereading) -> list[Node]:
    """Get over the statements before the change; return those that are left."""
    statements = rereading.left(statements)
    before = rereading.unchanged(statements)
    done = rereading.resume(scope, before)
    rereading.stretches.interpret(scope, before[done:], execute)
    if done < len(before):
        rereading.keep(scope, before)
    return statements[len(before) :]


# Simple statements


def _expression(scope: Scope, node: Node) -> None:
    for child in node.children:
        kind = child.kind_id
        if kind in (STRING, COMMENT):
            continue  # a docstring, or a comment written as one
        if kind != CALL:
            execute(scope, child)
            continue
        scope.evaluate(child)
        # `uuid.UUID(name)` for its error: what comes after has passed.
        assume(scope, converted(scope, child))
        callee = call_parts(child)[0]
        if callee is not None and scope.slice(callee) in _ENDS:
            scope.alive = False


# Calls that end the request or the program.
_ENDS = frozenset({"abort", "flask.abort", "bottle.abort", "sanic.abort", "sys.exit", "os._exit"})


# Branches and loops


def _if(scope: Scope, node: Node) -> None:
    branches: list[tuple[Environment, bool]] = []
    test = node.child_by_field_name("condition")
    body = node.child_by_field_name("consequence")
    clauses = node.children_by_field_name("alternative")
    closed = False
    for clause_test, clause_body in (
        (test, body),
        *((c.child_by_field_name("condition"), _body(c)) for c in clauses),
    ):
        if clause_body is None:
            continue
        if clause_test is None:
            execute_block(scope, clause_body)
            branches.append((scope.environment, scope.alive))
            closed = True
            break
        true, false = condition(scope, clause_test)
        otherwise = scope.fork()
        assume(scope, true)
        execute_block(scope, clause_body)
        branches.append((scope.environment, scope.alive))
        scope.environment, scope.alive = otherwise, True
        assume(scope, false)
    if not closed:
        branches.append((scope.environment, scope.alive))
    scope.merge(branches)


def _body(clause: Node) -> Node | None:
    return clause.child_by_field_name("consequence") or clause.child_by_field_name("body")


def _for(scope: Scope, node: Node) -> None:
    target, source = node.child_by_field_name("left"), node.child_by_field_name("right")
    value = scope.evaluate(source) if source is not None else UNKNOWN
    before = scope.fork()
    if target is not None:
        bind(scope, target, element(value))
    _loop(scope, node, before)


def _while(scope: Scope, node: Node) -> None:
    test = node.child_by_field_name("condition")
    before = scope.fork()
    false: list[Proof] = []
    if test is not None:
        true, false = condition(scope, test)
        assume(scope, true)
    _loop(scope, node, before)
    if scope.alive:
        assume(scope, false)


def _loop(scope: Scope, node: Node, before: Environment) -> None:
    """Run the body once; after it come no round, one round, or a round that was left early."""
    around, scope.loop_exits = scope.loop_exits, []
    body = node.child_by_field_name("body")
    if body is not None:
        execute_block(scope, body)
    exits, scope.loop_exits = scope.loop_exits, around
    after = (scope.environment, scope.alive)
    scope.merge_rounds([(before, True), after, *((each, True) for each in exits)])
    for clause in node.children_by_field_name("alternative"):
        inner = clause.child_by_field_name("body")
        if inner is not None:
            execute_block(scope, inner)


def _try(scope: Scope, node: Node) -> None:
    body = node.child_by_field_name("body")
    interrupted = _execute_interruptible(scope, body) if body is not None else [scope.fork()]
    branches: list[tuple[Environment, bool]] = []
    finals: list[Node] = []
    scope.environment = scope.fork()
    for clause in node.named_children:
        if clause.type == "else_clause" and scope.alive:
            inner = clause.child_by_field_name("body")
            if inner is not None:
                execute_block(scope, inner)
    branches.append((scope.environment, scope.alive))
    for clause in node.named_children:
        if clause.type in ("except_clause", "except_group_clause"):
            scope.merge([(state, True) for state in interrupted])
            scope.environment = scope.fork()
            _except(scope, clause)
            branches.append((scope.environment, scope.alive))
        elif clause.type == "finally_clause":
            finals.append(clause)
    lives = any(alive for _, alive in branches)
    scope.merge(branches)
    for clause in finals:
        scope.alive = True
        for block in operands(clause):
            execute_block(scope, block)
        scope.alive = scope.alive and lives


def _execute_interruptible(scope: Scope, body: Node) -> list[Environment]:
    """Interpret the body of a `try`; return the states in which it may have been left by an error.

    A simple statement that fails has done nothing, of a compound one some may be done.
    """
    first = scope.fork()
    states: list[Environment] = []

    def step(scope: Scope, node: Node) -> None:
        before = scope.fork()
        execute(scope, node)
        states.append(scope.since(before) if node.type in _COMPOUND else before)

    statements = operands(body)
    rereading = scope.builder.rereading
    if rereading is not None:
        rereading.stretches.interpret(scope, statements, step, states)
    else:
        for number, child in enumerate(statements, 1):
            if not scope.alive:
                break
            if number % BETWEEN_BORDERS == 0:
                scope.builder.border()
            step(scope, child)
    return states if 0 < len(states) <= MAX_STATES else [scope.since(first)]


_COMPOUND = frozenset(
    """
    if_statement for_statement while_statement try_statement with_statement match_statement
    """.split()
)


def _except(scope: Scope, clause: Node) -> None:
    for child in operands(clause):
        if child.type == "block":
            execute_block(scope, child)
        elif child.type == "as_pattern":
            _as_pattern(scope, child, lambda _: UNKNOWN)
        else:
            scope.evaluate(child)


def _with(scope: Scope, node: Node) -> None:
    for clause in node.named_children:
        if clause.type != "with_clause":
            continue
        for item in operands(clause):
            value = item.child_by_field_name("value") or item
            if value.type == "as_pattern":
                _as_pattern(scope, value, lambda value: value)
            else:
                scope.evaluate(value)
    body = node.child_by_field_name("body")
    if body is not None:
        before = scope.fork()
        execute_block(scope, body)
        if not scope.alive and not scope.returns:
            # A context manager may swallow what the body raised.
            scope.merge([(before, True)])


def _as_pattern(scope: Scope, node: Node, convert: Callable[[Value], Value]) -> None:
    inner = operands(node)
    value = scope.evaluate(inner[0]) if inner else UNKNOWN
    alias = node.child_by_field_name("alias")
    if alias is not None:
        bind(scope, alias, convert(value))


def _match(scope: Scope, node: Node) -> None:
    subjects = node.children_by_field_name("subject")
    subject = scope.evaluate(subjects[0]) if len(subjects) == 1 else UNKNOWN
    body = node.child_by_field_name("body")
    clauses = body.named_children if body is not None else []
    branches: list[tuple[Environment, bool]] = []
    for clause in (*clauses, *node.children_by_field_name("alternative")):
        if clause.type != "case_clause":
            continue
        before = scope.fork()
        patterns = [child for child in clause.named_children if child.type == "case_pattern"]
        for pattern in patterns:
            bind_pattern(scope, pattern, subject, len(subjects) == 1)
        key = scope.slice(subjects[0]) if len(subjects) == 1 else ""
        literals = [each for pattern in patterns if (each := texts_matched(scope, pattern))]
        if literals and len(patterns) == 1 and subjects[0].type == "identifier":
            scope.put(key, choice(literals[0]))
        matched, missed = class_proofs(scope, patterns, subjects)
        assume(scope, matched)
        guard = clause.child_by_field_name("guard")
        if guard is not None:
            for test in operands(guard):
                assume(scope, condition(scope, test)[0])
        inner_body = clause.child_by_field_name("consequence")
        if inner_body is not None:
            execute_block(scope, inner_body)
        branches.append((scope.environment, scope.alive))
        scope.environment, scope.alive = before, True
        if guard is None:
            assume(scope, missed)
    branches.append((scope.environment, scope.alive))
    scope.merge(branches)


_HANDLERS: dict[int, Callable[[Scope, Node], None]] = kind_table(
    {
        **SIMPLE,
        "expression_statement": _expression,
        "decorated_definition": decorated,
        "function_definition": definition,
        "class_definition": definition,
        "if_statement": _if,
        "for_statement": _for,
        "while_statement": _while,
        "try_statement": _try,
        "with_statement": _with,
        "match_statement": _match,
        "block": execute_block,
    }
)

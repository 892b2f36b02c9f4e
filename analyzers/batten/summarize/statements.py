"""What statements do to a scope, in order, with branches joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize import location
from batten.summarize.binding import assume, bind, condition, keep
from batten.summarize.environment import MAX_STATES, Environment
from batten.summarize.filled_inside import filled_inside
from batten.summarize.guarded import plain_key
from batten.summarize.guards import converted, proved, type_proofs
from batten.summarize.nodes import CALL, COMMENT, IDENTIFIER, STRING, call_parts, operands
from batten.summarize.places import hole, with_place
from batten.summarize.promises import returned
from batten.summarize.texts import add, percent
from batten.syntax.kinds import kind, kind_table
from batten.syntax.parse import PYTHON
from batten.values.combine import choice, element, refined
from batten.values.terms import (
    NONE,
    UNKNOWN,
    Computed,
    Const,
    Division,
    Fact,
    Imported,
    Local,
    LocalClass,
    Mapping,
    Sequence,
    Template,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from batten.summarize.bookmarks import Rereading
    from batten.summarize.environment import Proof
    from batten.summarize.guards import Proofs
    from batten.summarize.scope import Scope


_ASSIGNMENTS = frozenset((kind("assignment"), kind("augmented_assignment")))
_EQUALS = PYTHON.id_for_node_kind("=", False)

MAX_DEPTH = 100


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
    for child in statements:
        if not scope.alive:
            return
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
    for child in node.named_children:
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


def _assignment(scope: Scope, node: Node) -> None:
    parts = node.children
    if len(parts) == 3 and parts[1].kind_id == _EQUALS and parts[2].kind_id not in _ASSIGNMENTS:
        _assign(scope, parts[:1], parts[2], scope.evaluate(parts[2]))
        return
    targets: list[Node] = []
    annotation: Node | None = None
    at: Node | None = node
    value: Value | None = None
    while at is not None and at.type == "assignment":
        left = at.child_by_field_name("left")
        if not at.has_error:  # half an annotation says nothing
            annotation = annotation or at.child_by_field_name("type")
        if left is not None:
            targets.append(left)
        at = at.child_by_field_name("right")
    if at is not None and at.type == "augmented_assignment":
        _augmented(scope, at)
        left = at.child_by_field_name("left")
        value = scope.evaluate(left) if left is not None else UNKNOWN
    elif at is not None:
        value = scope.evaluate(at)
    if annotation is not None:
        noted = scope.evaluate(annotation)
        for target in targets:
            if target.type == "identifier":
                scope.annotate(scope.slice(target), noted)
        if value is not None and not isinstance(value, (Const, Template, Sequence, Mapping)):
            value = refined(value, Fact("type", noted))
    if value is not None:
        _assign(scope, targets, at, value)


def _assign(scope: Scope, targets: list[Node], at: Node | None, value: Value) -> None:
    """Bind all targets to the value of `at`."""
    for target in targets:
        if target.kind_id == IDENTIFIER and at is not None:
            keep(scope, target, value, at)
            continue
        if at is not None and target.type in ("subscript", "attribute"):
            location.assigned(scope, target, at, value)
        if target.type == "subscript" and at is not None:
            bind(scope, target, with_place(hole(scope, at, "s", value)))
        elif at is not None:
            keep(scope, target, value, at)


def _augmented(scope: Scope, node: Node) -> None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return
    before = scope.evaluate(left)
    value = scope.evaluate(right)
    if operator.type == "+=":
        bind(scope, left, _grown(scope, left, before, right, value))
    elif operator.type == "%=":
        bind(scope, left, percent(scope, before, right))
    elif operator.type == "/=":
        bind(scope, left, Division(hole(scope, left, "s", before), hole(scope, right, "s", value)))
    elif operator.type == "|=":
        bind(scope, left, before)
    else:
        bind(scope, left, Computed("int"))


def _grown(scope: Scope, left: Node, before: Value, right: Node, value: Value) -> Value:
    return add(scope, (left, before), (right, value))


def _return(scope: Scope, node: Node) -> None:
    inner = operands(node)
    value = scope.evaluate(inner[0]) if inner else NONE
    scope.returns.append(value)
    location.returned(scope, node, value)
    proofs: Proofs = proved(scope, inner[0]) if inner and scope.parameters else ([], [])
    scope.leave(returned(scope, value, proofs))


def _leave(scope: Scope, node: Node) -> None:
    for child in operands(node):
        scope.evaluate(child)
    scope.alive = False


def _jump(scope: Scope, _node: Node) -> None:
    if scope.loop_exits is not None:
        scope.loop_exits.append(scope.fork())
    scope.alive = False


def _assert(scope: Scope, node: Node) -> None:
    inner = operands(node)
    if inner:
        true, _ = condition(scope, inner[0])
        assume(scope, true)
    for message in inner[1:]:
        scope.evaluate(message)


def _delete(scope: Scope, node: Node) -> None:
    for child in operands(node):
        if child.type == "identifier":
            scope.environment.pop(scope.slice(child), None)


def _global(scope: Scope, node: Node) -> None:
    scope.global_names.update(scope.slice(child) for child in operands(node))


def _nonlocal(scope: Scope, node: Node) -> None:
    scope.outer_names.update(dict.fromkeys(map(scope.slice, operands(node))))


def _nothing(_scope: Scope, _node: Node) -> None:
    return


# Imports


def _import(scope: Scope, node: Node) -> None:
    for child in operands(node):
        if child.type == "aliased_import":
            name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
            if name is not None and alias is not None:
                scope.write(scope.slice(alias), Imported(_dotted(scope, name)))
        elif child.type == "dotted_name":
            dotted = _dotted(scope, child)
            first = dotted.split(".")[0]
            scope.write(first, Imported(first))


def _import_from(scope: Scope, node: Node) -> None:
    module = node.child_by_field_name("module_name")
    if module is None:
        return
    source = _dotted(scope, module)
    for child in node.children_by_field_name("name"):
        name, alias = child, child
        if child.type == "aliased_import":
            name = child.child_by_field_name("name") or child
            alias = child.child_by_field_name("alias") or child
        imported = _dotted(scope, name)
        target = source + imported if source.endswith(".") else f"{source}.{imported}"
        scope.write(scope.slice(alias), Imported(target))
    if any(child.type == "wildcard_import" for child in node.children):
        scope.builder.star_imports.append(source)


def _dotted(scope: Scope, node: Node) -> str:
    return "".join(scope.slice(node).split())


# Definitions


def _decorated(scope: Scope, node: Node) -> None:
    decorators = tuple(
        scope.evaluate(operands(child)[0])
        for child in node.named_children
        if child.type == "decorator" and operands(child)
    )
    definition = node.child_by_field_name("definition")
    if definition is None:
        return
    _define(scope, definition, decorators)


def _definition(scope: Scope, node: Node) -> None:
    _define(scope, node, ())


def _define(scope: Scope, node: Node, decorators: tuple[Value, ...]) -> None:
    """Bind a nested function or class, to be interpreted when the scope around it is done."""
    name = node.child_by_field_name("name")
    if name is None:
        return
    value: Value
    if node.type == "function_definition":
        value = Local(scope.builder.nest(node, scope.number, decorators))
    else:
        value = LocalClass(scope.builder.nest_class(node, scope.number, decorators))
    scope.write(scope.slice(name), value)
    if b"nonlocal" in scope.builder.text:
        scope.share(_names_of_outer_functions(scope, node))
    scope.share_lists(filled_inside(scope, node))


def _names_of_outer_functions(scope: Scope, node: Node) -> Iterator[str]:
    """Yield the names that a definition, or one inside it, takes from a function around it."""
    waiting = [node]
    while waiting:
        at = waiting.pop()
        if at.type == "nonlocal_statement":
            yield from (scope.slice(child) for child in operands(at))
        elif at.child_count and not at.type.endswith("expression"):
            waiting.extend(at.named_children)


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
    after_body = (scope.environment, scope.alive)
    finals: list[Node] = []
    scope.environment, scope.alive = Environment(after_body[0]), after_body[1]
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
        for child in statements:
            if not scope.alive:
                break
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
            _bind_pattern(scope, pattern, subject, len(subjects) == 1)
        key = scope.slice(subjects[0]) if len(subjects) == 1 else ""
        literals = [each for pattern in patterns if (each := _literals(scope, pattern))]
        if literals and len(patterns) == 1 and subjects[0].type == "identifier":
            scope.environment[key] = choice(literals[0])
        matched, missed = _classes(scope, patterns, subjects)
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


def _classes(scope: Scope, patterns: list[Node], subjects: list[Node]) -> Proofs:
    """Return what `case int() | float()` proves of the subject, and what it leaves for the rest."""
    if len(patterns) != 1 or len(subjects) != 1:
        return [], []
    inner = operands(patterns[0])
    if len(inner) == 1 and inner[0].type == "union_pattern":
        inner = operands(inner[0])
    names = [operands(each) for each in inner if each.type == "class_pattern"]
    if not names or len(names) < len(inner) or any(len(each) != 1 for each in names):
        return [], []
    types = tuple(scope.evaluate(operands(name)[0]) for (name,) in names)
    key = plain_key(scope, subjects[0])
    return type_proofs(scope, key, types[0] if len(types) == 1 else Sequence(types))


def _literals(scope: Scope, pattern: Node) -> list[Value]:
    """Return the texts of which one is matched (`case "user" | "group"`), [] for other patterns."""
    inner = operands(pattern)
    if len(inner) == 1 and inner[0].type == "union_pattern":
        inner = operands(inner[0])
    return [scope.evaluate(each) for each in inner if each.type == "string"] if inner else []


def _bind_pattern(scope: Scope, pattern: Node, subject: Value, whole: bool) -> None:
    stack: list[tuple[Node, Value | None]] = [(pattern, subject if whole else None)]
    while stack:
        node, matched = stack.pop()
        inner = operands(node)
        names = [child for child in inner if child.type in ("dotted_name", "identifier")]
        if node.type in ("case_pattern", "as_pattern") and len(names) == 1 and not _dots(names[0]):
            scope.write(scope.slice(names[0]), UNKNOWN if matched is None else matched)
        if node.type == "class_pattern" and len(inner) == 2 and names:
            # `int(number)` takes the subject itself, if it is an int.
            value = UNKNOWN if matched is None else matched
            matched = refined(value, Fact("type", scope.read(scope.slice(names[0]))))
        elif len(inner) > 1 and node.type != "as_pattern":
            matched = None
        stack.extend(
            (child, matched) for child in inner if child.type not in ("string", "dotted_name")
        )


def _dots(node: Node) -> bool:
    return node.named_child_count > 1


def _print(scope: Scope, node: Node) -> None:
    for child in operands(node):
        scope.evaluate(child)


_HANDLERS: dict[int, Callable[[Scope, Node], None]] = kind_table(
    {
        "expression_statement": _expression,
        "assignment": _assignment,
        "augmented_assignment": _augmented,
        "return_statement": _return,
        "raise_statement": _leave,
        "break_statement": _jump,
        "continue_statement": _jump,
        "assert_statement": _assert,
        "delete_statement": _delete,
        "global_statement": _global,
        "nonlocal_statement": _nonlocal,
        "pass_statement": _nothing,
        "import_statement": _import,
        "import_from_statement": _import_from,
        "future_import_statement": _nothing,
        "decorated_definition": _decorated,
        "function_definition": _definition,
        "class_definition": _definition,
        "if_statement": _if,
        "for_statement": _for,
        "while_statement": _while,
        "try_statement": _try,
        "with_statement": _with,
        "match_statement": _match,
        "print_statement": _print,
        "block": execute_block,
        "comment": _nothing,
    }
)

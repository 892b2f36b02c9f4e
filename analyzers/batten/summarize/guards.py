"""What a condition proves of the names in it, where it is true and where it is false."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.summarize.address_guards import (
    address_facts,
    contained_in,
    part_facts,
    parts_read,
    truth_facts,
)
from batten.summarize.environment import Proof
from batten.summarize.guarded import key_of, plain_key
from batten.summarize.letter_guards import each_letter, subset, without_harmless
from batten.summarize.nodes import (
    ARGUMENTS,
    ATTRIBUTE,
    CALL,
    IDENTIFIER,
    KEYWORD,
    STRING,
    attribute_parts,
    call_parts,
    keyword_parts,
    operands,
)
from batten.syntax.kinds import kind, kind_table
from batten.values.combine import element, plain
from batten.values.terms import (
    NONE,
    Attribute,
    Bag,
    Choice,
    Const,
    Fact,
    Item,
    Name,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

    from batten.summarize.environment import Key
    from batten.summarize.scope import Scope

_NONE, _TRUE = kind("none"), kind("true")
_WORDS = frozenset((_NONE, _TRUE, kind("false")))
_TEXTS = frozenset((STRING, kind("concatenated_string")))
_LITERALS = _WORDS | {STRING, kind("integer")}
_GENERATORS = frozenset((kind("generator_expression"), kind("list_comprehension")))
_PATTERNS = _TEXTS | {IDENTIFIER, ATTRIBUTE}
_EMPTY = Fact("empty", NONE)
_DOTS = Const("..")
MAX_EITHER = 512
"""So many facts may be in what holds of a name one way or another.

A variable that keeps the truth of a condition has all of them once more wherever it is read.
"""
_CHECKS = ("validate", "check", "verify", "ensure", "assert", "require", "parse_and_valid")
_SEARCHES = frozenset({"match", "fullmatch", "search", "findall"})


Proofs = tuple[list[Proof], list[Proof]]
"""What holds where a condition is true, and where it is false."""


def proved(scope: Scope, node: Node) -> Proofs:
    """Return what holds where the condition `node` is true, and where it is false.

    What is in it is worked out once more for that, and conditions may be nested.
    """
    read, builder = _CONDITIONS.get(node.kind_id), scope.builder
    if read is None or builder.is_spent:
        return [], []
    builder.spend(1)
    return read(scope, node)


def _wrapped(scope: Scope, node: Node) -> Proofs:
    inner = operands(node)
    return proved(scope, inner[0]) if inner else ([], [])


def _not(scope: Scope, node: Node) -> Proofs:
    true, false = _wrapped(scope, node)
    return false, true


def _boolean(scope: Scope, node: Node) -> Proofs:
    inner = operands(node)
    if len(inner) != 2:
        return [], []
    left, right = proved(scope, inner[0]), proved(scope, inner[1])
    if _operator(node) == "and":
        return left[0] + right[0], _either(left[1], right[1])
    return _either(left[0], right[0]), left[1] + right[1]


def _compared(scope: Scope, node: Node) -> Proofs:
    inner = operands(node)
    return _comparison(scope, node, inner) if len(inner) == 2 else ([], [])


def _walrus(scope: Scope, node: Node) -> Proofs:
    inner = operands(node)
    return proved(scope, inner[1]) if len(inner) == 2 else ([], [])


def _read(scope: Scope, node: Node) -> Proofs:
    """Read a name or an attribute: what its truth tells, and that it is empty where false."""
    key = plain_key(scope, node)
    true, false = _kept(scope, key) if isinstance(key, str) else ([], [])
    if key is not None:
        false.append(Proof(key, _EMPTY))
    parts = parts_read(scope, node)
    if parts:
        true += _proofs(truth_facts(scope, parts, "differs"))
        false += _proofs(truth_facts(scope, parts, "equals"))
    return true, false


def converted(scope: Scope, call: Node) -> list[Proof]:
    """Return what holds after a call for its error alone: its arguments could be converted."""
    callee, arguments = call_parts(call)
    if callee is None or arguments is None or callee.kind_id not in (IDENTIFIER, ATTRIBUTE):
        return []
    proofs: list[Proof] = []
    function: Value | None = None
    for place, given in enumerate(_given(arguments)):
        keyword, argument = _named(scope, given)
        key = plain_key(scope, argument)
        # What a module holds is no value that is checked.
        if key is not None and not (isinstance(key, tuple) and isinstance(key[0], Name)):
            function = function or scope.callee(call, callee)
            proofs.append(Proof(key, Fact("converted", function, place, keyword)))
    return proofs


def is_conversion(name: str) -> bool:
    """Tell whether a call of `name` tells of its arguments wherever it stands.

    `int(text)` tells that they could be converted, and so does what is called a check by its name.
    """
    return name in _CONVERSIONS or name.lstrip("_").lower().startswith(_CHECKS)


_CONVERSIONS = frozenset({"int", "float", "UUID"})


def _either(left: list[Proof], right: list[Proof]) -> list[Proof]:
    """Return what is left of two lists of which one holds.

    Of a name in one of them only, that it was looked at: a check, not its result. So it is of one
    in both, where all that may hold has grown too much.
    """
    proofs = []
    for key in dict.fromkeys(proof.key for proof in left):
        ways = tuple(tuple(p for p in each if p.key == key) for each in (left, right))
        facts = sum(proof.facts for way in ways for proof in way)
        if all(ways) and facts <= MAX_EITHER:
            proofs.append(Proof(key, ways[0][0].fact, None, ways, facts))
    both = {proof.key for proof in proofs}
    for proof in (*left, *right):
        if proof.key not in both and proof.fact.kind in ("predicate", "checked"):
            fact = Fact("checked", proof.fact.value, proof.fact.place, proof.fact.keyword)
            proofs.append(Proof(proof.key, fact))
    return proofs


def _operator(node: Node) -> str:
    """Return what stands between two operands."""
    children = node.children
    if len(children) == 3:
        return children[1].type
    return " ".join(child.type for child in children if not child.is_named)


def _comparison(scope: Scope, node: Node, operands: list[Node]) -> Proofs:
    operator = _operator(node)
    left, right = operands
    if operator in ("is", "==", "is not", "!=", "<>"):
        true = (
            _exact_type(scope, left, right)
            or _equality(scope, left, right)
            or _search_result(scope, left, right)
        )
        if not isinstance(true, tuple):
            true = (true, _undotted(scope, left, right) or _undotted(scope, right, left))
        kept = _compared_truth(scope, left, right)
        true = (true[0] + kept[0], true[1] + kept[1])
        return true if operator in ("is", "==") else (true[1], true[0])
    if operator == "<=":
        return subset(scope, left, right), []
    if operator in ("in", "not in"):
        text = left.kind_id in _TEXTS
        other = _undotted(scope, right, left) if text else _undotted(scope, left, right)
        true = (_membership(scope, left, right), other)
        return true if operator == "in" else (true[1], true[0])
    return [], []


def _undotted(scope: Scope, subject: Node, refused: Node) -> list[Proof]:
    """Return what holds where a value differs from `..`, or from all items of a collection."""
    if subject.kind_id in _LITERALS or refused.kind_id in _WORDS:
        return []
    key = plain_key(scope, subject)
    if key is None:
        return []
    known = scope.evaluate(refused)
    items = known.items if isinstance(known, (Sequence, Bag)) else (known,)
    return [Proof(key, Fact("undotted", NONE))] if _DOTS in map(plain, items) else []


def _equality(scope: Scope, left: Node, right: Node) -> list[Proof]:
    """Return what holds where two expressions are equal."""
    proofs: list[Proof] = []
    for subject, other in ((left, right), (right, left)):
        if subject.kind_id in _LITERALS:
            continue
        parts = parts_read(scope, subject)
        if parts:
            proofs += _proofs(part_facts(scope, parts, "equals", other))
        key = key_of(scope, subject) if other.kind_id in _LITERALS else None
        if key is not None:
            proofs.append(Proof(key, Fact("equal", NONE), scope.evaluate(other)))
            break
    return proofs


def _exact_type(scope: Scope, left: Node, right: Node) -> Proofs | None:
    """Read `type(x) is int` as `isinstance(x, int)`."""
    callee, arguments = call_parts(left) if left.kind_id == CALL else (None, None)
    if callee is None or arguments is None or scope.slice(callee) != "type":
        return None
    given = _given(arguments)
    key = plain_key(scope, given[0]) if len(given) == 1 else None
    return type_proofs(scope, key, scope.evaluate(right)) if key else None


def type_proofs(scope: Scope, key: Key | None, types: Value) -> Proofs:
    """Return what holds of a value that is of one of some types, and of one that is of none."""
    if key is None:
        return [], []
    parameter = scope.parameters.get(key) if isinstance(key, str) else None
    several = parameter is not None and _is_union(parameter.annotation)
    return [Proof(key, Fact("type", types))], [Proof(key, Fact("not type", types))] * several


def _is_union(annotation: Value | None) -> bool:
    """Tell whether an annotation allows several types (`int | str`, also written as a string)."""
    if isinstance(annotation, Const):
        return (
            isinstance(annotation.value, str)
            and re.search(r"\||Union\[", annotation.value) is not None
        )
    if isinstance(annotation, Item):
        return isinstance(annotation.key, Sequence)
    return isinstance(annotation, Choice)


def _search_result(scope: Scope, left: Node, right: Node) -> Proofs | list[Proof]:
    """Read `pattern.match(x) is None` as `not pattern.match(x)`."""
    if right.kind_id != _NONE or left.kind_id != CALL:
        return []
    true, false = _predicate(scope, left)
    return false, true


def _compared_truth(scope: Scope, left: Node, right: Node) -> Proofs:
    """Read `ok is True` as `ok`, and `found is None` as `not found`."""
    if left.kind_id != IDENTIFIER or right.kind_id not in _WORDS:
        return [], []
    true, false = _kept(scope, scope.slice(left))
    return (true, false) if right.kind_id == _TRUE else (false, true)


def _membership(scope: Scope, left: Node, right: Node) -> list[Proof]:
    """Return what holds where one expression is in another."""
    right = _collection(scope, right)
    if left.kind_id in _TEXTS:
        return _proofs(contained_in(scope, right, left))
    proofs = _proofs(part_facts(scope, parts_read(scope, left), "in", right))
    key = key_of(scope, left)
    if key is None:
        return proofs
    return [*proofs, Proof(key, Fact("member", scope.evaluate(right)))]


def _collection(scope: Scope, node: Node) -> Node:
    """Return the mapping of `mapping.keys()`, any other node as it is."""
    if node.kind_id != CALL:
        return node
    callee, arguments = call_parts(node)
    if callee is None or arguments is None or arguments.named_child_count:
        return node
    base, name = attribute_parts(callee) if callee.kind_id == ATTRIBUTE else (None, None)
    keys = name is not None and base is not None and scope.slice(name) == "keys"
    return base if keys and base is not None else node


def _predicate(scope: Scope, node: Node) -> Proofs:
    callee, arguments = call_parts(node)
    if callee is None or arguments is None:
        return [], []
    is_method = callee.kind_id == ATTRIBUTE
    name = scope.slice((attribute_parts(callee)[1] if is_method else None) or callee)
    generator = _generator(arguments)
    if generator is not None:
        return _of_each(scope, name, generator)
    given = _given(arguments)
    if len(given) == 1 and name == "bool":
        return proved(scope, given[0])
    if len(given) == 2 and name == "isinstance":
        return type_proofs(scope, plain_key(scope, given[0]), scope.evaluate(given[1]))
    if name in ("startswith", "endswith") and is_method and given:
        return _affix(scope, callee, name, given[0])
    function = scope.callee(node, callee)
    if not given:
        # x.isdigit()
        if not is_method:
            return [], []
        subject = attribute_parts(callee)[0]
        key = plain_key(scope, without_harmless(scope, subject)) if subject is not None else None
        return ([Proof(key, Fact("predicate", _method_name(function)))] if key else []), []
    if name == "issubset" and is_method and len(given) == 1:
        subject = attribute_parts(callee)[0]
        return (subset(scope, subject, given[0]) if subject is not None else []), []
    true: list[Proof] = []
    false: list[Proof] = []
    applied: Value | None = None
    for place, argument in enumerate(given):
        keyword, value = _named(scope, argument)
        key = plain_key(scope, value)
        if key is not None:
            applied = applied or _applied(function, given, scope)
            true.append(Proof(key, Fact("predicate", applied, place, keyword)))
            if name in _SEARCHES:
                false.append(Proof(key, Fact("refuted", applied, place, keyword)))
    return true, false


def _affix(scope: Scope, callee: Node, name: str, affix: Node) -> Proofs:
    """Read `url.startswith(prefix)` and `host.endswith(suffix)`."""
    subject = attribute_parts(callee)[0]
    if subject is None:
        return [], []
    relation = "starts" if name == "startswith" else "ends"
    true = address_facts(scope, subject, relation, affix)
    false = address_facts(scope, subject, f"not {relation}", affix)
    return _proofs(true), _proofs(false)


def _generator(arguments: Node) -> Node | None:
    """Return the generator or the list of `any(... for ...)`, None for other arguments."""
    only = arguments
    if arguments.kind_id == ARGUMENTS:
        if arguments.named_child_count != 1:
            return None
        only = arguments.named_children[0]
    return only if only.kind_id in _GENERATORS else None


def _of_each(scope: Scope, name: str, generator: Node) -> Proofs:
    """Read `any(url.startswith(each) for each in prefixes)`, `all(c.isalnum() for c in text)`."""
    before = scope.fork()
    body = generator.child_by_field_name("body")
    letter, key = "", None
    otherwise: list[Proof] = []
    clauses = [child for child in generator.named_children if child != body]
    for child in clauses:
        target, source = child.child_by_field_name("left"), child.child_by_field_name("right")
        if child.type == "for_in_clause" and target is not None and source is not None:
            if target.type != "identifier":
                return [], []
            letter, key = scope.slice(target), plain_key(scope, source)
            scope.environment[letter] = element(scope.evaluate(source))
        elif child.type == "if_clause":
            otherwise = [p for test in child.named_children for p in proved(scope, test)[1]]
    true, false = proved(scope, body) if body is not None else ([], [])
    scope.environment = before
    if len(clauses) > 1 + any(child.type == "if_clause" for child in clauses):
        key = None
    skipped = otherwise if len(clauses) > 1 else None
    if name == "all" and key is not None:
        return each_letter(key, letter, true if skipped is None else _either(true, skipped)), []
    if name != "any":
        return [], []
    outer = [proof for proof in true if proof.key in before or proof.key in scope.parameters]
    none = false if skipped is None else _either(false, skipped)
    return outer, each_letter(key, letter, none) if key is not None else []


def _proofs(facts: Iterable[tuple[Key, Fact]]) -> list[Proof]:
    return [Proof(key, fact) for key, fact in facts]


def _kept(scope: Scope, name: str) -> Proofs:
    """Return what the truth of a variable proves."""
    truth = scope.environment.truths.get(name)
    if truth is None:
        return [], []
    true, false = (
        [each.proof for each in told or () if each.is_about(scope.held(each.proof.key))]
        for told in (truth.true, truth.false)
    )
    return true, false


def _named(scope: Scope, argument: Node) -> tuple[str, Node]:
    """Return the keyword of an argument, or "", and the expression that is given."""
    if argument.kind_id != KEYWORD:
        return "", argument
    name, value = keyword_parts(argument)
    return scope.slice(name) if name is not None else "", value or argument


def _given(arguments: Node) -> list[Node]:
    return operands(arguments) if arguments.kind_id == ARGUMENTS else []


def applied(function: Value) -> Value:
    """Return the predicate of calling a function with one value: `.isalnum` for `str.isalnum`."""
    if isinstance(function, Attribute) and function.base == Name("str"):
        return _method_name(function)
    return function


def _method_name(function: Value) -> Value:
    return Const(f".{function.name}") if isinstance(function, Attribute) else function


def _applied(function: Value, given: list[Node], scope: Scope) -> Value:
    """Return the predicate; for `re.match(pattern, x)` it is a pair with the pattern."""
    if len(given) >= 2 and given[0].kind_id in _PATTERNS:
        return Sequence((function, scope.evaluate(given[0])))
    return function


_CONDITIONS: dict[int, Callable[[Scope, Node], Proofs]] = kind_table(
    {
        "identifier": _read,
        "attribute": _read,
        "call": _predicate,
        "comparison_operator": _compared,
        "not_operator": _not,
        "boolean_operator": _boolean,
        "parenthesized_expression": _wrapped,
        "named_expression": _walrus,
    }
)

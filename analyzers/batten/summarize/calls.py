"""Calls: each is recorded; those of text, lists and dicts known here have a result at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.summarize import location
from batten.summarize.binding import assume, fill, update
from batten.summarize.filled_inside import GROWING
from batten.summarize.guarded import unrefined
from batten.summarize.guards import applied, converted, is_conversion
from batten.summarize.handed_on import HANDING_ON, handed_on
from batten.summarize.nodes import (
    ARGUMENTS,
    ATTRIBUTE,
    COMMENT,
    KEYWORD,
    attribute_parts,
    call_parts,
    keyword_parts,
    operands,
)
from batten.summarize.places import hole, with_place
from batten.summarize.texts import spread_arguments
from batten.summarize.traversal import others
from batten.syntax.kinds import kind
from batten.values.combine import (
    added,
    bag,
    choice,
    element,
    extended,
    mapping,
    plain,
    refined,
    template,
)
from batten.values.formatting import filled, is_placeholder
from batten.values.methods import OF_COLLECTIONS, method_result
from batten.values.terms import (
    NONE,
    Arguments,
    Attribute,
    Bag,
    Computed,
    Const,
    Fact,
    Hole,
    Imported,
    Joined,
    Local,
    Mapping,
    Name,
    Param,
    Result,
    Sequence,
    Template,
    Value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.summarize.scope import Scope


def call(scope: Scope, node: Node) -> Value:
    """Return the result of a call expression."""
    callee, arguments = call_parts(node)
    if callee is None or arguments is None:
        return others(scope, node)
    receiver: Node | None = None
    method = ""
    if callee.kind_id == ATTRIBUTE:
        receiver, attribute = attribute_parts(callee)
        method = scope.slice(attribute) if attribute is not None else ""
    name = method or scope.slice(callee)
    if name == "partial" and is_partial(scope, callee) and operands(arguments):
        return Local(scope.builder.nest(node, scope.number))
    base = scope.evaluate(receiver) if receiver is not None else None
    function = scope.read_attribute(base, method) if base is not None else scope.evaluate(callee)
    # What guards have proved of a function does not change what it is.
    function = unrefined(function)
    given = _arguments(scope, arguments)
    made = _made(scope, name, given) if not method and name in _MAKERS else None
    if made is not None:
        return made
    site = scope.site(node)
    result = _record(scope, site, scope.site(callee), function, given)
    for handed, handed_given in handed_on(name, given) if name in HANDING_ON else ():
        each = _record(scope, site, handed.site, handed.value, handed_given)
        if name == "map" and scope.read(name) == Name(name):
            scope.mapped[result] = each
    if given.named or len(given.positional) > 2:
        location.made(scope, callee, result, given)
    for answer in given.positional if name == "make_response" else ():
        location.returned(scope, node, answer.value)
    if is_conversion(name):
        assume(scope, converted(scope, node))
    if base is not None and receiver is not None:
        if method in _KNOWN_METHODS:
            known = _known_method(scope, node, base, method, given, receiver)
            if known is not None:
                return known
    elif isinstance(function, Attribute) and isinstance(function.base, (Const, Template)):
        # A method of a text that was kept: `make = "/users/{}".format`.
        known = _known_method(scope, node, function.base, function.name, given, callee)
        if known is not None:
            return known
    return result


def is_partial(scope: Scope, callee: Node) -> bool:
    """Tell whether a call makes a `functools.partial`: a function of what is still missing."""
    text = scope.slice(callee)
    return text in ("partial", "functools.partial") and scope.read(text.split(".")[0]) in (
        Name("partial"),
        Name("functools"),
        Imported("functools"),
        Imported("functools.partial"),
    )


def call_partial(scope: Scope, node: Node) -> Result | None:
    """Record what calling a `partial` calls: its function, with its arguments before others."""
    arguments = node.child_by_field_name("arguments")
    first, *_ = operands(arguments) if arguments is not None else (None,)
    if arguments is None or first is None:
        return None
    given = _arguments(scope, arguments)
    site = scope.site(node)
    rest = Hole(site, scope.read("args"), "*", "args")
    keywords = Hole(site, scope.read("kwargs"), "s", "kwargs")
    if not given.positional:
        return None
    function, *bound = given.positional
    all_given = Arguments((*bound, rest), given.named, (*given.spread, keywords))
    return _record(scope, site, scope.site(first), function.value, all_given)


def _record(scope: Scope, site: int, callee_site: int, function: Value, given: Arguments) -> Result:
    """Record a call; of what a `getattr` with an unknown name reads, a verb is called."""
    made = scope.called(function) if isinstance(function, Result) else None
    if made is not None and made.arguments.positional:
        first, *rest = made.arguments.positional
        name = _last_name(made.function)
        if name == "getattr" and rest:
            function = Attribute(first.value, _some_verb(rest[0].value))
    return scope.call(site, callee_site, function, given)


def _last_name(function: Value) -> str:
    match function:
        case Name(name) | Attribute(_, name):
            return name
        case Imported(target):
            return target.rpartition(".")[2]
    return ""


def _some_verb(name: Value) -> str:
    """Return one name that `getattr(client, name)` may read: what is not known is a verb."""
    parts = name.parts if isinstance(name, Template) else (name,)
    return "".join(part if isinstance(part, str) else "get" for part in parts)


_LIST_SPLAT = kind("list_splat")
_DICTIONARY_SPLAT = kind("dictionary_splat")
_COPIES = frozenset({"tuple", "list", "set", "frozenset", "sorted", "reversed"})
_MAKERS = frozenset({"getattr", "dict", "locals", "vars", "filter"}) | _COPIES


def _made(scope: Scope, name: str, given: Arguments) -> Value | None:
    """Return what a call of a builtin makes that is known here; None for other calls.

    `locals()`, `vars()` and `dict(a=x)` make a mapping, `getattr(x, "a")` reads an attribute,
    `filter(f, items)` keeps those items of which `f` is true, `tuple(x)` has the items of `x`.
    """
    if scope.read(name) != Name(name):
        return None
    if name in _COPIES:
        items = given.positional[0].value if len(given.positional) == 1 else None
        if isinstance(items, Result) and items in scope.mapped:
            return bag((scope.mapped[items],))
        if isinstance(items, Bag) or (isinstance(items, Sequence) and name in ("tuple", "list")):
            return items
        return bag(items.items) if isinstance(items, Sequence) else None
    if name == "getattr" and len(given.positional) in (2, 3):
        read = given.positional[1].value
        if isinstance(read, Const) and isinstance(read.value, str):
            found = scope.read_attribute(given.positional[0].value, read.value)
            return choice((found, *(default.value for default in given.positional[2:])))
    if name == "dict" and len(given.positional) == 1 and not given.named and not given.spread:
        return _of_pairs(given.positional[0].value)
    if name == "dict" and given.named and all(each.spec != "*" for each in given.positional):
        entries = tuple((Const(key), with_place(value)) for key, value in given.named)
        merged: list[Value] = [each.value for each in (*given.positional, *given.spread)]
        known = tuple(
            entry for each in merged if isinstance(each, Mapping) for entry in each.entries
        )
        rest = tuple(each for each in merged if not isinstance(each, Mapping))
        return mapping((*known, *entries), rest)
    if name == "filter" and len(given.positional) == 2:
        return _filtered(*(each.value for each in given.positional))
    if given.positional:
        return None
    if name in ("locals", "vars") and not given.named and not given.spread:
        held: dict[str, Value] = {key: Param(key) for key in scope.parameters}
        held |= {key: value for key, value in scope.environment.items() if isinstance(key, str)}
        return Mapping(tuple((Const(key), value) for key, value in held.items()))
    return None


def _of_pairs(pairs: Value) -> Value | None:
    """Return the mapping that `dict` makes of pairs; None where they are not written out."""
    if not isinstance(pairs, (Sequence, Bag)) or (isinstance(pairs, Bag) and pairs.spread):
        return None
    entries = [plain(pair) for pair in pairs.items]
    if not all(isinstance(pair, Sequence) and len(pair.items) == 2 for pair in entries):
        return None
    return Mapping(
        tuple(
            (plain(each.items[0]), each.items[1]) for each in entries if isinstance(each, Sequence)
        )
    )


def _filtered(test: Value, items: Value) -> Value:
    """Return what `filter` keeps of a collection: any of its items that pass a test."""
    if test == NONE:
        return items if isinstance(items, (Sequence, Bag)) else bag((element(items),))
    fact = Fact("predicate", applied(test))
    if isinstance(items, Sequence):
        return Sequence(tuple(_passed(item, fact) for item in items.items))
    if isinstance(items, Bag) and not items.spread:
        return bag(_passed(item, fact) for item in items.items)
    return bag((refined(element(items), fact),))


def _passed(item: Value, fact: Fact) -> Value:
    if isinstance(item, Hole):
        return replace(item, value=refined(item.value, fact))
    return refined(item, fact)


def _arguments(scope: Scope, node: Node) -> Arguments:
    if node.kind_id != ARGUMENTS:
        return Arguments((hole(scope, node, "s"),))
    positional: list[Hole] = []
    named: list[tuple[str, Hole]] = []
    spread: list[Hole] = []
    for child in node.named_children:
        kind = child.kind_id
        if kind == COMMENT:
            continue
        if kind == KEYWORD:
            name, value = keyword_parts(child)
            if name is not None and value is not None:
                named.append((scope.slice(name), hole(scope, value, "s")))
        elif kind == _LIST_SPLAT:
            positional += [hole(scope, inner, "*") for inner in operands(child)]
        elif kind == _DICTIONARY_SPLAT:
            spread += [hole(scope, inner, "s") for inner in operands(child)]
        else:
            positional.append(hole(scope, child, "s"))
    return Arguments(tuple(positional), tuple(named), tuple(spread))


_KNOWN_METHODS = frozenset({"format", "format_map", "replace", "join", "update"})
_KNOWN_METHODS |= GROWING | OF_COLLECTIONS


def _known_method(
    scope: Scope, node: Node, base: Value, method: str, given: Arguments, receiver: Node
) -> Value | None:
    """Return the result of a method of a value known here: text, a list, a dict."""
    if method in ("format", "format_map"):
        if isinstance(base, Template) or (isinstance(base, Const) and isinstance(base.value, str)):
            return filled("{", base, spread_arguments(given, method))
        return None
    if method == "replace" and isinstance(base, (Const, Template)) and is_placeholder(given):
        return filled("replace", base, given)
    if method == "join" and isinstance(base, Const) and isinstance(base.value, str):
        if len(given.positional) == 1 and not given.named:
            items = given.positional[0]
            if isinstance(items.value, Sequence):
                return _joined(base.value, items)
            return Joined(base, items.value, scope.site(node), items.site, items.name)
        return None
    return _mutation(scope, base, method, given, receiver)


def _is_copied(scope: Scope, value: Value) -> bool:
    """Tell whether a value is a copy that was made here of what is not known."""
    return isinstance(value, Result) and _last_name(scope.called(value).function) in _MAKE_COPIES


_MAKE_COPIES = frozenset({"copy", "deepcopy", "dict"})


def _joined(separator: str, items: Hole) -> Value:
    """Return the text of joining items that are all known, each with its own hole."""
    parts: list[str | Hole] = []
    values = items.value.items if isinstance(items.value, Sequence) else ()
    for index, value in enumerate(values):
        if index:
            parts.append(separator)
        if isinstance(value, Template):
            parts += value.parts
        elif isinstance(value, Const):
            parts.append(str(value.value))
        else:
            parts.append(
                replace(value, spec=",")
                if isinstance(value, Hole)
                else Hole(items.site, value, ",", items.name)
            )
    return template(parts)


def _mutation(
    scope: Scope, base: Value, method: str, given: Arguments, receiver: Node
) -> Value | None:
    collection = not isinstance(base, (Const, Template, Local, Computed))
    first = given.positional[0] if given.positional else None
    if isinstance(base, Name) and method in GROWING and first is not None:
        more = first.value if method == "extend" else bag((with_place(given.positional[-1]),))
        scope.fill(base.id, more)
    if method in ("append", "add", "appendleft") and first is not None and collection:
        fill(scope, receiver, added(base, with_place(first)))
        return NONE
    if method == "insert" and len(given.positional) == 2 and isinstance(base, (Sequence, Bag)):
        fill(scope, receiver, bag((*base.items, with_place(given.positional[1]))))
        return NONE
    if method == "extend" and first is not None and collection:
        update(scope, receiver, extended(base, first.value))
        return NONE
    if method == "update" and given.positional and _is_copied(scope, base):
        base = Mapping((), (base,))
    if method == "update" and isinstance(base, Mapping):
        entries: list[tuple[Value, Value]] = [(Const(n), with_place(h)) for n, h in given.named]
        spread: list[Value] = []
        for each in (*given.positional, *given.spread):
            if isinstance(each.value, Mapping):
                entries += each.value.entries
                spread += each.value.spread
            else:
                spread.append(each.value)
        made = mapping((*base.entries, *entries), (*base.spread, *spread))
        update(scope, receiver, made)
        return NONE
    return method_result(base, method, given.positional)

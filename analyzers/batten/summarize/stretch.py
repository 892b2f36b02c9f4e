"""Some statements of a block, the state before them, and what they do to it.

What statements do to a scope follows from their text and from what the scope holds before them.
Who has taken that down while they were interpreted needs to do it once only.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from batten.summarize.environment import MAX_STATES, Environment
from batten.summarize.waiting import waiting
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tree_sitter import Node

    from batten.summarize.summary import Call, Parameter
    from batten.summarize.waiting import Waiting
    from batten.summarize.watched_scope import WatchedScope
    from batten.values.terms import Result, Value

Form = tuple[int, int, int, int]
"""The kind of a statement, its range from the start of its stretch, and how many nodes it has."""


class Counts(NamedTuple):
    """What is numbered, or asked for as a whole."""

    number: int
    owner: int | None
    depth: int
    has_returned: bool
    is_in_loop: bool
    is_in_try: bool
    calls: int
    sites: int
    functions: int
    classes: int
    global_names: frozenset[str]
    outer_names: tuple[str, ...]
    shared: frozenset[str]


@immutable
class State:
    """What a scope and its builder hold between two statements, as far as others look at it."""

    environment: Environment
    parameters: Mapping[str, Parameter]
    mapped: Mapping[Result, Value]
    counts: Counts
    lengths: tuple[int, ...]
    spent: int
    asked: int
    sought: int
    named: int
    tried: int
    reads: int
    ways: int
    exits: int
    left: int
    waiting: tuple[int, int]


@immutable
class Stretch:
    """Some statements of a block, the state before them, and what they do to it.

    `spent` is the work that was spent on them. `asked`, `sought`, `named` and `read_before` tell
    what they ask of the state besides, `tested` is None if nobody asked which names are tested.
    `bare` are the objects that stand for names not bound. `tells_of_all`: they may speak of names
    that are no words of them; `returns`: they tell what is known of the parameters.
    """

    length: int
    spent: int
    forms: tuple[Form, ...]
    before: State
    is_alive: bool
    environment: Environment
    counts: Counts
    logs: tuple[tuple[object, ...], ...]
    exits: tuple[Environment, ...]
    left: tuple[Environment, ...]
    mapped: Mapping[Result, Value]
    reads: Mapping[Value, int]
    sites: tuple[tuple[int, int], ...]
    functions: tuple[Waiting, ...]
    classes: tuple[Waiting, ...]
    asked: tuple[tuple[int, Call], ...]
    sought: tuple[Value, ...]
    named: frozenset[str]
    read_before: Mapping[Value, bool]
    tested: frozenset[str] | None
    bare: tuple[tuple[str, Value], ...]
    tells_of_all: bool
    returns: bool


def state_of(scope: WatchedScope, left: Sequence[Environment] | None) -> State:
    """Return the state of a scope; `left` are the states in which a `try` around may be left."""
    builder = scope.builder
    return State(
        environment=scope.fork(),
        parameters=scope.parameters,
        mapped=scope.mapped.copy(),
        counts=counts(scope, left),
        lengths=tuple(map(len, logs(scope))),
        spent=builder.spent,
        asked=len(scope.asked),
        sought=len(scope.sought),
        named=len(scope.named),
        tried=len(scope.tried),
        reads=len(scope.reads),
        ways=len(scope.exits),
        exits=len(scope.loop_exits or ()),
        left=len(left or ()),
        waiting=(len(builder.waiting), len(builder.waiting_classes)),
    )


def taken(
    scope: WatchedScope,
    statements: list[Node],
    before: State,
    left: Sequence[Environment] | None,
) -> Stretch | None:
    """Return the stretch of statements that were interpreted now; None where it is not known."""
    builder = scope.builder
    start, end = statements[0].start_byte, statements[-1].end_byte
    sites = tuple(islice(builder.sites.numbers, before.counts.sites, None))
    if builder.skipped or builder.is_spent or any(low < start or high > end for low, high in sites):
        return None
    done = tuple(
        [tuple(log[known:]) for log, known in zip(logs(scope), before.lengths, strict=True)]
    )
    sought, tried = scope.sought[before.sought :], scope.tried[before.tried :]
    reads = dict(islice(scope.reads.items(), before.reads, None))
    environments = (
        scope.environment,
        *islice(scope.loop_exits or (), before.exits, None),
        # Beyond, it is their number that counts.
        *islice(left or (), before.left, before.left + MAX_STATES + 1),
    )
    first, *others = map(Environment, environments)
    exits = len(scope.loop_exits or ()) - before.exits
    held = {id(value) for each in environments for value in each.values()}
    return Stretch(
        length=end - start,
        spent=builder.spent - before.spent,
        forms=tuple([form(each, start) for each in statements]),
        before=before,
        is_alive=scope.alive,
        environment=first,
        counts=counts(scope, left),
        logs=done,
        exits=tuple(others[:exits]),
        left=tuple(others[exits:]),
        mapped=dict(islice(scope.mapped.items(), len(before.mapped), None)),
        reads=reads,
        sites=tuple([(low - start, high - start) for low, high in sites]),
        functions=waiting(builder.waiting[before.waiting[0] :], start),
        classes=waiting(builder.waiting_classes[before.waiting[1] :], start),
        asked=tuple([at for at in scope.asked[before.asked :] if at[0] < before.counts.calls]),
        sought=tuple(sought),
        named=frozenset(scope.named[before.named :]),
        read_before={value: value not in reads for value in tried},
        tested=vars(builder).get("tested"),
        bare=tuple([each for each in scope.unbound.items() if id(each[1]) in held]),
        returns=len(scope.exits) > before.ways,
        tells_of_all=_ALL_NAMES.search(builder.text, start, end) is not None,
    )


def form(node: Node, start: int) -> Form:
    """Return what has to be as it was of a statement of a stretch that starts at a byte."""
    return node.kind_id, node.start_byte - start, node.end_byte - start, node.descendant_count


def logs(scope: WatchedScope) -> tuple[list[Any], ...]:
    """Return all to which things are only added, and that nobody asks of."""
    return (
        scope.builder.star_imports,
        scope.returns,
        scope.yields,
        scope.stores,
        scope.literals,
        scope.exits,
        scope.calls,
        scope.to_globals,
        scope.rebinds,
        scope.outer_lists,
        scope.noted,
        scope.used,
    )


def counts(scope: WatchedScope, left: Sequence[Environment] | None) -> Counts:
    """Return what is numbered, or asked for as a whole."""
    builder = scope.builder
    return Counts(
        scope.number,
        scope.owner,
        scope.depth,
        bool(scope.returns),
        scope.loop_exits is not None,
        left is not None,
        len(scope.calls),
        len(builder.sites.numbers),
        builder.function_count,
        builder.class_count,
        frozenset(scope.global_names),
        tuple(scope.outer_names),
        frozenset(scope.shared),
    )


# They tell of names that are not written there, or change the order of the others.
_ALL_NAMES = re.compile(rb"\b(?:locals|vars|del)\b")

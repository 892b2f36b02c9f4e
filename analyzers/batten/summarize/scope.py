"""The state of interpreting one function: what its names hold now, and what it has done so far.

A scope is the only thing here that changes. It lives for one interpretation and is frozen into
a `Function` at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from batten.summarize.environment import (
    MAX_STATES,
    Environment,
    after_branches,
    after_rounds,
    others,
)
from batten.summarize.guarded import unrefined
from batten.summarize.nodes import COMMENT, IDENTIFIER, PARENTHESIZED
from batten.summarize.promises import Exit, fallen_through, promises
from batten.summarize.summary import Call, Function, Literal, Parameter, Store
from batten.summarize.traversal import others as look_into
from batten.values.combine import choice, extended
from batten.values.nesting import shallow
from batten.values.terms import (
    NONE,
    UNKNOWN,
    Arguments,
    Attribute,
    Bag,
    Choice,
    Item,
    Mapping,
    Name,
    Param,
    Rebound,
    Result,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import ItemsView, Iterable

    from tree_sitter import Node

    from batten.summarize.builder import Builder
    from batten.summarize.environment import Differences, Key


T = TypeVar("T")

MAX_DEPTH = 100


class Scope:
    """The abstract state of one function.

    All that it holds is immutable, or a container of what is: so a copy of it is soon made. It has
    fewer than thirty attributes: to objects with more, Python gives a table of names each.
    """

    def __init__(self, builder: Builder, number: int, owner: int | None) -> None:
        self.builder = builder
        self.slice = builder.slice
        self._expressions = builder.expressions
        self.number = number
        self.owner = owner
        self.parameters: dict[str, Parameter] = {}
        self.environment = Environment()
        self.alive = True
        self.depth = 0
        self.returns: list[Value] = []
        self.yields: list[Value] = []
        self.global_names: set[str] = set()
        self.outer_names: dict[str, None] = {}
        self.shared: set[str] = set()
        self.stores: list[Store] = []
        self.literals: list[Literal] = []
        self.annotations: dict[str, Value] = {}
        self.loop_exits: list[Environment] | None = None
        """What the names hold where the innermost loop is left early; None outside of loops."""
        self.reads: dict[Value, int] = {}
        self.mapped: dict[Result, Value] = {}
        """For the result of a `map`, what it calls its function with some item for."""
        self.exits: list[Exit] = []
        self.calls: list[Call] = []
        self._sites = builder.sites.numbers
        self.to_globals: list[tuple[str, Value]] = []
        self.rebinds: list[tuple[str, Value]] = []
        self.outer_lists: list[tuple[str, Value]] = []
        self.unbound: dict[str, Value] = {}
        self._numbers: dict[tuple[int, int], int] = {}
        self.uses: dict[tuple[int, str], None] = {}

    def evaluate(self, node: Node) -> Value:
        """Return the value of an expression and record the calls in it.

        A kind of which nothing is known has its children evaluated, so that no call is missed.
        """
        kind = node.kind_id
        if kind == IDENTIFIER:  # nearly half of all
            return self.read(self.slice(node))
        handler = self._expressions.get(kind)
        if handler is None:
            return look_into(self, node)
        if self.depth >= MAX_DEPTH:
            self.builder.skip(node)
            return UNKNOWN
        self.depth += 1
        value = handler(self, node)
        self.depth -= 1
        return value

    def site(self, node: Node) -> int:
        """Return the site of an expression; parentheses around it are not part of it."""
        while node.kind_id == PARENTHESIZED:
            inner = next((c for c in node.named_children if c.kind_id != COMMENT), None)
            if inner is None:
                break
            node = inner
        numbers = self._sites
        return numbers.setdefault((node.start_byte, node.end_byte), len(numbers))

    def read(self, name: str) -> Value:
        """Return what a name holds now."""
        value = self.environment.get(name) or self.unbound.get(name)
        if value is None:
            value = Param(name) if name in self.parameters else Name(name)
            self.unbound[name] = value
        return value

    def take(self, parameter: Parameter) -> None:
        """Note a parameter of the function."""
        self.parameters[parameter.name] = parameter
        self.unbound.pop(parameter.name, None)

    def write(self, name: str, value: Value) -> None:
        """Bind a name."""
        if name in self.global_names:
            self.to_globals.append((name, value))
        elif name in self.outer_names:
            self.rebinds.append((name, value))
        if name in self.shared:
            value = choice((value, Rebound(name)))
        value = shallow(value)
        if self.builder.is_spent:
            self.put(name, value)
        else:
            self.environment[name] = value
        self.environment.truths.pop(name, None)

    def put(self, key: Key, value: Value) -> None:
        """Let a key hold a value; besides what it holds already where all ways are one."""
        if self.builder.is_spent:
            is_held = isinstance(key, tuple) or key in self.parameters or key in self.environment
            if is_held:
                value = choice((self.environment.get(key) or self._initial(key), value))
        self.environment[key] = value

    def drop(self, name: str) -> None:
        """Let a name hold nothing, on this way."""
        if not self.builder.is_spent:
            self.environment.pop(name, None)

    def annotate(self, name: str, annotation: Value) -> None:
        """Note the annotation of a name."""
        self.annotations[name] = annotation

    def share(self, names: Iterable[str]) -> None:
        """Note that a function which is defined now assigns to names of this one.

        When it is called is not known: from now on they may hold what it gives them.
        """
        for name in names:
            self.shared.add(name)
            if name in self.environment or name in self.parameters:
                self.environment[name] = choice((self.read(name), Rebound(name)))

    def held(self, key: Key) -> Value:
        """Return what is under a key now."""
        return self.read(key) if isinstance(key, str) else self.read_attribute(*key)

    def share_lists(self, names: Iterable[str]) -> None:
        """Note that a function which is defined now fills lists of this one."""
        for name in names:
            held = self.environment.get(name)
            if isinstance(held, (Sequence, Bag)):
                self.environment[name] = extended(held, Rebound(name))
                self.shared.add(name)

    def fill(self, name: str, items: Value) -> None:
        """Note that items go into a list that a function around this one has."""
        if self.owner is not None:
            self.outer_lists.append((name, items))

    def holdings(self, _value: Value) -> ItemsView[Key, Value]:
        """Return what is under each key, for who looks for a value."""
        return self.environment.items()

    def read_attribute(self, base: Value, name: str) -> Value:
        """Return what `base.name` holds: what was stored here, or what it held before."""
        kind = base.__class__
        if kind is Param or kind is Name:
            stored = self.environment.get((base, name))
            return Attribute(base, name) if stored is None else stored
        whole = unrefined(base)
        if isinstance(whole, Result):
            self.uses[whole.call, name] = None
        return Attribute(base, name)

    def note_read(self, value: Value, node: Node) -> None:
        """Remember where an attribute or item is read first."""
        kind = value.__class__
        if (kind is Attribute or kind is Item) and value not in self.reads:
            self.reads[value] = self.builder.sites.number(node)

    def write_attribute(self, base: Value, name: str, value: Value, node: Node) -> None:
        """Record `base.name = value`, where `node` is what is assigned to."""
        self.stores.append(Store(base, name, value, self.site(node)))
        if isinstance(base, (Param, Name)):
            self.put((base, name), shallow(value))

    def is_local(self, name: str) -> bool:
        """Tell whether a name is the scope's own."""
        return name in self.environment or name in self.parameters

    def fill_global(self, name: str, entries: Mapping) -> None:
        """Record `NAME[key] = value`: what a mapping of the module holds besides."""
        self.to_globals.append((name, entries))

    def fill_attribute(self, attribute: Attribute, entries: Mapping, node: Node) -> None:
        """Record `base.name[key] = value`: what a mapping that is kept there holds besides."""
        self.stores.append(Store(attribute.base, attribute.name, entries, self.site(node)))

    def call(self, site: int, callee_site: int, function: Value, arguments: Arguments) -> Result:
        """Record a call and return its result."""
        number = len(self.calls)
        if self._numbers.setdefault((site, callee_site), number) != number:
            self.builder.spend(1)  # it is worked out once more
            self._numbers[site, callee_site] = number
        self.calls.append(Call(site, callee_site, function, arguments))
        return Result(len(self.calls) - 1)

    def called(self, result: Result) -> Call:
        """Return the call that a result came from."""
        return self.calls[result.call]

    def callee(self, call: Node, function: Node) -> Value:
        """Return the function of a call that was evaluated before."""
        number = self._numbers.get((self.site(call), self.site(function)))
        return self.evaluate(function) if number is None else self.calls[number].function

    def leave(self, returned: Exit) -> None:
        """Note a way out of the function with a result."""
        self.exits.append(returned)
        self.alive = False

    def fork(self) -> Environment:
        """Return a copy of the environment, for the other branch.

        Once too much work was spent on the unit it is no copy: all ways are one.
        """
        if self.builder.is_spent:
            return self.environment
        return Environment(self.environment)

    def merge(self, branches: list[tuple[Environment, bool]]) -> None:
        """Continue from the join of those branches that get here."""
        ways, differences = self._join(branches)
        if differences:
            self.environment.truths = after_branches(
                ways, differences, self.environment, self.builder.is_tested, self._initial
            )

    def since(self, before: Environment) -> Environment:
        """Return what may hold at any moment from an earlier one until now."""
        joined = self._joined(before, self.environment, others(before, self.environment))
        now = self.environment.truths
        joined.truths = {name: t for name, t in before.truths.items() if now.get(name) is t}
        return joined

    def merge_rounds(self, branches: list[tuple[Environment, bool]]) -> None:
        """Continue from the join of the rounds of a loop."""
        ways, differences = self._join(branches)
        if differences:
            self.environment.truths = after_rounds(
                ways, differences, self.environment, self.builder.is_tested, self._initial
            )

    def _join(
        self, branches: list[tuple[Environment, bool]]
    ) -> tuple[list[Environment], list[Differences]]:
        """Go on from a join of branches; return those that get here, and how they differ."""
        alive = [environment for environment, lives in branches if lives]
        self.alive = bool(alive)
        if self.builder.is_spent:
            alive = list({id(each): each for each in alive}.values())
        if len(alive) < 2:
            if branches:
                self.environment = alive[0] if alive else branches[0][0]
            return alive, []
        first, second, *more = alive
        differences = [list(others(first, each)) for each in alive[1:]]
        if len(alive) > MAX_STATES:
            self.environment = self._all_joined(alive, differences)
            return alive, differences
        joined = self._joined(first, second, differences[0])
        for each in more:
            joined = self._joined(joined, each, others(joined, each))
        self.environment = joined
        return alive, differences

    def _joined(
        self,
        left: Environment,
        right: Environment,
        differences: Iterable[tuple[Key, Value | None, Value]],
    ) -> Environment:
        if left is right:
            return left
        joined = Environment(left)
        spent = 0
        for key, before, value in differences:
            held = choice((before if before is not None else self._initial(key), value))
            spent += len(held.alternatives) if held.__class__ is Choice else 1
            joined[key] = held
        if len(joined) > len(right):
            for key, value in left.items():
                if key not in right:
                    joined[key] = choice((value, self._initial(key)))
                    spent += 1
        self.builder.spend(spent)
        return joined

    def _all_joined(self, ways: list[Environment], differences: list[Differences]) -> Environment:
        """Join many environments at once: one by one, what differs once is joined each time."""
        first = ways[0]
        joined = Environment(first)
        held: dict[Key, dict[int, Value]] = {}
        for differing in differences:
            for key, _, value in differing:
                held.setdefault(key, {})[id(value)] = value
        keys = joined.keys() | held.keys()
        absent = {key for way in ways for key in keys - way.keys()}
        spent = 0
        for key in (*held, *[key for key in first if key in absent and key not in held]):
            known = (first[key],) if key in first else ()
            initial = (self._initial(key),) if key in absent else ()
            value = choice((*known, *held.get(key, {}).values(), *initial))
            spent += len(value.alternatives) if isinstance(value, Choice) else 1
            joined[key] = value
        self.builder.spend(spent)
        return joined

    def _initial(self, key: Key) -> Value:
        """Return what a name holds where a branch did not bind it."""
        if isinstance(key, tuple):
            return Attribute(*key)
        if key in self.global_names or key in self.outer_names:
            return Name(key)
        return Param(key) if key in self.parameters else NONE

    def names(self) -> dict[str, Value]:
        """Return what the names of the function hold now."""
        return {key: value for key, value in self.environment.items() if isinstance(key, str)}

    def finish(
        self,
        name: str,
        decorators: tuple[Value, ...],
        doc: str,
        bound: dict[str, Value],
    ) -> Function:
        """Freeze the scope; `bound` are the names that others may look for in it."""
        used: dict[int, list[str]] = {}
        for number, attribute in self.uses:
            used.setdefault(number, []).append(attribute)
        for number, names in used.items():
            c = self.calls[number]
            uses = tuple(sorted(names))
            self.calls[number] = Call(c.site, c.callee_site, c.function, c.arguments, uses)
        if self.alive:
            self.exits.append(fallen_through(self))
        return Function(
            name=name,
            parameters=tuple(self.parameters.values()),
            calls=tuple(self.calls),
            returns=choice(self.returns) if self.returns else NONE,
            yields=choice(self.yields) if self.yields else None,
            stores=_once(self.stores),
            globals=_joined(self.to_globals),
            decorators=decorators,
            bound=bound,
            owner=self.owner,
            doc=doc,
            reads=self.reads,
            literals=_once(self.literals),
            promises=promises(self.exits),
            rebinds=_joined(self.rebinds, self.outer_names) + _joined(self.outer_lists),
        )


def _once(found: list[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found) if len(found) > 1 else found)


def _joined(
    found: list[tuple[str, Value]], names: Iterable[str] = ()
) -> tuple[tuple[str, Value], ...]:
    """Return all that each name was given, in the order of `names` and then of `found`."""
    if not found:
        return ()
    given: dict[str, list[Value]] = {name: [] for name in names}
    for name, value in found:
        given.setdefault(name, []).append(value)
    return tuple([(name, choice(values)) for name, values in given.items() if values])

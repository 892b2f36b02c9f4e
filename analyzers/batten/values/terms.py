"""Abstract values, as terms over the parameters and free names of one function.

A term says what an expression may be without saying where it stands: places are numbers into
the unit's table of sites. So equal text gives equal terms wherever it is in a file, and a
summary survives every edit outside its unit. Linking gives the open terms (`Param`, `Name`,
`Attribute`, `Result`, ...) their meaning.

All terms are immutable and hashable. A `site` is a 0-based index into the unit's sites.
"""

from __future__ import annotations

from batten.values.immutable import Compound, immutable

Scalar = str | bytes | int | float | complex | bool | None


@immutable
class Const:
    """A value known exactly: `1` is neither `True` nor `1.0`."""

    value: Scalar

    def __eq__(self, other: object) -> bool:
        """Tell whether it is the same value of the same type."""
        if not isinstance(other, Const):
            return NotImplemented
        return self.value == other.value and self.value.__class__ is other.value.__class__


@immutable
class Unknown(Compound):
    """A value of which only the holes that went into it are known.

    It is the order-free top to which every bound gives way: precision is lost, the holes stay.
    """

    holes: tuple[Hole, ...] = ()


@immutable
class Param:
    """A parameter of the enclosing function, by name."""

    name: str


@immutable
class Name:
    """A name that the function reads and does not bind: closure, global, import or builtin."""

    id: str


@immutable
class Rebound:
    """What the functions nested in this one assign to its name `id` (`nonlocal`)."""

    id: str


@immutable
class Imported:
    """What an import statement bound: a dotted name, with leading dots when it is relative."""

    target: str


@immutable
class Attribute(Compound):
    """`base.name`, as it was when the function began."""

    base: Value
    name: str


@immutable
class Item(Compound):
    """`base[key]`."""

    base: Value
    key: Value


@immutable
class Element(Compound):
    """Some item of iterating `base`."""

    base: Value


@immutable
class Result:
    """What call number `call` of the function returned."""

    call: int


@immutable
class Hole(Compound):
    """One interpolated expression.

    `spec` is how it is turned into text: `s` as `str()` does, `r` as `repr()` does, `d` for a
    format that only numbers survive, `+` for an operand of `+`, which is text already, `,` for
    the items of a join, `x` for a format spec that may cut or pad. `name` is the last
    identifier of the expression, the weakest evidence of what it holds. `entry` tells that the
    value is an entry of what is given whole at the site (`**values`): the expression that put
    it in may stand elsewhere. `reread` is set when the text that it has gone into is a template
    once more: `%`, `{` or `$`, which are then read in the value, too.
    """

    site: int
    value: Value
    spec: str
    name: str
    entry: bool = False
    reread: str = ""


@immutable
class Template(Compound):
    """Text assembled from literal pieces and holes."""

    parts: tuple[str | Hole, ...]


@immutable
class Joined(Compound):
    """`separator.join(items)`, written at `site`; `items_site` is the argument's place."""

    separator: Value
    items: Value
    site: int
    items_site: int
    name: str


@immutable
class Format(Compound):
    """A template that is not known yet being filled: `TEMPLATE % x` or `TEMPLATE.format(x)`.

    `style` is `%` or `{`. Linking finds the template and turns this into a `Template`.
    """

    style: str
    template: Value
    arguments: Arguments


@immutable
class Arguments(Compound):
    """Values with places, ready to fill a template.

    `spread` are mappings or sequences given whole (`% values`, `**values`), each a hole.
    """

    positional: tuple[Hole, ...] = ()
    named: tuple[tuple[str, Hole], ...] = ()
    spread: tuple[Hole, ...] = ()


@immutable
class Sequence(Compound):
    """A tuple or list whose items are known in order; one with a place of its own is a `Hole`."""

    items: tuple[Value, ...]


@immutable
class Bag(Compound):
    """A collection of which only the possible items are known, in no order.

    `spread` are collections whose items are in it too.
    """

    items: tuple[Value, ...]
    spread: tuple[Value, ...] = ()


@immutable
class Mapping(Compound):
    """A dict with known entries; `spread` are mappings merged into it."""

    entries: tuple[tuple[Value, Value], ...]
    spread: tuple[Value, ...] = ()


@immutable
class Choice(Compound):
    """One of several values; a union, in canonical order."""

    alternatives: tuple[Value, ...]


@immutable
class Local:
    """Function number `function` of the same unit: a nested function or a lambda."""

    function: int


@immutable
class LocalClass:
    """Class number `index` of the same unit: one defined inside a function."""

    index: int


@immutable
class Computed:
    """The result of an operator that makes no text: arithmetic, comparison, `not`."""

    type: str


@immutable
class Division(Compound):
    """`left / right`: a number, or a path or URL that grows by a segment."""

    left: Hole
    right: Hole


@immutable
class Fact(Compound):
    """What a guard proves of a value on the branch that it guards.

    `kind` is `type` (isinstance; `value` is the class), `not type` (of a parameter whose
    annotation allows several), `member` (in a collection `value`),
    `equal` (to a constant), `predicate` (a call of `value` held; with a pair, a call of the first
    with the second as its first argument), `refuted` (such a call did not hold), `converted` (a
    call of `value` did not raise), `checked` (a call of `value` held, or something else did),
    `address` (a part of the address that it is was compared: `value` is the part, the relation
    and what it was compared with), `each` (`value` is what is known of each letter of it), `either`
    (`value` is what is known of it, one of several), `undotted` (it is neither `.` nor `..`, and
    has no `..` in it where that was asked), or `empty` (the value is false). `place` is the
    0-based position of the value among the arguments of the call, `keyword` the name by which
    it was given, or "".
    """

    kind: str
    value: Value
    place: int = 0
    keyword: str = ""


@immutable
class Refined(Compound):
    """A value of which guards have proved facts."""

    value: Value
    facts: tuple[Fact, ...]


Value = (
    Const
    | Unknown
    | Param
    | Name
    | Rebound
    | Imported
    | Attribute
    | Item
    | Element
    | Result
    | Hole
    | Template
    | Joined
    | Format
    | Sequence
    | Bag
    | Mapping
    | Choice
    | Local
    | LocalClass
    | Computed
    | Division
    | Refined
)

UNKNOWN = Unknown()
NONE = Const(None)

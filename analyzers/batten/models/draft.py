"""The models while files are being read: what each table adds to them.

One method of `Draft` for each table of the format, which docs/models.md describes. `TABLES`
is the order in which they are read, each from all files before the next: a row may speak of
names and classes that any file declares. What a later row says of a callable replaces what
an earlier one said, so a user's file has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from batten.models.error import suggestion
from batten.models.model import (
    Argument,
    AttributeModel,
    CallModel,
    ClassModel,
    Control,
    Escape,
    Fill,
    Handlers,
    Hook,
    Models,
    Part,
    Sink,
    SinkKind,
)
from batten.models.names import canonical
from batten.models.vocabulary import CLIENTS, STARTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.models.row import Row


class Draft:
    """Models to which rows are added, and that become `Models` at the end."""

    def __init__(self) -> None:
        self._aliases: dict[str, str] = {}
        self._classes: dict[str, _Class] = {}
        self._functions: dict[str, _Call] = {}
        self._values: dict[str, _Attribute] = {}

    def aliases(self, row: Row) -> None:
        """Read `[aliases]`: other names of things, and their canonical ones."""
        for key, name, target in row.pairs():
            leads_to = self._canonical(target)
            if f"{leads_to}.".startswith(f"{name}."):
                raise row.error(key, f"a circle: {name!r} leads to {leads_to!r}")
            self._aliases[name] = target

    def classes(self, row: Row) -> None:
        """Read a `[[classes]]`: what instances are, and for which grammars they are harmless."""
        names = row.names("names")
        bases = row.names("bases")
        harmless = row.words("harmless", tuple(STARTS))
        row.finish()
        for name in names:
            known = self._classes.setdefault(self._canonical(name), _Class())
            known.bases = tuple(self._canonical(base) for base in bases) or known.bases
            known.harmless |= frozenset(harmless)

    def bases(self, row: Row) -> None:
        """Look again at a `[[classes]]`, now that all are known: are its bases among them?"""
        for base in row.names("bases"):
            self._class(row, "bases", base)

    def attributes(self, row: Row) -> None:
        """Read `[attributes]`: attributes of classes, and the classes of their values."""
        for key, name, target in row.pairs():
            if target == "self":
                self._attribute(row, key, name).passes = True
                continue
            self._attribute(row, key, name).returns = self._class(row, key, target)

    def items(self, row: Row) -> None:
        """Read `[items]`: classes that are subscripted, and the classes of what that gives."""
        for key, name, target in row.pairs():
            self._classes[self._class(row, key, name)].item.returns = self._class(row, key, target)

    def values(self, row: Row) -> None:
        """Read `[values]`: objects that modules hold, and their classes."""
        for key, name, target in row.pairs():
            self._value(name).returns = self._class(row, key, target)

    def sinks(self, row: Row) -> None:
        """Read a `[[sinks]]`: calls that read an argument with a grammar."""
        calls = self._calls(row)
        argument = row.argument("argument")
        grammar = row.word("grammar", tuple(STARTS)) or "url"
        kind = SinkKind(row.word("kind", _KINDS) or SinkKind.REQUEST.value)
        client = row.word("client", CLIENTS) or "unknown"
        start = row.word("start", STARTS[grammar]) or STARTS[grammar][0]
        params = row.argument("params")
        method = row.argument("method") or row.string("verb")
        only_with = row.condition("only_with")
        row.finish()
        if argument is None:
            raise row.error("argument", "missing: which argument is read?")
        for name, call in calls:
            verb = name.rpartition(".")[2].upper()
            sent = method or (verb if verb in _VERBS else None)
            call.sinks[argument] = Sink(
                argument, grammar, kind, client, start, params, sent, only_with
            )

    def escapes(self, row: Row) -> None:
        """Read an `[[escapes]]`: calls that return an argument escaped for a grammar."""
        calls = self._calls(row)
        argument = row.argument("argument")
        grammar = row.word("grammar", tuple(STARTS)) or "url"
        kept = row.string("kept") or ""
        kept_argument = row.argument("kept_argument")
        row.finish()
        if argument is None:
            raise row.error("argument", "missing: which argument is escaped?")
        for _, call in calls:
            call.escape = Escape(argument, grammar, kept, kept_argument)

    def sources(self, row: Row) -> None:
        """Read a `[[sources]]`: what brings in text that somebody outside has chosen."""
        word = row.word("control", _CONTROLS)
        sources: list[_Call | _Attribute] = [
            *map(self._function, row.names("calls")),
            *(self._method(row, name) for name in row.names("methods")),
            *(self._attribute(row, "attributes", name) for name in row.names("attributes")),
            *(self._classes[self._class(row, "items", name)].item for name in row.names("items")),
            *map(self._value, row.names("values")),
        ]
        row.finish()
        if word is None:
            raise row.error("control", f"missing: one of {', '.join(_CONTROLS)}")
        for source in sources:
            source.source = Control(word)

    def handlers(self, row: Row) -> None:
        """Read a `[[handlers]]`: whose functions a framework calls with text from outside."""
        word = row.word("control", _CONTROLS) or Control.REMOTE.value
        fills = Fill(row.word("fills", _FILLS) or Fill.PATH.value)
        wanted = row.string("request")
        keys = row.string("keys")
        keys_from = tuple(row.names("keys_from"))
        registering: list[_Call | _Class] = [
            *map(self._function, row.names("calls")),
            *(self._method(row, name) for name in row.names("methods")),
            *(self._classes[self._class(row, "classes", name)] for name in row.names("classes")),
        ]
        row.finish()
        request = None if wanted is None else self._class(row, "request", wanted)
        for each in registering:
            each.handlers = Handlers(Control(word), fills, request, keys, keys_from)

    def hooks(self, row: Row) -> None:
        """Read a `[[hooks]]`: methods that a framework calls where a class overrides them."""
        hooks = [self._method(row, name) for name in row.names("methods")]
        argument = row.argument("argument")
        gives = row.string("gives")
        named_by = row.string("named_by")
        row.finish()
        if argument is None or gives is None:
            missing = "argument" if argument is None else "gives"
            raise row.error(missing, "missing: a hook needs `methods`, `argument` and `gives`")
        for each in hooks:
            each.hook = Hook(argument, self._class(row, "gives", gives), named_by)

    def shared(self, row: Row) -> None:
        """Read a `[[shared]]`: classes on whose objects a program keeps things of its own."""
        names = row.names("classes")
        row.finish()
        for name in names:
            self._classes[self._class(row, "classes", name)].shared = True

    def results(self, row: Row) -> None:
        """Read a `[[results]]`: what calls return."""
        calls = self._calls(row)
        returns = row.string("returns")
        passes = row.arguments("passes")
        separator = row.string("separator")
        parts = row.parts("parts", STARTS["url"])
        items = row.argument("items")
        row.finish()
        name = None if returns is None else self._class(row, "returns", returns)
        for _, call in calls:
            call.returns = name or call.returns
            call.passes = passes or call.passes
            call.separator = call.separator if separator is None else separator
            call.parts = parts or call.parts
            call.items = items or call.items

    def models(self) -> Models:
        """Return what has been read."""
        for name in self._classes:
            constructor = self._function(name)
            constructor.returns = constructor.returns or name
        functions = {name: call.model(name) for name, call in self._functions.items()}
        return Models(
            functions=functions,
            classes={
                name: each.model(name, functions[name]) for name, each in self._classes.items()
            },
            values={name: each.model() for name, each in self._values.items()},
            aliases=self._aliases,
        )

    def _calls(self, row: Row) -> list[tuple[str, _Call]]:
        functions, methods = row.names("calls"), row.names("methods")
        if not functions and not methods:
            raise row.error("calls", "missing: name functions or classes here, or `methods`")
        return [
            *((name, self._function(name)) for name in functions),
            *((name, self._method(row, name)) for name in methods),
        ]

    def _function(self, name: str) -> _Call:
        return self._functions.setdefault(self._canonical(name), _Call())

    def _method(self, row: Row, name: str) -> _Call:
        owner, _, method = name.rpartition(".")
        known = self._classes[self._class(row, "methods", owner)]
        return known.methods.setdefault(method, _Call())

    def _attribute(self, row: Row, key: str, name: str) -> _Attribute:
        owner, _, attribute = name.rpartition(".")
        known = self._classes[self._class(row, key, owner)]
        return known.attributes.setdefault(attribute, _Attribute())

    def _value(self, name: str) -> _Attribute:
        return self._values.setdefault(self._canonical(name), _Attribute())

    def _class(self, row: Row, key: str, name: str) -> str:
        """Return the canonical name of a class that some file declares; ModelError for none."""
        found = self._canonical(name)
        if found in self._classes:
            return found
        hint = suggestion(found, self._classes) or "; declare it under [[classes]]"
        raise row.error(key, f"unknown class {name!r}{hint}")

    def _canonical(self, name: str) -> str:
        return canonical(name, self._aliases)


TABLES: tuple[tuple[str, Callable[[Draft, Row], None]], ...] = (
    ("aliases", Draft.aliases),
    ("classes", Draft.classes),
    ("classes", Draft.bases),
    ("attributes", Draft.attributes),
    ("items", Draft.items),
    ("values", Draft.values),
    ("sinks", Draft.sinks),
    ("escapes", Draft.escapes),
    ("sources", Draft.sources),
    ("handlers", Draft.handlers),
    ("hooks", Draft.hooks),
    ("shared", Draft.shared),
    ("results", Draft.results),
)
"""The tables of the format and their readers, in the order of reading."""


@dataclass(slots=True)
class _Call:
    """What is known so far of a callable."""

    sinks: dict[Argument, Sink] = field(default_factory=dict)
    escape: Escape | None = None
    returns: str | None = None
    passes: tuple[Argument, ...] = ()
    source: Control | None = None
    separator: str | None = None
    parts: tuple[Part, ...] = ()
    items: Argument | None = None
    handlers: Handlers | None = None
    hook: Hook | None = None

    def model(self, name: str) -> CallModel:
        return CallModel(
            name,
            tuple(self.sinks.values()),
            self.escape,
            self.returns,
            self.passes,
            self.source,
            self.separator,
            self.parts,
            self.items,
            self.handlers,
            self.hook,
        )


@dataclass(slots=True)
class _Attribute:
    """What is known so far of an attribute, an item or a value."""

    returns: str | None = None
    source: Control | None = None
    passes: bool = False

    def model(self) -> AttributeModel:
        return AttributeModel(self.returns, self.source, self.passes)


@dataclass(slots=True)
class _Class:
    """What is known so far of a class."""

    bases: tuple[str, ...] = ()
    harmless: frozenset[str] = frozenset()
    methods: dict[str, _Call] = field(default_factory=dict)
    attributes: dict[str, _Attribute] = field(default_factory=dict)
    item: _Attribute = field(default_factory=_Attribute)
    handlers: Handlers | None = None
    shared: bool = False

    def model(self, name: str, constructor: CallModel) -> ClassModel:
        return ClassModel(
            name,
            self.bases,
            {method: call.model(f"{name}.{method}") for method, call in self.methods.items()},
            {attribute: each.model() for attribute, each in self.attributes.items()},
            self.harmless,
            constructor,
            self.item.model() if self.item != _Attribute() else None,
            self.handlers,
            self.shared,
        )


_KINDS = tuple(each.value for each in SinkKind)
_CONTROLS = tuple(each.value for each in Control)
_FILLS = tuple(each.value for each in Fill)
_VERBS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

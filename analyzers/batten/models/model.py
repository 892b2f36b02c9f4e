"""What Batten knows of a library: which calls send text, escape it, or bring it in.

A model is data from one TOML file per library (`batten/models/*.toml`), read by
`batten.models.load`. Names are fully qualified and canonical (`urllib.parse.quote`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from batten.models.names import canonical
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping


@immutable
class Argument:
    """One parameter of a callable: its 0-based position without `self`, its keyword, or both."""

    position: int | None
    keyword: str | None


RECEIVER = Argument(None, None)
"""The object whose method is called, where a model speaks of it as of an argument."""


class SinkKind(Enum):
    """What reading the text does."""

    REQUEST = "request"
    REDIRECT = "redirect"
    LOCATION = "location"
    """Where an answer says that something is, which need not be a redirect."""
    BROWSER = "browser"
    WEBSOCKET = "websocket"
    TEST_CLIENT = "test-client"


@immutable
class Sink:
    """An argument that reads a template with a grammar.

    `client` names the wire profile of `batten.grammars` that tells what is really sent.
    `start` names the place of the grammar where the text begins: `start` for a whole URL,
    `host` for `HTTPConnection(host)`, `query` for a string handed as `params=`.
    `params` is the argument that takes query parameters as a mapping, if there is one.
    `method` is the argument that holds the HTTP verb, or the verb itself. With `only_with`,
    an argument and the qualified name of a value, only calls with that argument are meant
    (`curl.setopt(pycurl.URL, url)`).
    """

    argument: Argument
    grammar: str
    kind: SinkKind
    client: str
    start: str = "start"
    params: Argument | None = None
    method: Argument | str | None = None
    only_with: tuple[Argument, str] | None = None


@immutable
class Escape:
    """The call returns `argument` escaped for a grammar.

    `kept` are the reserved characters that it leaves as they are; `kept_argument` is the
    argument that names them (`safe` of `quote`), when the call has one.
    """

    argument: Argument
    grammar: str
    kept: str
    kept_argument: Argument | None = None


class Control(Enum):
    """Who chooses a value that comes from outside.

    What is taken out of such a value (an item, an attribute, the result of a method) comes
    from the same hand, unless a model says that it has a harmless type.
    """

    REMOTE = "remote"
    COMMAND_LINE = "command line"
    ENVIRONMENT = "environment"
    INPUT = "input"


class Fill(Enum):
    """Which parameters of a handler a framework fills with text from outside."""

    PATH = "path"
    ALL = "all"
    NAMED = "named"


@immutable
class Handlers:
    """What a framework gives to the functions that it calls.

    `request` is the class of the first argument, None when there is no such argument. `keys` is a
    regular expression for what the framework takes out of the path by itself, where it makes
    the routes; attributes of the class called as in `keys_from` say otherwise.
    """

    control: Control
    fills: Fill = Fill.PATH
    request: str | None = None
    keys: str | None = None
    keys_from: tuple[str, ...] = ()


@immutable
class Hook:
    """A method that a framework calls with an object as `argument`, where a class overrides it.

    The object is of the class `gives`, or of a class of the program that the attribute
    `named_by` names.
    """

    argument: Argument
    gives: str
    named_by: str | None = None


@immutable
class Part:
    """An argument whose text becomes one part of the text that a call makes.

    `start` is the place of the grammar where it begins. An `escaped` argument is escaped but for
    the delimiters of that part, so that only text that is put together says what it holds.
    """

    start: str
    argument: Argument
    escaped: bool


@immutable
class CallModel:
    """What one callable does.

    `returns` is the qualified class of the result. `passes` are the arguments whose text is
    the result, near enough unchanged (`str`, `force_str`, `sorted`; `RECEIVER` for
    `str.strip`). With a `separator` the result is made of the texts of all positional
    arguments, in order, joined with it (`urljoin`, `posixpath.join`). `parts` are the arguments
    that are parts of the result; they are items of the argument `items`, if there is one
    (`urlunsplit`). `handlers` tells what the functions get that are registered with it, as a
    decorator or as an argument; `hook` what a method of this name gets in a derived class.
    """

    name: str
    sinks: tuple[Sink, ...] = ()
    escape: Escape | None = None
    returns: str | None = None
    passes: tuple[Argument, ...] = ()
    source: Control | None = None
    separator: str | None = None
    parts: tuple[Part, ...] = ()
    items: Argument | None = None
    handlers: Handlers | None = None
    hook: Hook | None = None


@immutable
class AttributeModel:
    """What reading an attribute gives: a value of a class, or one that an outsider chose.

    With `passes` it is the text of the object itself.
    """

    returns: str | None = None
    source: Control | None = None
    passes: bool = False


@dataclass(frozen=True, slots=True)
class ClassModel:
    """What instances of a class can do.

    `harmless` are the grammars in which the text of an instance can say nothing but itself
    (an `int` in a URL). `constructor` is the model of calling the class; `Models.functions`
    has it under the name of the class, too. `item` is what `instance[key]` gives. The
    attribute `*` stands for all that are not named. `handlers` tells what the methods of derived
    classes get. On objects of a `shared` class a program keeps things of its own.
    """

    name: str
    bases: tuple[str, ...] = ()
    methods: Mapping[str, CallModel] = field(default_factory=dict)
    attributes: Mapping[str, AttributeModel] = field(default_factory=dict)
    harmless: frozenset[str] = frozenset()
    constructor: CallModel | None = None
    item: AttributeModel | None = None
    handlers: Handlers | None = None
    shared: bool = False


@immutable
class Models:
    """All that is known of libraries, by canonical qualified name.

    `functions` holds all that can be called by its name: functions and classes. `values` are
    module-level objects, such as `flask.request`. `aliases` maps other names of the same thing
    to the canonical one, module prefixes included (`six.moves.urllib.parse` is `urllib.parse`).
    """

    functions: Mapping[str, CallModel]
    classes: Mapping[str, ClassModel]
    values: Mapping[str, AttributeModel]
    aliases: Mapping[str, str]

    def canonical(self, name: str) -> str:
        """Return the canonical form of a qualified name; an unknown name is its own."""
        return canonical(name, self.aliases)

    def method(self, owner: str, name: str) -> CallModel | None:
        """Return the model of a method of a class or of its bases, nearest first."""
        for cls in self.lineage(owner):
            found = cls.methods.get(name)
            if found is not None:
                return found
        return None

    def attribute(self, owner: str, name: str) -> AttributeModel | None:
        """Return the model of an attribute of a class or of its bases, nearest first."""
        for cls in self.lineage(owner):
            found = cls.attributes.get(name) or cls.attributes.get("*")
            if found is not None:
                return found
        return None

    def handlers(self, owner: str) -> Handlers | None:
        """Return what the methods of classes derived from a class get, nearest first."""
        return next((cls.handlers for cls in self.lineage(owner) if cls.handlers), None)

    def is_shared(self, owner: str) -> bool:
        """Tell whether a program keeps things of its own on objects of a class."""
        return any(cls.shared for cls in self.lineage(owner))

    def shared_names(self) -> frozenset[str]:
        """Return the last names of the attributes that hold such objects."""
        return frozenset(
            name
            for cls in self.classes.values()
            for name, attribute in cls.attributes.items()
            if attribute.returns is not None and self.is_shared(attribute.returns)
        )

    def sink_names(self) -> frozenset[str]:
        """Return the last names of all functions, classes and methods that send text."""
        methods = (call for cls in self.classes.values() for call in cls.methods.items())
        named = (*self.functions.items(), *methods)
        return frozenset(name.rpartition(".")[2] for name, call in named if call.sinks)

    def harmless(self, owner: str, grammar: str) -> bool:
        """Tell whether the text of an instance can say nothing but itself in a grammar."""
        return any(grammar in cls.harmless for cls in self.lineage(owner))

    def lineage(self, owner: str) -> tuple[ClassModel, ...]:
        """Return the known classes among `owner` and its bases, breadth first, each once."""
        found: dict[str, ClassModel] = {}
        waiting = [self.canonical(owner)]
        for name in waiting:
            cls = self.classes.get(name)
            if cls is not None and name not in found:
                found[name] = cls
                waiting.extend(self.canonical(base) for base in cls.bases)
        return tuple(found.values())

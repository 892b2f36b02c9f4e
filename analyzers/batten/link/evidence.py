"""How harmless a value is, by what the program says of it.

The order of trust: types and models, then guards, then documentation, then names. A name alone
never makes a value safe; it can only tell an opaque identifier from free text.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from batten.link.arguments import entry_taken
from batten.link.entities import (
    External,
    ExternalInstance,
    Frame,
    Instance,
    Known,
    Open,
    Outside,
)
from batten.link.flow import Leaf, LeafKind
from batten.link.index import ClassKey, last_name
from batten.link.narrowed import narrowed
from batten.link.pattern_texts import is_harmless_group
from batten.link.proofs import proven
from batten.link.types import harmless_type, is_text_type, item_type
from batten.models.model import Control
from batten.values.terms import (
    NONE,
    Attribute,
    Computed,
    Const,
    Element,
    Item,
    Name,
    Param,
    Refined,
    Result,
)

if TYPE_CHECKING:
    from batten.link.entities import Entity
    from batten.link.index import FunctionKey
    from batten.link.resolve import Resolver
    from batten.summarize.summary import Parameter
    from batten.values.terms import Fact, Value

_IDENTIFIER_WORDS = frozenset(
    """
    id ids uuid uuids guid guids sid sids oid pk sha sha1 sha256 hash hashes digest checksum
    number numbers num count index idx page limit offset size total max min year month day
    timestamp epoch port width height perpage pagesize
    """.split()
)
# What names a setting of the program where an object keeps it, and free text elsewhere.
_SETTING_WORDS = frozenset(("version", "revision"))
_ADDRESS_PARTS = frozenset(
    f"{of} {part}" for of in ("path", "url", "uri", "api", "route") for part in ("prefix", "base")
)
# Words that end in `id`, where `sourceid` does for another reason.
_NO_IDENTIFIERS = frozenset(
    """
    acid aid amid android arid avoid bid braid candid centroid covid did droid eyelid fluid forbid
    grid horrid humid hybrid invalid kid laid lid liquid lucid maid mid openid overpaid paid
    placid prepaid pyramid raid rapid rid said skid slid solid squid steroid stupid timid unpaid
    upbraid valid vapid vivid void
    """.split()
)
_GETTER = re.compile(r"(?:^|_)get(?:id|uuid|pk)s?$", re.IGNORECASE)
_ID_FIRST = re.compile(r"id[A-Z][a-z]+$")
ROUTE_PATH = "route path"
"""How the source of a value begins that a route fills with the rest of a path."""

ROUTE_SEGMENT = "route parameter"
"""How that of a value begins that is one segment of a path: it has no slash."""

_CREDENTIAL = re.compile(
    r"(?:^|_)(?:token|secret|password|passwd|api_?key|access_?key)$", re.IGNORECASE
)
_KEY = re.compile(r"(?:^|_)id_or_key$", re.IGNORECASE)
_ADDRESS_WORDS = frozenset("url uri path endpoint href link route address location".split())
_IDENTIFIER_DOC = re.compile(
    r"\b(?:uuid|guid|id|ids|uuids|identifiers?|integer|int|number|index|count|timestamp"
    r"|bool(?:ean)?)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"(?:^|_)(?:user|username|login|owner|author|account|member)s?$")
_NUMBER_DOC = re.compile(r"\b(?:uuid|guid|int|integer|number|numeric)s?\b", re.IGNORECASE)
_EXACT_DOC = re.compile(r"\b(?:id|uuid|guid|int|integer|number|numeric)s?\b", re.IGNORECASE)
_TEXT_DOC = re.compile(
    r"\b(?:name|names|named|title|titles|text|slug|path|e-?mail|query|keywords?|search|label|tag|tags)\b",
    re.IGNORECASE,
)
# "either a share or text with its ID": what kind of value it is, not what it says.
_TEXT_OF_ID = re.compile(
    r"\b(?:text|string|str)\b,? (?:with|of|containing|holding|that is|which is)"
    r" (?:(?:its|the|an?|their) )?(?=(?:uu|gu)?ids?\b|identifiers?\b)",
    re.IGNORECASE,
)
_QUERY_DOC = re.compile(
    r"\bquery[ -]?string\b(?! *(?:to|of|for) (?:search|find|match))", re.IGNORECASE
)
_CLOSED_DOC = re.compile(
    r"\bone of\b|\b(?:valid|possible|allowed|accepted|permitted) values\b"
    r"|['\"`]\w+['\"`],? or ['\"`]\w+['\"`]|\basc\w*\b.*\bdesc\w*\b"
    r"|\b(?:country|language|currency) codes?\b|\bISO[ -]?\d{3}",
    re.IGNORECASE | re.DOTALL,
)
_CREDENTIAL_DOC = re.compile(
    r"\b(?:api|access|auth(?:entication|orization)?|developer)[ _-]?(?:keys?|tokens?)\b",
    re.IGNORECASE,
)
_NUMBER_FIRST_DOC = re.compile(r"(?:int|integer|bool|boolean|float)\b", re.IGNORECASE)
_FLAG_DOC = re.compile(r"(?:bool\w*,? )?(?:(?:a |the )?flag|whether)\b", re.IGNORECASE)
_NAME_DOC = re.compile(r"(?:str(?:ing)?[,.:]? )?(?:the |a )?name\b", re.IGNORECASE)
# "str ID of the type to query fields from": what it is comes first, what it is for behind.
_ID_DOC = re.compile(
    r"(?:str(?:ing)?[,.:]? )?(?:the |an? )?(?:(?:uu|gu)?id|(?:id|key) or (?:key|id))s?\b",
    re.IGNORECASE,
)
_EITHER_DOC = re.compile(
    r"\b(?:uuid|id|identifier)s?\b.{0,20}\bor\b.{0,20}\bnames?\b|\bnames?\b.{0,20}\bor\b.{0,20}\b(?:uuid|id)",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+\d*|\d+")


def leaf_of(entity: Entity, resolver: Resolver) -> Leaf:
    """Return the grade of one value that fills a hole."""
    match entity:
        case Known(Const(value)):
            return Leaf(LeafKind.CONSTANT, "is constant", is_text=isinstance(value, str))
        case Known(Computed(kind)):
            return Leaf(LeafKind.HARMLESS, f"is computed ({kind})")
        case ExternalInstance(owner):
            return _of_class(owner, resolver)
        case Instance(key) if resolver.hierarchy.is_enumeration(key):
            return Leaf(LeafKind.HARMLESS, "is a member of an enumeration")
        case Outside(control, name, type):
            if type is not None and resolver.models.harmless(type, "url"):
                return Leaf(LeafKind.HARMLESS, f"is of type {type}")
            leaf = _controlled(control, name)
            passed = (("fullmatch", entity.pattern),) if entity.pattern else ()
            return replace(leaf, matched=passed)
        case External(name):
            return _of_external(name)
        case Open(value, frame, receiver):
            return _of_term(value, frame, receiver, resolver)
        case _:
            return Leaf(LeafKind.UNKNOWN, "is of a kind that is not known")


@lru_cache(maxsize=4096)
def is_identifier_name(name: str) -> bool:
    """Tell whether a name says that its value is an id, a number or an opaque credential."""
    words = [word.lower() for word in _WORD.findall(name)]
    if words and (words[-1] in _IDENTIFIER_WORDS or _ends_in_id(words[-1])):
        return True
    if words[-2:] == ["api", "version"] or _ID_FIRST.match(name):
        return True
    return bool(_GETTER.search(name) or _CREDENTIAL.search(name) or _KEY.search(name))


def _ends_in_id(word: str) -> bool:
    return word.endswith("id") and word not in _NO_IDENTIFIERS


def refuses_dots(facts: tuple[Fact, ...]) -> bool:
    """Tell whether a value was compared with `..`, and is something else."""
    return any(fact.kind == "undotted" for fact in facts)


def is_segment_of_route(leaf: Leaf) -> bool:
    """Tell whether a route fills a value with one segment of a path."""
    return leaf.source.startswith(ROUTE_SEGMENT)


def is_address_name(name: str) -> bool:
    """Tell whether a name says that its value is a URL or a path: a whole, not a part of one."""
    words = [word.lower() for word in _WORD.findall(name)]
    return bool(words) and (words[-1] in _ADDRESS_WORDS or words[-1].endswith(("url", "uri")))


def parameter_leaf(
    parameter: Parameter, frame: Frame, resolver: Resolver, *, of_items: bool = False
) -> Leaf | None:
    """Return what a parameter's annotation, documentation and name say of it; None for nothing.

    With `of_items` the value is one of what the parameter holds.
    """
    return resolver.told((parameter, frame.function, of_items))


def find_parameter_leaf(
    asked: tuple[Parameter, FunctionKey, bool], resolver: Resolver
) -> Leaf | None:
    """Return what is told of a parameter, as `parameter_leaf`; the same in every call."""
    parameter, function, of_items = asked
    frame = Frame(function)
    resolver.index.head(function)  # of one that is gone nothing is kept
    annotation = parameter.annotation
    if annotation is not None and of_items:
        annotation = item_type(annotation)
    if annotation is not None:
        name = harmless_type(annotation, frame, resolver)
        if name is not None:
            return Leaf(LeafKind.HARMLESS, f"is annotated {name}")
    leaf = _documented(parameter)
    if leaf is None and _is_setting(parameter.name) and _is_constructor(frame, resolver):
        leaf = _by_name(parameter.name)
    if (leaf is None or leaf.kind is LeafKind.IDENTIFIER) and not _EXACT_DOC.search(
        f"{parameter.doc_type} {parameter.doc}"
    ):
        leaf = _told_by_siblings(parameter.name, frame, resolver) or leaf
    if leaf is None or annotation is None:
        return leaf
    return replace(leaf, is_text=_is_text(parameter, frame, resolver))


def _is_constructor(frame: Frame, resolver: Resolver) -> bool:
    return resolver.index.head(frame.function).name == "__init__"


def _is_text(parameter: Parameter, frame: Frame, resolver: Resolver) -> bool:
    """Tell whether a parameter is declared to be a `str`, and not left None by default."""
    return (
        parameter.annotation is not None
        and parameter.default != NONE
        and is_text_type(parameter.annotation, frame, resolver)
    )


def _told_by_siblings(name: str, frame: Frame, resolver: Resolver) -> Leaf | None:
    """Return what other methods of the class say of a parameter that this one leaves open.

    Only that a name will do as well as an id: what is said of one method holds for the next.
    """
    owner = resolver.index.owner_class(frame.function)
    for at in resolver.hierarchy.lineage(owner) if owner is not None else ():
        told = resolver.told_by_class(at).get(name) if isinstance(at, ClassKey) else None
        if told is not None:
            return told
    return None


def find_told_by_class(key: ClassKey, resolver: Resolver) -> dict[str, Leaf]:
    """Return what the methods of a class say of parameters, by name, as far as it settles that."""
    found: dict[str, Leaf] = {}
    for name, doc in resolver.hierarchy.documentation(key):
        if name not in found and _EITHER_DOC.search(doc):
            found[name] = Leaf(LeafKind.UNKNOWN, _said(doc), told=True)
    return found


def _documented(parameter: Parameter) -> Leaf | None:
    default = parameter.default.value if isinstance(parameter.default, Const) else None
    number = default if isinstance(default, int) else None
    return _said_of(parameter.name, parameter.doc_type, parameter.doc, number)


@lru_cache(maxsize=4096, typed=True)
def _said_of(name: str, doc_type: str, doc: str, default: int | None) -> Leaf | None:
    """Return what is written of a parameter, what its name tells, or its number by default.

    The same words are asked for again and again: a method's, for each of its callers.
    """
    text = " ".join(f"{doc_type} {doc}".split())
    named = is_identifier_name(name)
    if text and not _QUERY_DOC.search(text):
        why = _said(text)
        text = _TEXT_OF_ID.sub("", text)
        if _EITHER_DOC.search(text) or _NAME_DOC.match(text):
            return Leaf(LeafKind.UNKNOWN, why, told=True)
        if re.fullmatch(r"(?:int|integer|bool|boolean|float)(?:,? optional)?", doc_type):
            return Leaf(LeafKind.IDENTIFIER, why)
        if _FLAG_DOC.match(text):
            return Leaf(LeafKind.IDENTIFIER, why)
        if _NUMBER_FIRST_DOC.match(text):
            return Leaf(LeafKind.IDENTIFIER, why)
        if _PERSON.search(name) and not _NUMBER_DOC.search(text):
            # The id by which people are known to a service is as a rule a name they chose.
            return Leaf(LeafKind.UNKNOWN, why, told=True)
        if _ID_DOC.match(text):
            return Leaf(LeafKind.IDENTIFIER, why)
        if _IDENTIFIER_DOC.search(text) and (named or not _TEXT_DOC.search(text)):
            return Leaf(LeafKind.IDENTIFIER, why)
        if _CLOSED_DOC.search(text):
            return Leaf(LeafKind.IDENTIFIER, why)
        if _TEXT_DOC.search(text) and not named:
            return Leaf(LeafKind.UNKNOWN, why, told=True)
        if _CREDENTIAL_DOC.search(text):
            return Leaf(LeafKind.IDENTIFIER, why, told=True)
    if named:
        return Leaf(LeafKind.IDENTIFIER, f"is an identifier by its name, `{name}`")
    if default is not None:
        return Leaf(LeafKind.IDENTIFIER, f"is {default} by default")
    return None


def _said(text: str) -> str:
    text = " ".join(text.split())
    return f'is documented as "{text if len(text) <= 60 else text[:57] + "..."}"'


def _of_class(owner: str, resolver: Resolver) -> Leaf:
    if resolver.models.harmless(owner, "url"):
        return Leaf(LeafKind.HARMLESS, f"is of type {owner.rpartition('.')[2]}")
    text = owner == "str"
    return Leaf(LeafKind.UNKNOWN, f"is of type {owner}", is_text=text)


def _of_external(name: str) -> Leaf:
    last = name.rpartition(".")[2]
    if last.isupper() and len(last) > 1:
        return Leaf(LeafKind.CONSTANT, f"is the constant `{name}`")
    return _by_name(last) or Leaf(LeafKind.UNKNOWN, f"comes from `{name}`")


def _of_term(value: Value, frame: Frame, receiver: Entity | None, resolver: Resolver) -> Leaf:
    if _from_reply(value, frame, resolver):
        return Leaf(LeafKind.REPLIED, "comes out of a server's reply")
    match value:
        case Refined(inner, facts):
            found = proven(facts, frame, resolver) or narrowed(value, frame, resolver)
            if found is not None:
                return found
            return _of_term(inner, frame, receiver, resolver)
        case Param(name):
            function = resolver.index.head(frame.function)
            parameter = next((p for p in function.parameters if p.name == name), None)
            told = parameter_leaf(parameter, frame, resolver) if parameter is not None else None
            return told or Leaf(
                LeafKind.UNKNOWN,
                f"is whatever callers give as `{name}`",
                is_text=parameter is not None and _is_text(parameter, frame, resolver),
            )
        case Element(base):
            return _of_term(base, frame, receiver, resolver)
        case Attribute(_, "__name__" | "__qualname__" | "__module__"):
            return Leaf(LeafKind.CONSTANT, "is the name of a class or function")
        case Attribute(_, name) if _is_stored_reply(receiver, resolver):
            return Leaf(LeafKind.REPLIED, f"is `{name}`, stored as a server replied it")
        case Attribute(_, name) | Name(name):
            if name.isupper() and len(name) > 1:
                return Leaf(LeafKind.CONSTANT, f"is the constant `{name}`")
            if isinstance(receiver, Instance) and resolver.hierarchy.is_left_open(
                receiver.key, name
            ):
                return Leaf(LeafKind.IDENTIFIER, f"is `{name}`, which derived classes set")
            return _by_name(name) or Leaf(
                LeafKind.UNKNOWN, f"is `{name}`, of a kind that is not known"
            )
        case Item(Result() as base, key) if is_harmless_group(base, key, frame, resolver):
            return Leaf(LeafKind.HARMLESS, "was cut out by a pattern")
        case Item(_, Const(str(key))):
            return _by_name(key) or Leaf(
                LeafKind.UNKNOWN, f"is the entry `{key}`, of a kind that is not known"
            )
        case Item(base, _):
            return _of_term(base, frame, receiver, resolver)
        case Result() if is_harmless_group(value, None, frame, resolver):
            return Leaf(LeafKind.HARMLESS, "was cut out by a pattern")
        case Result(number):
            call = resolver.index.call_in(frame.function, number)
            name = last_name(call.function)
            if name == "copy" and isinstance(call.function, Attribute):
                return _of_term(call.function.base, frame, receiver, resolver)
            if name in ("isoformat", "strftime"):
                return Leaf(LeafKind.IDENTIFIER, "is a formatted time")
            taken = entry_taken(call)
            if taken is not None:
                return _of_term(taken, frame, receiver, resolver)
            return _by_name(name) or Leaf(
                LeafKind.UNKNOWN, f"is what `{name}()` returns" if name else "is a call's result"
            )
        case _:
            return Leaf(LeafKind.UNKNOWN, "is of a kind that is not known")


def _is_stored_reply(receiver: Entity | None, resolver: Resolver) -> bool:
    """Tell whether an object, or the one that it is an attribute of, stores what was replied."""
    while isinstance(receiver, Open) and isinstance(receiver.value, Attribute):
        receiver = receiver.receiver
    return isinstance(receiver, Instance) and resolver.hierarchy.is_filled_from_data(receiver.key)


def _controlled(control: Control, name: str) -> Leaf:
    where, _, last = name.rpartition(" ")
    why = (
        f"comes from {_HANDS[control]} ({where} `{last}`)"
        if where
        else f"comes from {_HANDS[control]} (`{name}`)"
    )
    return Leaf(LeafKind.CONTROLLED, why, control=control, source=name)


_HANDS = {
    Control.REMOTE: "a remote client",
    Control.COMMAND_LINE: "the command line",
    Control.ENVIRONMENT: "the environment",
    Control.INPUT: "whoever types it in",
}


def _from_reply(value: Value, frame: Frame, resolver: Resolver) -> bool:
    """Tell whether a value was taken out of what `response.json()` returned."""
    taken = False
    while True:
        match value:
            case Item(base, _) | Element(base) | Attribute(base, _):
                value, taken = base, True
            case Refined(base, _):
                value = base
            case Result(number):
                call = resolver.index.call_in(frame.function, number)
                if last_name(call.function) == "json" and not call.arguments.positional:
                    return taken
                if not isinstance(call.function, Attribute) or last_name(call.function) not in (
                    "get",
                    "items",
                    "values",
                    "pop",
                ):
                    return False
                value, taken = call.function.base, True
            case _:
                return False


def _by_name(name: str) -> Leaf | None:
    if name and (is_identifier_name(name) or _is_setting(name)):
        kind = "an identifier" if is_identifier_name(name) else "a setting"
        return Leaf(LeafKind.IDENTIFIER, f"is {kind} by its name, `{name}`")
    return None


def _is_setting(name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    return bool(words) and (words[-1] in _SETTING_WORDS or " ".join(words[-2:]) in _ADDRESS_PARTS)

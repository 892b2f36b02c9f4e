"""The types that an annotation names, and whether all of them are harmless in a URL."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.link.entities import ClassObject, External, Frame, Open
from batten.link.index import ClassKey, last_name
from batten.values.combine import plain
from batten.values.terms import Attribute, Choice, Const, Item, Name, Result, Sequence

if TYPE_CHECKING:
    from batten.link.resolve import Resolver
    from batten.values.terms import Value

LITERAL = "Literal"
MAX_ALIASES = 3
_UNIONS = frozenset({"Optional", "Union"})
_WRAPPERS = frozenset({"Annotated", "Final", "ClassVar", "Required", "NotRequired"})
_COLLECTIONS = frozenset(
    """
    list List set Set frozenset FrozenSet tuple Tuple Sequence Iterable Iterator Collection
    MutableSequence Generator AsyncIterator
    """.split()
)
_MAPPINGS = frozenset("dict Dict Mapping MutableMapping defaultdict OrderedDict".split())


def harmless_type(annotation: Value, frame: Frame, resolver: Resolver) -> str | None:
    """Return the name of an annotated type whose text is harmless, None for any other.

    Of a union all members must be; None does not count.
    """
    return harmless_name(type_names(annotation, frame, resolver), resolver)


def harmless_name(names: list[str | ClassKey], resolver: Resolver) -> str | None:
    """Return the name of the first of some types when the text of all of them is harmless."""
    if names and all(_is_harmless(name, resolver) for name in names):
        return _shown(names[0])
    return None


def is_text_type(annotation: Value, frame: Frame, resolver: Resolver) -> bool:
    """Tell whether an annotation is exactly `str`; None is no text."""
    return type_names(annotation, frame, resolver) == ["str"] and not _allows_none(annotation)


def _allows_none(annotation: Value) -> bool:
    match annotation:
        case Const(None):
            return True
        case Const(str(text)):
            parsed = _parsed(text)
            return parsed is not None and _allows_none(parsed)
        case Choice(alternatives) | Sequence(alternatives):
            return any(_allows_none(plain(each)) for each in alternatives)
        case Item(base, key):
            head = last_name(base)
            return head == "Optional" or (head in _UNIONS | _WRAPPERS and _allows_none(key))
        case _:
            return False


def type_names(
    annotation: Value, frame: Frame, resolver: Resolver, aliases: int = 0
) -> list[str | ClassKey]:
    """Return the types that an annotation allows: qualified names and classes of the program.

    `aliases` tells through how many names of types the annotation was found.
    """
    match annotation:
        case Const(None):
            return []
        case Const(str(text)):
            parsed = _parsed(text)
            return ["?"] if parsed is None else type_names(parsed, frame, resolver, aliases)
        case Choice(alternatives) | Sequence(alternatives):
            return [
                name
                for each in alternatives
                for name in type_names(plain(each), frame, resolver, aliases)
            ]
        case Item(base, key):
            head = last_name(base)
            first = plain(key.items[0]) if isinstance(key, Sequence) and key.items else key
            if head in _UNIONS:
                return type_names(key, frame, resolver, aliases)
            if head in _WRAPPERS:
                return type_names(first, frame, resolver, aliases)
            if head == LITERAL:
                return [LITERAL]
            # `Repository[User]`: a class of the program, whatever it is a class of.
            names = _resolved(base, frame, resolver, MAX_ALIASES)
            own = names and all(isinstance(name, ClassKey) for name in names)
            return names if own else ["?"]
        case _:
            return _resolved(annotation, frame, resolver, aliases)


def item_type(annotation: Value) -> Value | None:
    """Return the annotated type of what a collection holds (of a mapping: its values)."""
    if not isinstance(annotation, Item):
        return None
    head, key = last_name(annotation.base), annotation.key
    if head in _MAPPINGS and isinstance(key, Sequence) and len(key.items) == 2:
        return plain(key.items[1])
    if head in _COLLECTIONS:
        return plain(key.items[0]) if isinstance(key, Sequence) and key.items else key
    if head in _UNIONS:
        return item_type(plain(key.items[0]) if isinstance(key, Sequence) else key)
    return None


def _resolved(
    annotation: Value, frame: Frame, resolver: Resolver, aliases: int
) -> list[str | ClassKey]:
    names: list[str | ClassKey] = []
    for entity in resolver.resolve(annotation, Frame(frame.function)):
        if isinstance(entity, External):
            names.append(entity.name)
        elif isinstance(entity, ClassObject):
            names.append(entity.key)
        elif isinstance(entity, Open) and isinstance(entity.value, Item) and aliases < MAX_ALIASES:
            # Order = Literal["asc", "desc"]
            names += type_names(entity.value, entity.frame, resolver, aliases + 1)
        elif isinstance(entity, Open) and isinstance(entity.value, Result):
            # UserId = NewType("UserId", int)
            call = resolver.index.call_in(entity.frame.function, entity.value.call)
            given = call.arguments.positional
            if last_name(call.function) == "NewType" and len(given) == 2:
                names += type_names(given[1].value, entity.frame, resolver)
            else:
                names.append("?")
        else:
            names.append("?")
    return names


def _is_harmless(name: str | ClassKey, resolver: Resolver) -> bool:
    if isinstance(name, ClassKey):
        bases = resolver.hierarchy.lineage(name)
        return any(isinstance(b, str) and resolver.models.harmless(b, "url") for b in bases)
    return name == LITERAL or resolver.models.harmless(name, "url")


def _shown(name: str | ClassKey) -> str:
    return name.rpartition(".")[2] if isinstance(name, str) else "an enumeration"


def _parsed(text: str) -> Value | None:
    """Return the term of an annotation that is written as a string."""
    try:
        return _term(ast.parse(text.strip(), mode="eval").body, 0)
    except (SyntaxError, ValueError, RecursionError):
        return None


def _term(node: ast.expr, depth: int) -> Value | None:
    if depth > 20:
        return None
    match node:
        case ast.Name(id=name):
            return Name(name)
        case ast.Constant(value=None | str() as value):
            return Const(value)
        case ast.Attribute(value=base, attr=name):
            inner = _term(base, depth + 1)
            return Attribute(inner, name) if inner is not None else None
        case ast.Subscript(value=base, slice=key):
            inner, inside = _term(base, depth + 1), _term(key, depth + 1)
            return Item(inner, inside) if inner is not None and inside is not None else None
        case ast.Tuple(elts=elements):
            terms = [term for each in elements if (term := _term(each, depth + 1)) is not None]
            return Sequence(tuple(terms)) if len(terms) == len(elements) else None
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            one, other = _term(left, depth + 1), _term(right, depth + 1)
            return Choice((one, other)) if one is not None and other is not None else None
    return None

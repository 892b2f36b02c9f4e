"""Whether what guards have compared of an address is enough to go there.

A check is enough when every address that passes it leads to a place that the program chose. The
usual mistakes pass others, too: they are no check, and the finding tells which address passes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from batten.link.entities import External, Frame, Known
from batten.link.helpers import asked_of_helper
from batten.link.index import last_name
from batten.link.pattern_texts import pattern_texts
from batten.link.patterns import fixes_host
from batten.values.combine import plain
from batten.values.immutable import immutable
from batten.values.terms import Bag, Const, Name, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.link.helpers import Asked
    from batten.link.resolve import Resolver
    from batten.values.terms import Fact, Value

_BY_NAME = re.compile(
    r"(?i)safe|allow|trust|valid|local|same|internal|permitted|whitelist|known|check|verify|sanit"
)
_CLOSED = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]+[/?#]|/[^/\\]", re.IGNORECASE)


# What there is for a part that an address does not have.
_NONE = frozenset({"", "None"})

_Comparison = tuple[str, str, "Value", Frame]
"""The part of an address, the relation, what it was compared with, and where that is known."""


@immutable
class Check:
    """`enough` tells whether the address may be used; `but` what passes a check that is not."""

    enough: bool
    but: str = ""


@lru_cache(maxsize=4096)
def is_checking_name(name: str) -> bool:
    """Tell whether a function checks addresses, by its name.

    Whether the check is right is beyond us; that there is one means somebody thought of it.
    """
    return bool(_BY_NAME.search(name))


def check_of(facts: tuple[Fact, ...], frame: Frame, resolver: Resolver) -> Check:
    """Return what guards prove of a value that is an address."""
    found = tuple(_all_facts(facts, frame, resolver, 0))
    if any(fact.kind == "member" for fact, _ in found) or any(
        _is_named_check(fact, frame, resolver) for fact in facts
    ):
        return Check(True)
    compared = [each for each in _compared(found) if each[1] != "differs"]
    doubts: list[str] = []
    for part, relation, other, at in compared:
        texts = _texts(other, at, resolver)
        if part in ("netloc", "host") and relation in ("in", "equals"):
            if _NONE.isdisjoint(texts):
                return Check(True)
        elif part == "url" and relation == "starts":
            open_ends = [text for text in texts if not _CLOSED.match(text)]
            if not open_ends or (open_ends == ["/"] and _no_double_slash(compared, resolver)):
                return Check(True)
            doubts.append(_passes_prefix(min(open_ends)))
        elif relation == "ends" and part in ("netloc", "host"):
            bare = [text for text in texts if not text.startswith(".")]
            if not bare:
                return Check(True)
            doubts.append(f"checked to end with `{bare[0]}`, as `https://evil{bare[0]}/` does")
        elif relation == "ends" and part == "url" and texts:
            shown = f"https://evil.example/?{texts[0]}"
            doubts.append(f"checked to end with `{texts[0]}`, as `{shown}` does")
        elif relation == "contains" and texts and part in ("url", "netloc", "host"):
            shown = f"https://{texts[0]}.evil.example/"
            doubts.append(f"checked to hold `{texts[0]}`, as `{shown}` does")
        elif part == "cut":
            doubts.append(
                "checked up to the first `:` of its host, where `https://known:x@evil.example/`"
                " has a user name"
            )
    for fact, at in found:
        by_pattern = _by_pattern(fact, at, resolver)
        if by_pattern is not None and by_pattern.enough:
            return by_pattern
        doubts += [by_pattern.but] if by_pattern is not None else []
    relative = _relative(compared, resolver)
    if relative is not None:
        return relative
    return Check(False, doubts[0]) if doubts else Check(False)


def has_host(facts: tuple[Fact, ...], frame: Frame, resolver: Resolver) -> bool:
    """Tell whether guards prove of an address that it has a host: its path begins with `/`."""
    for part, relation, other, at in _compared(_all_facts(facts, frame, resolver, 0)):
        if part in ("netloc", "host"):
            texts = _texts(other, at, resolver)
            if relation == "differs" or (
                relation in ("in", "equals", "ends") and _NONE.isdisjoint(texts)
            ):
                return True
    return False


def _compared(found: Iterable[tuple[Fact, Frame]]) -> Iterator[_Comparison]:
    for fact, at in found:
        if fact.kind == "address" and isinstance(fact.value, Sequence):
            yield str(_text(fact, 0)), str(_text(fact, 1)), fact.value.items[2], at


def _by_pattern(fact: Fact, frame: Frame, resolver: Resolver) -> Check | None:
    """Judge a match of the whole address with a regular expression."""
    if fact.kind != "predicate" or isinstance(fact.value, Const):
        return None
    function = fact.value.items[0] if isinstance(fact.value, Sequence) else fact.value
    name = last_name(function)
    if name not in ("match", "fullmatch", "search"):
        return None
    patterns = pattern_texts(fact.value, frame, resolver)
    if not patterns:
        return None
    if all(fixes_host(name, pattern) for pattern in patterns):
        return Check(True)
    return Check(False, "checked by a pattern that leaves its host open")


def _relative(compared: list[_Comparison], resolver: Resolver) -> Check | None:
    """Judge a check that an address has no host: it needs one that it has no scheme, too."""
    empty = {
        part
        for part, relation, other, at in compared
        if relation in ("equals", "in") and not _NONE.isdisjoint(_texts(other, at, resolver))
    }
    if not empty & {"netloc", "host"}:
        return None
    if any(part == "scheme" for part, *_ in compared):
        return Check(True)
    return Check(False, "checked to have no host, as `///evil.example/` has none before a browser")


def _no_double_slash(compared: list[_Comparison], resolver: Resolver) -> bool:
    refused = (
        text
        for part, relation, other, at in compared
        if part == "url" and relation == "not starts"
        for text in _texts(other, at, resolver)
    )
    return any(text.startswith("//") for text in refused) or any(
        part in ("netloc", "host") for part, *_ in compared
    )


def _passes_prefix(prefix: str) -> str:
    if prefix == "/":
        shown = "//evil.example/"
    elif re.fullmatch(r"[a-z]*:?/{0,2}", prefix):
        shown = f"{prefix}://evil.example/" if prefix.isalpha() else f"{prefix}evil.example/"
        shown = shown.replace("http://evil", "http://evil")
    else:
        shown = f"{prefix}.evil.example/"
    return f"checked to start with `{prefix}`, as `{shown}` does"


def _all_facts(
    facts: Iterable[Fact], frame: Frame, resolver: Resolver, depth: int
) -> Iterator[tuple[Fact, Frame]]:
    """Yield facts with the function that they were proved in, those of helpers included."""
    for fact in facts:
        asked = asked_of_helper(fact, frame, resolver, depth)
        yield from (resolver.compared(asked) if asked is not None else ()) or ((fact, frame),)


def compared_by_helper(asked: Asked, resolver: Resolver) -> tuple[tuple[Fact, Frame], ...]:
    """Return what a helper, or its own helpers, have compared of an address, each fact once."""
    return tuple(
        dict.fromkeys(
            each
            for promise, at in asked.promised(resolver.index)
            for each in _all_facts((promise,), at, resolver, asked.depth)
            if each[0].kind in ("address", "member")
        )
    )


def _is_named_check(fact: Fact, frame: Frame, resolver: Resolver) -> bool:
    """Tell whether a guard called a function that checks addresses by its name."""
    if fact.kind not in ("predicate", "checked", "converted"):
        return False
    function = fact.value.items[0] if isinstance(fact.value, Sequence) else fact.value
    if is_checking_name(last_name(function)):
        return True
    # Under another name: `from checks import is_safe_url as ok`.
    known = resolver.resolve(function, frame) if isinstance(function, Name) else ()
    return any(
        isinstance(e, External) and is_checking_name(e.name.rpartition(".")[2]) for e in known
    )


def _text(fact: Fact, index: int) -> object:
    part = fact.value.items[index] if isinstance(fact.value, Sequence) else None
    return part.value if isinstance(part, Const) else ""


def _texts(value: Value, frame: Frame, resolver: Resolver) -> list[str]:
    """Return the literal texts that a term may be, one or a collection; [] for others."""
    texts: list[str] = []
    for entity in resolver.resolve(value, frame):
        if not isinstance(entity, Known):
            return []
        match entity.value:
            case Const(text):
                texts.append(str(text))
            case Sequence(items) | Bag(items, ()):
                inner = [plain(item) for item in items]
                texts += [str(each.value) for each in inner if isinstance(each, Const)]
            case _:
                return []
    return texts

"""The regular expressions that a program matches with, where it names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.arguments import given_argument
from batten.link.entities import External, ExternalInstance, Frame, Known, Open
from batten.link.index import last_name
from batten.link.letters import are_harmless
from batten.link.patterns import excludes_harmful, group_harmless, matches_harmless
from batten.values.combine import plain
from batten.values.terms import Attribute, Const, Imported, Refined, Result, Sequence

if TYPE_CHECKING:
    from batten.link.resolve import Resolver
    from batten.summarize.summary import Call
    from batten.values.terms import Hole, Value


def pattern_texts(predicate: Value, frame: Frame, resolver: Resolver) -> list[str]:
    """Return the patterns of the call of a predicate: `re.match(pattern, x)`, `pattern.match(x)`.

    Empty when one of them is not known.
    """
    if isinstance(predicate, Sequence):
        return _texts(plain(predicate.items[1]), frame, resolver)
    if isinstance(predicate, Attribute):
        return _texts(predicate.base, frame, resolver)
    return []


def _texts(value: Value, frame: Frame, resolver: Resolver) -> list[str]:
    """Return the texts of the regular expression that a value is, compiled or not."""
    texts: list[str] = []
    for entity in resolver.resolve(value, frame):
        if isinstance(entity, Known) and isinstance(entity.value, Const):
            texts.append(str(entity.value.value))
        elif isinstance(entity, (Open, ExternalInstance)):
            # re.compile(pattern)
            inner, inner_frame = (
                (entity.value, entity.frame) if isinstance(entity, Open) else (value, frame)
            )
            compiled = _compiled(inner, inner_frame, resolver)
            if compiled is None:
                return []
            texts += compiled
    return texts


def is_harmless_group(value: Result, key: Value | None, frame: Frame, resolver: Resolver) -> bool:
    """Tell whether a group of a match (`key` of `groupdict()`) can only be harmless text."""
    call = resolver.index.call_in(frame.function, value.call)
    function = call.function
    if not isinstance(function, Attribute) or function.name not in ("group", "groupdict", "groups"):
        return False
    matched = function.base.value if isinstance(function.base, Refined) else function.base
    if not isinstance(matched, Result):
        return False
    search = resolver.index.call_in(frame.function, matched.call)
    name = last_name(search.function)
    if name not in ("match", "search", "fullmatch"):
        return False
    given = search.arguments.positional
    if len(given) >= 2:
        patterns = _texts(given[0].value, frame, resolver)
    elif isinstance(search.function, Attribute):
        patterns = _texts(search.function.base, frame, resolver)
    else:
        return False
    asked = call.arguments.positional
    group = key if key is not None else asked[0].value if asked else Const(0)
    if not isinstance(group, Const):
        return False
    if group.value == 0:
        return bool(patterns) and all(matches_harmless(pattern) for pattern in patterns)
    return bool(patterns) and all(group_harmless(pattern, group.value) for pattern in patterns)


def replaced_text(call: Call, frame: Frame, resolver: Resolver) -> tuple[Hole, bool] | None:
    """Return the text of `re.sub(pattern, new, text)` or `pattern.sub(new, text)`; None for others.

    With it goes whether the call leaves only harmless letters in it.
    """
    name = last_name(call.function)
    if name not in ("sub", "subn") or not isinstance(call.function, (Attribute, Imported)):
        return None
    of_module = External(f"re.{name}") in resolver.resolve(call.function, frame)
    keywords = ("pattern", "repl", "string", "count") if of_module else ("repl", "string", "count")
    given = [given_argument(call, number, word) for number, word in enumerate(keywords)]
    *pattern, new, text, count = given
    if new is None or text is None:
        return None
    patterns: list[str] = []
    if pattern and pattern[0] is not None:
        patterns = _texts(pattern[0].value, frame, resolver)
    elif not of_module and isinstance(call.function, Attribute):
        patterns = _texts(call.function.base, frame, resolver)
        if not patterns:
            return None
    clean = bool(patterns) and count is None and all(map(excludes_harmful, patterns))
    return text, clean and are_harmless(new.value, frame, resolver)


def _compiled(value: Value, frame: Frame, resolver: Resolver) -> list[str] | None:
    if not isinstance(value, Result):
        return None
    call = resolver.index.call_in(frame.function, value.call)
    if last_name(call.function) != "compile" or not call.arguments.positional:
        return None
    return _texts(call.arguments.positional[0].value, frame, resolver)

"""Operations on values, each with a bound.

Reaching a bound loses precision, never a hole: what does not fit becomes `Unknown`, which
keeps the holes that went in. No operation keeps "the first N", so no result depends on order.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.values.of_two import MAX_LONG, of_two
from batten.values.terms import (
    UNKNOWN,
    Bag,
    Choice,
    Const,
    Division,
    Element,
    Format,
    Hole,
    Joined,
    Mapping,
    Refined,
    Sequence,
    Template,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from batten.values.terms import Fact

MAX_ALTERNATIVES = 64
MAX_HOLES = 256
MAX_CROWD = 64
MAX_TOP = 32
MAX_FACTS = 256
MAX_ITEMS = 64
MAX_ENTRIES = 256
MAX_UNORDERED = 512
MAX_TEXT = 65_536
MAX_MERGED = 4
"""Dicts in dicts are merged entry by entry so deep; below, an entry is one of several dicts."""

_WORD = re.compile(r"\w+")


def choice(values: Iterable[Value], merging: _Merging | None = None) -> Value:
    """Return one of `values`: equal ones once, nested choices flattened.

    `merging` are the dicts around, which are merged into one.
    """
    several = values if isinstance(values, (tuple, list)) else tuple(values)
    if len(several) == 2:
        found = of_two(*several)
        if found is not None:
            return found
    elif len(several) == 1 and not isinstance(several[0], Choice):
        return several[0]
    flat: dict[Value, None] = {}
    for value in several:
        if isinstance(value, Choice):
            flat.update(dict.fromkeys(value.alternatives))
        else:
            flat[value] = None
    if len(flat) > 1:
        _absorb(flat)
        _absorb_refined(flat)
    if len(flat) == 1:
        return next(iter(flat))
    merged = _merged_mappings(flat, merging) or _merged_bags(flat)
    if merged is not None:
        return merged
    if len(flat) > MAX_ALTERNATIVES or (len(flat) > MAX_LONG and _parts(flat) > MAX_HOLES):
        return _fewer(flat)
    for value in flat:
        if value.__class__ is Unknown and is_top(value):
            return _fewer(flat)
    return Choice(tuple(flat))


def _parts(values: Iterable[Value]) -> int:
    """Return of how many parts texts are together, whatever is proved of them."""
    bare = [value.value if isinstance(value, Refined) else value for value in values]
    return sum([len(value.parts) for value in bare if isinstance(value, Template)])


def _fewer(values: Iterable[Value]) -> Value:
    """Return what is left of too many values: a constant of each shape, and all holes."""
    constants, others = _shapes(values)
    tops = {each for each in others if is_top(each)}
    top = _grown(tops, others) if tops else Unknown(_bounded(holes(others)))
    if len(constants) >= MAX_ALTERNATIVES:
        return top
    known = (*constants, top) if others else (*constants,)
    return known[0] if len(known) == 1 else Choice(known)


def is_top(value: Value) -> bool:
    """Tell whether a bound was reached by a value of many holes."""
    if not isinstance(value, Unknown):
        return False
    return len(value.holes) >= MAX_TOP or any(map(_crowd_of, value.holes))


def _grown(tops: AbstractSet[Value], values: Iterable[Value]) -> Unknown:
    """Return one top for some and for other values; what grew from one of them is in it.

    So a text that grows on after the bound was reached stays as it is, but for its new holes.
    """
    found = [hole for hole in holes(values) if not _holds(hole.value, tops)]
    together = _crowd(found).value
    assert isinstance(together, Unknown)
    return together


def _holds(value: Value, tops: AbstractSet[Value]) -> bool:
    """Tell whether a value is one of some tops, or may be."""
    if isinstance(value, Choice):
        return not tops.isdisjoint(value.alternatives)
    return value.__class__ is Unknown and value in tops


def _shapes(values: Iterable[Value]) -> tuple[list[Value], list[Value]]:
    """Return one constant text of each shape, and all that is no constant text.

    A shape is what the grammar of a text and the filling of a template see of it.
    """
    shapes: dict[str, str] = {}
    others: list[Value] = []
    for value in values:
        text = plain(value).value if isinstance(plain(value), Const) else None  # type: ignore[union-attr]
        if isinstance(text, str):
            shape = _WORD.sub("x", text)
            shapes[shape] = min(text, shapes.get(shape, text))
        else:
            others.append(value)
    return [Const(shapes[shape]) for shape in sorted(shapes)], others


def template(parts: Iterable[str | Hole]) -> Value:
    """Return the text of `parts`: neighbouring literals joined, constants folded.

    Beyond the bound on holes the literals between them are lost, the holes are not: they stand
    in one hole whose text is unknown.
    """
    merged: list[str | Hole] = []
    run: list[str] = []
    beyond: list[Hole] = []
    hole_count = 0
    for part in parts:
        if isinstance(part, Hole):
            hole_count += 1
            if hole_count > MAX_HOLES:
                # The bound was reached before: what it holds and this one go together.
                beyond += _crowd_of(part) or (part,)
                continue
            if run:
                merged.append(bounded_text("".join(run)))
                run = []
            merged.append(part)
        elif part and hole_count <= MAX_HOLES:
            run.append(part)
    if run:
        merged.append(bounded_text("".join(run)))
    if not hole_count:
        return Const(merged[0] if merged else "")  # type: ignore[arg-type]
    if beyond:
        merged.append(_crowd(beyond))
    return Template(tuple(merged))


def appended(known: Template, parts: tuple[str | Hole, ...]) -> Value:
    """Return the text of `known` with `parts` behind it; text may grow by one part many times."""
    last = known.parts[-1]
    beyond = _crowd_of(last) if isinstance(last, Hole) and len(known.parts) > MAX_HOLES else ()
    if not beyond:
        return template((*known.parts, *parts))
    more = [each for part in parts if isinstance(part, Hole) for each in _crowd_of(part) or (part,)]
    return Template((*known.parts[:-1], _crowd([*beyond, *more]))) if more else known


def _crowd_of(hole: Hole) -> tuple[Hole, ...]:
    """Return the holes that stand together in one, of which nothing else is known."""
    return hole.value.holes if isinstance(hole.value, Unknown) else ()


def _crowd(together: Iterable[Hole]) -> Hole:
    """Return one hole for many, a tree: in a text that grows by one, few are looked at."""
    single: list[Hole] = []
    crowds: list[Hole] = []
    for each in dict.fromkeys(together):
        (crowds if _crowd_of(each) else single).append(each)
    if len(single) > MAX_CROWD:
        crowds.append(_together(single))
        single = []
    if len(crowds) > MAX_CROWD:
        crowds = [_together(crowds)]
    return _together([*crowds, *single])


def _together(found: list[Hole]) -> Hole:
    return Hole(min(each.site for each in found), Unknown(tuple(found)), "+", "")


def bounded_text(text: str) -> str:
    """Return a text that does not grow for ever: its two ends, and what separates them in a URL."""
    if len(text) <= MAX_TEXT:
        return text
    half = MAX_TEXT // 2 - 2
    left_out = text[half:-half]
    return text[:half] + "".join(mark for mark in "?#" if mark in left_out) + text[-half:]


def bag(items: Iterable[Value], spread: Iterable[Value] = ()) -> Value:
    """Return a collection of the possible `items`, equal ones once."""
    unique = tuple(dict.fromkeys(items))
    spreads = tuple(dict.fromkeys(spread))
    if len(unique) > MAX_ITEMS:
        constants, others = _shapes(unique)
        unique = (*constants, *others)
    if len(unique) + len(spreads) > MAX_UNORDERED:
        return Bag((Unknown(_bounded(holes((*unique, *spreads)))),))
    return Bag(unique, spreads)


def added(collection: Value, item: Value) -> Value:
    """Return `collection` after `item` went in: one monotone bag, whatever it was before."""
    if isinstance(collection, Sequence):
        if len(collection.items) < MAX_ITEMS:
            return Sequence((*collection.items, item))
        return bag((*collection.items, item))
    known = _as_bag(collection)
    return bag((*known.items, item), known.spread)


def extended(collection: Value, more: Value) -> Value:
    """Return `collection` after all items of `more` went in."""
    if isinstance(collection, Sequence) and isinstance(more, Sequence):
        items = (*collection.items, *more.items)
        return Sequence(items) if len(items) <= MAX_ITEMS else bag(items)
    first, second = _as_bag(collection), _as_bag(more)
    return bag((*first.items, *second.items), (*first.spread, *second.spread))


def mapping(entries: Collection[tuple[Value, Value]], spread: Collection[Value]) -> Mapping:
    """Return a dict into which others were put; of very many entries, the last under each key.

    Two dicts that are put into each other would hold ever more of the same.
    """
    if len(entries) > MAX_ENTRIES:
        # A key that is not known may be another each time.
        last = {key if isinstance(key, Const) else (key, of): (key, of) for key, of in entries}
        entries = last.values()
    return Mapping(tuple(entries), tuple(dict.fromkeys(spread)))


def merged_mappings(value: Value) -> Value:
    """Return one mapping for several that a value may be, with all that any of them holds."""
    if not isinstance(value, Choice):
        return value
    entries: dict[Value, Value] = {}
    spread: dict[Value, None] = {}
    for each in value.alternatives:
        if not isinstance(each, Mapping):
            return value
        spread.update(dict.fromkeys(each.spread))
        for key, entry in each.entries:
            known = entries.get(key, entry)
            entries[key] = entry if known == entry else choice((plain(known), plain(entry)))
    return Mapping(tuple(entries.items()), tuple(spread))


def plain(value: Value) -> Value:
    """Return the value of an item of a collection without its place."""
    return value.value if isinstance(value, Hole) else value


def element(collection: Value) -> Value:
    """Return some item of `collection`."""
    if isinstance(collection, Sequence) and collection.items:
        return choice(map(plain, collection.items))
    if isinstance(collection, Bag) and (collection.items or collection.spread):
        spread = (element(more) for more in collection.spread)
        return choice((*map(plain, collection.items), *spread))
    if isinstance(collection, Mapping) and not collection.spread and collection.entries:
        return choice(key for key, _ in collection.entries)
    if isinstance(collection, Choice):
        return choice(element(one) for one in collection.alternatives)
    if isinstance(collection, (Const, Unknown)):
        return UNKNOWN
    return Element(collection)


def refined(value: Value, fact: Fact) -> Value:
    """Return `value` with one more fact proved of it."""
    if isinstance(value, Refined):
        if len(value.facts) >= MAX_FACTS or fact in value.facts:
            return value  # with fewer facts, less is proved
        return Refined(value.value, (*value.facts, fact))
    if isinstance(value, Template) and fact.kind in _OF_PARTS:
        return Template(tuple(_refined_part(part, fact) for part in value.parts))
    if isinstance(value, Choice):
        return choice(refined(each, fact) for each in value.alternatives)
    return Refined(value, (fact,))


_OF_PARTS = frozenset({"predicate", "refuted", "member", "checked", "address"})


def _refined_part(part: str | Hole, fact: Fact) -> str | Hole:
    """Return a part of a text that was checked: it holds nothing that the whole may not."""
    if isinstance(part, str):
        return part
    # One step only: what a hole holds may be shared by many texts, each grown from the last.
    value = part.value
    facts = value.facts if isinstance(value, Refined) else ()
    inner = value.value if isinstance(value, Refined) else value
    return part if fact in facts else replace(part, value=Refined(inner, (*facts, fact)))


def holes(values: Iterable[Value]) -> Iterator[Hole]:
    """Yield the outermost holes of text in `values`; what is in there twice is looked at once."""
    stack: list[Value] = list(values)
    seen: set[int] = set()
    while stack:
        value = stack.pop()
        if isinstance(value, _HOLDING):
            if id(value) in seen:
                continue
            seen.add(id(value))
        if isinstance(value, Template):
            yield from (part for part in value.parts if isinstance(part, Hole))
        elif isinstance(value, Hole):
            yield value
        elif isinstance(value, Unknown):
            yield from value.holes
        elif isinstance(value, Joined):
            yield Hole(value.items_site, value.items, ",", value.name)
        elif isinstance(value, Format):
            yield from value.arguments.positional
            yield from (hole for _, hole in value.arguments.named)
            yield from value.arguments.spread
        elif isinstance(value, Division):
            yield value.left
            yield value.right
        elif isinstance(value, (Sequence, Bag)):
            stack.extend(value.items)
        elif isinstance(value, Mapping):
            stack.extend(entry for _, entry in value.entries)
        elif isinstance(value, Choice):
            stack.extend(value.alternatives)
        elif isinstance(value, Refined):
            stack.append(value.value)


_HOLDING = (Sequence, Bag, Mapping, Choice, Refined)


def _as_bag(collection: Value) -> Bag:
    """Return what is in a collection, whichever of several it is."""
    if isinstance(collection, Bag):
        return collection
    if isinstance(collection, Sequence):
        return Bag(collection.items)
    if isinstance(collection, Choice):
        bags = [_as_bag(one) for one in collection.alternatives]
        items = dict.fromkeys(item for each in bags for item in each.items)
        spread = dict.fromkeys(more for each in bags for more in each.spread)
        return Bag(tuple(items), tuple(spread))
    return Bag((), (collection,))


def _absorb(values: dict[Value, None]) -> None:
    """Drop a collection when one that grew from it is another possibility: one bag a list."""
    grown = {more for value in values if isinstance(value, (Bag, Mapping)) for more in value.spread}
    for value in [value for value in values if value in grown] if grown else ():
        del values[value]


def _absorb_refined(values: dict[Value, None]) -> None:
    """Drop a value of which more is proved than of the same value on another way.

    All that it may be the other may be, too. So a name that is looked at again and again, and each
    time on some ways only, does not become ever more values.
    """
    known: dict[Value, list[Refined]] = {}
    for value in values:
        if isinstance(value, Refined):
            known.setdefault(value.value, []).append(value)
    for bare, several in known.items():
        if bare in values:
            for each in several:
                del values[each]
        elif len(several) > 1:
            proved = [frozenset(each.facts) for each in several]
            sizes = {len(facts) for facts in proved}
            for each, facts in zip(several, proved, strict=True) if len(sizes) > 1 else ():
                if any(map(facts.__gt__, proved)):
                    del values[each]


def _bounded(found: Iterable[Hole]) -> tuple[Hole, ...]:
    return tuple(sorted(set(found), key=lambda hole: (hole.site, hole.spec)))


def _merged_bags(values: Collection[Value]) -> Value | None:
    """Merge lists that differ only by what was put in: a list filled on some branches."""
    for value in values:
        if not isinstance(value, (Sequence, Bag)):
            return None
    if all(isinstance(value, Sequence) for value in values):
        lengths = {len(value.items) for value in values if isinstance(value, Sequence)}
        if len(lengths) == 1:
            return None
    items: list[Value] = []
    spread: list[Value] = []
    for value in values:
        if isinstance(value, Sequence):
            items += value.items
        elif isinstance(value, Bag):
            items += value.items
            spread += value.spread
    return bag(items, spread)


class _Merging:
    """Dicts in dicts that are merged: how deep, and what was made of the same entries before.

    Dicts that are put into each other hold the same ones twice with each time.
    """

    __slots__ = ("depth", "made")

    def __init__(self) -> None:
        self.depth = 0
        self.made: dict[tuple[int, tuple[Value, ...]], Value] = {}

    def choice(self, found: list[Value]) -> Value:
        """Return the choice of what stands under one key of the dicts that are merged now."""
        key = self.depth, tuple(found)
        made = self.made.get(key)
        if made is None:
            self.depth += 1
            made = self.made[key] = choice(found, self)
            self.depth -= 1
        return made


def _merged_mappings(values: Iterable[Value], merging: _Merging | None) -> Value | None:
    """Merge dicts entry by entry: one dict with what was put in on some branches.

    An entry that may be one of several has the choice of them.
    """
    merged: dict[Value, list[Value]] = {}
    spread: dict[Value, None] = {}
    for value in values:
        if not isinstance(value, Mapping):
            return None
        for key, entry in value.entries:
            merged.setdefault(key, []).append(entry)
        spread.update(dict.fromkeys(value.spread))
    merging = merging or _Merging()
    if merging.depth >= MAX_MERGED:
        return None
    entries = tuple([(key, merging.choice(found)) for key, found in merged.items()])
    return Mapping(entries, tuple(spread))

"""Calls that hand text on, put it together or escape it, as models and text's own methods do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.grammars import url
from batten.grammars.alteration import is_alteration
from batten.link.arguments import given_argument, given_of, passed_values, placed
from batten.link.entities import External, ExternalMethod, Frame, Known, Open
from batten.link.index import last_name
from batten.link.leaves import CLEANED, COMPOSED, RAW, escaped_by, undone, union
from batten.link.pattern_texts import replaced_text
from batten.link.point import Piece
from batten.link.templates import chain
from batten.models.model import RECEIVER
from batten.summarize.nodes import SAME_TEXT
from batten.summarize.texts import spread_arguments
from batten.values.combine import plain
from batten.values.formatting import is_placeholder
from batten.values.terms import (
    NONE,
    Arguments,
    Attribute,
    Bag,
    Const,
    Format,
    Hole,
    Joined,
    Mapping,
    Param,
    Result,
    Sequence,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.grammars.alteration import Alteration
    from batten.grammars.url import Place
    from batten.link.entities import Entity
    from batten.link.flow import Leaf
    from batten.link.point import Point, Traced
    from batten.link.reader import Reader
    from batten.link.resolve import Resolver
    from batten.models.model import CallModel
    from batten.summarize.summary import Call
    from batten.values.terms import Value

MAX_PARTS = 6
MAX_ALTERATIONS = 3
_PUT_TOGETHER = (Template, Format, Joined)
PARSED = frozenset({"urllib.parse.ParseResult", "urllib.parse.SplitResult"})
"""The classes of addresses that were parsed."""

# Arguments of `urlencode` that may be there to keep escaped text as it is.
_ESCAPES_OTHERWISE = frozenset({"quote_via", "safe"})


class TextCalls:
    """The calls of one program that make text."""

    def __init__(self, resolver: Resolver, reader: Reader) -> None:
        """Look calls up; `reader` reads what they are given."""
        self._resolver = resolver
        self._index = resolver.index
        self._reader = reader

    def read(self, call: Call, callee: Entity, at: Point) -> Traced | None:
        """Read the result of a call; None for one that does nothing to text that is known."""
        function = call.function
        if isinstance(callee, ExternalMethod) and callee.owner == "str":
            known = self._text_method(call, at)
            if known is not None:
                return known
        if callee == External("str.format") and call.arguments.positional:
            whole, *rest = call.arguments.positional
            arguments = spread_arguments(replace(call.arguments, positional=tuple(rest)), "format")
            return self._reader.read(Format("{", whole.value, arguments), at)
        if isinstance(callee, Open) and _formats(function):
            return self._text_method(call, at)
        if isinstance(function, Attribute) and function.name in ("substitute", "safe_substitute"):
            template = self._string_template(function.base, at.frame)
            if template is not None:
                arguments = spread_arguments(call.arguments, "substitute")
                return self._reader.read(Format("$", template, arguments), at)
        replaced = replaced_text(call, at.frame, self._resolver)
        if replaced is not None:
            inner, clean = replaced
            return (at.unknown_end(), {CLEANED}) if clean else self._reader.read(inner.value, at)
        model = self._resolver.model(callee)
        if model is None:
            if isinstance(function, Attribute) and function.name == "__new__":
                # `super().__new__(cls, text)` of a class of text.
                return union(
                    self._reader.read(given.value, at) for given in call.arguments.positional[1:2]
                )
            if isinstance(function, Attribute) and function.name in SAME_TEXT:
                again = self._filled_by_replace(call, function, at.frame)
                return (
                    self._reader.read(again, at) if again else self._same_text(call, function, at)
                )
            return None
        if model.escape is not None:
            leaf = escaped_by(model, call)
            text = given_argument(
                call, model.escape.argument.position, model.escape.argument.keyword
            )
            if text is not None and "/" in leaf.kept and _may_have_slashes(text.value):
                # Escaped too late: the slashes of the values can't be told from its own.
                return self._reader.read(text.value, at)
            return at.unknown_end(), {leaf, *self._escaped_again(text, leaf, call, at)}
        passed = passed_values(model, call)
        if model.parts and model.parts[0].start == "reference":
            return self._resolved(model, call, at)
        if model.parts:
            traced = [self._reader.read(each, at) for each in passed]
            traced.append(self.parts(model, call.arguments, at))
            return union(traced)
        if passed:
            ends, leaves = union(self._reader.read(each, at) for each in passed)
            return ends, undone(leaves) if model.returns not in (None, model.name) else leaves
        if model.separator is not None:
            parts: list[str | Hole] = []
            for index, given in enumerate(call.arguments.positional):
                if index and model.separator:
                    parts.append(model.separator)
                parts.append(replace(given, spec=","))
            return self._reader.template(tuple(parts), at), set()
        return None

    def _resolved(self, model: CallModel, call: Call, at: Point) -> Traced:
        """Read an address and the reference that is resolved against it, or replaces it."""
        argument, passes = model.parts[0].argument, model.passes[0]
        reference = given_argument(call, argument.position, argument.keyword)
        base: Hole | None
        if passes == RECEIVER and isinstance(call.function, Attribute):
            receiver = call.function.base
            base = Hole(call.callee_site, receiver, ",", last_name(receiver) or "url")
        else:
            base = given_argument(call, passes.position, passes.keyword)
        if base is None or reference is None:
            return union(self._reader.read(each, at) for each in passed_values(model, call))
        parts = (replace(base, spec=","), "/", replace(reference, spec=","))
        if at.place is not url.Place.START:
            return self._reader.template(parts, at), set()
        first = at.of_part(parts, 0, at.place)
        leaves: set[Leaf] = set()
        if passes == RECEIVER:
            ends, leaves = self._reader.read(base.value, first)
        else:
            ends = self._reader.hole(parts[0], first)
        if ends == {url.Place.SCHEME_END}:
            return self._reader.template(parts, at), leaves
        last = at.of_part(parts, 2, url.Place.REFERENCE)
        return self._reader.hole(parts[2], last), leaves

    def _escaped_again(
        self, given: Hole | None, leaf: Leaf, call: Call, at: Point
    ) -> Iterator[Leaf]:
        """Read what an escaper is given; yield who chose it, as leaves that are escaped.

        What is given is a hole, too: text that is escaped already must not go in there.
        """
        if given is None or "%" in leaf.kept:
            return
        around = url.context(at.place, at.following)
        inside = replace(at, place=url.inside_escaper(around), following="")
        leaves = self._pairs(given, call, inside)
        if leaves is None:
            if "&" in leaf.kept and "=" in leaf.kept and not _escapes_otherwise(call):
                # An escaper of pairs, which somebody else may have put together.
                pairs = replace(inside, place=url.Place.PARAMETERS)
                self._reader.read(given.value, pairs)
            _, leaves = self._reader.read(given.value, inside)
            leaves = self._reader.documented(given.value, at.frame, leaves)
            self._reader.record(given, inside, leaves, None)
        for inner in leaves:
            if inner.control is not None:
                yield replace(
                    leaf,
                    control=inner.control,
                    checked=inner.checked,
                    undotted=inner.undotted,
                    source=inner.source,
                )

    def _pairs(self, given: Hole, call: Call, at: Point) -> set[Leaf] | None:
        """Read the values of a mapping that is escaped as a whole; None if it is none."""
        found = False
        for entity in self._resolver.resolve(given.value, at.frame):
            if isinstance(entity, Known) and isinstance(entity.value, (Mapping, Sequence, Bag)):
                found = True
                if not _escapes_otherwise(call):
                    self.parameters(entity.value, at.within(entity.frame))
        return set() if found else None

    def parameters(self, mapping: Mapping | Sequence | Bag, at: Point) -> None:
        """Read the values of query parameters that somebody else escapes."""
        for key, value in _entries(mapping):
            if isinstance(value, Hole):
                name = str(key.value) if isinstance(key, Const) else "{...}"
                around = (*at.around, Piece(at.frame, (f"{name}=", value), 1))
                inside = replace(at, place=url.Place.PARAMETER, following="", around=around)
                self._reader.hole(value, inside)
        for more in () if isinstance(mapping, Sequence) else mapping.spread:
            inside = replace(at, place=url.Place.PARAMETERS, following="")
            self._reader.more_parameters(more, inside)

    def _string_template(self, base: Value, frame: Frame) -> Value | None:
        """Return the text of `string.Template(text)`, None when `base` is something else."""
        for entity in self._resolver.resolve(base, frame):
            value, inner = (
                (entity.value, entity.frame) if isinstance(entity, Open) else (base, frame)
            )
            if not isinstance(value, Result):
                continue
            call = self._index.call_in(inner.function, value.call)
            made = self._resolver.resolve(call.function, inner)
            if External("string.Template") not in made or not call.arguments.positional:
                continue
            text = call.arguments.positional[0].value
            if inner == frame:
                return text
            for known in self._resolver.resolve(text, inner):
                if isinstance(known, Known) and isinstance(known.value, Const):
                    return known.value
        return None

    def operator(self, value: Value, method: str, frame: Frame) -> CallModel | None:
        """Return the model of an operator of an object that is a URL (yarl, furl)."""
        for entity in self._resolver.resolve(value, frame):
            owner = self._resolver.class_of(entity)
            model = self._resolver.models.method(owner, method) if owner is not None else None
            if model is not None:
                return model
        return None

    def parts(self, model: CallModel, given: Arguments, at: Point) -> Traced:
        """Read the arguments that are parts of the text that a call makes."""
        if model.items is None:
            return self._each_part(model, given, at)
        whole = given_of(given, model.items.position, model.items.keyword)
        if whole is None:
            return at.unknown_end(), {COMPOSED}
        if any(map(self._resolver.class_of, self._resolver.resolve(whole.value, at.frame))):
            # A named tuple: `urlunsplit(parts._replace(path=path))`.
            return self._reader.read(whole.value, at)
        traced: list[Traced] = []
        for collection, frame in self._reader.collected.found(whole.value, at.frame):
            items: tuple[Value, ...] = ()
            if isinstance(collection, Sequence):
                items = collection.items
            elif isinstance(collection, Mapping):
                # A list of which some items were replaced: `parts[2] = path`.
                known = dict(collection.entries)
                items = tuple(known.get(Const(index), NONE) for index in range(MAX_PARTS))
            arguments = Arguments(tuple(placed(whole, item) for item in items))
            traced.append(self._each_part(model, arguments, at.within(frame)))
        return union(traced)

    def _each_part(self, model: CallModel, given: Arguments, at: Point) -> Traced:
        ends: set[Place] = set()
        for part in model.parts:
            hole = given_of(given, part.argument.position, part.argument.keyword)
            if hole is None or (part.escaped and not isinstance(hole.value, _PUT_TOGETHER)):
                continue
            if part.start in ("path", "query") and (whole := self._parsed(hole.value, at.frame)):
                # The path or query of an address that was parsed: it is judged in the address.
                ends |= self._reader.read(whole, at)[0]
                continue
            shown = "{url}?" if part.start == "query" else "{url}"
            around = (*at.around, Piece(at.frame, (shown, hole), 1))
            there = replace(at, place=url.start(part.start), following="", around=around)
            ends |= self._reader.hole(hole, there)
        return ends or at.unknown_end(), {COMPOSED}

    def _parsed(self, part: Value, frame: Frame) -> Value | None:
        """Return the address of which `part` is the path or the query; None for other things."""
        if not isinstance(part, Attribute) or part.name not in ("path", "query"):
            return None
        owners = {
            self._resolver.class_of(each) for each in self._resolver.resolve(part.base, frame)
        }
        return part.base if owners and owners <= PARSED else None

    def _text_method(self, call: Call, at: Point) -> Traced | None:
        """Read `TEMPLATE.format(...)` or `SEPARATOR.join(...)` of a text that linking found."""
        function, given = call.function, call.arguments
        if not isinstance(function, Attribute):
            return None
        if function.name in ("format", "format_map"):
            arguments = spread_arguments(given, function.name)
            return self._reader.read(Format("{", function.base, arguments), at)
        if function.name == "join" and len(given.positional) == 1:
            items = given.positional[0]
            joined = Joined(function.base, items.value, call.site, items.site, items.name)
            return self._reader.read(joined, at)
        if function.name == "replace" and is_placeholder(given):
            return self._reader.read(Format("replace", function.base, given), at)
        return self._same_text(call, function, at) if function.name in SAME_TEXT else None

    def _filled_by_replace(self, call: Call, function: Attribute, frame: Frame) -> Format | None:
        """Return the last `replace` that fills one template, None for other calls.

        A single one only where callers choose the template.
        """
        if function.name != "replace" or not is_placeholder(call.arguments):
            return None
        again = Format("replace", function.base, call.arguments)
        if any(isinstance(part, Param) for part in chain(function.base)):
            return again
        return again if self._reader.templates.replaced_before(again, frame)[1] else None

    def _same_text(self, call: Call, function: Attribute, at: Point) -> Traced:
        ends, leaves = self._reader.read(function.base, at)
        given = call.arguments.positional[0].value if call.arguments.positional else None
        if isinstance(given, Const) and isinstance(given.value, str) and "." in given.value:
            # Dots were taken away: `strip(".")`, `replace("..", "")`.
            leaves = {replace(leaf, undotted=True) for leaf in leaves}
        step = _alteration(function.name, call.arguments)
        if step is not None:
            leaves = {_altered(leaf, step) for leaf in leaves}
        return ends, leaves


def _may_have_slashes(text: Value) -> bool:
    """Tell whether a text that is put together has slashes of its own, besides those of values."""
    if isinstance(text, Template):
        return any(isinstance(part, str) and "/" in part for part in text.parts)
    return isinstance(text, Format)


def _alteration(method: str, given: Arguments) -> Alteration | None:
    """Return what a method of text does with it, None if that is not known."""
    texts = [
        each.value.value if isinstance(each.value, Const) else None for each in given.positional
    ]
    if given.named or given.spread or not all(isinstance(text, str) for text in texts):
        return None
    step = (method, *map(str, texts))
    return step if is_alteration(step) else None


def _altered(leaf: Leaf, step: Alteration) -> Leaf:
    """Return a value of which a method made something else; only raw text is of interest."""
    known = leaf.altered
    if leaf.kind not in RAW or step in known or len(known) >= MAX_ALTERATIONS:
        return leaf
    return replace(leaf, altered=(*known, step))


def _entries(collection: Value) -> Iterator[tuple[Value, Value]]:
    """Yield the keys and values of a mapping, or of a collection of pairs."""
    if isinstance(collection, Mapping):
        yield from collection.entries
    elif isinstance(collection, (Sequence, Bag)):
        for pair in map(plain, collection.items):
            if isinstance(pair, Sequence) and len(pair.items) == 2:
                yield plain(pair.items[0]), pair.items[1]


def _escapes_otherwise(call: Call) -> bool:
    """Tell whether an escaper is told how to escape: it may keep what is escaped already."""
    return not _ESCAPES_OTHERWISE.isdisjoint(name for name, _ in call.arguments.named)


def _formats(function: Value) -> bool:
    """Tell whether a method is `format` of a template that callers choose."""
    return (
        isinstance(function, Attribute)
        and function.name in ("format", "format_map")
        and any(isinstance(part, Param) for part in chain(function.base))
    )

"""Filling templates: `%`, `str.format` and `string.Template`, as Python defines them.

Each function takes the template's text and the arguments as holes and returns the assembled
text. A template that Python would refuse gives `Unknown` with all holes: nothing is lost.
"""

from __future__ import annotations

import re
import string
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.values.combine import template
from batten.values.terms import Attribute, Const, Hole, Item, Template, Unknown

if TYPE_CHECKING:
    from batten.values.terms import Arguments, Value

_PERCENT = re.compile(
    r"%(?:\((?P<name>[^()]*)\))?[#0\- +]*(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d+))?"
    r"[hlL]?(?P<type>.)",
    re.DOTALL,
)
_DOLLAR = re.compile(r"\$(?:(?P<escaped>\$)|(?P<plain>[_a-zA-Z]\w*)|\{(?P<braced>[_a-zA-Z]\w*)\})")
# `{name}`, `<name>`, `:name`, `$name`, `%name%`, `{{name}}`
_PLACEHOLDER = re.compile(r"\{\}|%s|[{<\[$%:@#_]{1,2}[\w.-]+[}>\]$%@#_]{0,2}")
_BEFORE_NAME = "{<[$:"
MAX_CONVERSIONS = 10_000
_MARK = "\ue000"
_WIDTH_MARK = re.compile(f"%([#0\\- +]*){_MARK}\\d+{_MARK}([diouxX])")
# `replace` looks for one text and reads nothing else.
_REREADERS = frozenset("%{$")
_NUMBER_TYPES = frozenset("diouxXeEfFgGcbn%")


def filled(style: str, known: Const | Template, arguments: Arguments) -> Value:
    """Fill `known` by `style`: `%`, `{` (str.format), `$` (string.Template) or `replace`.

    Holes that the template has already are kept where they are, and marked: what fills them
    is read as a part of the template.
    """
    fill = _FILLERS[style]
    if isinstance(known, Const):
        return fill(str(known.value), arguments)
    known = Template(
        tuple(
            replace(part, reread=style)
            if isinstance(part, Hole) and not part.reread and style in _REREADERS
            else part
            for part in known.parts
        )
    )
    marked = "".join(
        part if isinstance(part, str) else f"{_MARK}{index}{_MARK}"
        for index, part in enumerate(known.parts)
    )
    if style == "%":
        # A width that was filled in before: `"%%0%dd" % width`.
        marked = _WIDTH_MARK.sub(r"%\1\2", marked)
    value = fill(marked, arguments)
    if not isinstance(value, (Template, Const)):
        return Unknown((*(p for p in known.parts if isinstance(p, Hole)), *_all_holes(arguments)))
    parts = value.parts if isinstance(value, Template) else (str(value.value),)
    marks = sum(part.count(_MARK) for part in parts if isinstance(part, str))
    if marks != marked.count(_MARK):
        # A hole is part of a conversion (`"%%%dd" % width`).
        return Unknown((*(p for p in known.parts if isinstance(p, Hole)), *_all_holes(arguments)))
    restored: list[str | Hole] = []
    for part in parts:
        if isinstance(part, Hole):
            restored.append(part)
            continue
        for index, piece in enumerate(part.split(_MARK)):
            restored.append(known.parts[int(piece)] if index % 2 else piece)
    return template(restored)


def fill_percent(text: str, arguments: Arguments) -> Value:
    """Return `text % arguments`."""
    parts: list[str | Hole] = []
    at = used = 0
    named = dict(arguments.named)
    conversions = [match for match in _PERCENT.finditer(text) if match["type"] != "%"]
    if len(conversions) > MAX_CONVERSIONS:
        return Unknown(_all_holes(arguments))
    if len(conversions) > 1 and len(arguments.positional) == 1 and arguments.spread:
        # One value for several: it is a tuple.
        arguments = replace(arguments, positional=())
    for match in _PERCENT.finditer(text):
        parts.append(text[at : match.start()])
        at = match.end()
        kind = match["type"]
        if kind == "%":
            parts.append("%")
            continue
        used += (match["width"] == "*") + (match["precision"] == "*")
        hole: Hole | None
        if match["name"] is not None:
            hole = named.get(match["name"]) or _from_spread(arguments, Const(match["name"]))
        else:
            hole = _positional(arguments, used)
            used += 1
        if hole is None:
            return Unknown(_all_holes(arguments))
        cut = kind == "s" and bool(match["width"] or match["precision"])
        parts.append(_converted(hole, "d" if kind in _NUMBER_TYPES else "x" if cut else kind))
    parts.append(text[at:])
    return template(parts)


def fill_braces(text: str, arguments: Arguments) -> Value:
    """Return `text.format(...)` with `arguments`."""
    parts: list[str | Hole] = []
    named = dict(arguments.named)
    automatic = 0
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:
        return Unknown(_all_holes(arguments))
    for literal, field, spec, conversion in fields:
        parts.append(literal)
        if field is None:
            continue
        head, path = _field_path(field)
        hole: Hole | None
        if head == "" or head.isdigit():
            index = int(head) if head else automatic
            automatic += 1
            hole = _positional(arguments, index)
        else:
            hole = named.get(head) or _from_spread(arguments, Const(head))
        if hole is None:
            return Unknown(_all_holes(arguments))
        value = hole.value
        name = hole.name
        for attribute, key in path:
            value = Attribute(value, key) if attribute else Item(value, Const(key))
            name = key
        # An argument of which only a part is shown can't be rewritten as a whole.
        kind = "x" if path else brace_spec(spec or "", conversion)
        parts.append(_converted(replace(hole, value=value, name=name), kind))
    return template(parts)


def fill_dollar(text: str, arguments: Arguments) -> Value:
    """Return `string.Template(text).substitute(...)` with `arguments`."""
    parts: list[str | Hole] = []
    named = dict(arguments.named)
    at = 0
    for match in _DOLLAR.finditer(text):
        parts.append(text[at : match.start()])
        at = match.end()
        if match["escaped"]:
            parts.append("$")
            continue
        name = match["plain"] or match["braced"]
        hole = named.get(name) or _from_spread(arguments, Const(name))
        if hole is None:
            return Unknown(_all_holes(arguments))
        parts.append(_converted(hole, "s"))
    parts.append(text[at:])
    return template(parts)


def is_placeholder(given: Arguments) -> bool:
    """Tell whether the arguments of `replace` put a value in for a placeholder, such as `{id}`.

    Its name may be worked out: `"{" + key + "}"`.
    """
    if len(given.positional) != 2 or given.named or given.spread:
        return False
    old, new = given.positional
    text = "x".join(_around_name(old.value)) if isinstance(old.value, Template) else None
    if isinstance(old.value, Const):
        text = old.value.value  # type: ignore[assignment]
    return (
        isinstance(text, str)
        and bool(_PLACEHOLDER.fullmatch(text))
        and not (isinstance(new.value, Const) and new.value.value in text)  # type: ignore[operator]
    )


def _around_name(placeholder: Template) -> tuple[str, ...]:
    """Return what stands around the name of a placeholder; nothing if it has not just one."""
    match placeholder.parts:
        case (str(before), Hole()) if before[-1] in _BEFORE_NAME:
            return (before, "")
        case (str(before), Hole(), str(after)) if before[-1] in _BEFORE_NAME:
            return (before, after)
    return ()


def fill_replaced(text: str, arguments: Arguments) -> Value:
    """Return `text.replace(placeholder, value)`: of any name, if that is worked out."""
    old, new = arguments.positional
    if isinstance(old.value, Template):
        before, after = map(re.escape, _around_name(old.value))
        pieces = re.split(rf"{before}[\w.-]+{after}", text)
    else:
        pieces = text.split(str(old.value.value))  # type: ignore[union-attr]
    parts: list[str | Hole] = []
    for index, piece in enumerate(pieces):
        parts += [_converted(new, "+"), piece] if index else [piece]
    return template(parts)


def brace_spec(spec: str, conversion: str | None) -> str:
    """Return the hole's `spec` for a format spec and conversion of `str.format` or an f-string."""
    if conversion in ("r", "a"):
        return "r"
    if not spec:
        return "s"
    return "d" if spec[-1] in _NUMBER_TYPES else "x"


def _field_path(field: str) -> tuple[str, list[tuple[bool, str]]]:
    """Split `user.address[city]` into its head and (is attribute, name) steps."""
    head = re.split(r"[.\[]", field, maxsplit=1)[0]
    steps = re.findall(r"\.(\w+)|\[([^\]]*)\]", field[len(head) :])
    return head, [(bool(attribute), attribute or key) for attribute, key in steps]


def _positional(arguments: Arguments, index: int) -> Hole | None:
    for at, given in enumerate(arguments.positional[: index + 1]):
        if given.spec == "*":
            return Hole(given.site, Item(given.value, Const(index - at)), "x", given.name, True)
    if index < len(arguments.positional):
        return arguments.positional[index]
    return _from_spread(arguments, Const(index - len(arguments.positional)))


def _from_spread(arguments: Arguments, key: Const) -> Hole | None:
    if not arguments.spread:
        return None
    whole = arguments.spread[0]
    name = key.value if isinstance(key.value, str) else whole.name
    return Hole(whole.site, Item(whole.value, key), whole.spec, name, True)


def _converted(hole: Hole, spec: str) -> str | Hole:
    value = hole.value
    if isinstance(value, Const) and spec in "s+" and isinstance(value.value, (str, int)):
        return str(value.value)
    return replace(hole, spec=spec)


def _all_holes(arguments: Arguments) -> tuple[Hole, ...]:
    return (*arguments.positional, *(hole for _, hole in arguments.named), *arguments.spread)


_FILLERS = {"%": fill_percent, "{": fill_braces, "$": fill_dollar, "replace": fill_replaced}

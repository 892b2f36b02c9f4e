"""Whether escaped text may go where a template is filled with a value.

`%d` takes a number, `%5s` would cut or pad inside an escape, `{0.name}` reads an attribute of
the value: there a value can't be exchanged for its escaped text.
"""

from __future__ import annotations

import ast
import re
import string
from typing import TYPE_CHECKING, NamedTuple

from batten.rewrite.refusal import Refusal
from batten.rewrite.tree import outside_parentheses, without_parentheses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from batten.rewrite.tree import Syntax


def refused_by_template(syntax: Syntax, value: Node) -> Refusal | None:
    """Return why a value can't be escaped where it stands, as far as its template is in sight."""
    argument = outside_parentheses(value)
    parent = argument.parent
    if parent is None:
        return None
    if _adds_bytes(syntax, argument):
        return Refusal("the text is bytes")
    if _is_percent(parent) and parent.child_by_field_name("right") == argument:
        if without_parentheses(argument).type == "tuple":
            return Refusal("it is a tuple of several values")
        return _percent(syntax, parent, _Single())
    if parent.type == "tuple" and _percent_of(parent) is not None:
        index = _index(parent, argument)
        return None if index is None else _percent(syntax, _percent_of(parent), index)
    if parent.type == "pair" and parent.parent is not None and _percent_of(parent.parent):
        key = _literal(syntax, parent.child_by_field_name("key"))
        return _percent(syntax, _percent_of(parent.parent), key) if isinstance(key, str) else None
    name: int | str | None = None
    arguments = parent
    if parent.type == "keyword_argument" and parent.parent is not None:
        arguments = parent.parent
        keyword = parent.child_by_field_name("name")
        name = None if keyword is None else syntax.text(keyword)
    elif parent.type == "argument_list":
        name = _index(parent, argument)
    if name is None or arguments.parent is None or arguments.type != "argument_list":
        return None
    call = arguments.parent
    function = call.child_by_field_name("function")
    if function is None:
        return None
    if syntax.text(function) == "dict" and _percent_of(call) is not None:
        return _percent(syntax, _percent_of(call), name)
    method = function.child_by_field_name("attribute")
    if method is not None and syntax.text(method) == "format":
        return _braces(_literal(syntax, function.child_by_field_name("object")), name)
    return None


class _Single(NamedTuple):
    """Stands for the operand of `%` that is not in a tuple or a dict."""


def _is_percent(node: Node) -> bool:
    operator = node.child_by_field_name("operator")
    return node.type == "binary_operator" and operator is not None and operator.type == "%"


def _percent_of(operand: Node) -> Node | None:
    """Return the `%` expression whose right operand a node is."""
    operand = outside_parentheses(operand)
    parent = operand.parent
    if parent is None or not _is_percent(parent):
        return None
    return parent if parent.child_by_field_name("right") == operand else None


def _adds_bytes(syntax: Syntax, operand: Node) -> bool:
    """Tell whether a node is an operand of `+` beside bytes."""
    pending = [operand]
    while (parent := pending[0].parent) is not None and parent.type in _SUMS:
        pending = [parent]
    while pending:
        node = pending.pop()
        if node.type in _SUMS:
            pending.extend(node.named_children)
        elif isinstance(_literal(syntax, node), bytes):
            return True
    return False


_SUMS = frozenset({"binary_operator", "parenthesized_expression"})


def _index(parent: Node, argument: Node) -> int | None:
    """Return the position of an argument; None when arguments before it are unpacked."""
    index = 0
    for child in parent.named_children:
        if child == argument:
            return index
        if child.type in ("list_splat", "parenthesized_list_splat", "dictionary_splat"):
            return None
        index += child.type not in ("comment", "keyword_argument")
    return None


def _literal(syntax: Syntax, node: Node | None) -> str | bytes | None:
    """Return the value of a plain string literal, None for anything else."""
    node = node and without_parentheses(node)
    if node is None or node.type not in ("string", "concatenated_string"):
        return None
    try:
        value = ast.literal_eval(f"({syntax.text(node)}\n)")
    except (ValueError, SyntaxError):
        return None  # an f-string, or a prefix of Python 2
    return value if isinstance(value, (str, bytes)) else None


class _Conversion(NamedTuple):
    text: str
    key: str | int
    kind: str
    plain: bool


_PERCENT = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?(?P<flags>[#0\- +]*)(?P<width>\*|\d+)?"
    r"(?:\.(?P<precision>\*|\d*))?[hlL]?(?P<kind>.)",
    re.DOTALL,
)


def _conversions(template: str) -> Iterator[_Conversion]:
    """Yield the conversions of a `%` template, each width or precision of `*` as one of `%d`."""
    index = 0
    for match in _PERCENT.finditer(template):
        for part in ("width", "precision"):
            if match[part] == "*":
                yield _Conversion("*", index, "d", plain=True)
                index += 1
        if match["kind"] == "%":
            continue
        plain = not (match["flags"] or match["width"] or match["precision"] is not None)
        if match["key"] is not None:
            yield _Conversion(match[0], match["key"], match["kind"], plain)
        else:
            yield _Conversion(match[0], index, match["kind"], plain)
            index += 1


def _percent(syntax: Syntax, node: Node | None, key: _Single | str | int) -> Refusal | None:
    template = _literal(syntax, node and node.child_by_field_name("left"))
    if template is None:
        return None
    if isinstance(template, bytes):
        return Refusal("the text is bytes")
    conversions = list(_conversions(template))
    if isinstance(key, _Single):
        if any(isinstance(conversion.key, str) for conversion in conversions):
            return Refusal("the values come from a mapping")
        if len(conversions) != 1:
            return Refusal("it holds several values")
        key = 0
    return _first(_converts_text(c) for c in conversions if c.key == key)


def _converts_text(conversion: _Conversion) -> Refusal | None:
    if conversion.kind not in "sra":
        return Refusal(f"`{conversion.text}` takes a number")
    if conversion.kind != "s":
        return Refusal(f"`{conversion.text}` adds quotes of its own")
    return None if conversion.plain else Refusal(f"`{conversion.text}` cuts or pads the text")


def _braces(template: str | bytes | None, key: str | int) -> Refusal | None:
    if not isinstance(template, str):
        return None
    try:
        fields = list(_fields(template, iter(range(len(template)))))
    except ValueError:
        return Refusal("the template is broken")
    return _first(_shows_text(field) for field in fields if field.key == key)


class _Field(NamedTuple):
    text: str
    key: str | int
    path: str
    conversion: str | None
    spec: str
    in_spec: bool


def _fields(template: str, numbers: Iterator[int], *, in_spec: bool = False) -> Iterator[_Field]:
    for _, name, spec, conversion in string.Formatter().parse(template):
        if name is None:
            continue
        head = re.split(r"[.\[]", name, maxsplit=1)[0]
        key = int(head) if head.isdigit() else head or next(numbers)
        suffix = (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        text = f"{{{name}{suffix}}}"
        yield _Field(text, key, name[len(head) :], conversion, spec or "", in_spec)
        yield from _fields(spec or "", numbers, in_spec=True)


def _shows_text(field: _Field) -> Refusal | None:
    if field.path:
        return Refusal(f"`{field.text}` shows a part of it")
    if field.conversion in ("r", "a"):
        return Refusal(f"`{field.text}` adds quotes of its own")
    if field.spec or field.in_spec:
        return Refusal(f"`{field.text}` formats it in its own way")
    return None


def _first(refusals: Iterable[Refusal | None]) -> Refusal | None:
    return next((refusal for refusal in refusals if refusal is not None), None)

"""The parameters of a function: their kinds, annotations and defaults, and what is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.summarize.docstring import described_parameters
from batten.summarize.nodes import IDENTIFIER, operands
from batten.summarize.summary import Parameter

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.summarize.scope import Scope


def parameters(scope: Scope, node: Node | None, doc: str) -> None:
    """Take the parameters of a function, with what its docstring tells of them."""
    if node is None:
        return
    described = described_parameters(doc) if doc else {}
    kind = "positional"
    for child in operands(node):
        name, annotation, default = child, None, None
        here = kind
        if child.kind_id == IDENTIFIER:
            pass  # the most are nothing but a name
        elif child.type in ("default_parameter", "typed_default_parameter"):
            name = child.child_by_field_name("name") or child
            annotation = child.child_by_field_name("type")
            default = child.child_by_field_name("value")
        elif child.type == "typed_parameter":
            annotation = child.child_by_field_name("type")
            name = operands(child)[0]
        if name.kind_id != IDENTIFIER:
            if name.type in ("keyword_separator", "positional_separator"):
                kind = "keyword" if name.type == "keyword_separator" else kind
                continue
            if name.type in ("list_splat_pattern", "dictionary_splat_pattern"):
                here = "*" if name.type == "list_splat_pattern" else "**"
                kind = "keyword"
                inner = operands(name)
                if not inner:
                    continue
                name = inner[0]
            if name.kind_id != IDENTIFIER:
                continue
        text = scope.slice(name)
        told = described.get(text)
        if child is name and told is None:
            scope.take(Parameter(text, here, scope.site(name)))
            continue
        scope.take(
            Parameter(
                name=text,
                kind=here,
                site=scope.site(name),
                annotation=scope.evaluate(annotation) if annotation is not None else None,
                default=scope.evaluate(default) if default is not None else None,
                doc=told.text if told else "",
                doc_type=told.type if told else "",
            )
        )

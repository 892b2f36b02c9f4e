"""What an expression inside an f-string may look like on every Python since 3.6.

Before Python 3.12 (PEP 701) a replacement field can hold neither the quote of its own f-string,
nor a backslash, a comment, or, with single quotes, the end of a line.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from batten.rewrite.edit import Edit
from batten.rewrite.occurrences import USUAL_WORDS, mentioning
from batten.rewrite.tree import ancestors, descendants
from batten.syntax.parse import parse
from batten.syntax.text import Span
from batten.syntax.units import DividedText

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from batten.rewrite.tree import Syntax


def string_literal(syntax: Syntax, text: str, at: Node) -> str | None:
    """Return a literal of `text` for the place of a node; None when no quotes fit there.

    The quotes are double ones, unless the document uses none, or an f-string around has them.
    """
    around = [
        _delimiter(syntax, node.parent)
        for node in ancestors(at)
        if node.type == "interpolation" and node.parent is not None
    ]
    if around and any(character in text for character in "\\#\n\r"):
        return None
    candidates = ['"', "'"] if _uses_double_quotes(syntax) else ["'", '"']
    candidates.sort(key=lambda quote: any(quote in delimiter for delimiter in around))
    for quote in candidates:
        if quote not in text and quote not in around:
            escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
            return f"{quote}{escaped}{quote}"
    return None


def widened(syntax: Syntax, text: str, at: Node) -> tuple[str, tuple[Edit, Edit]] | None:
    """Return a literal of `text` for inside two f-strings, and the edits that make room for it.

    The outer f-string gets triple quotes, which leave single ones of the kind for the literal.
    None where that doesn't help: the f-strings are nested deeper, or the text needs escapes.
    """
    around = [
        node.parent
        for node in ancestors(at)
        if node.type == "interpolation" and node.parent is not None
    ]
    if len(around) != _NESTED or any(character in text for character in "\\#\n\r\"'"):
        return None
    outer = around[-1]
    quote = _delimiter(syntax, outer)
    start, end = outer.children[0].end_byte, outer.children[-1].start_byte
    if len(quote) > 1 or quote.encode() in syntax.data[start:end]:
        return None
    edits = (
        Edit(Span(start - len(quote), start), quote * 3),
        Edit(Span(end, end + len(quote)), quote * 3),
    )
    return f"{quote}{text}{quote}", edits


def too_new(syntax: Syntax, within: Node) -> Iterator[tuple[Node, str]]:
    """Yield each f-string inside a node that Python 3.11 can't read, with the reason."""
    for node in descendants(within):
        if node.type != "interpolation" or node.parent is None:
            continue
        delimiter = _delimiter(syntax, node.parent)
        reason = None
        if delimiter in syntax.text(node):
            reason = "repeats its own quotes inside a field"
        elif "\\" in _expression(syntax, node):
            reason = "has a backslash inside a field"
        elif any(inner.type == "comment" for inner in descendants(node)):
            reason = "has a comment inside a field"
        elif len(delimiter) == 1 and syntax.line(node.start_byte) != syntax.line(node.end_byte):
            reason = "has a field of several lines"
        if reason is not None:
            yield node.parent, reason


def _delimiter(syntax: Syntax, string: Node) -> str:
    return syntax.text(string.children[0]).lstrip("fFrRbBuUtT")


def _expression(syntax: Syntax, field: Node) -> str:
    """Return the text of a replacement field without its format specification."""
    text = syntax.text(field)
    spec = next((child for child in field.children if child.type == "format_specifier"), None)
    return text if spec is None else text[: -(len(syntax.text(spec)) + 1)]


def _uses_double_quotes(syntax: Syntax) -> bool:
    """Tell whether a document has strings in double quotes, other than to hold single ones."""
    strings = 0
    for text, delimiter in chain(_strings(syntax.root, syntax.data), _further_strings(syntax)):
        strings += len(delimiter) == 1
        if delimiter == b'"' and b"'" not in text:
            return True
    return strings == 0


def _strings(root: Node, data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the strings in a tree, each with its quotes."""
    for node in descendants(root):
        if node.type == "string":
            quotes = node.children[0]
            prefixed = data[quotes.start_byte : quotes.end_byte]
            yield data[node.start_byte : node.end_byte], prefixed.lstrip(b"fFrRbBuUtT")


def _further_strings(syntax: Syntax) -> Iterator[tuple[bytes, bytes]]:
    """Yield the strings in those units that are not in an excerpt and likely have such text.

    Those are of the units that build URLs, told by what they call, and of the classes around.
    """
    if isinstance(syntax.source, DividedText):
        for text in mentioning(syntax.source.division, USUAL_WORDS):
            tree = parse(text)
            if not tree.root_node.has_error:
                yield from _strings(tree.root_node, text)


_NESTED = 2

"""Expressions of a document as LibCST's concrete nodes: parsed, put into others, and printed.

A value keeps its text to the byte, with its comments and line breaks, whatever it is put into.
Importing this module loads LibCST, which takes a while: import it where an edit is made.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from batten.rewrite.refusal import Refusal
from batten.values.immutable import immutable

if TYPE_CHECKING:
    from tree_sitter import Node

    from batten.rewrite.tree import Syntax


def expression(syntax: Syntax, node: Node) -> Expression | Refusal:
    """Return an expression of a document as concrete nodes.

    Refuses what LibCST does not read, which is Python 3 only, and what is nested so deeply that
    its parser would run out of stack.
    """
    if _is_deep(node):
        return Refusal("it is nested too deeply")
    text = syntax.text(node)
    try:
        # Between parentheses it may have any number of lines; they are taken off again.
        parsed = cst.parse_expression(f"({text})")
    except (cst.ParserSyntaxError, UnicodeEncodeError):
        return Refusal("it can't be read as Python 3")
    bare = parsed.with_changes(lpar=parsed.lpar[1:], rpar=parsed.rpar[:-1])
    found = Expression(bare, first_line_end(text))
    return found if found.text == text else Refusal("it can't be written as it stands")


@immutable
class Expression:
    """An expression; `line_end` stands for those line breaks that the nodes leave open."""

    node: cst.BaseExpression
    line_end: str

    @property
    def text(self) -> str:
        """The text of the expression."""
        return printed(self.node, self.line_end)

    def passed_to(self, function: str, *literals: str, **keywords: str) -> Expression:
        """Return a call of a function with this, then with string literals, as arguments.

        `function` is a dotted name.
        """
        arguments = [
            cst.Arg(_apart(self.node, _NO_ARGUMENT)),
            *(cst.Arg(cst.parse_expression(literal)) for literal in literals),
            *(_keyword(name, literal) for name, literal in keywords.items()),
        ]
        return replace(self, node=cst.Call(dotted(function), arguments))

    def filling(self, template: str) -> Expression:
        """Return a string literal that is filled with this by `%`; a tuple fills several places."""
        right = _apart(self.node, _NO_OPERAND)
        filled = cst.BinaryOperation(cst.SimpleString(template), cst.Modulo(), right)
        return replace(self, node=filled)

    def filling_alone(self, template: str) -> Expression:
        """Return a string literal with one place that is filled with this by `%`."""
        one = cst.Tuple([cst.Element(_apart(self.node, _NO_ARGUMENT), cst.Comma())])
        return replace(self, node=one).filling(template)

    def each_passed_to(self, function: str, name: str, **keywords: str) -> Expression:
        """Return a generator, without parentheses, of calls with each item of this.

        `name` is the name of one item.
        """
        item = replace(self, node=cst.Name(name)).passed_to(function, **keywords)
        loop = cst.CompFor(target=cst.Name(name), iter=_apart(self.node, _NO_ITERABLE))
        return replace(self, node=cst.GeneratorExp(item.node, loop, lpar=[], rpar=[]))

    def in_parentheses(self) -> Expression:
        """Return the expression in parentheses, or in one more pair of them."""
        return replace(self, node=_in_parentheses(self.node))

    def with_keyword(self, name: str, literal: str) -> Expression:
        """Return a call with a string literal as one more argument; TypeError for what is no call.

        The call has arguments already.
        """
        if not isinstance(self.node, cst.Call):
            raise TypeError(f"{self.text!r} is not a call")
        *before, last = self.node.args
        new = _keyword(name, literal).with_changes(
            comma=last.comma, whitespace_after_arg=last.whitespace_after_arg
        )
        last = last.with_changes(
            comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")),
            whitespace_after_arg=cst.SimpleWhitespace(""),
        )
        return replace(self, node=self.node.with_changes(args=[*before, last, new]))


def dotted(name: str) -> cst.Name | cst.Attribute:
    """Return the node of a dotted name."""
    first, *rest = name.split(".")
    node: cst.Name | cst.Attribute = cst.Name(first)
    for part in rest:
        node = cst.Attribute(node, cst.Name(part))
    return node


def printed(node: cst.CSTNode, line_end: str) -> str:
    """Return the text of a node; `line_end` is how the text that it was read from ends lines."""
    return cst.Module([], default_newline=line_end).code_for_node(node)


def first_line_end(text: str) -> str:
    r"""Return how the first line of a text ends, `\n` when it has no line end.

    LibCST's nodes leave out every line end that is the same as this.
    """
    found = _LINE_END.search(text)
    return "\n" if found is None else found[0]


_LINE_END = re.compile(r"\r\n?|\n")


def _keyword(name: str, literal: str) -> cst.Arg:
    tight = cst.SimpleWhitespace("")
    equal = cst.AssignEqual(whitespace_before=tight, whitespace_after=tight)
    return cst.Arg(cst.SimpleString(literal), keyword=cst.Name(name), equal=equal)


def _apart(
    node: cst.BaseExpression, kinds: tuple[type[cst.BaseExpression], ...]
) -> cst.BaseExpression:
    """Return a node in parentheses when it has none and is of a kind that needs them."""
    return node if node.lpar or not isinstance(node, kinds) else _in_parentheses(node)


def _in_parentheses(node: cst.BaseExpression) -> cst.BaseExpression:
    return node.with_changes(
        lpar=[cst.LeftParen(), *node.lpar], rpar=[*node.rpar, cst.RightParen()]
    )


def _is_deep(node: Node) -> bool:
    """Tell whether nodes are nested in a node more than `_DEEPEST` deep."""
    level = [node]
    for _ in range(_DEEPEST):
        level = [child for outer in level for child in outer.named_children]
        if not level:
            return False
    return True


_NO_ARGUMENT = (cst.Tuple, cst.Yield)
_NO_OPERAND = (
    cst.BinaryOperation,
    cst.BooleanOperation,
    cst.Comparison,
    cst.IfExp,
    cst.Lambda,
    cst.NamedExpr,
    cst.UnaryOperation,
    cst.Yield,
)
_NO_ITERABLE = (cst.IfExp, cst.Lambda, cst.NamedExpr, cst.Tuple, cst.Yield)

# The parser takes a time that grows with the square of this: some 15 ms at worst.
_DEEPEST = 64

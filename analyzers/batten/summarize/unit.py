"""The summary of one unit: parse its text, interpret it, freeze what came out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.summarize.builder import Builder, Nested
from batten.summarize.calls import call_partial
from batten.summarize.constructors import constructor, makes_constructor
from batten.summarize.environment import names_tested
from batten.summarize.expressions import EXPRESSIONS
from batten.summarize.guards import proved
from batten.summarize.met import Met
from batten.summarize.nodes import CALL, COMMENT, STRING, operands
from batten.summarize.parameters import parameters
from batten.summarize.promises import returned
from batten.summarize.scope import Scope
from batten.summarize.statements import execute_block
from batten.summarize.strings import unescaped
from batten.summarize.summary import NO_RANGES, Class, Function, Parameter, Shape, Summary
from batten.syntax.change import change_between
from batten.syntax.kinds import kind as kind_number
from batten.syntax.parse import ParseTimeoutError, errors
from batten.syntax.reparse import Parser
from batten.syntax.text import Span
from batten.syntax.units import UnitKind
from batten.values.terms import UNKNOWN, Attribute, Imported, Local, Result, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node, Tree

    from batten.summarize.bookmarks import Bookmark, Rereading
    from batten.summarize.stretches import Stretches
    from batten.syntax.change import Change
    from batten.syntax.mending import Mended
    from batten.syntax.reparse import Parsed, Passed


def summarize(kind: UnitKind, text: bytes) -> Summary:
    """Return the summary of a unit from its text alone.

    A text that can't be parsed in bounded time, or is nested too deeply to be interpreted, has
    an empty shape and is one error.
    """
    return Summarizer().summarize(kind, text)


class Summarizer:
    """Summarizes units, and remembers the last: the next may be the same with a letter more.

    Texts that nobody changes are remembered, too: they may be met again. It can be stopped at the
    `border`.
    """

    def __init__(self, border: Callable[[], None] = lambda: None) -> None:
        self._border = border
        self._parser = Parser()
        self._met = Met()
        self._kind: UnitKind | None = None
        self._text = b""
        self._docstring = Span(0, 0)
        self._summary: Summary | None = None
        self._bookmark: Bookmark | None = None
        self._stretches: Stretches | None = None

    def summarize(self, kind: UnitKind, text: bytes, before: bytes | None = None) -> Summary:
        """Return what `summarize` does; sooner if told the text that the unit had `before`."""
        is_new = before is None and not self._parser.is_changed(text)
        known = self._met.get(kind, text) if is_new else None
        if known is not None:
            return known
        try:
            if not is_new:
                return self._summarized(kind, text, before)
            found = self._afresh(kind, text)
        except (ParseTimeoutError, RecursionError):
            return Summary(_nothing(), NO_RANGES, (Span(0, len(text)),))
        self._met.note(kind, text, found)
        return found

    def _afresh(self, kind: UnitKind, text: bytes) -> Summary:
        """Return the summary of a text that is not the last one with a change."""
        parsed = self._parser.next(text)
        self._summary = self._bookmark = self._stretches = None
        self._kind = kind
        found = self._read(kind, parsed, None)
        self._text, self._summary = text, found
        return found

    def _summarized(self, kind: UnitKind, text: bytes, before: bytes | None) -> Summary:
        passed = self._passed(kind, text)
        parsed = self._parser.next(text, passed)
        change = parsed.change if self._kind is kind else None
        found: Summary | None = None
        if change is not None and parsed.is_told:
            found = self._moved(change, text)
        self._summary = None
        if found is None:
            if before is not None:
                # The last text was another one if the unit's own was known already.
                change = change_between(before, parsed.text)
            mark = self._bookmark if self._kind is kind else None
            self._bookmark, self._kind = None, kind
            if change is None:
                self._stretches = None
                found = self._read(kind, parsed, None)
            else:
                found = self._read_again(kind, text, parsed, change, mark)
        self._text, self._summary = text, found
        return found

    def _passed(self, kind: UnitKind, text: bytes) -> Passed | None:
        """Return what need not be parsed of a text."""
        if self._bookmark is None or self._kind is not kind or kind is UnitKind.CLASS:
            return None
        from batten.summarize.bookmarks import passed  # only for who types: scans do without

        return passed(self._bookmark, text)

    def _read_again(
        self,
        kind: UnitKind,
        text: bytes,
        parsed: Parsed,
        change: Change,
        mark: Bookmark | None,
    ) -> Summary:
        from batten.summarize.bookmarks import NotPassedError, Rereading

        known, self._stretches = self._stretches, None
        again = Rereading(parsed, change, mark, known, self._border)
        try:
            found = self._read(kind, parsed, again)
        except NotPassedError:
            parsed = self._parser.next(text)
            again = Rereading(parsed, change, mark, known, self._border)
            found = self._read(kind, parsed, again)
        self._bookmark, self._stretches = again.bookmark, again.stretches
        return found

    def _read(self, kind: UnitKind, parsed: Parsed, again: Rereading | None) -> Summary:
        builder = Builder(parsed.text, EXPRESSIONS, again, self._border)
        found = _interpreted(kind, builder, parsed.tree)
        self._docstring = builder.docstring
        return found if parsed.mended is None else _as_it_was(found, parsed.mended)

    def _moved(self, change: Change, text: bytes) -> Summary | None:
        """Return the summary of a text with another comment; None where that may tell anything."""
        before = self._summary
        if before is None or before.errors or change.start < self._docstring.end:
            return None
        if names_tested(self._text, self._docstring) != names_tested(text, self._docstring):
            return None
        return Summary(before.shape, before.sites.moved(change.start, change.moved))


def _interpreted(kind: UnitKind, builder: Builder, tree: Tree) -> Summary:
    root = tree.root_node
    definition = _definition(root, kind)
    if definition is None:
        # The module's body, or a header so broken that the tree has no definition.
        builder.nest(root, None)
    elif kind is UnitKind.CLASS:
        builder.nest_class(definition, None, ())
    else:
        builder.nest(definition, None, ())
    decorated = definition.parent if definition is not None else None
    functions, classes = _interpret(builder, decorated)
    shape = Shape(functions, classes, tuple(builder.star_imports))
    unread = (*(errors(tree) if root.has_error else ()), *builder.skipped)
    return Summary(shape, builder.sites.ranges(), unread)


def _as_it_was(summary: Summary, mended: Mended) -> Summary:
    """Return the summary of a text that was mended, with the places that it had before."""
    sites, unread = summary.sites, summary.errors
    if mended.put_in:
        before = mended.before
        sites = sites.placed(before)
        unread = tuple([Span(before(each.start), before(each.end)) for each in unread])
    return Summary(summary.shape, sites, (*mended.broken, *unread))


def unread(name: str) -> Summary:
    """Return the summary of a function that is not read: it may take and return anything."""
    return Summary(Shape((replace(_UNREAD, name=name),)), NO_RANGES)


def _nothing() -> Shape:
    return Shape((_EMPTY,))


_EXPRESSION_STATEMENT = kind_number("expression_statement")
_FUNCTION, _CLASS = kind_number("function_definition"), kind_number("class_definition")
_DECORATED = kind_number("decorated_definition")
_EMPTY = Scope(Builder(b"", EXPRESSIONS), 0, None).finish("", (), "", {})
_UNREAD = replace(_EMPTY, returns=UNKNOWN)


def _definition(root: Node, kind: UnitKind) -> Node | None:
    if kind is UnitKind.MODULE:
        return None
    wanted = _FUNCTION if kind is UnitKind.FUNCTION else _CLASS
    for child in root.named_children:
        kind_of_child = child.kind_id
        if kind_of_child == wanted:
            return child
        if kind_of_child == _DECORATED:
            inner = child.child_by_field_name("definition")
            if inner is not None and inner.kind_id == wanted:
                return inner
    return None


def _interpret(
    builder: Builder, decorated: Node | None
) -> tuple[tuple[Function, ...], tuple[Class, ...]]:
    functions: dict[int, Function] = {}
    classes: dict[int, Class] = {}
    if builder.waiting:
        nested = builder.waiting.pop()
        functions[0] = _function(builder, nested, decorated)
        if not builder.waiting and not builder.waiting_classes:
            return (functions[0],), ()
    else:
        # A class unit: its body is function 0.
        builder.nest(builder.waiting_classes[0].node, None)
        body = builder.waiting.pop()
        functions[body.number], classes[0] = _class(
            builder, builder.waiting_classes.pop(), body.number, decorated
        )
        _construct(builder, functions, classes, 0)
    while builder.waiting or builder.waiting_classes:
        if builder.waiting:
            nested = builder.waiting.pop(0)
            functions[nested.number] = _function(builder, nested, None)
        else:
            nested = builder.waiting_classes.pop(0)
            number = builder.nest(nested.node, nested.owner)
            builder.waiting.pop()
            functions[number], classes[nested.number] = _class(builder, nested, number, None)
            _construct(builder, functions, classes, nested.number)
    return (
        tuple([functions[number] for number in sorted(functions)]),
        tuple([classes[number] for number in sorted(classes)]),
    )


def _construct(
    builder: Builder, functions: dict[int, Function], classes: dict[int, Class], number: int
) -> None:
    """Give a class the constructor that its decorators or bases make of its fields."""
    made = classes[number]
    body = functions[made.body]
    names = [_decorator_name(decorator, body) for decorator in made.decorators]
    if "__init__" in made.methods or not makes_constructor(names, made.bases):
        return
    key = builder.reserve()
    functions[key] = constructor(made.annotations, made.attributes, made.site)
    classes[number] = replace(made, methods={**made.methods, "__init__": key})


def _decorator_name(decorator: Value, body: Function) -> str:
    if isinstance(decorator, Result) and decorator.call < len(body.calls):
        decorator = body.calls[decorator.call].function
    if isinstance(decorator, Imported):
        return decorator.target.rpartition(".")[2]
    return decorator.name if isinstance(decorator, Attribute) else getattr(decorator, "id", "")


def _function(builder: Builder, nested: Nested, decorated: Node | None) -> Function:
    node = nested.node
    kind = node.kind_id
    scope = _scope(builder, nested.number, nested.owner)
    decorators = nested.decorators
    name = ""
    doc = ""
    again = builder.rereading if not nested.number else None
    if again is not None and again.head is not None:
        # What it told when it was read is in the bookmark.
        head = again.head
        name, decorators, doc = head.name, head.decorators, head.doc
        builder.docstring = head.docstring
        body = node.child_by_field_name("body") if kind == _FUNCTION else node
        if body is not None:
            execute_block(scope, body)
    elif kind == _FUNCTION:
        decorators = decorators or _decorators(scope, decorated)
        name_node = node.child_by_field_name("name")
        name = builder.slice(name_node) if name_node is not None else ""
        body = node.child_by_field_name("body")
        doc = _docstring(builder, body)
        parameters(scope, node.child_by_field_name("parameters"), doc)
        _begin(builder, nested, name, decorators, doc)
        if body is not None:
            execute_block(scope, body)
    elif node.type == "lambda":
        parameters(scope, node.child_by_field_name("parameters"), "")
        body = node.child_by_field_name("body")
        if body is not None:
            value = scope.evaluate(body)
            scope.returns.append(value)
            scope.leave(returned(scope, value, proved(scope, body)))
    elif kind == CALL:
        # `partial(function, ...)`: a function of whatever else it is called with.
        site = scope.site(node)
        for rest, stars in (("args", "*"), ("kwargs", "**")):
            scope.take(Parameter(rest, stars, site))
        scope.returns += filter(None, (call_partial(scope, node),))
    else:
        doc = _docstring(builder, node)
        _begin(builder, nested, name, decorators, doc)
        execute_block(scope, node)
    # Nobody looks into a function but those nested in it: what it calls its values is its own.
    is_alone = kind == _FUNCTION and builder.has_one_function()
    return scope.finish(name, decorators, doc, {} if is_alone else scope.names())


def _scope(builder: Builder, number: int, owner: int | None) -> Scope:
    if builder.rereading is None:
        return Scope(builder, number, owner)
    from batten.summarize.watched_scope import WatchedScope

    return WatchedScope(builder, number, owner)


def _begin(
    builder: Builder, nested: Nested, name: str, decorators: tuple[Value, ...], doc: str
) -> None:
    """Have what is told of the unit's function kept with what comes out of its statements."""
    if builder.rereading is not None and not nested.number:
        from batten.summarize.bookmarks import Head

        builder.rereading.begin(Head(name, decorators, doc, builder.docstring))


def _class(
    builder: Builder, nested: Nested, number: int, decorated: Node | None
) -> tuple[Function, Class]:
    scope = _scope(builder, number, nested.owner)
    node = nested.node
    decorators = nested.decorators or _decorators(scope, decorated)
    name_node = node.child_by_field_name("name")
    name = builder.slice(name_node) if name_node is not None else ""
    bases_node = node.child_by_field_name("superclasses")
    bases = tuple(
        scope.evaluate(child)
        for child in (operands(bases_node) if bases_node is not None else ())
        if child.type != "keyword_argument"
    )
    body = node.child_by_field_name("body")
    if body is not None:
        execute_block(scope, body)
    function = scope.finish(name, (), _docstring(builder, body), scope.names())
    methods = {
        key: value.function for key, value in function.bound.items() if isinstance(value, Local)
    }
    return function, Class(
        name=name,
        site=builder.sites.number(name_node if name_node is not None else node),
        body=number,
        bases=bases,
        attributes=function.bound,
        annotations=dict(scope.annotations),
        methods=methods,
        decorators=decorators,
    )


def _decorators(scope: Scope, decorated: Node | None) -> tuple[Value, ...]:
    if decorated is None or decorated.kind_id != _DECORATED:
        return ()
    return tuple(
        scope.evaluate(operands(child)[0])
        for child in decorated.named_children
        if child.type == "decorator" and operands(child)
    )


def _docstring(builder: Builder, body: Node | None) -> str:
    if body is None or not body.named_child_count:
        return ""
    first: Node | None = body.named_child(0)
    if first is not None and first.kind_id == COMMENT:
        first = next((child for child in body.named_children if child.kind_id != COMMENT), None)
    if first is None or first.kind_id != _EXPRESSION_STATEMENT:
        return ""
    inner = operands(first)
    if len(inner) != 1 or inner[0].kind_id != STRING:
        return ""
    if not builder.docstring.end:
        builder.docstring = Span(inner[0].start_byte, inner[0].end_byte)
    raw = "".join(
        builder.slice(child) for child in inner[0].named_children if child.type == "string_content"
    )
    return unescaped(raw, "")

"""The fixes of an unescaped value: escaped where it goes in, or handed over as a parameter.

What makes edits is loaded where one is made: who only looks for findings does without.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.grammars.url import Context
from batten.link.flow import LeafKind
from batten.rewrite.edit import Fix, Level
from batten.rewrite.refusal import Refusal
from batten.rules.urls.advice import advice
from batten.rules.urls.hole import shown
from batten.rules.urls.slashes import Slashes, is_whole_path, slashes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.link.flow import Flow, Leaf
    from batten.rewrite.move_query import Moved
    from batten.syntax.text import SourceText, Span


def escape_fixes(flow: Flow, source: SourceText) -> Iterator[Fix | Refusal]:
    """Propose to escape the value where it goes in, and what else would do, best first."""
    escaped = next((leaf for leaf in flow.leaves if leaf.kind in _ESCAPED_ELSEWHERE), None)
    if escaped is not None:
        # Escaped where it goes in, such a value would be escaped twice.
        yield Refusal(f"{shown(flow)} {escaped.why} on one of the ways on which it comes here")
        yield advice(f"Escape {shown(flow)} with quote() where it comes from")
        return
    if flow.reread == "%":
        yield Refusal("the `%2F` of an escaped value would be read as a conversion")
        return
    quoted = [_quoted(flow, source, safe) for safe in _KEPT[slashes(flow)]]
    refused = [one for one in quoted if isinstance(one, Refusal)]
    fixes = [one for one in quoted if isinstance(one, Fix)]
    if refused and not fixes:
        yield refused[0]
        if _can_be_read(source, flow.span):
            yield advice(f"Escape {shown(flow)} with quote() before it goes into the text")
    for index, fix in enumerate(fixes):
        yield Fix(fix.title, fix.level, fix.edits, preferred=index == 0)
    if flow.context in (Context.QUERY_VALUE, Context.QUERY_NAME):
        yield from _as_parameters(flow, source)
        yield from _with_urlencode(flow, source)


def _can_be_read(source: SourceText, span: Span) -> bool:
    """Tell whether a place is in sound code: half-typed code gets its fix when it is typed."""
    from batten.rewrite.names import bindings_at

    names = bindings_at(source, span.start)
    return not isinstance(names, Refusal) and names.syntax.broken(span.start) is None


def _quoted(flow: Flow, source: SourceText, safe: str) -> Fix | Refusal:
    from batten.rewrite.destinations import goes_elsewhere
    from batten.rewrite.quote import Coercion, quote_joined, quote_value
    from batten.rewrite.replaced import is_escaped_by_hand, quote_instead
    from batten.rewrite.variables import is_shared

    title = f"Escape {shown(flow)} with quote(){', keeping `/`' if safe else ''}"
    # What `repr` or a width adds is escaped as well; a shared value is escaped for others too.
    unsure = flow.spec in ("r", "x") or is_shared(source, flow.span)
    if not safe and slashes(flow) is not Slashes.ENDING:
        unsure = True  # a slash may be harmless here
    if is_whole_path(flow) and not all(map(_is_accounted_for, flow.leaves)):
        unsure = True  # what callers elsewhere have put together may have a query of its own
    if flow.function.rpartition(".")[2] in _SHOWN:
        unsure = True  # people read the same text
    if goes_elsewhere(source, flow.span):
        unsure = True  # a file that has the text as its name would have another one
    if _is_reference(source, flow.span):
        unsure = True  # so may be whatever makes another address of it
    if flow.join is not None:
        edits = quote_joined(source, flow.join, safe=safe)
        title = f"Escape each item of {shown(flow)} with quote()"
    elif is_escaped_by_hand(source, flow.span):
        edits = quote_instead(source, flow.span, safe=safe, coercion=Coercion.TEXT)
        title += " instead of replace()"
        unsure = True
    else:
        known_text = flow.spec in ("+", ",") or _is_text(flow.leaves)
        coercion = Coercion.TEXT if known_text else Coercion.ANY
        edits = quote_value(source, flow.span, safe=safe, coercion=coercion)
    if isinstance(edits, Refusal):
        return edits
    level = Level.UNSAFE if unsure else Level.SAFE
    return Fix(title, level, edits, preferred=False)


def _is_accounted_for(leaf: Leaf) -> bool:
    """Tell whether the program says what a value is, or who gives it."""
    return leaf.kind is not LeafKind.UNKNOWN or leaf.told or leaf.control is not None


def _is_reference(source: SourceText, value: Span) -> bool:
    """Tell whether a value is the whole reference that `urljoin` resolves."""
    from batten.rewrite.names import bindings_at

    names = bindings_at(source, value.start)
    node = None if isinstance(names, Refusal) else names.syntax.node(value)
    if node is None or isinstance(names, Refusal):
        return False
    arguments = node.parent
    call = None if arguments is None or arguments.type != "argument_list" else arguments.parent
    function = None if call is None else call.child_by_field_name("function")
    return function is not None and names.syntax.text(function).endswith("urljoin")


def _as_parameters(flow: Flow, source: SourceText) -> Iterator[Fix]:
    """Propose to hand the whole query over, where the call takes it apart from the URL."""
    from batten.rewrite.move_query import Taken, to_parameters

    taken = Taken.TEXT if flow.sink.client in _TAKE_TEXT_ONLY else Taken.ANYTHING
    for taker in flow.takers:
        if taker.keyword == "fields" and not _WITHOUT_BODY.match(source.slice(taker.span)):
            continue  # urllib3 would put them into the body
        moved = to_parameters(
            source,
            flow.span,
            taker.span,
            keyword=taker.keyword,
            taken=taken,
            texts=_texts(flow),
        )
        if isinstance(moved, Refusal) or not _are_raw(moved, flow):
            continue
        if moved.merged and flow.sink.client in _FORGET_THE_QUERY:
            continue
        level = Level.SAFE if moved.same_bytes else Level.UNSAFE
        title = f"Pass {_listed(moved.names)} as `{taker.keyword}`"
        yield Fix(title, level, moved.edits, preferred=False)
        return


def _with_urlencode(flow: Flow, source: SourceText) -> Iterator[Fix]:
    from batten.rewrite.move_query import to_urlencode

    moved = to_urlencode(source, flow.span, texts=_texts(flow))
    if isinstance(moved, Refusal) or len(moved.names) < _WORTH_URLENCODE:
        return
    if _are_raw(moved, flow):
        level = Level.SAFE if moved.same_bytes else Level.UNSAFE
        yield Fix("Put the query together with urlencode()", level, moved.edits, preferred=False)


def _are_raw(moved: Moved, flow: Flow) -> bool:
    """Tell whether nothing that moves is escaped, or put together from what may be, elsewhere."""
    for hole in moved.holes:
        leaves = [
            leaf for beside in flow.beside if hole.contains(beside.span) for leaf in beside.leaves
        ]
        if not leaves or any(leaf.kind in _ESCAPED_ELSEWHERE for leaf in leaves):
            return False
    return True


def _texts(flow: Flow) -> frozenset[Span]:
    return frozenset(beside.span for beside in flow.beside if _is_text(beside.leaves))


def _is_text(leaves: frozenset[Leaf] | tuple[Leaf, ...]) -> bool:
    return all(leaf.is_text for leaf in leaves)


def _listed(names: tuple[str, ...]) -> str:
    """Return names as words, or how many there are."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) > _MANY_NAMES:
        return f"the {len(quoted)} parameters"
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if quoted[1:] else quoted)


_ESCAPED_ELSEWHERE = frozenset({LeafKind.COMPOSED, LeafKind.PIECE, LeafKind.ESCAPED})
_KEPT = {Slashes.ENDING: ("",), Slashes.PERHAPS: ("", "/"), Slashes.MEANT: ("/", "")}
# Methods that make the text of an object, wherever that is shown.
_SHOWN = frozenset({"__str__", "__repr__", "__format__"})
_TAKE_TEXT_ONLY = frozenset({"aiohttp"})
_FORGET_THE_QUERY = frozenset({"httpx"})
_WITHOUT_BODY = re.compile(
    r"""[\w.()\s]*\(\s*(?:method\s*=\s*)?["'](?:DELETE|GET|HEAD|OPTIONS)["']""", re.IGNORECASE
)
_WORTH_URLENCODE = 2
_MANY_NAMES = 3

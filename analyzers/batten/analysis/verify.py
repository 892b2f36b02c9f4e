"""Whether fixes may be made: they are tried out, and the result is read and judged again."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from batten.rewrite.division_after import division_after
from batten.rewrite.edit import Edit, apply
from batten.rewrite.escaping import QUOTE, URLENCODE, escaped_around, escaping_function
from batten.rewrite.fstrings import too_new
from batten.rewrite.moved import Moves, places
from batten.rewrite.names import Bindings, division_of, excerpts
from batten.rewrite.refusal import Refusal
from batten.rewrite.scopes import read_scopes
from batten.rewrite.tree import ancestors, descendants, syntax
from batten.syntax.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from tree_sitter import Node

    from batten.rewrite.edit import Fix
    from batten.rewrite.tree import Syntax
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText
    from batten.syntax.units import Division, Unit


class Condition(Enum):
    """What must hold of a fix; the value says it."""

    PARSES = "what is edited parses, before and after, and nothing but the edits has changed"
    CURES = "the finding is gone, and no new one has come, but for what no edit can cure"
    SETTLES = "a second run changes nothing that the first one wrote"
    RESOLVES = "what it calls is bound, there, to what it means"
    ONCE = "nothing is encoded twice"
    PORTABLE = "the result is valid for the oldest Python supported"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a fix may be offered: `failed` is None if so, else the first condition it fails.

    `reason` says in plain words what is wrong. `blamed` are those of several fixes that it is
    about; empty when that can't be told.
    """

    failed: Condition | None
    reason: str = ""
    blamed: tuple[Cure, ...] = field(default=(), compare=False)

    @property
    def holds(self) -> bool:
        """Whether all conditions hold."""
        return self.failed is None


@dataclass(frozen=True, slots=True)
class Cure:
    """A fix of a finding.

    `leaves` are the codes of lesser findings that may stand where the finding stood.
    """

    finding: Finding
    fix: Fix
    leaves: Collection[str] = ()


def verified(
    source: SourceText,
    cures: Sequence[Cure],
    *,
    analyse: Callable[[SourceText], Sequence[Finding]],
    propose: Callable[[SourceText, Finding], Iterable[Fix]],
    calls: Collection[str] = (QUOTE, URLENCODE),
    python: tuple[int, int] = (3, 8),
    division: Division | None = None,
) -> Verdict:
    """Try one fix, or several at once, and tell whether they may be offered so.

    `analyse` returns the findings in a text that stands in the place of `source`, `propose` the
    unverified fixes of one of them. `calls` are the qualified names of what the fixes may call
    besides builtins. `python` is the oldest version that the code is for. `division` are the units
    of `source`, if they are known.
    """
    attempt = attempted(source, cures, calls=calls, python=python, division=division)
    if isinstance(attempt, Verdict):
        return attempt
    before = analyse(source)
    return attempt.judged(before, analyse(attempt.result), propose)


def attempted(
    source: SourceText,
    cures: Sequence[Cure],
    *,
    calls: Collection[str] = (QUOTE, URLENCODE),
    python: tuple[int, int] = (3, 8),
    division: Division | None = None,
) -> Attempt | Verdict:
    """Make fixes in a copy; a verdict says which condition they fail that needs no analysis."""
    trial = _tried(division or division_of(source), [cure.fix for cure in cures], python)
    if isinstance(trial, Verdict):
        return trial
    for condition, reason in _checked(trial, calls, python):
        if reason is not None:
            return Verdict(condition, reason)
    return Attempt(tuple(cures), trial)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Fixes that were made in a copy of their document, and read well."""

    cures: tuple[Cure, ...]
    _trial: _Trial

    @property
    def result(self) -> SourceText:
        """The document with the fixes."""
        return self._trial.result.source

    def judged(
        self,
        before: Sequence[Finding],
        after: Sequence[Finding],
        propose: Callable[[SourceText, Finding], Iterable[Fix]],
    ) -> Verdict:
        """Tell what the findings in the document, without and with the fixes, say of them."""
        left = list(_left(self._trial, self.cures, before, after))
        if left:
            blamed = dict.fromkeys(cure for _, cures in left for cure in cures)
            is_told = all(cures for _, cures in left)
            return Verdict(Condition.CURES, left[0][0], tuple(blamed) if is_told else ())
        reason = _edits_again(self._trial, after, propose)
        return Verdict(None) if reason is None else Verdict(Condition.SETTLES, reason)


@dataclass(frozen=True, slots=True)
class _Trial:
    """The edited units before and after fixes, with the module and the classes around them.

    `written` is where the texts of the edits stand in the result.
    """

    before: Syntax
    names: Bindings
    edits: tuple[Edit, ...]
    written: tuple[Span, ...]
    moves: Moves

    @property
    def result(self) -> Syntax:
        return self.names.syntax


def _tried(old: Division, fixes: Sequence[Fix], python: tuple[int, int]) -> _Trial | Verdict:
    source = old.source
    edits = tuple(sorted({edit for fix in fixes for edit in fix.edits}))
    if not all(_is_inside(source, edit.span) for edit in edits):
        return Verdict(Condition.PARSES, "an edit is not inside the document")
    try:
        result = apply(source, edits)
    except ValueError as overlap:
        return Verdict(Condition.PARSES, f"the fix has {overlap}")
    if result == source:
        return Verdict(Condition.CURES, "the fix changes nothing")
    new = division_after(old, edits)
    pairs = list(enumerate(zip(old.contents, new.contents, strict=False)))
    if len(old.contents) != len(new.contents) or any(
        (one.kind, one.qualified_name) != (other.kind, other.qualified_name)
        for _, (one, other) in pairs
        if one is not other
    ):
        return Verdict(Condition.PARSES, _CHANGES_READING)
    # What is the same in both texts needs no look: it reads as before.
    changed = [n for n, (one, other) in pairs if one is not other and one.text != other.text]
    edited = [(old.unit(number), new.unit(number)) for number in changed]
    names = {unit.qualified_name for unit, _ in edited}
    before, after = excerpts(old, new, names)
    if isinstance(before, Refusal):
        return Verdict(Condition.PARSES, before.reason)
    if isinstance(after, Refusal):
        return Verdict(Condition.PARSES, f"after the fix {after.reason}")
    if any(
        not _can_read(_alone(result, new_unit), python) and _can_read(_alone(source, unit), python)
        for unit, new_unit in edited
    ):
        oldest = ".".join(map(str, python))
        return Verdict(Condition.PARSES, f"after the fix Python {oldest} can't read the document")
    return _Trial(before, Bindings(after, read_scopes(after)), edits, places(edits), Moves(edits))


def _checked(
    trial: _Trial, calls: Collection[str], python: tuple[int, int]
) -> Iterator[tuple[Condition, str | None]]:
    """Yield each condition of the text alone, with what is wrong about it."""
    yield Condition.PARSES, _changes_tokens(trial)
    yield Condition.RESOLVES, _calls_something_else(trial, calls)
    yield Condition.ONCE, _encodes_twice(trial)
    yield Condition.PORTABLE, _needs_new_python(trial, python)


def _is_inside(source: SourceText, span: Span) -> bool:
    """Tell whether a range is in a document and begins and ends between characters."""
    data = source.data
    return 0 <= span.start <= span.end <= len(data) and not any(
        at < len(data) and data[at] & 0b1100_0000 == 0b1000_0000 for at in (span.start, span.end)
    )


def _alone(source: SourceText, unit: Unit) -> bytes:
    """Return the text of a unit as a document of its own, in a block if it is indented."""
    start = unit.document_starts[0]
    line = source.position(start).line
    indent = source.data[source.line_span(line).start : start]
    return b"if 1:\n" + indent + unit.text if indent.isspace() else unit.text


def _can_read(text: bytes, python: tuple[int, int]) -> bool:
    """Tell whether the running Python takes a text for one of version `python`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text, feature_version=python)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def _changes_tokens(trial: _Trial) -> str | None:
    """Compare what stands outside the edits: whole statements first, then each token."""
    written = Moves(Edit(span, "") for span in trial.written)
    for parts in (_untouched, _tokens):
        kept = parts(trial.before.root, trial.moves)
        moved = [(kind, trial.moves.moved(span)) for kind, span in kept]
        if moved == list(parts(trial.result.root, written)):
            return None
    return _CHANGES_READING


def _untouched(root: Node, edits: Moves) -> Iterator[tuple[str, Span]]:
    """Yield the largest nodes that are outside all edits."""
    pending = [root]
    while pending:
        node = pending.pop()
        span = _span(node)
        if not edits.touch(span):
            yield node.type, span
        else:
            pending.extend(reversed(node.children))


def _tokens(root: Node, edits: Moves) -> Iterator[tuple[str, Span]]:
    """Yield the tokens, and the comments, that are outside all edits."""
    for node in descendants(root):
        span = _span(node)
        if node.child_count == 0 and not edits.touch(span):
            yield node.type, span


def _calls_something_else(trial: _Trial, calls: Collection[str]) -> str | None:
    """Look up the calls that were not in the text before; one edit may move what another had."""
    known = Counter(text for edit in trial.edits for text, _ in _calls(trial.before, edit.span))
    for written in trial.written:
        for text, node in _calls(trial.result, written):
            known[text] -= 1
            if known[text] >= 0:
                continue
            meant = trial.names.resolve(text, node.start_byte)
            if isinstance(meant, Refusal):
                return f"`{text}` can't be called there: {meant.reason}"
            if meant not in calls and not meant.startswith("builtins."):
                return f"`{text}` is `{meant}` there, which the fix does not mean"
    return None


def _calls(tree: Syntax, span: Span) -> Iterator[tuple[str, Node]]:
    """Yield the calls that begin inside a range, each with the text of its function.

    The methods of literals are what they are.
    """
    for node in _touched(tree.root, span):
        function = node.child_by_field_name("function") if node.type == "call" else None
        if function is None or not span.start <= function.start_byte < span.end:
            continue
        owner = function.child_by_field_name("object")
        if owner is None or owner.type not in ("string", "concatenated_string"):
            yield tree.text(function), node


def _touched(root: Node, span: Span) -> Iterator[Node]:
    """Yield the nodes that share text with a range, in the order of the text."""
    pending = [root]
    while pending:
        node = pending.pop()
        if _span(node).overlaps(span):
            yield node
            pending.extend(reversed(node.children))


def _encodes_twice(trial: _Trial) -> str | None:
    for span in trial.written:
        for node in _touched(trial.result.root, span):
            inner = escaping_function(trial.names, node)
            outer = None if inner is None else escaped_around(trial.names, node)
            if outer is not None:
                return f"`{outer}` would encode again what `{inner}` encodes"
    return None


def _needs_new_python(trial: _Trial, python: tuple[int, int]) -> str | None:
    if python >= _PEP_701:
        return None
    for span in trial.written:
        node = trial.result.root.descendant_for_byte_range(span.start, span.end)
        around = [] if node is None else [node, *ancestors(node)]
        strings = [outer for outer in around if outer.type == "string"]
        for _, reason in too_new(trial.result, strings[-1]) if strings else ():
            whole = syntax(trial.before.source)
            if isinstance(whole, Refusal) or any(too_new(whole, whole.root)):
                return None  # the document needs a new Python already
            return f"the f-string {reason}, which Python before 3.12 can't read"
    return None


_CHANGES_READING = "the edit changes how the text around it reads"
_PEP_701 = (3, 12)


def _left(
    trial: _Trial, cures: Sequence[Cure], before: Sequence[Finding], after: Sequence[Finding]
) -> Iterator[tuple[str, list[Cure]]]:
    """Yield what fixes leave or bring that they should not, each with the fixes of that place."""
    cured = {_key(cure.finding) for cure in cures}
    others: dict[tuple[str, str], list[Finding]] = {}
    for finding in before:
        if _key(finding) not in cured:
            others.setdefault((finding.code, finding.context), []).append(finding)
    places = [(trial.moves.moved(cure.finding.span), cure) for cure in cures]
    for finding in after:
        alike = others.get((finding.code, finding.context), [])
        same = next((other for other in alike if _is_same(trial, other, finding)), None)
        if same is not None:
            alike.remove(same)
            continue
        here = [cure for place, cure in places if finding.span.overlaps(place)]
        if any(
            finding.code in cure.leaves and finding.severity < cure.finding.severity
            for cure in here
        ):
            continue
        what = _shortened(trial.result.source.slice(finding.span))
        if any(finding.code == cure.finding.code for cure in here):
            yield f"{finding.code} is still there, at `{what}`", here
        else:
            yield f"there is a new finding, {finding.code} at `{what}`", here


def _key(finding: Finding) -> tuple[str, Span, str]:
    return finding.code, finding.span, finding.context


def _is_same(trial: _Trial, old: Finding, new: Finding) -> bool:
    """Tell whether a finding in the result was there before, at the same place."""
    return trial.moves.moved(old.span) == new.span or any(
        edit.span.contains(old.span) and written.contains(new.span)
        for edit, written in zip(trial.edits, trial.written, strict=True)
    )


def _edits_again(
    trial: _Trial,
    after: Sequence[Finding],
    propose: Callable[[SourceText, Finding], Iterable[Fix]],
) -> str | None:
    for finding in after:
        if not any(finding.span.overlaps(text) for text in trial.written):
            continue
        for fix in propose(trial.result.source, finding):
            if any(
                edit.span.overlaps(text) or text.contains(edit.span)
                for edit in fix.edits
                for text in trial.written
            ):
                return f"{finding.code} would edit the new text again"
    return None


def _shortened(code: str) -> str:
    """Return code on one line, of a length for messages."""
    code = " ".join(code.split())
    return code if len(code) <= _LONGEST_CODE else f"{code[: _LONGEST_CODE - 3]}..."


_LONGEST_CODE = 60


def _span(node: Node) -> Span:
    return Span(node.start_byte, node.end_byte)

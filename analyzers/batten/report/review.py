"""`batten review`: what a security reviewer would write about one piece of code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from textwrap import fill
from typing import TYPE_CHECKING

from batten.report.change import Change, changes
from batten.report.full import attack_value
from batten.report.printable import printable
from batten.report.snippet import Mark, code_line, snippet
from batten.report.style import SEVERITY_ROLE, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from batten.project.problem import Lines
    from batten.report.style import Style
    from batten.rewrite.edit import Fix
    from batten.rules.finding import Finding, Witness
    from batten.rules.rule import Rule
    from batten.syntax.text import SourceText

NO_DEFECTS = "No security defects are detected in the code"


@dataclass(frozen=True, slots=True)
class Review:
    """One piece of code and its defects, sorted by place.

    `title` names the code. `numbers` are the numbers that its lines go by, one for each line
    of `source`. `unread` are the lines, by those numbers, that could not be read as Python, and
    `left_out` those that the numbers of the listing skip.
    """

    title: str
    source: SourceText
    numbers: tuple[int, ...]
    defects: tuple[Finding, ...]
    unread: tuple[Lines, ...]
    left_out: tuple[Lines, ...] = ()

    @property
    def not_judged(self) -> tuple[Lines, ...]:
        """All lines that the review says nothing about."""
        return (*self.unread, *self.left_out)


def render(
    reviews: Sequence[Review],
    rules: Mapping[str, Rule],
    fixes: Callable[[Finding], tuple[Fix, ...]],
    style: Style,
) -> str:
    """Return the review of one request, which may hold several pieces of code."""
    if not any(review.defects or review.not_judged for review in reviews):
        return f"{NO_DEFECTS}\n"
    writer = _Writer(rules, fixes, style)
    return "\n".join("\n".join(writer.review(review)).rstrip() + "\n" for review in reviews)


_WIDTH = 88
_INDENT = "   "

# Headings of a rule's documentation.
_WHY = "Why it matters"
_INSTEAD = "Use instead"


@dataclass(frozen=True, slots=True)
class _Writer:
    """What every part of a review looks things up in."""

    rules: Mapping[str, Rule]
    fixes: Callable[[Finding], tuple[Fix, ...]]
    style: Style

    def review(self, review: Review) -> Iterator[str]:
        """Yield the lines about one piece of code."""
        defects = _together(review)
        count = "no defects found" if not defects else _count(len(defects), "security defect")
        if review.not_judged and not defects:
            count += " in the lines that could be read"
        yield self.style.paint(Role.TITLE, f"{review.title}: {count}")
        for lines, why in (
            (review.unread, "could not be read as Python"),
            (review.left_out, "are not in the listing"),
        ):
            if lines:
                yield ""
                yield _prose(_not_judged(lines, why), "")
        explained: set[str] = set()
        yield ""
        for number, defect in enumerate(defects, 1):
            code = defect[0].code
            documentation = "" if code in explained else self.rules[code].documentation
            yield from self.defect(number, defect, review, _section(documentation, _WHY))
            explained.add(code)

    def defect(
        self, number: int, defect: Sequence[Finding], review: Review, why: str
    ) -> Iterator[str]:
        """Yield the lines about one defect: one or more holes in the same lines of code.

        `why` tells why it matters, unless another defect of the rule has told it.
        """
        yield self.heading(number, defect, review)
        yield ""
        for message in dict.fromkeys(finding.message for finding in defect):
            yield _prose(message)
        for paragraph in filter(None, why.split("\n\n")):
            yield ""
            yield _prose(" ".join(paragraph.split()))
        yield ""
        yield from self.part("Code", self.code(defect, review))
        way = tuple(self.way(defect[0], review))
        if len(way) > 1:
            yield from self.part("Way of the value", way)
        for finding in defect:
            if finding.witness is not None:
                yield from self.part("Attack", self.attack(finding, finding.witness, review))
        yield from self.part("Solution", self.solution(defect, review))

    def heading(self, number: int, defect: Sequence[Finding], review: Review) -> str:
        """Return the line that names a defect and its lines."""
        rule = self.rules[defect[0].code]
        title = rule.name.replace("-", " ").capitalize()
        lines = _numbers(sorted({_line(finding, review) for finding in defect}))
        worst = max(finding.severity for finding in defect)
        severity = self.style.paint(SEVERITY_ROLE[worst], worst.label)
        weakness = "".join(f", CWE-{cwe}" for cwe in rule.cwe)
        heading = self.style.paint(Role.TITLE, f"{number}. {title} in {lines}")
        return f"{heading} ({severity}, {rule.code}{weakness})"

    def part(self, title: str, lines: Iterable[str]) -> Iterator[str]:
        """Yield a titled block of lines and the blank one behind it."""
        yield f"{_INDENT}{self.style.paint(Role.TITLE, title)}"
        for line in lines:
            yield f"{_INDENT}  {line}".rstrip()
        yield ""

    def code(self, defect: Sequence[Finding], review: Review) -> Iterator[str]:
        """Yield the lines of code with carets under the holes."""
        label = "" if len(defect) > 1 else defect[0].context
        marks = [Mark(finding.span, label) for finding in defect]
        yield from snippet(review.source, marks, review.numbers.__getitem__, self.style)

    def way(self, finding: Finding, review: Review) -> Iterator[str]:
        """Yield the places in this code that the value passes."""
        for step in finding.trace:
            if step.path != finding.path:
                continue
            line = review.numbers[review.source.position(step.span.start).line]
            yield f"line {line}: {printable(step.note)}"

    def attack(self, finding: Finding, witness: Witness, review: Review) -> Iterator[str]:
        """Yield a hostile value and what is sent with it."""
        value = " ".join(review.source.slice(finding.span).split())
        yield f"{printable(value)} = {attack_value(witness.value)}"
        yield f"sends:     {self.style.paint(Role.BAD, printable(witness.before))}"
        if witness.after is not None:
            yield f"and fixed: {self.style.paint(Role.GOOD, printable(witness.after))}"

    def solution(self, defect: Sequence[Finding], review: Review) -> Iterator[str]:
        """Yield what to do, and the lines as they should be."""
        offered = [fix for fixes in map(self.fixes, defect) for fix in fixes]
        best = [
            fixes[0]
            for finding in defect
            if (fixes := [fix for fix in self.fixes(finding) if fix.edits])
        ]
        if not best:
            rule = self.rules[defect[0].code]
            for title in dict.fromkeys(fix.title for fix in offered):
                yield from _wrapped(f"{printable(title)}.")
            yield "No edit was found that is right here for sure. Write instead:"
            yield from _section(rule.documentation, _INSTEAD).split("\n")
            return
        for title in dict.fromkeys(fix.title for fix in best):
            yield from _wrapped(printable(title))
        for change in _changed(review.source, best):
            yield from self.rewritten(change, review.numbers)

    def rewritten(self, change: Change, numbers: Sequence[int]) -> Iterator[str]:
        """Yield the new lines of a change, introduced by the numbers of the old ones."""
        old = numbers[change.first : change.first + len(change.old)]
        if not old:
            place = f"After line {numbers[change.first - 1]}" if change.first else "At the top"
            yield f"{place}, add:"
        elif not change.new:
            yield f"Remove {_numbers(old)}."
        else:
            yield f"{_numbers(old).capitalize()} {'becomes' if len(old) == 1 else 'become'}:"
        for line in change.new:
            yield f"  {self.style.paint(Role.GOOD, code_line(line))}"


def _together(review: Review) -> tuple[tuple[Finding, ...], ...]:
    """Group the findings of one rule in the same line: they are one mistake, with one cure."""
    groups: dict[tuple[str, int], list[Finding]] = {}
    for finding in review.defects:
        groups.setdefault((finding.code, _line(finding, review)), []).append(finding)
    return tuple(map(tuple, groups.values()))


def _changed(source: SourceText, fixes: Sequence[Fix]) -> tuple[Change, ...]:
    """Return what all fixes do, or what each does by itself where they meet."""
    try:
        return changes(source, (edit for fix in fixes for edit in fix.edits))
    except ValueError:
        return tuple(change for fix in fixes for change in changes(source, fix.edits))


def _line(finding: Finding, review: Review) -> int:
    return review.numbers[review.source.position(finding.span.start).line]


def _numbers(lines: Sequence[int]) -> str:
    """Return `line 3`, `lines 3 and 4` or `lines 3-7, 9`."""
    runs: list[str] = []
    for _, run in groupby(enumerate(lines), lambda pair: pair[1] - pair[0]):
        first, *rest = (line for _, line in run)
        runs.append(f"{first}-{rest[-1]}" if rest else str(first))
    return f"{'line' if len(lines) == 1 else 'lines'} {', '.join(runs)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _not_judged(runs: Sequence[Lines], why: str) -> str:
    lines = ", ".join(map(str, runs))
    one = len(runs) == 1 and runs[0].first == runs[0].last
    return (
        f"{'Line' if one else 'Lines'} {lines} {why.replace('are', 'is', 1) if one else why}, so "
        f"{'it was' if one else 'they were'} not judged and this review is not complete."
    )


def _section(documentation: str, heading: str) -> str:
    """Return what is below a heading of a rule's documentation, up to the next heading."""
    pattern = rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)"
    match = re.search(pattern, documentation, re.MULTILINE | re.DOTALL)
    return "" if match is None else match[1].strip("\n")


def _prose(text: str, indent: str = _INDENT) -> str:
    """Return a paragraph in lines; what stands between backticks stays on one."""
    whole = re.sub("`[^`]*`", lambda code: code[0].replace(" ", _KEPT), printable(text))
    return fill(
        whole,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    ).replace(_KEPT, " ")


_KEPT = "\0"
"""Stands for a blank that is no place to break a line."""


def _wrapped(text: str) -> list[str]:
    return _prose(text, "").splitlines()

"""Fixtures that draw their expectations: carets under the range of each finding.

A fixture is Python text with caret lines in it. A caret line is a comment that begins in the
first column and draws one or more ranges of the code line above it, then says which finding is
expected at each of them:

        requests.get("https://api.example/users/%s" % name)
    #                                                 ^^^^ warning BTN101

Caret lines are taken out before the text is analysed, so that they may stand anywhere, also
inside a string. What is not drawn is expected to be silent. Two words may follow the code:

- `gap`: right, but not found yet. Fails as soon as it is found, so that the word gets removed.
- `false`: found, but wrong. Fails as soon as it is gone, so that the line gets removed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText

_CARETS = re.compile(
    r"#(?P<ranges>[ ^]*\^) +(?P<severity>note|warning|error) (?P<code>BTN\d{3})(?: (?P<mark>\w+))?"
)
_RANGE = re.compile(r"\^+")
_MARKS = frozenset(("gap", "false"))


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One finding at one place of a fixture without its caret lines.

    `line` counts from 0, `start` and `end` are columns in code points on that line; a finding
    that goes on over several lines ends at the end of its first.
    """

    line: int
    start: int
    end: int
    severity: str
    code: str


@dataclass(frozen=True, slots=True)
class Fixture:
    """The code of a fixture and what is expected of it.

    `found` must be found and is nothing else than `right` without the gaps and with the false
    ones; `lines` holds the line number, from 1, in the fixture's file for each line of `code`.
    """

    name: str
    code: str
    right: frozenset[Mark]
    gaps: frozenset[Mark]
    false: frozenset[Mark]
    lines: tuple[int, ...]

    @property
    def found(self) -> frozenset[Mark]:
        """The findings that the engine gives today."""
        return (self.right - self.gaps) | self.false


def read(name: str, text: str) -> Fixture:
    """Read a fixture. Raises ValueError for a line of carets that can't be understood."""
    code: list[str] = []
    lines: list[int] = []
    drawn: dict[str, set[Mark]] = {"": set(), "gap": set(), "false": set()}
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if not re.match(r"#[ ^]*\^", line):
            code.append(line)
            lines.append(number)
            continue
        match = _CARETS.fullmatch(line.rstrip())
        if match is None or (match["mark"] or "gap") not in _MARKS:
            raise ValueError(f"{name}:{number}: carets without a finding: {line.strip()}")
        above = code[-1].rstrip("\r\n")
        for each in _RANGE.finditer(line, match.start("ranges"), match.end("ranges")):
            if each.end() > len(above):
                raise ValueError(f"{name}:{number}: carets beyond the line above")
            drawn[match["mark"] or ""].add(
                Mark(len(code) - 1, each.start(), each.end(), match["severity"], match["code"])
            )
    return Fixture(
        name,
        "".join(code),
        frozenset(drawn[""] | drawn["gap"]),
        frozenset(drawn["gap"]),
        frozenset(drawn["false"]),
        tuple(lines),
    )


def marks(findings: Iterable[Finding], source: SourceText) -> frozenset[Mark]:
    """Return the findings of one document as marks."""
    return frozenset(_mark(finding, source) for finding in findings)


def _mark(finding: Finding, source: SourceText) -> Mark:
    start, end = source.position(finding.span.start), source.position(finding.span.end)
    column = end.column
    if end.line != start.line:
        line_end = source.line_span(start.line).end
        column = source.position(line_end).column
    return Mark(start.line, start.column, column, finding.severity.label, finding.code)


def difference(fixtures: Mapping[str, Fixture], actual: Mapping[str, frozenset[Mark]]) -> str:
    """Return what is wrong with the findings of some fixtures, for people; empty if nothing is."""
    paragraphs: list[str] = []
    for path, fixture in fixtures.items():
        found = actual[path]
        for title, wrong in (
            ("not found", fixture.right - fixture.gaps - found),
            ("found, though not drawn", found - fixture.right - fixture.false),
            ("found now: remove the word `gap`", fixture.gaps & found),
            ("gone now: remove this line of carets", fixture.false - found),
        ):
            paragraphs += [_shown(fixture, title, mark) for mark in sorted(wrong)]
    return "\n".join(paragraphs)


def _shown(fixture: Fixture, title: str, mark: Mark) -> str:
    code = fixture.code.splitlines()[mark.line]
    carets = "^" * (mark.end - mark.start)
    drawn = "#" + " " * (mark.start - 1) + f"{carets} {mark.severity} {mark.code}"
    return f"{fixture.name}:{fixture.lines[mark.line]}: {title}\n{code}\n{drawn}\n"

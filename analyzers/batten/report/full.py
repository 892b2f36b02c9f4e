"""`--format full`: each finding with its code, the attack, the way of the value and the fixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.report.change import changes
from batten.report.outcome import shown
from batten.report.printable import printable
from batten.report.region import region
from batten.report.snippet import Mark, code_line, snippet
from batten.report.style import Role
from batten.report.text import headline, problem_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.report.outcome import Outcome
    from batten.report.style import Style
    from batten.rewrite.edit import Fix
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText


def render(outcome: Outcome, style: Style) -> str:
    """Return a paragraph for each finding, then a line for each thing that was not judged."""
    parts = ["\n".join(_paragraph(finding, outcome, style)) for finding in outcome.findings]
    if outcome.problems:
        lines = (problem_line(problem, outcome.root, style) for problem in outcome.problems)
        parts.append("\n".join(lines))
    return "".join(f"{part}\n" for part in "\n\n".join(parts).splitlines())


def _paragraph(finding: Finding, outcome: Outcome, style: Style) -> Iterator[str]:
    source = outcome.source(finding.path)
    yield headline(finding, outcome, style)
    yield from snippet(source, (Mark(finding.span, finding.context),), lambda n: n + 1, style)
    if finding.witness is not None:
        value = f"{_expression(source, finding)} = {attack_value(finding.witness.value)}"
        yield _fact("attack:", value, style)
        yield _fact("sends:", style.paint(Role.BAD, printable(finding.witness.before)), style)
        if finding.witness.after is not None:
            yield _fact("fixed:", style.paint(Role.GOOD, printable(finding.witness.after)), style)
    for index, step in enumerate(finding.trace):
        place = region(outcome.source(step.path), step.span)
        path = printable(shown(step.path, outcome.root))
        where = f"{path}:{place.start_line}:{place.start_column}"
        yield _fact("way:" if index == 0 else "", f"{where}: {printable(step.note)}", style)
    for fix in outcome.fixes(finding) or ():
        yield _fact("fix:", f"{printable(fix.title)}{fix.level.caution}", style)
        yield from _diff(source, fix, style)


def attack_value(value: str) -> str:
    """Return a value as Python would write it, in double quotes."""
    quoted = printable(value.replace("\\", "\\\\").replace('"', '\\"'))
    return f'"{quoted}"'


_LONGEST_EXPRESSION = 60
_FACT_WIDTH = len("attack:")


def _expression(source: SourceText, finding: Finding) -> str:
    text = printable(" ".join(source.slice(finding.span).split()))
    return text if len(text) <= _LONGEST_EXPRESSION else f"{text[: _LONGEST_EXPRESSION - 3]}..."


def _fact(name: str, text: str, style: Style) -> str:
    return f"  {style.paint(Role.FRAME, name.ljust(_FACT_WIDTH))} {text}"


def _diff(source: SourceText, fix: Fix, style: Style) -> Iterator[str]:
    """Yield the lines that a fix removes and adds."""
    for change in changes(source, fix.edits):
        for line in change.old:
            yield style.paint(Role.BAD, f"    - {code_line(line)}")
        for line in change.new:
            yield style.paint(Role.GOOD, f"    + {code_line(line)}")

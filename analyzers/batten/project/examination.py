"""One run over many files: all of them into one program, then the findings of each.

The files are linked with one another, so all are read before any is judged. A failure of the
analysis costs the file that it happens on, not the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from batten.project.collector import without_collector
from batten.project.problem import Kind, Lines, Problem, failed
from batten.project.source_file import NotReadError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from batten.analysis.program import Program
    from batten.project.source_file import SourceFile
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText, Span

    Progress = Callable[[str, int, int], None]
    """Told what is being done, to how many files it was, and how many there are."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What a run found: `files` are those that were judged; all is sorted by path and place."""

    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


def examine(
    program: Program,
    paths: Sequence[str],
    read: Callable[[str], SourceFile],
    progress: Progress,
) -> Examination:
    """Put the files of `paths` into `program` and return what it finds in them."""
    there: list[str] = []
    judged: list[str] = []
    findings: list[Finding] = []
    problems: list[Problem] = []
    with without_collector():
        for done, path in enumerate(paths):
            progress("reading", done, len(paths))
            try:
                program.put(path, read(path).source)
            except NotReadError as refused:
                problems.append(refused.problem)
            except Exception as failure:
                problems.append(failed(path, failure))
            else:
                there.append(path)
        for done, path in enumerate(there):
            progress("judging", done, len(there))
            try:
                findings += program.findings(path)
                unread = unread_lines(program.source(path), program.unread(path))
            except Exception as failure:
                problems.append(failed(path, failure))
            else:
                judged.append(path)
                if unread:
                    problems.append(_syntax(path, unread, program.source(path)))
    return Examination(tuple(judged), tuple(findings), tuple(sorted(problems, key=_by_path)))


def unread_lines(source: SourceText, spans: Iterable[Span]) -> tuple[Lines, ...]:
    """Return the lines that `spans`, sorted, touch; neighbours make one run."""
    runs: list[Lines] = []
    for span in spans:
        first = source.position(span.start).line + 1
        last = source.position(max(span.start, span.end - 1)).line + 1
        if runs and first <= runs[-1].last + 1:
            runs[-1] = Lines(runs[-1].first, max(runs[-1].last, last))
        else:
            runs.append(Lines(first, last))
    return tuple(runs)


def _syntax(path: str, lines: tuple[Lines, ...], source: SourceText) -> Problem:
    """Return the problem of lines that can't be read: a file of which they are most is not read."""
    one = len(lines) == 1 and lines[0].first == lines[0].last
    named = ", ".join(map(str, lines))
    written = [bool(line.strip()) for line in source.text.splitlines()]
    unread = sum(sum(written[run.first - 1 : run.last]) for run in lines)
    if unread * 2 > sum(written):
        message = f"most of it can't be read as Python: line{'' if one else 's'} {named}"
        return Problem(path, Kind.UNREADABLE, message, lines)
    return Problem(
        path,
        Kind.SYNTAX,
        f"line{'' if one else 's'} {named} can't be read as Python; the rest was judged",
        lines,
    )


def _by_path(problem: Problem) -> str:
    return problem.path

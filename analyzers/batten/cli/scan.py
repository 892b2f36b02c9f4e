"""`batten scan`: report the holes in files and folders."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batten.cli.exit_code import EPILOG, FINDINGS, NOTHING, exit_code
from batten.cli.progress import progress
from batten.cli.question import tell
from batten.cli.selection import add_selection, selection
from batten.cli.task import add_stdin_filename, task
from batten.cli.terminal import is_one_screen, line, style_of
from batten.cli.usage import UsageError
from batten.cli.words import CACHE_DIR, NO_CACHE, OUTPUT
from batten.project.cache_folder import VARIABLE, CacheFolder
from batten.project.discovery import absolute
from batten.project.disk import DISK
from batten.project.kept_answers import Answer
from batten.project.problem import Kind
from batten.project.run import Run
from batten.report.formats import FORMATS_WITH_FIXES, TERMINAL_FORMATS, Format, render
from batten.report.outcome import Outcome, shown
from batten.report.printable import printable
from batten.report.style import PLAIN
from batten.report.text import problem_line
from batten.rules.finding import Severity

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from batten.cli.question import Question
    from batten.cli.selection import Selection
    from batten.cli.task import Task
    from batten.project.examination import Progress
    from batten.project.kept_runs import KeptRun
    from batten.project.problem import Problem
    from batten.report.style import Style
    from batten.rules.finding import Finding


def add_arguments(parser: ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Report the exact expressions through which a value gets unescaped into a URL, with\n"
        "the attack and the fix. All files of a run are read together, so a hole in one file\n"
        "is found when the request is made in another."
    )
    parser.epilog = EPILOG
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        default=["."],
        help="files, and folders to look for Python files in; - is standard input (default: .)",
    )
    parser.add_argument(
        "--format",
        choices=[form.value for form in Format],
        default=Format.TEXT.value,
        help="how to write the findings (default: text, one line each; full shows the code)",
    )
    parser.add_argument(OUTPUT, metavar="FILE", help="write the findings there")
    parser.add_argument("--exit-zero", action="store_true", help="end with 0 despite findings")
    add_stdin_filename(parser)
    parser.add_argument(
        "--fixes",
        choices=("auto", "all", "none"),
        default="auto",
        help="whether full, json and sarif show verified fixes, which takes longer than the scan: "
        f"auto (the default) does for up to {MANY} findings",
    )
    cache = parser.add_argument_group(
        "cache", "A run over files that are as they were is told from what the last one found."
    )
    cache.add_argument(
        NO_CACHE, action="store_true", help="look at all files again, and keep nothing"
    )
    cache.add_argument(
        CACHE_DIR,
        metavar="DIR",
        help=f"keep results there (default: ${VARIABLE}, else in the user's folder for caches)",
    )
    add_selection(parser, Severity.NOTE)


def run(arguments: Namespace) -> int:
    """Scan, write what was found, and return the exit code."""
    question: Question | None = arguments.question
    disk = DISK if question is None else question.disk
    chosen = selection(arguments, disk)
    form = Format(arguments.format)
    to_do = task(arguments, chosen, disk)
    with progress() as report:
        kept = None if question is None else _kept_run(question, to_do, report)
        run = kept.run if kept else Run(to_do.files, to_do.read, report)
        outcome = _outcome(run, to_do, chosen, arguments.fixes)
        if arguments.output is not None and absolute(arguments.output, disk) in to_do.files:
            raise UsageError(f"--output {arguments.output} would overwrite a file that is scanned")
        written = render(form, outcome, _style(form, arguments))
        stands = question is not None and question.stands()
        if kept is not None and stands:
            kept.keep()
    problems = (*outcome.problems, *run.failures())
    code = exit_code(outcome.findings, problems, to_do.named)
    answer = Answer(
        NOTHING if code == FINDINGS and arguments.exit_zero else code,
        _said(
            *_about_problems(problems, outcome.root, form, arguments),
            *_about_mistakes(run, outcome.root, chosen.today),
        ),
        written,
        arguments.output,
        _said(*_about_run(outcome, form, arguments)),
    )
    tell(answer)
    if question is not None and stands and _are_sound(problems):
        question.answered(answer)
    return answer.code


def _outcome(run: Run, to_do: Task, chosen: Selection, fixes: str) -> Outcome:
    examined = run.examined()
    judged = chosen.verdict(examined.findings, run.source, run.suppressions)
    return Outcome(
        findings=judged.shown,
        problems=(*to_do.problems, *examined.problems),
        files=len(examined.files),
        root=Path.cwd().as_posix(),
        rules=_rules,
        source=run.source,
        fixes=run.fixes if _shows_fixes(fixes, len(judged.shown)) else _no_fixes,
        suppressed=judged.suppressed,
    )


def _rules() -> list[dict[str, Any]]:
    from batten.report.sarif_rules import known  # for one format

    return known()


def _kept_run(question: Question, to_do: Task, report: Progress) -> KeptRun:
    from batten.project.kept_runs import kept_run  # for who keeps results

    folder = CacheFolder(question.folder)
    return kept_run(folder, question.engine, to_do.files, question.disk, report)


def _are_sound(problems: Iterable[Problem]) -> bool:
    """Tell whether Batten failed nowhere, so that it would answer the same another time."""
    return all(problem.kind is not Kind.INTERNAL for problem in problems)


def _said(*messages: str) -> str:
    return "".join(map(line, messages))


MANY = 50
"""Verifying a fix takes some tenths of a second, so a report of many findings does without."""


def _shows_fixes(wanted: str, findings: int) -> bool:
    return wanted == "all" or (wanted == "auto" and findings <= MANY)


def _no_fixes(_finding: Finding) -> None:
    """Stand for fixes that nobody asked for."""


def _style(form: Format, arguments: Namespace) -> Style:
    to_file = arguments.output is not None or form not in TERMINAL_FORMATS
    return PLAIN if to_file else style_of(sys.stdout)


def _about_problems(
    problems: Sequence[Problem], root: str, form: Format, arguments: Namespace
) -> Iterator[str]:
    """Name what was not read, unless the output does so on the same screen.

    The same failure of Batten on many files is told once.
    """
    if form in TERMINAL_FORMATS and arguments.output is None and is_one_screen():
        return
    alike = Counter(problem.message for problem in problems)
    for problem in problems:
        count = alike[problem.message]
        named = problem_line(problem, root, PLAIN)
        if problem.kind is not Kind.INTERNAL or count == 1:
            yield named
        elif count:
            yield f"{named} (the same on {count - 1} more)"
            alike[problem.message] = 0


def _about_mistakes(run: Run, root: str, today: date) -> Iterator[str]:
    """Name the comments that were to suppress something and don't."""
    for path in sorted(run.commented()):
        from batten.project.suppression_mistakes import mistake_in  # most runs do without

        source = run.source(path)
        for comment in run.suppressions(path):
            mistake = mistake_in(comment, today)
            if mistake is not None:
                number = source.position(comment.span.start).line + 1
                where = f"{printable(shown(path, root))}:{number}"
                yield f"{where}: this comment suppresses nothing: {printable(mistake)}"


def _about_run(outcome: Outcome, form: Format, arguments: Namespace) -> Iterator[str]:
    """Sum up what was found, and name what was left out."""
    if not outcome.files and not outcome.problems:
        yield f"no Python files in {', '.join(arguments.paths)}"
    elif outcome.files and form in TERMINAL_FORMATS:
        yield _summary(outcome)
    if form in FORMATS_WITH_FIXES and outcome.fixes is _no_fixes and arguments.fixes == "auto":
        yield f"fixes are left out of more than {MANY} findings; --fixes all includes them"


def _summary(outcome: Outcome) -> str:
    counts = outcome.counts()
    found = [
        f"{counts[severity]} {severity.label}{'' if counts[severity] == 1 else 's'}"
        for severity in sorted(counts, reverse=True)
    ]
    files = f"{outcome.files} file{'' if outcome.files == 1 else 's'}"
    hidden = f" ({len(outcome.suppressed)} suppressed)" if outcome.suppressed else ""
    not_read = len({problem.path for problem in outcome.problems})
    but = f"; {not_read} not read or not whole" if not_read else ""
    return f"{', '.join(found) or 'nothing found'} in {files}{hidden}{but}"

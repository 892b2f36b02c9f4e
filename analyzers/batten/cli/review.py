"""`batten review`: review one file, or code pasted into a request."""

from __future__ import annotations

import sys
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from batten.analysis.program import Program
from batten.cli.exit_code import EPILOG, exit_code
from batten.cli.standard_input import STDIN_NAME, read_stdin
from batten.cli.terminal import say, style_of
from batten.cli.usage import UsageError
from batten.cli.words import STDIN
from batten.models.load import load
from batten.project.configuration import Configurations
from batten.project.discovery import absolute
from batten.project.disk import SUFFIXES
from batten.project.examination import unread_lines
from batten.project.listing import Listing, listings, whole
from batten.project.offered_fixes import OfferedFixes
from batten.project.problem import Lines
from batten.project.settings_table import ConfigurationError
from batten.project.source_file import NotReadError, read
from batten.report.outcome import shown
from batten.report.printable import printable
from batten.report.review import Review, render
from batten.report.style import PLAIN
from batten.report.text import problem_line
from batten.rules.finding import Severity
from batten.rules.registry import rules
from batten.syntax.text import SourceText

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Sequence

    from batten.project.settings import Settings
    from batten.project.source_file import SourceFile


def add_arguments(parser: ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Write what a security reviewer would about a Python file, or about a request: prose with\n"
        "code in it, as a listing whose lines carry numbers (12 import os) or as a fenced\n"
        "block. The answer names lines by the numbers of the listing."
    )
    parser.epilog = EPILOG
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        default=STDIN,
        help="a Python file or a request; - is standard input (default: -)",
    )
    parser.add_argument(
        "--notes", action="store_true", help="include notes, which are no defects by themselves"
    )


def run(arguments: Namespace) -> int:
    """Review, write the answer, and return the exit code."""
    file = _file(arguments.file)
    title = "standard input" if file.path == STDIN_NAME else _shown(file.path)
    least = Severity.NOTE if arguments.notes else Severity.WARNING
    settings = _settings(file.path)
    program = Program(load())
    pieces = _pieces(file, program)
    if not pieces:
        raise UsageError(f"there is no Python code in {title}")
    reviews = [
        _review(program, piece, name, heading, settings, least)
        for piece, (name, heading) in zip(
            pieces, _names(file.path, title, len(pieces)), strict=True
        )
    ]
    known = {rule.code: rule for rule in rules()}
    offered = OfferedFixes(program)
    sys.stdout.write(render(reviews, known, offered.of, style_of(sys.stdout)))
    for problem in offered.problems:
        say(problem_line(problem, Path.cwd().as_posix(), PLAIN))
    defects = (defect for review in reviews for defect in review.defects)
    return exit_code(defects, offered.problems, ())


def _file(name: str) -> SourceFile:
    try:
        if name == STDIN:
            return read_stdin(STDIN_NAME)
        if Path(name).is_dir():
            raise UsageError(f"{name} is a folder; to look through it: batten scan {name}")
        return read(absolute(name))
    except NotReadError as refused:
        problem = refused.problem
        message = f"{_shown(problem.path)}: {printable(problem.message)}"
        raise UsageError(message) from refused


def _settings(path: str) -> Settings:
    """Return what is configured for a file; of it, how severe the findings of a rule are counts."""
    try:
        return Configurations().nearest(path).for_file(path)
    except ConfigurationError as error:
        raise UsageError(str(error)) from error


def _shown(path: str) -> str:
    return printable(shown(path, Path.cwd().as_posix()))


def _pieces(file: SourceFile, program: Program) -> tuple[Listing, ...]:
    """Return the code of a request; a file with the name of a Python file is code in any case."""
    text = file.source.text
    found = listings(text, lambda request: _unread(program, request))
    if not found and file.path.endswith(SUFFIXES):
        return (whole(text),)
    return found


def _unread(program: Program, text: str) -> frozenset[int]:
    """Return the 0-based lines of a text that can't be read as Python."""
    program.put(_SCRATCH, SourceText(text))
    runs = unread_lines(program.source(_SCRATCH), program.unread(_SCRATCH))
    program.remove(_SCRATCH)
    return frozenset(line - 1 for run in runs for line in range(run.first, run.last + 1))


_SCRATCH = "<request>"


def _names(path: str, title: str, count: int) -> Iterator[tuple[str, str]]:
    """Yield a name for the program and a heading for people for each piece of code."""
    if count == 1:
        yield path, title
        return
    for number in range(1, count + 1):
        yield f"<listing {number}>", f"{title}, listing {number}"


def _review(
    program: Program,
    piece: Listing,
    name: str,
    heading: str,
    settings: Settings,
    least: Severity,
) -> Review:
    source = SourceText(piece.text)
    program.put(name, source)
    findings = map(settings.weighed, program.findings(name))
    defects = tuple(each for each in findings if each.severity >= least)
    unread = _numbered(unread_lines(source, program.unread(name)), piece.numbers)
    left_out = tuple(_left_out(piece.numbers))
    return Review(heading, source, piece.numbers, defects, unread, left_out)


def _left_out(numbers: Sequence[int]) -> Iterator[Lines]:
    """Yield the runs of numbers that a listing skips: code that nobody showed."""
    for before, after in pairwise(numbers):
        if after > before + 1:
            yield Lines(before + 1, after - 1)


def _numbered(unread: Sequence[Lines], numbers: Sequence[int]) -> tuple[Lines, ...]:
    """Return runs of lines by the numbers that they go by in the listing."""
    lines = [numbers[line - 1] for run in unread for line in range(run.first, run.last + 1)]
    runs: list[Lines] = []
    for _, run in groupby(enumerate(lines), lambda pair: pair[1] - pair[0]):
        members = [line for _, line in run]
        runs.append(Lines(members[0], members[-1]))
    return tuple(runs)

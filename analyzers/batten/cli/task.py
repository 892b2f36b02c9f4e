"""What a command that judges code is to read: files and folders, or standard input."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from batten.cli.paths import discovered
from batten.cli.standard_input import STDIN_NAME, read_stdin
from batten.cli.usage import UsageError
from batten.cli.words import STDIN
from batten.project.discovery import absolute
from batten.project.source_file import read

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Sequence

    from batten.cli.selection import Selection
    from batten.project.disk import Disk
    from batten.project.problem import Problem
    from batten.project.source_file import SourceFile


@dataclass(frozen=True, slots=True)
class Task:
    """What to read: `named` are the files that the user named, `read` how to get at each."""

    files: Sequence[str]
    named: frozenset[str]
    problems: tuple[Problem, ...]
    read: Callable[[str], SourceFile]
    is_standard_input: bool = False


def add_stdin_filename(parser: ArgumentParser) -> None:
    """Add the option that goes with standard input."""
    parser.add_argument(
        "--stdin-filename", metavar="FILE", help="the name to report for standard input"
    )


def task(arguments: Namespace, chosen: Selection, disk: Disk) -> Task:
    """Return what the paths name; UsageError when they make no sense together."""
    if STDIN in arguments.paths:
        if len(arguments.paths) > 1:
            raise UsageError("- (standard input) can't be mixed with other paths")
        name = absolute(arguments.stdin_filename) if arguments.stdin_filename else STDIN_NAME
        # It can be read only once.
        return Task((name,), frozenset((name,)), (), cache(read_stdin), is_standard_input=True)
    if arguments.stdin_filename is not None:
        raise UsageError("--stdin-filename needs - in the place of the paths")
    found = discovered(arguments.paths, chosen.excludes, disk)
    return Task(found.files, found.named, found.problems, read)

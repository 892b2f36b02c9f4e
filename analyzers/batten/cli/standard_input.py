"""Standard input in the place of a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from batten.cli.terminal import say
from batten.project.problem import Kind, Problem
from batten.project.source_file import NotReadError, decoded

if TYPE_CHECKING:
    from batten.project.source_file import SourceFile

STDIN_NAME = "<stdin>"
"""The name of the document when the user gives it none."""


def read_stdin(name: str) -> SourceFile:
    """Return standard input as a file called `name`; NotReadError when it is no text."""
    if sys.stdin is None:  # closed (`<&-`)
        raise NotReadError(Problem(name, Kind.UNREADABLE, "standard input is closed"))
    if sys.stdin.isatty():
        say("reading standard input; its end is Ctrl-D (on Windows Ctrl-Z and Enter)")
    return decoded(name, sys.stdin.buffer.read())

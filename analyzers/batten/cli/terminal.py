"""The two streams that a command talks to: output, and what to say about the run."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # `typing` takes longer to load than all that a warm scan needs
if TYPE_CHECKING:
    from typing import TextIO

    from batten.report.style import Style


def style_of(stream: TextIO) -> Style:
    """Return the style for a stream."""
    from batten.report.style import COLOURED, PLAIN  # what is told again has its colours

    return COLOURED if is_coloured(stream) else PLAIN


def is_coloured(stream: TextIO) -> bool:
    """Tell whether what goes there has colours: on a terminal, unless the user says otherwise.

    NO_COLOR (no-color.org) comes before FORCE_COLOR, and either counts unless it is empty.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def is_debugging() -> bool:
    """Tell whether the user wants to see what goes on inside."""
    return os.environ.get("BATTEN_DEBUG", "") not in ("", "0")


def say(message: str) -> None:
    """Write a line about the run to standard error."""
    sys.stderr.write(line(message))


def line(message: str) -> str:
    """Return a line about the run."""
    return f"batten: {message}\n"


def is_one_screen() -> bool:
    """Tell whether people see output and messages together: on a terminal, or in the same file."""
    if sys.stdout.isatty() and sys.stderr.isatty():
        return True
    try:
        output, messages = (os.fstat(each.fileno()) for each in (sys.stdout, sys.stderr))
    except (OSError, ValueError):  # what stands for a stream may be no file
        return False
    return bool(output.st_ino) and os.path.samestat(output, messages)

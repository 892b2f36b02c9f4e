"""The way into every command, and the last guard: whatever happens, no traceback.

Commands of other distributions are found through the entry-point group `batten.commands`; each is
a function that takes the arguments behind its name and returns an exit code. So `batten
server` works without this package knowing any server.
"""

from __future__ import annotations

import errno
import os
import sys

from batten import __version__
from batten.cli.terminal import is_debugging
from batten.cli.usage import UsageError

TYPE_CHECKING = False  # as in terminal.py
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    from batten.cli.question import Question

COMMANDS = {
    "scan": "report the holes in files and folders",
    "fix": "close the holes that have a safe, verified fix",
    "review": "review one file, or code pasted into a request",
    "explain": "print the page of a rule",
    "rules": "list the rules",
}
"""The built-in commands, each a module of this package, and what they do."""

ELSEWHERE = {"server": "serve an editor (Language Server Protocol)"}
"""What comes through entry points and is worth a line in the help."""

_GROUP = "batten.commands"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    130 after Ctrl-C and 141 when the reader of the output has gone, as shells have it;
    2 for wrong use and for a failure of Batten itself.
    """
    _show_anything()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(given)
        sys.stdout.flush()
    except UsageError as wrong:
        return _complain(str(wrong))
    except SystemExit as end:  # argparse has said what there is to say
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        _complain("stopped")
        return 130
    except BrokenPipeError:
        # What is still in the buffer would fail again when Python flushes it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as failure:
        if _is_nowhere():
            return _complain("the current folder is not there any more")
        if failure.errno not in _NOT_WRITTEN:
            return _failed(failure)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _complain(f"can't write the output: {failure.strerror}")
    except Exception as failure:
        return _failed(failure)
    return code


_NOT_WRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def program() -> NoReturn:
    """Run the command line as the program that it is, and end.

    A scan leaves millions of values behind, and Python takes long to clear them one by one.
    """
    if sys.argv[1:2] == ["server"]:
        from batten.project.large_pages import start_again_in_large_pages

        start_again_in_large_pages()
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        sys.exit(code)  # a stream that is closed or full: Python says what it has to say
    if "logging" in sys.modules:
        sys.modules["logging"].shutdown()
    os._exit(code)


def _run(given: Sequence[str]) -> int:
    """Tell what a scan told before, if that is all there is to do; else do what is asked for."""
    question = None
    if given[:1] == ["scan"]:
        from batten.cli.question import question_in, tell

        question = question_in(given[1:])
        answer = None if question is None else question.answer()
        if answer is not None:
            return tell(answer)
    from batten.project.call_stack import with_room

    return with_room(lambda: _work(given, question))


def _work(given: Sequence[str], question: Question | None) -> int:
    _log_when_debugging()
    if not given or given[0].startswith("-"):
        _parser().parse_args(given)
        raise UsageError(f"name a command: {', '.join((*COMMANDS, *ELSEWHERE))}")
    name, *rest = given
    if name in COMMANDS:
        return _command(name)(rest, question)
    return _command_elsewhere(name)(rest)


def _parser() -> ArgumentParser:
    """Return the parser of what stands before a command; it knows the commands for its help."""
    from argparse import ArgumentParser

    parser = ArgumentParser(
        prog="batten",
        description="Show where a value gets out of a string and into a URL, and close the hole.",
        epilog="`batten COMMAND --help` tells more.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"batten {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    for name, purpose in (COMMANDS | ELSEWHERE).items():
        commands.add_parser(name, help=purpose)
    return parser


def _command(name: str) -> Callable[[Sequence[str], Question | None], int]:
    """Return a built-in command; only its own module is loaded."""
    from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
    from functools import partial
    from importlib import import_module

    from batten.project.collector import without_collector

    with without_collector():  # what is loaded stays
        module = import_module(f"batten.cli.{name}")
    parser = ArgumentParser(
        prog=f"batten {name}",
        # One is made for each argument; what asks the terminal for its width takes long to load.
        formatter_class=partial(RawDescriptionHelpFormatter, width=80),
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    parser.formatter_class = RawDescriptionHelpFormatter

    def run(arguments: Sequence[str], question: Question | None) -> int:
        code: int = module.run(parser.parse_args(arguments, Namespace(question=question)))
        return code

    return run


def _command_elsewhere(name: str) -> Callable[[Sequence[str]], int]:
    from importlib.metadata import entry_points

    for entry in entry_points(group=_GROUP, name=name):
        command: Callable[[Sequence[str]], int] = entry.load()
        return command
    if name in ELSEWHERE:
        raise UsageError(
            f"the command {name!r} is not installed here; `pip install batten` brings it"
        )
    if os.path.lexists(name):
        raise UsageError(f"there is no command {name!r}; to judge that path: batten scan {name}")
    from batten.project.suggestion import suggestion

    known = (*COMMANDS, *ELSEWHERE)
    raise UsageError(
        f"there is no command {name!r}{suggestion(name, known)} (commands: {', '.join(known)})"
    )


def _is_nowhere() -> bool:
    try:
        os.getcwd()  # noqa: PTH109
    except OSError:
        return True
    return False


def _show_anything() -> None:
    """Let streams escape what their encoding lacks: a file name must not end a run.

    What is written to a stream that is closed (`>&-`) goes nowhere.
    """
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _log_when_debugging() -> None:
    if is_debugging():
        import logging

        logging.basicConfig(level=logging.DEBUG)


def _failed(failure: Exception) -> int:
    if is_debugging():
        import traceback

        traceback.print_exception(failure)
    return _complain(
        f"internal error: {type(failure).__name__}: {failure}\n"
        "batten: this is a mistake in Batten; please report it with what BATTEN_DEBUG=1 shows"
    )


def _complain(message: str) -> int:
    sys.stderr.write(f"batten: {message}\n")
    return 2

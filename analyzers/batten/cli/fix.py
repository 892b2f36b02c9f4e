"""`batten fix`: close the holes that have a verified fix."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from batten.analysis.fix_all import fix_all
from batten.analysis.program import Program
from batten.cli.exit_code import FAILURE, FINDINGS, NOTHING, exit_code
from batten.cli.paths import discovered
from batten.cli.progress import progress
from batten.cli.selection import add_selection, selection
from batten.cli.terminal import say
from batten.models.load import load
from batten.project.examination import examine
from batten.project.problem import failed
from batten.project.rewriting import FileChangedError, rewrite
from batten.project.source_file import NotReadError, read
from batten.report.outcome import shown
from batten.report.patch import patch
from batten.report.printable import printable
from batten.report.style import PLAIN
from batten.report.text import problem_line
from batten.rewrite.edit import Level
from batten.rules.finding import Severity
from batten.syntax.decode import EncodeError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Collection

    from batten.cli.selection import Selection
    from batten.rewrite.edit import Fix
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText

EPILOG = """\
Notes are fixed only when asked for, with --min-severity note.

exit codes:
  0  no findings are left (notes alone don't count)
  1  findings are left; with --diff or --check, also when fixes would be made
  2  wrong use or a failure of Batten: a path that does not exist, a file that can't
     be read though it was named, or can't be written, or has changed meanwhile"""


def add_arguments(parser: ArgumentParser) -> None:
    """Add what the command takes."""
    parser.description = (
        "Rewrite the expressions through which a value gets unescaped into a URL. Each fix was\n"
        "tried out: the result parses, the finding is gone and no new one has come. Comments,\n"
        "layout and line ends outside of the edits stay to the byte."
    )
    parser.epilog = EPILOG
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        default=["."],
        help="files, and folders to look for Python files in (default: .)",
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--diff", action="store_true", help="write no file, print a patch for `git apply`"
    )
    instead.add_argument(
        "--check", action="store_true", help="write no file, tell what would be fixed"
    )
    parser.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="make fixes, too, that may change what is sent for harmless values",
    )
    parser.add_argument(
        "--verbose", action="store_true", help="tell why a finding that is left has no fix"
    )
    add_selection(parser, Severity.WARNING)


def run(arguments: Namespace) -> int:
    """Fix what can be fixed, or show it, and return the exit code."""
    chosen = selection(arguments)
    found = discovered(arguments.paths, chosen.excludes)
    program = Program(load())
    with progress() as report:
        examined = examine(program, found.files, read, report)
    root = Path.cwd().as_posix()
    problems = [*found.problems, *examined.problems]
    for problem in problems:
        say(problem_line(problem, root, PLAIN))

    levels = {Level.SAFE, Level.UNSAFE} if arguments.unsafe_fixes else {Level.SAFE}
    finish = _print_patch if arguments.diff else _print_titles if arguments.check else _write
    made = refused = 0
    judged = chosen.verdict(examined.findings, program.source).shown
    paths = tuple(dict.fromkeys(each.path for each in judged))
    for path in paths:
        try:
            fixed = _fixed(program, path, chosen, levels)
            if fixed.titles:
                finish(fixed, shown(path, root))
                made += len(fixed.titles)
        except BrokenPipeError:
            raise
        except (OSError, FileChangedError, NotReadError, EncodeError) as failure:
            say(f"{printable(shown(path, root))}: not fixed: {_reason(failure)}")
            refused += 1
        except Exception as failure:
            say(problem_line(failed(path, failure), root, PLAIN))
            refused += 1

    left = [each for path in paths for each in _shown(program, path, chosen)]
    if arguments.verbose:
        for finding in left:
            _say_why(program, finding, levels, root)
    is_dry = arguments.diff or arguments.check
    say(_summary(made, len(left), "would be fixed" if is_dry else "fixed"))
    if refused:
        return FAILURE
    code = exit_code(left, problems, found.named)
    return FINDINGS if is_dry and made and code == NOTHING else code


@dataclass(frozen=True, slots=True)
class _Fixed:
    """The text of a file before and after its fixes, and what they are called."""

    path: str
    before: SourceText
    after: SourceText
    titles: tuple[str, ...]


def _fixed(program: Program, path: str, chosen: Selection, levels: Collection[Level]) -> _Fixed:
    """Fix a document in the program, so that the documents that rest on it see it fixed."""

    def propose(source: SourceText) -> tuple[Fix, ...]:
        program.put(path, source)
        return program.fixes_to_make(_shown(program, path, chosen), levels)

    before = program.source(path)
    result = fix_all(before, propose)
    program.put(path, result.source)
    return _Fixed(path, before, result.source, tuple(fix.title for fix in result.applied))


def _shown(program: Program, path: str, chosen: Selection) -> tuple[Finding, ...]:
    return chosen.verdict(program.findings(path), program.source).shown


def _say_why(program: Program, finding: Finding, levels: Collection[Level], root: str) -> None:
    """Tell what stands against fixing a finding."""
    line = program.source(finding.path).position(finding.span.start).line + 1
    where = f"{printable(shown(finding.path, root))}:{line}: {finding.code}"
    try:
        reasons = list(program.withheld(finding))
        for fix in program.fixes(finding):
            if not fix.edits:
                reasons.append(f"advice: {fix.title}")
            elif fix.level in levels:
                reasons.append(f'"{fix.title}" is one of several ways, to be chosen by a person')
            else:
                reasons.append(f'"{fix.title}" may change what is sent: --unsafe-fixes makes it')
    except Exception as failure:
        reasons = [str(failure)]
    for reason in reasons or ["no fix is known for what this rule reports"]:
        say(f"{where}: not fixed: {printable(reason)}")


def _write(fixed: _Fixed, name: str) -> None:
    old, new = _bytes(fixed)
    rewrite(fixed.path, old, new)
    _print_titles(fixed, name)


def _print_patch(fixed: _Fixed, name: str) -> None:
    # In bytes: the patch of a file has the encoding and the line ends of the file.
    sys.stdout.flush()
    path = fixed.path if name.startswith("../") else name  # `git apply` takes no `..`
    sys.stdout.buffer.write(patch(path, *_bytes(fixed)))
    sys.stdout.buffer.flush()


def _print_titles(fixed: _Fixed, name: str) -> None:
    sys.stdout.writelines(f"{printable(name)}: {printable(title)}\n" for title in fixed.titles)


def _bytes(fixed: _Fixed) -> tuple[bytes, bytes]:
    """Return what the file holds and what it is to hold; FileChangedError when it has changed."""
    file = read(fixed.path)
    if file.source != fixed.before:
        raise FileChangedError(fixed.path)
    return file.data, file.with_source(fixed.after)


def _reason(failure: Exception) -> str:
    if isinstance(failure, FileChangedError):
        return "it has changed meanwhile"
    if isinstance(failure, OSError) and failure.strerror:
        return failure.strerror
    return printable(str(failure))


def _summary(made: int, left: int, verb: str) -> str:
    parts = [f"{made} finding{'' if made == 1 else 's'} {verb}"] if made else []
    if left:
        parts.append(f"{left} left that no safe fix is known for")
    return ", ".join(parts) or "nothing to fix"

"""`batten fix`: close the holes that have a verified fix."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from batten.analysis.fix_project import FixedDocument, fix_project
from batten.analysis.program import Program
from batten.cli.exit_code import FAILURE, FINDINGS, NOTHING, exit_code
from batten.cli.progress import progress
from batten.cli.selection import add_selection, selection
from batten.cli.task import add_stdin_filename, task
from batten.cli.terminal import say
from batten.models.load import load
from batten.project.disk import DISK
from batten.project.examination import examine
from batten.project.problem import failed
from batten.project.rewriting import FileChangedError, rewrite
from batten.project.source_file import NotReadError
from batten.project.suppressions import covering
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
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from batten.analysis.fix_project import Made
    from batten.cli.selection import Selection
    from batten.cli.task import Task
    from batten.project.suppressions import Suppression
    from batten.rules.finding import Finding

EPILOG = """\
Notes are fixed only when asked for, with --min-severity note. Line numbers are those of the
files as they are when the command has ended.

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
        help="files, and folders to look for Python files in; - takes standard input and\n"
        "writes the fixed text to standard output (default: .)",
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
    add_stdin_filename(parser)
    add_selection(parser, Severity.WARNING)


def run(arguments: Namespace) -> int:
    """Fix what can be fixed, or show it, and return the exit code."""
    chosen = selection(arguments, DISK)
    to_do = task(arguments, chosen, DISK)
    program = Program(load())
    with progress() as report:
        examined = examine(program, to_do.files, to_do.read, report)
    root = Path.cwd().as_posix()
    problems = [*to_do.problems, *examined.problems]
    for problem in problems:
        say(problem_line(problem, root, PLAIN))

    levels = {Level.SAFE, Level.UNSAFE} if arguments.unsafe_fixes else {Level.SAFE}
    judged = _judged(program, examined.findings, chosen)
    paths = tuple(dict.fromkeys(each.path for each in judged))
    fixed = fix_project(program, paths, lambda path: _shown(program, path, chosen), levels)
    for path, failure in fixed.failures.items():
        say(problem_line(failed(path, failure), root, PLAIN))
    is_refused = bool(fixed.failures)
    is_dry = arguments.diff or arguments.check
    documents = dict(fixed.documents)
    if to_do.is_standard_input and not is_dry:
        sources = {path: program.source(path) for path in program.paths}
        documents = {path: FixedDocument(text, text) for path, text in sources.items()} | documents
    made: list[Made] = []
    finish = _finish(arguments, to_do)
    for path, document in sorted(documents.items()):
        try:
            finish(_Fixed(path, shown(path, root), document, to_do))
        except BrokenPipeError:
            raise
        except (OSError, FileChangedError, NotReadError, EncodeError) as refusal:
            say(f"{printable(shown(path, root))}: not fixed: {_reason(refusal)}")
            is_refused = True
        else:
            made += document.made()

    left = [each for path in examined.files for each in _shown(program, path, chosen)]
    known = {(each.path, each.code, each.span.start) for each in judged}
    revealed = sum(_where(each, documents) not in known for each in left)
    if arguments.verbose:
        for finding in left:
            line = _line(program, finding, documents.get(finding.path) if is_dry else None)
            where = f"{printable(shown(finding.path, root))}:{line}: {finding.code}"
            for reason in _reasons(program, finding, levels):
                say(f"{where}: not fixed: {printable(reason)}")
    say(_summary(made, len(left), revealed, "would be fixed" if is_dry else "fixed"))
    if is_refused:
        return FAILURE
    code = exit_code(left, problems, to_do.named)
    return FINDINGS if is_dry and made and code == NOTHING else code


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A file that is fixed: its path, the name to show, and what it is read from."""

    path: str
    name: str
    document: FixedDocument
    task: Task

    def contents(self) -> tuple[bytes, bytes]:
        """Return what the file holds and what it is to hold; FileChangedError if it changed."""
        file = self.task.read(self.path)
        if file.source != self.document.first:
            raise FileChangedError(self.path)
        return file.data, file.with_source(self.document.source)


def _shown(program: Program, path: str, chosen: Selection) -> tuple[Finding, ...]:
    return _judged(program, program.findings(path), chosen)


def _judged(
    program: Program, findings: Iterable[Finding], chosen: Selection
) -> tuple[Finding, ...]:
    def comments(path: str) -> tuple[Suppression, ...]:
        return covering(program.source(path))

    return chosen.verdict(findings, program.source, comments).shown


def _line(program: Program, finding: Finding, fixed: FixedDocument | None) -> int:
    """Return the line of a finding that is left, counted from 1; in the text before if `fixed`."""
    at = finding.span.start
    if fixed is None:
        return program.source(finding.path).position(at).line + 1
    return fixed.first.position(fixed.origin(at)).line + 1


def _reasons(program: Program, finding: Finding, levels: Collection[Level]) -> list[str]:
    """Return what stands against fixing a finding."""
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
    return reasons or ["no fix is known for what this rule reports"]


def _finish(arguments: Namespace, to_do: Task) -> Callable[[_Fixed], None]:
    """Return what to do with what is fixed."""
    if arguments.diff:
        return _print_patch
    if arguments.check:
        return _print_planned
    return _print_text if to_do.is_standard_input else _write


def _write(fixed: _Fixed) -> None:
    rewrite(fixed.path, *fixed.contents())
    sys.stdout.writelines(f"{title}\n" for title in _titles_after(fixed))


def _print_text(fixed: _Fixed) -> None:
    _print_bytes(fixed.contents()[1])
    for title in _titles_after(fixed):
        say(title)


def _print_patch(fixed: _Fixed) -> None:
    # What stands between the patches of two files is not looked at by `git apply`.
    unsafe = [each for each in fixed.document.made() if each.cure.fix.level is Level.UNSAFE]
    notes = "".join(f"# {title}\n" for title in _titles_before(fixed, unsafe))
    path = fixed.path if fixed.name.startswith("../") else fixed.name  # nor takes it any `..`
    # In bytes: the patch of a file has the encoding and the line ends of the file.
    _print_bytes(notes.encode("utf-8", "surrogateescape") + patch(path, *fixed.contents()))


def _print_planned(fixed: _Fixed) -> None:
    fixed.contents()
    lines = _titles_before(fixed, fixed.document.made())
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _print_bytes(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _titles_before(fixed: _Fixed, made: Iterable[Made]) -> Iterator[str]:
    """Yield what fixes are called, with their lines in the text before."""
    for each in made:
        yield _title(fixed, fixed.document.first.position(each.before).line, each)


def _titles_after(fixed: _Fixed) -> Iterator[str]:
    """Yield what the fixes are called, with their lines in the text that was written."""
    for each in fixed.document.made():
        yield _title(fixed, fixed.document.source.position(each.after).line, each)


def _title(fixed: _Fixed, line: int, made: Made) -> str:
    fix = made.cure.fix
    mark = " (unsafe)" if fix.level is Level.UNSAFE else ""
    return f"{printable(fixed.name)}:{line + 1}: {printable(fix.title)}{mark}"


def _reason(failure: Exception) -> str:
    if isinstance(failure, FileChangedError):
        return "it has changed meanwhile"
    if isinstance(failure, OSError) and failure.strerror:
        return failure.strerror
    return printable(str(failure))


def _where(finding: Finding, documents: Mapping[str, FixedDocument]) -> tuple[str, str, int]:
    """Return the path, the code and the place of a finding in the text before the fixes."""
    document, at = documents.get(finding.path), finding.span.start
    return finding.path, finding.code, at if document is None else document.origin(at)


def _summary(made: Collection[Made], left: int, revealed: int, verb: str) -> str:
    parts: list[str] = []
    if made:
        unsafe = sum(each.cure.fix.level is Level.UNSAFE for each in made)
        how = f" ({unsafe} by an edit that is not safe)" if unsafe else ""
        parts.append(f"{len(made)} finding{'' if len(made) == 1 else 's'} {verb}{how}")
    if left:
        told = f" ({revealed} of them hidden before by what is fixed)" if revealed else ""
        parts.append(f"{left} left for a person to fix{told}, for the reasons that --verbose tells")
    return ", ".join(parts) or "nothing to fix"

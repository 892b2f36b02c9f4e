"""All safe fixes of some folders made at once, in memory, and what is wrong with the result.

    .venv/bin/python benchmarks/fixes.py [FOLDER ...] [--labels FILE] [--verbose]

Each folder is a project of its own. Without one, the packages of `packages.txt` are taken. Of
every file that is fixed it checks: whatever could be compiled still can be; no finding that was
fixed is left and no new one has come; outside of the edits not a token has changed; a second run
changes nothing. Prints how many findings have a safe fix, an unsafe one or none, with the reasons
for none. Ends with 1 when a check fails.

`--labels` is a JSON list of holes that people judged (`package`, `path`, `line`, `col`, `position`
and `verdict`): prints how many of those that are `bad`, in a path or a query, have a verified fix.
"""

from __future__ import annotations

import argparse
import difflib
import io
import json
import re
import sys
import tokenize
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from batten.analysis.fix_project import FixedDocument, fix_project
from batten.analysis.program import Program
from batten.models.load import load
from batten.project.source_file import NotReadError, read
from batten.rewrite.edit import Level
from batten.rules.finding import Severity
from scan import packages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.models.model import Models
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText

IN_NAMES = re.compile(r"[\w.()]*[`\"][^`\"]*[`\"]|\d+")


@dataclass(slots=True)
class Tally:
    """What was counted in all folders."""

    findings: Counter[str] = field(default_factory=Counter)
    by_rule: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    files: int = 0
    made: int = 0
    failures: list[str] = field(default_factory=list)


def main() -> None:
    """Fix the folders, and print the counts and the failures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--labels", type=Path, metavar="FILE", help="holes that people judged")
    parser.add_argument("--verbose", action="store_true", help="name each finding without a fix")
    arguments = parser.parse_args()
    folders = arguments.folders or sorted(packages().iterdir())
    labels = json.loads(arguments.labels.read_text()) if arguments.labels else []
    models = load()
    tally = Tally()
    for folder in folders:
        examine(folder, models, labels, tally, verbose=arguments.verbose)
    print_counts(tally)
    sys.exit(1 if tally.failures else 0)


def examine(
    folder: Path, models: Models, labels: Sequence[dict[str, str]], tally: Tally, *, verbose: bool
) -> None:
    """Count the fixes of a project, make the safe ones, and note what is wrong with the result."""
    program = Program(models)
    paths: list[str] = []
    for path in map(Path.as_posix, sorted(folder.rglob("*.py"))):
        try:
            program.put(path, read(path).source)
        except NotReadError:
            continue
        paths.append(path)
    tally.files += len(paths)
    before = {path: found for path in paths if any(map(counts, found := program.findings(path)))}
    for path, findings in before.items():
        for finding in filter(counts, findings):
            best, why = graded(program, finding)
            tally.findings[best] += 1
            tally.by_rule[f"{finding.code} {finding.name}", best] += 1
            if best == "none":
                tally.reasons[IN_NAMES.sub("…", why)] += 1
                if verbose:
                    line = program.source(path).position(finding.span.start).line + 1
                    print(f"{path}:{line}: {finding.code}: {why}")
    count_labels(folder, labels, program, before, tally)
    fix_folder(program, before, tally)


def counts(finding: Finding) -> bool:
    """Tell whether a finding is shown when nobody asks for notes."""
    return finding.severity > Severity.NOTE


def graded(program: Program, finding: Finding) -> tuple[str, str]:
    """Return the level of the safest fix of a finding, or "none" and why."""
    fixes = [fix for fix in program.fixes(finding) if fix.edits]
    if fixes:
        safe = any(fix.level is Level.SAFE for fix in fixes)
        return ("safe" if safe else "unsafe"), ""
    why = program.withheld(finding)
    return "none", why[0] if why else f"{finding.code} has advice only"


def count_labels(
    folder: Path,
    labels: Sequence[dict[str, str]],
    program: Program,
    findings: dict[str, tuple[Finding, ...]],
    tally: Tally,
) -> None:
    """Count the labels that are bad, in a path or a query, and what Batten has for them."""
    for label in labels:
        parts = label["package"].replace(":", "/").split("/")
        if label["verdict"] != "bad" or label["position"] not in ("path", "query"):
            continue
        if folder.name not in parts[0]:
            continue
        path = next((each for each in findings if each.endswith(f"/{label['path']}")), None)
        best = "not found"
        for finding in findings.get(path, ()) if path else ():
            start = program.source(path or "").position(finding.span.start)
            if (start.line + 1, start.column) == (int(label["line"]), int(label["col"])):
                best = graded(program, finding)[0]
        tally.labels[best] += 1


def fix_folder(program: Program, before: dict[str, tuple[Finding, ...]], tally: Tally) -> None:
    """Make the safe fixes of a project in the program and note what is wrong with the result."""
    fixed = fix_project(program, before, lambda path: wanted(program, path), {Level.SAFE})
    tally.failures += (f"{path}: {failure!r}" for path, failure in fixed.failures.items())
    for path, document in fixed.documents.items():
        failures = list(wrong(document))
        old, new = before[path], program.findings(path)
        made = len(document.made())
        tally.made += made
        gone = Counter(finding.code for finding in old)
        left = Counter(finding.code for finding in new)
        for code, count in (left - gone).items():
            failures.append(f"{count} new findings of {code}")
        if len(old) - len(new) < made:
            failures.append(f"{made} fixes, {len(old)} findings before, {len(new)} after")
        tally.failures += (f"{path}: {failure}" for failure in failures)
    again = fix_project(program, program.paths, lambda path: wanted(program, path), {Level.SAFE})
    tally.failures += (f"{path}: a second run changes it" for path in again.documents)


def wanted(program: Program, path: str) -> tuple[Finding, ...]:
    """Return the findings of a document that are to be fixed."""
    return tuple(filter(counts, program.findings(path)))


def wrong(fixed: FixedDocument) -> Iterator[str]:
    """Yield what is wrong with a fixed text by itself."""
    if compiles(fixed.first) and not compiles(fixed.source):
        yield "does not compile"
    added = tokens_changed(fixed.first, fixed.source)
    for text in added:
        yield f"changes `{text}` outside of the edits"


def compiles(source: SourceText) -> bool:
    """Tell whether the running Python takes a text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source.text, "<fixed>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError):
            return False
    return True


def tokens_changed(before: SourceText, after: SourceText) -> list[str]:
    """Return the tokens that got lost, but for strings whose quotes an edit may have changed."""
    old, new = (list(tokens(source)) for source in (before, after))
    lost = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, _, _ in matcher.get_opcodes():
        if tag != "equal":
            lost += [text for text in old[start:end] if text.lstrip("bBfFrRuU")[:1] not in "\"'"]
    return lost


def tokens(source: SourceText) -> Iterator[str]:
    """Yield the texts of the tokens, comments among them; of broken text those before it."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.string.strip():
                yield token.string
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return


def print_counts(tally: Tally) -> None:
    """Print a table of what was counted, and all failures."""
    total = sum(tally.findings.values())
    print(f"{tally.files} files, {total} findings, {tally.made} safe fixes made")
    levels = ("safe", "unsafe", "none")
    rules = sorted({rule for rule, _ in tally.by_rule})
    print(f"{'':34}" + "".join(f"{level:>8}" for level in levels))
    for rule in rules:
        print(f"{rule:34}" + "".join(f"{tally.by_rule[rule, level]:8}" for level in levels))
    print(f"{'all':34}" + "".join(f"{tally.findings[level]:8}" for level in levels))
    for reason, count in tally.reasons.most_common():
        print(f"  {count:4} without: {reason}")
    judged = sum(tally.labels.values())
    if judged:
        fixed = tally.labels["safe"] + tally.labels["unsafe"]
        print(f"bad labels in path or query: {fixed} of {judged} have a verified fix")
        print("  " + ", ".join(f"{name}: {count}" for name, count in tally.labels.items()))
    for failure in tally.failures:
        print(f"FAILED {failure}")
    print(f"{len(tally.failures)} checks failed")


if __name__ == "__main__":
    main()

"""All fixes of many documents of a program, round by round, until nothing is left to fix.

A document that gets an import makes the program link anew. So a round makes the fixes of all
documents at once and looks at the result once, instead of document by document.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from batten.analysis.fix_all import ROUNDS
from batten.analysis.program import called
from batten.analysis.verify import Attempt, attempted
from batten.rewrite.moved import moved, origin

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from batten.analysis.program import Program
    from batten.analysis.verify import Cure
    from batten.rewrite.edit import Edit, Level
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText

    Wanted = Callable[[str], Sequence[Finding]]
    """The current findings of a document that are to be fixed."""

    Plans = Mapping[str, tuple[Cure, ...]]
    """What to make in each document; the fixes of one leave each other alone."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FixedDocument:
    """A document, and what was made of it: `rounds` are the fixes, first round first."""

    first: SourceText
    source: SourceText
    rounds: tuple[tuple[Cure, ...], ...] = ()

    def made(self) -> tuple[Made, ...]:
        """Return the fixes, with where they are."""
        return tuple(
            Made(cure, self.origin(cure.finding.span.start, number), self._now(cure, number))
            for number, cures in enumerate(self.rounds)
            for cure in cures
        )

    def origin(self, at: int, rounds: int | None = None) -> int:
        """Return where in the first text a place of the text after so many rounds was."""
        for cures in reversed(self.rounds[:rounds]):
            at = origin(at, _edits(cures))
        return at

    def _now(self, cure: Cure, number: int) -> int:
        span = cure.finding.span
        for cures in self.rounds[number:]:
            span = moved(span, _edits(cures))
        return span.start


@dataclass(frozen=True, slots=True)
class Made:
    """A fix that was made; where the finding began in the first text, and begins in the last."""

    cure: Cure
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class FixedProject:
    """The documents in which something was fixed, and what kept others from being fixed."""

    documents: Mapping[str, FixedDocument]
    failures: Mapping[str, Exception]


def fix_project(
    program: Program,
    paths: Iterable[str],
    wanted: Wanted,
    levels: Collection[Level],
    *,
    rounds: int = ROUNDS,
) -> FixedProject:
    """Make the fixes to make of the documents, in the program, until there are no more.

    They are those of `Program.cures_to_make`. A failure of the analysis on a document costs that
    document only.
    """
    work = _Work(program, wanted, levels, list(paths))
    for _ in range(rounds):
        made = _made(program, work.plans(program.likely_cures))
        made = made or _made(program, work.plans(program.cures_to_make))
        if not made:
            break
        work.note(made)
    return FixedProject(work.documents, work.failures)


@dataclass(slots=True)
class _Work:
    """What is to be done in which documents, what was done, and what can't be."""

    program: Program
    wanted: Wanted
    levels: Collection[Level]
    waiting: list[str]
    documents: dict[str, FixedDocument] = field(default_factory=dict)
    failures: dict[str, Exception] = field(default_factory=dict)
    seen: dict[str, set[SourceText]] = field(default_factory=dict)

    def plans(
        self, cures: Callable[[Sequence[Finding], Collection[Level]], tuple[Cure, ...]]
    ) -> Plans:
        """Return what to try to make in each document."""
        found: dict[str, tuple[Cure, ...]] = {}
        for path in list(self.waiting):
            self.seen.setdefault(path, set()).add(self.program.source(path))
            try:
                plan = cures(self.wanted(path), self.levels)
            except Exception as failure:
                self.failures[path] = failure
                self.waiting.remove(path)
            else:
                if plan:
                    found[path] = plan
        return found

    def note(self, made: Mapping[str, tuple[SourceText, tuple[Cure, ...]]]) -> None:
        """Note the fixes that were made, each with the text before."""
        for path, (before, cures) in made.items():
            known = self.documents.get(path) or FixedDocument(before, before)
            source = self.program.source(path)
            self.documents[path] = FixedDocument(known.first, source, (*known.rounds, cures))
            if source in self.seen[path]:  # the fixes undo each other
                self.waiting.remove(path)


def _made(program: Program, plans: Plans) -> dict[str, tuple[SourceText, tuple[Cure, ...]]]:
    """Make fixes, as many as hold together, and return them, each with the text before.

    Nothing is made of a document where none holds.
    """
    first = {path: program.source(path) for path in plans}
    before = {path: program.findings(path) for path in program.paths} if plans else {}
    while plans:
        attempts = _attempts(first, plans)
        for path, source in first.items():
            program.put(path, attempts[path].result if path in attempts else source)
        narrower = {
            path: _that_hold(program, before[path], attempt) for path, attempt in attempts.items()
        }
        if any(narrower[path] != attempts[path].cures for path in attempts):
            plans = {path: cures for path, cures in narrower.items() if cures}
            continue
        if not _disturbs(program, before, attempts):
            return {path: (first[path], attempt.cures) for path, attempt in attempts.items()}
        for path, source in first.items():
            program.put(path, source)
        return _made_apart(program, narrower)
    for path, source in first.items():
        program.put(path, source)
    return {}


def _made_apart(program: Program, plans: Plans) -> dict[str, tuple[SourceText, tuple[Cure, ...]]]:
    """Make the fixes of half of the documents, then those of the others, if they still hold.

    Of one document, half of the fixes are made: the places of the others are those of its old text.
    """
    made: dict[str, tuple[SourceText, tuple[Cure, ...]]] = {}
    if len(plans) > 1:
        paths = sorted(plans)
        for half in (paths[: len(paths) // 2], paths[len(paths) // 2 :]):
            made |= _made(program, {path: plans[path] for path in half})
        return made
    ((path, cures),) = plans.items()
    middle = len(cures) // 2
    for some in (cures[:middle], cures[middle:]) if middle else ():
        made = made or _made(program, {path: some})
    return made


def _attempts(first: Mapping[str, SourceText], plans: Plans) -> dict[str, Attempt]:
    """Make the fixes in copies, document by document, without those that don't read well."""
    found: dict[str, Attempt] = {}
    for path, cures in plans.items():
        calls = called(cure.finding for cure in cures)
        try:
            attempt = attempted(first[path], cures, calls=calls)
        except Exception as failure:  # told when each fix is tried alone
            _log.warning("%s: fixes can't be tried together: %r", path, failure)
            continue
        if isinstance(attempt, Attempt):
            found[path] = attempt
    return found


def _that_hold(program: Program, before: Sequence[Finding], attempt: Attempt) -> tuple[Cure, ...]:
    """Return the fixes that the program with all of them speaks for: maybe none."""
    path = attempt.cures[0].finding.path
    try:
        verdict = attempt.judged(
            before, program.findings(path), lambda _, finding: program.proposed(finding)
        )
    except Exception as failure:  # as above
        _log.warning("%s: fixes can't be judged together: %r", path, failure)
        return ()
    if verdict.holds:
        return attempt.cures
    blamed = verdict.blamed
    return tuple(cure for cure in attempt.cures if cure not in blamed) if blamed else ()


def _disturbs(
    program: Program, before: Mapping[str, Sequence[Finding]], edited: Collection[str]
) -> bool:
    """Tell whether there are new findings in documents that nobody edited."""
    for path, findings in before.items():
        known = {(finding.code, finding.span) for finding in findings}
        if path not in edited and any(
            (finding.code, finding.span) not in known for finding in program.findings(path)
        ):
            return True
    return False


def _edits(cures: Iterable[Cure]) -> list[Edit]:
    return [edit for cure in cures for edit in cure.fix.edits]

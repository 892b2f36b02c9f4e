"""The whole way in one place: documents in, findings with verified fixes out."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.analysis.judgement import Judgement
from batten.analysis.summaries import Summaries
from batten.analysis.trial import Aside, Trial
from batten.link.border import Border
from batten.link.document import Document
from batten.link.index import Index
from batten.link.links import Links
from batten.link.modules import imported_by
from batten.rewrite.edit import Fix, apart
from batten.rewrite.refusal import Refusal
from batten.rules.registry import rules
from batten.syntax.units import DividedText, division_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from batten.analysis.judgement import Judged
    from batten.analysis.verify import Cure
    from batten.link.found import Found
    from batten.link.sink_calls import SinkCall
    from batten.models.model import Models
    from batten.rewrite.edit import Level
    from batten.rules.finding import Finding
    from batten.rules.rule import Rule
    from batten.syntax.change import Change
    from batten.syntax.text import SourceText, Span
    from batten.syntax.units import Content

MAX_TRIAL = 40
MUCH = 10_000
"""Bytes of a change in which units are looked for in more than some milliseconds."""
OWN_COPY = 4
_log = logging.getLogger(__name__)


class Program:
    """The documents under analysis and what is known of them.

    A document is named by its path: absolute and POSIX-style for files (the editor's server
    maps URIs to it), any unique name for text that has no file. Work is remembered by the text of
    units, so that a changed document costs its changed units. It can be stopped at its `border`.
    """

    def __init__(self, models: Models, border: Border | None = None) -> None:
        self.border = border or Border()
        self._models = models
        self._sources: dict[str, SourceText] = {}
        self._documents: dict[str, Document] = {}
        self._summaries = Summaries(models, self.border)
        self._links = Links(models, self.border)
        self._found: Mapping[str, tuple[Found, ...]] | None = None
        self._findings: dict[str, tuple[tuple[Finding, Found], ...]] = {}
        self._judgements: dict[str, Judgement] = {}
        self._proposals: dict[Finding, tuple[Fix | Refusal, ...]] = {}
        self._verdicts: dict[tuple[Finding, Fix], str] = {}
        self._trials: dict[tuple[str, frozenset[str]], Trial] = {}
        self._index: Index | None = None
        self._begun = 0  # how often all was linked anew when the findings were found

    def put(self, path: str, source: SourceText) -> None:
        """Add a document, or give it a new text."""
        before = self._documents.get(path)
        if before is not None and self._sources[path] == source:
            return
        if before is None or _is_much(source.change_since(before.division.source)):
            self.border.before_long()
        if before is None:
            division = division_of(source)
            summaries = self._summaries.of(path, division)
        else:
            division = division_of(source, before.division)
            summaries = self._summaries.again(division, before)
        self._sources[path] = source
        self._documents[path] = Document(path, division, summaries)
        self._forget()

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the documents."""
        return tuple(self._sources)

    def remove(self, path: str) -> None:
        """Forget a document; unknown paths are ignored."""
        self._summaries.forget(path)
        if self._sources.pop(path, None) is not None:
            del self._documents[path]
            self._judgements.pop(path, None)
            self._forget()

    def source(self, path: str) -> SourceText:
        """Return the text of a document; KeyError when it was never put."""
        return self._sources[path]

    def contents(self, path: str) -> tuple[Content, ...]:
        """Return the units of a document without their places."""
        return self._documents[path].units

    def findings(self, path: str) -> tuple[Finding, ...]:
        """Return the findings in one document, sorted by place."""
        return tuple(finding for finding, _ in self._judged(path))

    def judged(self, path: str) -> tuple[Judged, ...]:
        """Return the findings in one document, sorted by place, without working out the places.

        It is the same tuple as before while they only move.
        """
        found = self._linked().get(path, ())
        judgement = self._judgements.setdefault(path, Judgement())
        return judgement.of(found, self._documents[path].division.numbers, self.border)

    def sinks(self, path: str) -> tuple[SinkCall, ...]:
        """Return the calls in one document that send text, sorted by place."""
        self._linked()
        return self._links.sinks(self._documents[path])

    def unread(self, path: str) -> tuple[Span, ...]:
        """Return the ranges that could not be parsed, sorted; empty for sound text."""
        document = self._documents[path]
        return tuple(
            sorted(
                document.division.to_document(unit, error)
                for unit, summary in enumerate(document.summaries)
                for error in summary.errors
            )
        )

    def fixes(self, finding: Finding) -> tuple[Fix, ...]:
        """Return the verified fixes of a current finding, best first; at most one is preferred.

        Advice has no edits and needs no proof. A finding that is not current, because its
        document has changed, has no fixes.
        """
        finding = self._own(finding)
        sound: list[Fix] = []
        for fix in self._proposed(finding):
            if not self._failure(finding, fix):
                first = not any(other.edits for other in sound)
                sound.append(replace(fix, preferred=fix.preferred and first))
        return tuple(sound)

    def proposed(self, finding: Finding) -> tuple[Fix, ...]:
        """Return the fixes that the rule of a current finding has for it, not verified."""
        return self._proposed(self._own(finding))

    def fix_to_make(self, finding: Finding, levels: Collection[Level]) -> Fix | None:
        """Return the verified fix to make without asking anybody, of one of the levels.

        That is the preferred one, or the only one: of several, a person has to choose. No other
        is made where the preferred one holds, but is of another level.
        """
        finding = self._own(finding)
        preferred = self._preferred(finding)
        if preferred is not None and not self._failure(finding, preferred):
            return preferred if preferred.level in levels else None
        proposed = (fix for fix in self._proposed(finding) if fix.edits and fix.level in levels)
        possible = (fix for fix in proposed if not self._failure(finding, fix))
        first = next(possible, None)
        return first if next(possible, None) is None else None

    def fixes_to_make(
        self, findings: Sequence[Finding], levels: Collection[Level]
    ) -> tuple[Fix, ...]:
        """Return fixes of findings of one document that can all be made at once, by their place.

        They are those of `fix_to_make`, verified together: one by one costs far more. Of fixes
        in each other's way, and of those that hold only apart, some are left out: ask again
        when the others are made.
        """
        return tuple(cure.fix for cure in self.cures_to_make(findings, levels))

    def likely_cures(
        self, findings: Iterable[Finding], levels: Collection[Level]
    ) -> tuple[Cure, ...]:
        """Return what `cures_to_make` would try first, leaving each other alone, not verified."""
        fixes: dict[Fix, Finding] = {}
        for finding in map(self._own, findings):
            fix = self._preferred(finding)
            if fix is not None and fix.level in levels:
                fixes.setdefault(fix, finding)
        return tuple(_cure(fixes[fix], fix) for fix in apart(fixes))

    def cures_to_make(
        self, findings: Sequence[Finding], levels: Collection[Level]
    ) -> tuple[Cure, ...]:
        """Return the fixes of `fixes_to_make`, each with a finding that it is for."""
        preferred = {finding: self._preferred(finding) for finding in map(self._own, findings)}
        found: dict[Fix, Finding] = {}
        others = [finding for finding, fix in preferred.items() if fix is None]
        for is_wanted in (True, False):
            fixes = {
                fix: finding
                for finding, fix in preferred.items()
                if fix is not None and (fix.level in levels) is is_wanted
            }
            together = [(fixes[fix], fix) for fix in apart(fixes)]
            for trial, group in self._trials_of(together):
                held = self._held(trial, group)
                found |= {fix: finding for finding, fix in held if is_wanted}
                others += (finding for finding, fix in group if (finding, fix) not in held)
        for finding in others:
            fix = self.fix_to_make(finding, levels)
            if fix is not None:
                found.setdefault(fix, finding)
        return tuple(_cure(found[fix], fix) for fix in apart(found))

    def _own(self, finding: Finding) -> Finding:
        """Return a finding as its rule gave it: settings may have changed its severity."""
        own = (each for each, _ in self._judged(finding.path) if _is_same(each, finding))
        return next(own, finding)

    def _preferred(self, finding: Finding) -> Fix | None:
        """Return the fix that a rule prefers, not verified."""
        fixes = (fix for fix in self._proposed(finding) if fix.preferred and fix.edits)
        return next(fixes, None)

    def _trials_of(
        self, wanted: Sequence[tuple[Finding, Fix]]
    ) -> Iterator[tuple[Trial, list[tuple[Finding, Fix]]]]:
        """Yield copies to try fixes in, each with those whose findings it shows, as in `_trial`."""
        left = list(wanted)
        whole = frozenset(self._sources)
        for widen in (_as_they_are, self._with_imports, lambda _: whole):
            if not left:
                return
            path = left[0][0].path
            passed = frozenset(step.path for finding, _ in left for step in finding.trace)
            trial = self._trial_of(path, widen(passed | {path}))
            shown = [(finding, fix) for finding, fix in left if trial.shows(finding)]
            left = [pair for pair in left if pair not in shown]
            if shown:
                yield trial, shown

    def _held(self, trial: Trial, fixes: list[tuple[Finding, Fix]]) -> list[tuple[Finding, Fix]]:
        """Return those of some fixes that hold together: all, or what halves of them leave."""
        if not fixes or not self._tried(trial, fixes):
            return fixes
        if len(fixes) == 1:
            return []
        middle = len(fixes) // 2
        first, second = (self._held(trial, half) for half in (fixes[:middle], fixes[middle:]))
        both = [*first, *second]
        return both if not first or not second or not self._tried(trial, both) else first

    def _tried(self, trial: Trial | Aside, fixes: Sequence[tuple[Finding, Fix]]) -> str:
        """Try fixes together and return why they may not be made so, "" if they may."""
        from batten.analysis.verify import verified  # only for fixes: scans do without

        path = fixes[0][0].path
        verdict = verified(
            self._sources[path],
            [_cure(finding, fix) for finding, fix in fixes],
            analyse=trial.findings,
            propose=trial.proposed,
            calls=called(finding for finding, _ in fixes),
            division=self._documents[path].division,
        )
        return verdict.reason

    def withheld(self, finding: Finding) -> tuple[str, ...]:
        """Return why a current finding does not have fixes that it might have, in plain words."""
        finding = self._own(finding)
        reasons = [one.reason for one in self._proposals_of(finding) if isinstance(one, Refusal)]
        for fix in self._proposed(finding):
            failure = self._failure(finding, fix)
            if failure:
                reasons.append(f'"{fix.title}" is withheld: {failure}')
        return tuple(dict.fromkeys(reasons))

    def _failure(self, finding: Finding, fix: Fix) -> str:
        """Return why a fix may not be offered, "" if it may."""
        if not fix.edits:
            return ""
        found = self._verdicts.get((finding, fix))
        if found is None:
            found = self._verdicts[finding, fix] = self._tried(
                self._trial(finding), [(finding, fix)]
            )
            if found:
                _log.info("%s: %r is withheld: %s", finding.code, fix.title, found)
        return found

    def _proposed(self, finding: Finding) -> tuple[Fix, ...]:
        """Return what the finding's rule would edit, not verified."""
        return tuple(one for one in self._proposals_of(finding) if isinstance(one, Fix))

    def _proposals_of(self, finding: Finding) -> tuple[Fix | Refusal, ...]:
        found = self._proposals.get(finding)
        if found is None:
            self.border()
            found = self._proposals[finding] = self._asked(finding)
            for one in found:
                if isinstance(one, Refusal):
                    _log.info("%s: not fixed: %s", finding.code, one.reason)
        return found

    def _asked(self, finding: Finding) -> tuple[Fix | Refusal, ...]:
        self._linked()  # a flow is told by the documents as they were linked last
        for current, found in self._judged(finding.path):
            if current == finding:
                source = DividedText(self._documents[finding.path].division)
                return tuple(_rule(finding).fix(found.flow(), source))
        return ()

    def _trial(self, finding: Finding) -> Trial | Aside:
        """Return where to try a fix: in a copy with as few documents as show the finding.

        These are the documents that the finding's trace passes, or these with all that they
        import, or the whole program. A program that is hardly larger than that is its own copy:
        it is linked already.
        """
        passed = frozenset({finding.path, *(step.path for step in finding.trace)})
        if self._size(self._sources) <= OWN_COPY * self._size(passed):
            return Aside(self, finding.path)
        for paths in (passed, self._with_imports(passed)):
            trial = self._trial_of(finding.path, paths)
            if trial.shows(finding):
                return trial
        return self._trial_of(finding.path, frozenset(self._sources))

    def _trial_of(self, path: str, paths: frozenset[str]) -> Trial:
        trial = self._trials.get((path, paths))
        if trial is None:
            trial = self._trials[path, paths] = Trial(self._copy(paths), path)
        return trial

    def _size(self, paths: Iterable[str]) -> int:
        return sum(len(self._documents[path].units) for path in paths)

    @contextmanager
    def put_aside(self, path: str, source: SourceText) -> Iterator[None]:
        """Give a document another text meanwhile; what was concluded from its own is kept."""
        source_before, before = self._sources[path], self._documents[path]
        kept = (self._findings, self._proposals, self._verdicts, self._trials)
        begun = self._links.begun
        self._findings, self._proposals, self._verdicts, self._trials = {}, {}, {}, {}
        try:
            self.put(path, source)
            yield
        finally:
            self._sources[path], self._documents[path] = source_before, before
            self._summaries.forget(path)
            self._forget()
            self._findings, self._proposals, self._verdicts, self._trials = kept
            if self._links.begun != begun:
                self._findings = {}  # their flows are gone

    def _with_imports(self, paths: frozenset[str]) -> frozenset[str]:
        if self._index is None:
            self._index = Index(self._documents)
        index = self._index
        found = dict.fromkeys(paths)
        waiting = list(paths)
        for path in waiting:
            for imported in imported_by(path, index):
                if imported not in found and len(found) < MAX_TRIAL:
                    found[imported] = None
                    waiting.append(imported)
        return frozenset(found)

    def _copy(self, paths: frozenset[str]) -> Program:
        copy = Program(self._models, self.border)
        copy._sources = {path: self._sources[path] for path in self._sources if path in paths}
        copy._documents = {path: self._documents[path] for path in copy._sources}
        return copy

    def _forget(self) -> None:
        """Drop what was concluded from the documents together."""
        self._found = None
        self._findings.clear()
        self._proposals.clear()
        self._verdicts.clear()
        self._trials.clear()
        self._index = None

    def _judged(self, path: str) -> tuple[tuple[Finding, Found], ...]:
        judged = self._findings.get(path)
        if judged is None:
            found = [(each.finding(), each.found) for each in self.judged(path)]
            judged = self._findings[path] = tuple(found)
        return judged

    def _linked(self) -> Mapping[str, tuple[Found, ...]]:
        if self._found is None:
            self._found = self._links.found(self._documents)
            if self._links.begun != self._begun:
                self._begun = self._links.begun
                self._findings.clear()  # their flows are gone
        return self._found


def _is_much(change: Change) -> bool:
    return change.old_end - change.start + change.new_end - change.start > MUCH


def _as_they_are(paths: frozenset[str]) -> frozenset[str]:
    return paths


def called(findings: Iterable[Finding]) -> frozenset[str]:
    """Return the qualified names that the fixes of findings may call, besides builtins."""
    return frozenset(name for finding in findings for name in _rule(finding).calls)


def _is_same(own: Finding, shown: Finding) -> bool:
    if (own.span, own.code) != (shown.span, shown.code):
        return False
    return replace(own, severity=shown.severity) == shown


def _cure(finding: Finding, fix: Fix) -> Cure:
    from batten.analysis.verify import Cure  # only for fixes, as above

    return Cure(finding, fix, _rule(finding).leaves)


def _rule(finding: Finding) -> Rule:
    return next(rule for rule in rules() if rule.code == finding.code)

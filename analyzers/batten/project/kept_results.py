"""Results as bytes and back.

What is read may be anything: cut off, changed, made by somebody. So it is JSON, which can't do
anything, in the form that is written here to the last detail, under a digest of it; whatever
differs was never kept. The text of the files is not in it, beyond what findings tell of it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from batten.project.digest import blake2b
from batten.project.examination import Examination
from batten.project.problem import Kind, Lines, Problem
from batten.project.results import Results, unweighed
from batten.project.source_file import NotReadError
from batten.rewrite.edit import Edit, Fix, Level
from batten.rules.finding import Finding, Severity, Step, Witness
from batten.rules.names import NAMES
from batten.syntax.text import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeVar

    from batten.syntax.text import SourceText

    T = TypeVar("T")

_FORM = b"batten results 1"
"""Another form has another number."""

_FIELDS = ("key", "unread", "problems", "commented", "steps", "findings", "fixes")


def to_bytes(results: Results, key: str, paths: Sequence[str]) -> bytes:
    """Return the results of a run over `paths` as bytes; `key` tells which run."""
    examined = results.examined
    number = {path: index for index, path in enumerate(paths)}
    judged = frozenset(examined.files)
    offered = map(results.fixes.get, map(unweighed, examined.findings))
    # Findings share most steps of their ways.
    steps = dict.fromkeys(step for finding in examined.findings for step in finding.trace)
    number_of_step = {step: index for index, step in enumerate(steps)}
    written = {
        "key": key,
        "unread": [number[path] for path in paths if path not in judged],
        "problems": [
            [number[each.path], each.kind.value, each.message, [list(run) for run in each.lines]]
            for each in examined.problems
        ],
        "commented": sorted(number[path] for path in results.commented),
        "steps": [[number[each.path], each.span.start, each.span.end, each.note] for each in steps],
        "findings": [_written(finding, number, number_of_step) for finding in examined.findings],
        "fixes": [None if fixes is None else [*map(_written_fix, fixes)] for fixes in offered],
    }
    body = json.dumps(written, separators=(",", ":")).encode("ascii")
    return b"\n".join((_FORM, _digest(body), body))


def from_bytes(
    data: bytes, key: str, paths: Sequence[str], source: Callable[[str], SourceText]
) -> Results | None:
    """Return the results of a run over `paths`; None when the bytes are not those of `to_bytes`.

    `source` gives the text of a file, for its places to be in it.
    """
    form, _, rest = data.partition(b"\n")
    digest, _, body = rest.partition(b"\n")
    if form != _FORM or digest != _digest(body):
        return None
    try:
        return _Reader(paths, source).results(json.loads(body), key)
    except (_OtherFormError, NotReadError, ValueError, RecursionError):
        return None


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=32).hexdigest().encode("ascii")


def _written(
    finding: Finding, number: Mapping[str, int], number_of_step: Mapping[Step, int]
) -> list[Any]:
    witness = finding.witness
    return [
        finding.code,
        finding.severity.value,
        finding.message,
        number[finding.path],
        finding.span.start,
        finding.span.end,
        finding.context,
        None if witness is None else [witness.value, witness.before, witness.after],
        [number_of_step[each] for each in finding.trace],
        finding.fingerprint,
    ]


def _written_fix(fix: Fix) -> list[Any]:
    edits = [[edit.span.start, edit.span.end, edit.text] for edit in fix.edits]
    return [fix.title, fix.level.value, edits, fix.preferred]


class _OtherFormError(Exception):
    """What was read is not what is written here."""


class _Reader:
    """Reads results strictly; raises _OtherFormError, or ValueError, for everything else."""

    def __init__(self, paths: Sequence[str], source: Callable[[str], SourceText]) -> None:
        self._paths = paths
        self._source = source
        self._texts: dict[str, bytes] = {}
        self._steps: list[Step] = []

    def results(self, read: Any, key: str) -> Results:
        of_run, unread, problems, commented, steps, findings, fixes = _fields(read)
        if of_run != key:
            raise _OtherFormError
        not_judged = frozenset(map(self._path, _list(unread)))
        with_comments = frozenset(map(self._path, _list(commented)))
        self._steps = [self._step(each) for each in _list(steps)]
        examined = Examination(
            tuple(path for path in self._paths if path not in not_judged),
            tuple(map(self._finding, _list(findings))),
            tuple(map(self._problem, _list(problems))),
        )
        for path in with_comments:
            self._data(path)
        offered = _list(fixes)
        if len(offered) != len(examined.findings):
            raise _OtherFormError
        known = {
            unweighed(finding): tuple([self._fix(each, finding.path) for each in _list(fixes_of)])
            for finding, fixes_of in zip(examined.findings, offered, strict=True)
            if fixes_of is not None
        }
        results = Results(examined, with_comments, known)
        if not results.are_sound:
            raise _OtherFormError
        return results

    def _finding(self, read: Any) -> Finding:
        code, severity, message, at, start, end, context, witness, trace, fingerprint = _list(
            read, 10
        )
        path = self._path(at)
        name = NAMES.get(_text(code))
        if name is None:
            raise _OtherFormError
        return Finding(
            code,
            name.name,
            Severity(_number(severity)),
            _text(message),
            path,
            self._span(path, start, end),
            _plain(context),
            None if witness is None else self._witness(witness),
            tuple([_one_of(self._steps, each) for each in _list(trace)]),
            _plain(fingerprint),
        )

    def _witness(self, read: Any) -> Witness:
        value, before, after = _list(read, 3)
        return Witness(_text(value), _text(before), None if after is None else _text(after))

    def _step(self, read: Any) -> Step:
        at, start, end, note = _list(read, 4)
        path = self._path(at)
        return Step(path, self._span(path, start, end), _text(note))

    def _problem(self, read: Any) -> Problem:
        at, kind, message, lines = _list(read, 4)
        runs = [_list(run, 2) for run in _list(lines)]
        return Problem(
            self._path(at),
            Kind(_text(kind)),
            _text(message),
            tuple([Lines(_number(first), _number(last)) for first, last in runs]),
        )

    def _fix(self, read: Any, path: str) -> Fix:
        title, level, edits, preferred = _list(read, 4)
        if type(preferred) is not bool:
            raise _OtherFormError
        made = [_list(edit, 3) for edit in _list(edits)]
        return Fix(
            _text(title),
            Level(_text(level)),
            tuple([Edit(self._span(path, start, end), _text(text)) for start, end, text in made]),
            preferred,
        )

    def _path(self, read: Any) -> str:
        return _one_of(self._paths, read)

    def _data(self, path: str) -> bytes:
        data = self._texts.get(path)
        if data is None:
            data = self._texts[path] = self._source(path).data
        return data

    def _span(self, path: str, start: Any, end: Any) -> Span:
        """Return a range of a file; it begins and ends between characters."""
        data = self._data(path)
        if not 0 <= _number(start) <= _number(end) <= len(data):
            raise _OtherFormError
        if _is_inside_character(data, start) or _is_inside_character(data, end):
            raise _OtherFormError
        return Span(start, end)


def _is_inside_character(data: bytes, at: int) -> bool:
    return at < len(data) and data[at] & 0b1100_0000 == 0b1000_0000


def _fields(read: Any) -> list[Any]:
    if type(read) is not dict or tuple(read) != _FIELDS:
        raise _OtherFormError
    return list(read.values())


def _one_of(known: Sequence[T], read: Any) -> T:
    index = _number(read)
    if index >= len(known):
        raise _OtherFormError
    return known[index]


def _list(read: Any, length: int | None = None) -> list[Any]:
    if type(read) is not list or (length is not None and len(read) != length):
        raise _OtherFormError
    return read


def _number(read: Any) -> int:
    if type(read) is not int or read < 0:
        raise _OtherFormError
    return read


def _text(read: Any) -> str:
    if type(read) is not str:
        raise _OtherFormError
    return read


def _plain(read: Any) -> str:
    """Return a text of ours, which is shown as it is."""
    if not _text(read).isprintable():
        raise _OtherFormError
    return str(read)

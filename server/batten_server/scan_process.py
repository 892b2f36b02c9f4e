"""The process that scans a workspace: it answers with diagnostics, ready for the editor.

It stays, and keeps what it knows of the files: asked again, it reads those that have changed,
and finds out what that changes in others. A large workspace is not kept, as it takes much memory.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batten.analysis.program import Program
from batten.models.load import load
from batten.project.examination import examine
from batten.project.source_file import NotReadError, SourceFile, read
from batten.project.verdict import verdict
from batten.syntax.decode import Decoded
from batten_server.analysis import Report
from batten_server.child import answer
from batten_server.document import Document
from batten_server.uri import real_name
from batten_server.written import diagnostics

if TYPE_CHECKING:
    from batten.project.examination import Examination
    from batten.rules.finding import Finding
    from batten_server.child import Progress, Request
    from batten_server.policy import Policy


KEPT = 4_000_000
"""Bytes of Python that are kept at most: some 100,000 lines, which take 200 MiB."""


def main() -> None:
    """Answer requests."""
    answer(Files().scan)


class Files:
    """The files of a workspace in one program, each as it was read last."""

    def __init__(self) -> None:
        self._program = Program(load())
        self._stamps: dict[str, _Stamp] = {}

    def scan(self, request: Request, progress: Progress) -> dict[str, Any]:
        """Return the diagnostics of all files as they are now, and whether it `stays`."""
        program = self._program
        for path in set(program.paths).difference(request.files):
            self._forget(path)
        found = _found(program, request, examine(program, request.files, self._read, progress))
        size = sum(len(program.source(path).data) for path in program.paths)
        return {**found, "stays": size <= KEPT}

    def _read(self, path: str) -> SourceFile:
        stamp = _stamp(path)
        if stamp is not None and stamp == self._stamps.get(path):
            source = self._program.source(path)
            return SourceFile(path, source.data, Decoded(source, "utf-8", b"", reversible=True))
        try:
            file = read(path)
        except NotReadError:
            self._forget(path)
            raise
        if stamp is not None:
            self._stamps[path] = stamp
        return file

    def _forget(self, path: str) -> None:
        self._stamps.pop(path, None)
        self._program.remove(path)


_Stamp = tuple[int, int, int]


def _stamp(path: str) -> _Stamp | None:
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _found(program: Program, request: Request, examined: Examination) -> dict[str, Any]:
    by_path: dict[str, list[Finding]] = {}
    for finding in examined.findings:
        by_path.setdefault(finding.path, []).append(finding)
    found: dict[str, Any] = {}
    for path, findings in by_path.items():
        report = _report(program, path, findings, request.policy)
        found.update(
            (uri, written)
            for uri, written in diagnostics(report, request.editor).items()
            if written
        )
    count = sum(len(listed) for listed in found.values())
    summary = {"files": len(examined.files), "findings": count}
    # An editor may have a file open by another name.
    links = {path: real for path in by_path if (real := real_name(path)) != path}
    return {"diagnostics": found, "links": links, "summary": summary}


def _report(program: Program, path: str, findings: list[Finding], policy: Policy) -> Report:
    def document(name: str) -> Document:
        return Document(Path(name).as_uri(), name, 0, program.source(name))

    settings = policy.settings(path)
    assert settings is not None
    shown = verdict(findings, program.source(path), settings, date.today()).shown
    passed = {step.path for finding in shown for step in finding.trace}
    return Report(document(path), shown, {name: document(name) for name in passed})


if __name__ == "__main__":
    main()

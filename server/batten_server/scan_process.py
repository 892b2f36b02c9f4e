"""The process that scans a workspace: a request on standard input, lines of JSON in answer.

Lines tell how far it is; the last one holds the diagnostics by URI, ready for the editor.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batten.analysis.program import Program
from batten.models.load import load
from batten.project.discovery import discover
from batten.project.examination import examine
from batten.project.source_file import read
from batten.project.verdict import verdict
from batten.syntax.text import Encoding
from batten_server.capabilities import Editor
from batten_server.document import Document
from batten_server.engine import Report
from batten_server.policy import Policy
from batten_server.written import diagnostics

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

    from batten.rules.finding import Finding

_PAUSE = 0.2
"""Seconds between two lines that tell how far it is."""


def main() -> None:
    """Answer one request."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a `print` somewhere writes is no answer
    request = json.loads(sys.stdin.readline())
    _write(sink, _scan(request, _Progress(sink)))


def _scan(request: Mapping[str, Any], progress: _Progress) -> dict[str, Any]:
    editor = Editor(**{**request["editor"], "encoding": Encoding(request["editor"]["encoding"])})
    policy = Policy(lambda mistake: print(f"batten: {mistake}", file=sys.stderr))  # noqa: T201
    policy.take_sent(request["settings"])
    program = Program(load())
    files = [
        path for path in discover(request["folders"]).files if policy.settings(path) is not None
    ]
    examined = examine(program, files, read, progress)
    by_path: dict[str, list[Finding]] = {}
    for finding in examined.findings:
        by_path.setdefault(finding.path, []).append(finding)
    found: dict[str, Any] = {}
    for path, findings in by_path.items():
        report = _report(program, path, findings, policy)
        found.update(
            (uri, written) for uri, written in diagnostics(report, editor).items() if written
        )
    count = sum(len(listed) for listed in found.values())
    summary = {"files": len(examined.files), "findings": count}
    return {"diagnostics": found, "summary": summary}


def _report(program: Program, path: str, findings: list[Finding], policy: Policy) -> Report:
    def document(name: str) -> Document:
        return Document(Path(name).as_uri(), name, 0, program.source(name))

    settings = policy.settings(path)
    assert settings is not None
    shown = verdict(findings, program.source(path), settings, date.today()).shown
    passed = {step.path for finding in shown for step in finding.trace}
    return Report(document(path), shown, {name: document(name) for name in passed})


class _Progress:
    """Tells how far the scan is, now and then."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._due = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now >= self._due:
            self._due = now + _PAUSE
            _write(self._sink, {"what": what, "done": done, "total": total})


def _write(sink: BinaryIO, message: dict[str, Any]) -> None:
    sink.write(json.dumps(message).encode() + b"\n")
    sink.flush()


if __name__ == "__main__":
    main()

"""The process that scans a workspace: it answers with diagnostics, ready for the editor."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batten.analysis.program import Program
from batten.models.load import load
from batten.project.examination import examine
from batten.project.source_file import read
from batten.project.verdict import verdict
from batten_server.child import answer
from batten_server.document import Document
from batten_server.engine import Report
from batten_server.written import diagnostics

if TYPE_CHECKING:
    from batten.rules.finding import Finding
    from batten_server.child import Progress, Request
    from batten_server.policy import Policy


def main() -> None:
    """Answer one request."""
    answer(_scan)


def _scan(request: Request, progress: Progress) -> dict[str, Any]:
    program = Program(load())
    examined = examine(program, request.files, read, progress)
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
    return {"diagnostics": found, "summary": summary}


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

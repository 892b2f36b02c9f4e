"""Diagnostics as the JSON that goes to the editor.

All those of a document are sent with every key. Making an object of each and turning it into JSON
would take longer than finding them, so they are written down at once, and what does not depend
on their place is kept. They say what `presentation.diagnostic` says.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from batten.report.rule_page import page_uri
from batten_server.lenient import converter
from batten_server.presentation import SEVERITY, SOURCE, idle_diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.project.suppression_mistakes import Idle
    from batten.rules.finding import Finding, Severity
    from batten.syntax.text import Encoding, Span
    from batten_server.analysis import Report
    from batten_server.capabilities import Editor
    from batten_server.document import Document, Part


class Written(str):
    """An answer to the editor that is JSON already."""

    __slots__ = ()


def diagnostics(report: Report, editor: Editor) -> dict[str, list[str]]:
    """Return the diagnostics of each part of a document by its URI; every part has a list."""
    parts = {path: document.parts for path, document in report.passed.items()}
    own = parts[report.document.path] = report.document.parts
    found: dict[str, list[str]] = {part.uri: [] for part in own}
    for finding in report.findings:
        part = _part_of(finding.span, own)
        if part is not None:
            found[part.uri].append(diagnostic(finding, parts, editor))
    for comment in report.idle:
        part = _part_of(comment.span, own)
        if part is not None and editor.unnecessary:
            found[part.uri].append(idle(comment, report.document, editor))
    return found


def diagnostic(finding: Finding, parts: Mapping[str, tuple[Part, ...]], editor: Editor) -> str:
    """Return the diagnostic of a finding; `parts` are those of the documents that it passes."""
    own = parts[finding.path]
    part = _part_of(finding.span, own) or own[0]
    text = (
        f'{{"range":{_range(part, finding.span, editor.encoding)},'
        f"{_said(finding.code, finding.severity, finding.message, editor.code_description)}"
    )
    if editor.related_information and finding.trace:
        text += f',"relatedInformation":[{_trace(finding, parts, editor)}]'
    if editor.diagnostic_data:
        text += f',"data":{{"fingerprint":{_quoted(finding.fingerprint)}}}'
    return text + "}"


def idle(comment: Idle, document: Document, editor: Editor) -> str:
    """Return the diagnostic of a comment of a document that suppresses nothing."""
    return json.dumps(converter().unstructure(idle_diagnostic(comment, document, editor)))


def listed(diagnostics: list[str]) -> str:
    """Return diagnostics as one JSON array."""
    return f"[{','.join(diagnostics)}]"


@lru_cache(maxsize=10_000)
def _said(code: str, severity: Severity, message: str, with_link: bool) -> str:
    """Return the fields of a diagnostic that do not depend on its place."""
    fields: dict[str, object] = {"severity": SEVERITY[severity].value, "code": code}
    if with_link:
        fields["codeDescription"] = {"href": page_uri(code)}
    return json.dumps({**fields, "source": SOURCE, "message": message})[1:-1]


@lru_cache(maxsize=10_000)
def _quoted(text: str) -> str:
    return json.dumps(text)


def _trace(finding: Finding, parts: Mapping[str, tuple[Part, ...]], editor: Editor) -> str:
    steps: list[str] = []
    for step in finding.trace:
        around = parts[step.path]
        part = _part_of(step.span, around) or around[0]
        place = _range(part, step.span, editor.encoding)
        steps.append(
            f'{{"location":{{"uri":{_quoted(part.uri)},"range":{place}}},'
            f'"message":{_quoted(step.note)}}}'
        )
    return ",".join(steps)


def _part_of(span: Span, parts: tuple[Part, ...]) -> Part | None:
    if len(parts) == 1:
        return parts[0]
    return next((part for part in parts if part.holds(span)), None)


def _range(part: Part, span: Span, encoding: Encoding) -> str:
    if part.start:
        span = span.shifted(-part.start)
    columns = part.source.columns(span)
    if columns is not None:
        line, first, last = columns
        return (
            f'{{"start":{{"line":{line},"character":{first}}},'
            f'"end":{{"line":{line},"character":{last}}}}}'
        )
    start = part.source.position(span.start, encoding)
    end = part.source.position(span.end, encoding)
    return (
        f'{{"start":{{"line":{start.line},"character":{start.column}}},'
        f'"end":{{"line":{end.line},"character":{end.column}}}}}'
    )

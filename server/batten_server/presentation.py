"""How a finding looks in an editor: as a diagnostic, and as the text of a hover."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from batten.project.suppression_mistakes import mistake_in
from batten.report.rule_page import page_uri
from batten.rules.finding import Severity
from batten.rules.registry import rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from batten.project.suppression_mistakes import Idle
    from batten.project.suppressions import Named, Suppression
    from batten.rules.finding import Finding
    from batten.syntax.text import Span
    from batten_server.analysis import Report
    from batten_server.capabilities import Editor
    from batten_server.document import Document

SOURCE = "batten"
"""The name under which the editor lists our diagnostics."""

UNUSED = "unused-suppression"
"""What stands in the place of a rule's code where a comment suppresses nothing."""

SEVERITY = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}


def diagnostic(finding: Finding, report: Report, editor: Editor) -> types.Diagnostic:
    """Return the diagnostic of a finding of `report`, with as much as the editor can show."""
    href = types.CodeDescription(page_uri(finding.code)) if editor.code_description else None
    return types.Diagnostic(
        range=_place(report.document, finding.span, editor).range,
        message=finding.message,
        severity=SEVERITY[finding.severity],
        code=finding.code,
        code_description=href,
        source=SOURCE,
        related_information=_trace(finding, report, editor) or None,
        data={"fingerprint": finding.fingerprint} if editor.diagnostic_data else None,
    )


def idle_diagnostic(comment: Idle, document: Document, editor: Editor) -> types.Diagnostic:
    """Return the diagnostic of a comment that suppresses nothing: the editor fades it."""
    return types.Diagnostic(
        range=_place(document, comment.span, editor).range,
        message=f"This comment suppresses nothing: {comment.reason}",
        severity=types.DiagnosticSeverity.Hint,
        code=UNUSED,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary],
    )


def description(finding: Finding, editor: Editor) -> types.MarkupContent:
    """Return what there is to say of a finding: the defect, the attack, and where to read on.

    An editor that shows the diagnostic in the same hover has the defect already.
    """
    href = page_uri(finding.code)
    title = f"{finding.code} {finding.name}"
    witness = finding.witness
    if not editor.markdown:
        lines = [f"{title} ({finding.severity.label})", finding.message]
        if witness is not None:
            lines += [f"With {witness.value} is sent:", f"    {witness.before}"]
            if witness.after is not None:
                lines += ["After the fix:", f"    {witness.after}"]
        return types.MarkupContent(types.MarkupKind.PlainText, "\n".join([*lines, href]))
    parts = [f"**[{title}]({href})** · {finding.severity.label}"]
    if not editor.hover_shows_diagnostics:
        parts.append(_prose(finding.message))
    if witness is not None and witness.after is None:
        parts += [f"With {code(witness.value)} is sent:", _block(witness.before, "text")]
    elif witness is not None:
        parts.append(f"Sent with {code(witness.value)}, now and after the fix:")
        parts.append(_block(f"- {witness.before}\n+ {witness.after}", "diff"))
    return types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(parts))


def suppression_description(
    names: Sequence[Named], suppression: Suppression, today: date, editor: Editor
) -> types.MarkupContent:
    """Return what there is to say of names in a suppression: their rules, and whether it counts."""
    codes = frozenset[str]().union(*(name.codes for name in names))
    known = [rule for rule in rules() if rule.code in codes]
    sentences = [
        f"No rule goes by `{name.text}`: it suppresses nothing." for name in names if not name.codes
    ]
    if suppression.is_blanket:
        sentences.append("It accepts every finding in its statement.")
    elif not names:
        mistake = mistake_in(suppression, today)
        sentences.append(f"It suppresses nothing: {mistake}.")
    if suppression.until is not None and today > suppression.until:
        sentences.append(f"It ended on {suppression.until}: the findings are shown again.")
    elif suppression.until is not None:
        sentences.append(f"It counts until {suppression.until}.")
    if not editor.markdown:
        about = [
            f"{rule.code} {rule.name}\n{rule.summary}\n{page_uri(rule.code)}" for rule in known
        ]
        return types.MarkupContent(types.MarkupKind.PlainText, "\n".join([*about, *sentences]))
    about = [
        f"**[{rule.code} {rule.name}]({page_uri(rule.code)})**\n\n{_prose(rule.summary)}"
        for rule in known
    ]
    parts = [*about, *map(_prose, sentences)]
    return types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(parts))


def _trace(
    finding: Finding, report: Report, editor: Editor
) -> list[types.DiagnosticRelatedInformation]:
    if not editor.related_information:
        return []
    return [
        types.DiagnosticRelatedInformation(
            _place(report.passed[step.path], step.span, editor), step.note
        )
        for step in finding.trace
    ]


def _place(document: Document, span: Span, editor: Editor) -> types.Location:
    part = document.part_of(span) or document.parts[0]
    return types.Location(part.uri, part.to_range(span, editor.encoding))


def _prose(text: str) -> str:
    """Return a message as Markdown: what stands between backticks is code, the rest is words."""
    return "".join(
        part if part.startswith("`") else re.sub(r"([\\`*_{}\[\]<>#|~&])", r"\\\1", part)
        for part in re.split("(`[^`]+`)", text)
    )


def code(text: str) -> str:
    """Return a text as code in a line of Markdown."""
    fence = _fence(text, 1)
    return f"{fence} {text} {fence}"


def _block(text: str, language: str) -> str:
    """Return a block of code; without a language, VS Code takes what is sent for Python."""
    fence = _fence(text, 3)
    return f"{fence}{language}\n{text}\n{fence}"


def _fence(text: str, least: int) -> str:
    """Return backticks that no run of backticks in `text` can close."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    return "`" * max(least, longest + 1)

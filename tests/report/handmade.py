"""Hand-made findings: no analysis runs in the tests of the report floor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from batten.report.outcome import Outcome
from batten.report.sarif_rules import described
from batten.rewrite.edit import Edit, Fix, Level
from batten.rules.finding import Finding, Severity, Step, Witness
from batten.rules.rule import Example, Rule
from batten.syntax.text import SourceText, Span

if TYPE_CHECKING:
    from batten.project.problem import Problem

ROOT = "/home/ada/here"
PATH = f"{ROOT}/client.py"
CODE = """\
import requests


def users(name):
    return requests.get("https://api.example.com/users?name=%s" % name)
"""

DOCUMENTATION = """
## What it reports

A value that is put into a query
as it is.

## Why it matters

`&` begins another parameter.

A `#` cuts the rest off.

## Use instead

    requests.get(url, params={"name": name})

## References

- RFC 3986
"""
RULE = Rule(
    code="BTN102",
    name="unescaped-query-value",
    family="urls",
    summary="A value goes unescaped into the query of a URL.",
    severity=Severity.WARNING,
    cwe=(116, 74),
    aliases=(),
    documentation=DOCUMENTATION,
    examples=(Example("a name", CODE, None, "import requests\n"),),
    check=lambda flow: None,
    fix=lambda flow, source: (),
)


@dataclass
class Run:
    """A run whose findings are made by hand; `outcome` is what the renderers get."""

    sources: dict[str, SourceText] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    fixes: dict[Finding, tuple[Fix, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def code(self, text: str, path: str = PATH) -> SourceText:
        return self.sources.setdefault(path, SourceText(text))

    def span(self, text: str, path: str = PATH, nth: int = -1) -> Span:
        """Return the range of one of the places where `text` stands; the last by default."""
        data, wanted = self.sources[path].data, text.encode()
        starts = [at for at in range(len(data)) if data.startswith(wanted, at)]
        return Span(starts[nth], starts[nth] + len(wanted))

    def finding(
        self,
        hole: str = "name",
        path: str = PATH,
        severity: Severity = Severity.WARNING,
        message: str = "`name` goes unescaped into the query.",
        nth: int = -1,
        fixes: tuple[Fix, ...] = (),
        trace: tuple[Step, ...] = (),
        after: str | None = "GET /users?name=a%26limit%3D0",
    ) -> Finding:
        found = Finding(
            code="BTN102",
            name="unescaped-query-value",
            severity=severity,
            message=message,
            path=path,
            span=self.span(hole, path, nth),
            context="query value",
            witness=Witness("a&limit=0", "GET /users?name=a&limit=0", after),
            trace=trace,
            fingerprint=f"{hole}-{nth}",
        )
        self.findings.append(found)
        self.fixes[found] = fixes
        return found

    def quote_fix(self, hole: str = "name", nth: int = -1) -> Fix:
        after_import = self.span("import requests\n").end
        return Fix(
            "Escape it with `quote`",
            Level.SAFE,
            (
                Edit(Span(after_import, after_import), "from urllib.parse import quote\n"),
                Edit(self.span(hole, nth=nth), f'quote({hole}, safe="")'),
            ),
            preferred=True,
        )

    @property
    def outcome(self) -> Outcome:
        return Outcome(
            findings=tuple(self.findings),
            problems=tuple(self.problems),
            files=len(self.sources),
            root=ROOT,
            rules=lambda: described([RULE]),
            source=self.sources.__getitem__,
            fixes=self.fixes.__getitem__,
        )

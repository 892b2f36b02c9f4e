"""The page of a rule, in Markdown: what `docs/rules/` holds and `batten explain` prints."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import batten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.rules.rule import Example, Rule

_CWE = "https://cwe.mitre.org/data/definitions/{}.html"


def page(rule: Rule) -> str:
    """Return the page of one rule; it ends in a line end."""
    parts = [
        f"# {rule.code} {rule.name}",
        rule.summary,
        _facts(rule),
        rule.documentation.strip(),
        "## Examples that are tested",
        *(_example(example) for example in rule.examples),
    ]
    return "\n\n".join(parts) + "\n"


def index(rules: Iterable[Rule]) -> str:
    """Return the page that lists `rules` in the order given and links to their pages."""
    rows = [
        f"| [{rule.code}]({file_name(rule.code)}) | {rule.name} | {rule.severity.label} "
        f"| {rule.summary} |"
        for rule in rules
    ]
    head = ["# Rules", "", "| code | name | severity | summary |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *rows]) + "\n"


def file_name(code: str) -> str:
    """Return the name of the file that holds the page of a rule."""
    return f"{code}.md"


def page_uri(code: str) -> str:
    """Return the `file:` URI of the page of a rule, which an editor can open offline."""
    return (_folder() / file_name(code)).as_uri()


def index_uri() -> str:
    """Return the `file:` URI of the page that lists the rules."""
    return (_folder() / "README.md").as_uri()


def _folder() -> Path:
    """Return where the pages are: `batten/pages` in the wheel, `docs/rules` in a checkout."""
    package = Path(str(resources.files(batten)))
    shipped = package / "pages"
    return shipped if shipped.is_dir() else package.parents[1] / "docs" / "rules"


def _facts(rule: Rule) -> str:
    weaknesses = ", ".join(f"[CWE-{number}]({_CWE.format(number)})" for number in rule.cwe)
    aliases = ", ".join(f"`{alias}`" for alias in rule.aliases)
    edit = "yes" if any(example.fixed is not None for example in rule.examples) else "no"
    rows = [
        ("Family", rule.family),
        ("Severity", rule.severity.label),
        ("Weakness", weaknesses or "none"),
        ("Aliases", aliases or "none"),
        ("Quick fix", edit),
    ]
    return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {text} |" for name, text in rows)])


def _example(example: Example) -> str:
    parts = [f"### {example.title[:1].upper()}{example.title[1:]}", "Reported:", _code(example.bad)]
    if example.fixed is not None:
        parts += ["After the quick fix:", _code(example.fixed)]
    parts += ["Not reported:", _code(example.good)]
    return "\n\n".join(parts)


def _code(text: str) -> str:
    return f"```python\n{text.strip(chr(10))}\n```"

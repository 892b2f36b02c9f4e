"""The page of a rule says all that the rule says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import url2pathname

from batten.report.rule_page import index, page, page_uri
from batten.rules.finding import Severity
from batten.rules.rule import Example, Rule

if TYPE_CHECKING:
    from batten.link.flow import Flow
    from batten.rewrite.edit import Fix
    from batten.rules.finding import Finding
    from batten.syntax.text import SourceText


def no_finding(flow: Flow) -> Finding | None:
    return None


def no_fix(flow: Flow, source: SourceText) -> tuple[Fix, ...]:
    return ()


def rule(*examples: Example, aliases: tuple[str, ...] = (), cwe: tuple[int, ...] = ()) -> Rule:
    return Rule(
        code="BTN199",
        name="loose-plank",
        family="planks",
        summary="A plank is loose.",
        severity=Severity.WARNING,
        cwe=cwe,
        aliases=aliases,
        documentation="What it reports\n---------------\nPlanks that are loose.\n",
        examples=examples,
        check=no_finding,
        fix=no_fix,
    )


NAILED = Example("One plank", bad="plank()\n", fixed="nail(plank())\n", good="beam()\n")
ADVICE = Example("No nail helps", bad="raft()\n", fixed=None, good="ship()\n")


def test_page_begins_with_code_name_and_summary() -> None:
    assert page(rule()).startswith("# BTN199 loose-plank\n\nA plank is loose.\n\n")


def test_page_links_weaknesses_and_names_aliases() -> None:
    text = page(rule(aliases=("S199", "B199"), cwe=(918, 20)))
    assert "[CWE-918](https://cwe.mitre.org/data/definitions/918.html), [CWE-20](" in text
    assert "| Aliases | `S199`, `B199` |\n" in text


def test_page_shows_each_example_before_and_after_and_its_safe_twin() -> None:
    text = page(rule(NAILED))
    code = [f"```python\n{code}\n```" for code in ("plank()", "nail(plank())", "beam()")]
    places = [text.index(block) for block in code]
    assert places == sorted(places)
    assert "| Quick fix | yes |" in text


def test_page_promises_no_quick_fix_where_no_example_has_one() -> None:
    text = page(rule(ADVICE))
    assert "| Quick fix | no |" in text
    assert "After the quick fix" not in text


def test_index_links_each_rule_to_its_page() -> None:
    row = "| [BTN199](BTN199.md) | loose-plank | warning | A plank is loose. |\n"
    assert row in index([rule()])


def test_uri_of_a_page_is_a_file_that_is_there() -> None:
    parts = urlsplit(page_uri("BTN101"))
    assert parts.scheme == "file"
    assert "# BTN101 " in Path(url2pathname(parts.path)).read_text("utf-8")

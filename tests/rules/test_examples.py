"""A rule's examples are true: they are its documentation, and this is what they claim."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from batten.analysis.program import Program
from batten.models.load import load
from batten.rewrite.edit import apply
from batten.rules.registry import rules
from batten.syntax.text import SourceText

if TYPE_CHECKING:
    from batten.models.model import Models
    from batten.rules.rule import Example, Rule

_PATH = "/example.py"

_CASES = [
    pytest.param(rule, example, id=f"{rule.name}: {example.title}")
    for rule in rules()
    for example in rule.examples
]


@cache
def _models() -> Models:
    return load()


def _program(text: str) -> Program:
    program = Program(_models())
    program.put(_PATH, SourceText(text))
    return program


def test_there_are_rules_and_each_has_an_example():
    assert rules()
    assert not [rule.code for rule in rules() if not rule.examples]


@pytest.mark.parametrize(("rule", "example"), _CASES)
def test_the_bad_code_has_exactly_one_finding_and_it_is_of_this_rule(
    rule: Rule, example: Example
) -> None:
    found = _program(example.bad).findings(_PATH)

    assert [finding.code for finding in found] == [rule.code]
    assert found[0].severity == rule.severity


@pytest.mark.parametrize(("rule", "example"), _CASES)
def test_the_preferred_fix_of_the_bad_code_gives_exactly_the_fixed_code(
    rule: Rule, example: Example
) -> None:
    program = _program(example.bad)
    (finding,) = program.findings(_PATH)

    preferred = [fix for fix in program.fixes(finding) if fix.preferred]
    after = [apply(program.source(_PATH), fix.edits).text for fix in preferred]

    assert after == ([] if example.fixed is None else [example.fixed])


@pytest.mark.parametrize(("rule", "example"), _CASES)
def test_the_fixed_code_and_the_good_twin_are_silent(rule: Rule, example: Example) -> None:
    for safe in (example.fixed, example.good):
        if safe is not None:
            program = _program(safe)

            assert not program.findings(_PATH)
            assert not program.unread(_PATH)

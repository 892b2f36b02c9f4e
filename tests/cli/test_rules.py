from __future__ import annotations

import json

import pytest

from batten.report.rule_page import page
from batten.rules.registry import rules


def test_rules_lists_every_rule_on_a_line(here):
    ended = here.batten("rules")

    assert ended.code == 0
    assert [line.split()[:2] for line in ended.out.splitlines()] == [
        [rule.code, rule.name] for rule in rules()
    ]


def test_rules_as_json(here):
    listed = json.loads(here.batten("rules", "--format", "json").out)

    assert [each["code"] for each in listed] == [rule.code for rule in rules()]
    assert set(listed[0]) == {
        "code",
        "name",
        "family",
        "severity",
        "summary",
        "cwe",
        "aliases",
        "fixable",
    }


@pytest.mark.parametrize("name", ["BTN102", "btn102", "unescaped-query-value"])
def test_explain_prints_the_page_of_a_rule(here, name):
    (rule,) = (rule for rule in rules() if rule.code == "BTN102")

    ended = here.batten("explain", name)

    assert (ended.code, ended.out) == (0, page(rule))


def test_explain_suggests_what_was_meant(here):
    ended = here.batten("explain", "unescaped-query-vaule")

    assert (ended.code, ended.out) == (2, "")
    assert "did you mean unescaped-query-value?" in ended.err

from __future__ import annotations

from dataclasses import replace

from handmade import PATH

from batten.report import full
from batten.report.style import PLAIN
from batten.rewrite.edit import Fix, Level
from batten.rules.finding import Step


def test_a_paragraph_has_code_attack_way_and_fix(run):
    way = (
        Step(PATH, run.span("name", nth=0), "the parameter `name`"),
        Step(PATH, run.span("requests.get"), "sent by `requests.get`"),
    )
    run.finding(trace=way, fixes=(run.quote_fix(),))

    assert full.render(run.outcome, PLAIN) == (
        "client.py:5:67: warning BTN102 [unescaped-query-value] "
        "`name` goes unescaped into the query.\n"
        '5 |     return requests.get("https://api.example.com/users?name=%s" % name)\n'
        "  |                                                                   ^^^^ query value\n"
        '  attack: name = "a&limit=0"\n'
        "  sends:  GET /users?name=a&limit=0\n"
        "  fixed:  GET /users?name=a%26limit%3D0\n"
        "  way:    client.py:4:11: the parameter `name`\n"
        "          client.py:5:12: sent by `requests.get`\n"
        "  fix:    Escape it with `quote`\n"
        "    + from urllib.parse import quote\n"
        '    -     return requests.get("https://api.example.com/users?name=%s" % name)\n'
        "    +     return requests.get("
        '"https://api.example.com/users?name=%s" % quote(name, safe=""))\n'
    )


def test_a_blank_line_stands_between_findings(run):
    run.finding()
    run.finding("name", nth=1)

    assert full.render(run.outcome, PLAIN).count("\n\n") == 1


def test_an_attack_that_no_escaping_stops_has_no_fixed_line(run):
    run.finding(after=None)

    assert "fixed:" not in full.render(run.outcome, PLAIN)


def test_a_fix_that_may_change_behaviour_says_so(run):
    fix = run.quote_fix()
    run.finding(fixes=(Fix(fix.title, Level.UNSAFE, fix.edits, preferred=False),))

    assert "Escape it with `quote` (may change what is sent" in full.render(run.outcome, PLAIN)


def test_nothing_found_is_nothing_written(run):
    assert full.render(run.outcome, PLAIN) == ""


def test_each_of_several_fixes_is_shown_with_its_edit(run):
    first = run.quote_fix()
    second = replace(first, title="Move the query into `params`", preferred=False)
    run.finding(fixes=(first, second))

    shown = full.render(run.outcome, PLAIN)

    assert shown.count("  fix:    ") == 2
    assert shown.count("    + from urllib.parse import quote\n") == 2

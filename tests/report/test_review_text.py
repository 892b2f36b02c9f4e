from __future__ import annotations

from dataclasses import replace

from handmade import CODE, PATH, RULE

from batten.project.problem import Lines
from batten.report.review import Review, render
from batten.report.style import PLAIN
from batten.rewrite.edit import Edit, Fix, Level
from batten.rules.finding import Severity, Step
from batten.syntax.text import SourceText

NUMBERS = tuple(range(101, 101 + CODE.count("\n") + 1))
"""The listing begins at line 101."""


def reviewed(run, unread=()) -> str:
    review = Review("client.py", run.sources[PATH], NUMBERS, tuple(run.findings), unread)
    return render((review,), {RULE.code: RULE}, run.fixes.__getitem__, PLAIN)


def test_code_without_defects_gets_exactly_one_line(run):
    assert reviewed(run) == "No security defects are detected in the code\n"


def test_a_defect_has_description_line_code_attack_and_solution(run):
    way = (
        Step(PATH, run.span("name", nth=0), "the parameter `name`"),
        Step(PATH, run.span("requests.get"), "sent by `requests.get`"),
    )
    run.finding(trace=way, fixes=(run.quote_fix(),))

    assert reviewed(run) == (
        "client.py: 1 security defect\n"
        "\n"
        "1. Unescaped query value in line 105 (warning, BTN102, CWE-116, CWE-74)\n"
        "\n"
        "   `name` goes unescaped into the query.\n"
        "\n"
        "   `&` begins another parameter.\n"
        "\n"
        "   A `#` cuts the rest off.\n"
        "\n"
        "   Code\n"
        '     105 |     return requests.get("https://api.example.com/users?name=%s" % name)\n'
        "         |                                                                   "
        "^^^^ query value\n"
        "\n"
        "   Way of the value\n"
        "     line 104: the parameter `name`\n"
        "     line 105: sent by `requests.get`\n"
        "\n"
        "   Attack\n"
        '     name = "a&limit=0"\n'
        "     sends:     GET /users?name=a&limit=0\n"
        "     and fixed: GET /users?name=a%26limit%3D0\n"
        "\n"
        "   Solution\n"
        "     Escape it with `quote`\n"
        "     After line 101, add:\n"
        "       from urllib.parse import quote\n"
        "     Line 105 becomes:\n"
        "           return requests.get("
        '"https://api.example.com/users?name=%s" % quote(name, safe=""))\n'
    )


def test_holes_in_one_line_are_one_defect_with_one_cure(run):
    run.sources[PATH] = SourceText("import requests\nget(one, two)\n")
    for hole in ("one", "two"):
        span = run.span(hole)
        fix = Fix("Escape it", Level.SAFE, (Edit(span, f"q({hole})"),), preferred=True)
        run.finding(hole, message=f"`{hole}` goes in.", fixes=(fix,))

    text = reviewed(run)

    assert "client.py: 1 security defect\n" in text
    assert "^^^  ^^^\n" in text
    assert text.count("get(q(one), q(two))") == 1
    assert "`one` goes in." in text
    assert "`two` goes in." in text


def test_why_it_matters_is_told_once_for_each_rule(run):
    run.finding()
    run.finding(nth=0)

    assert reviewed(run).count("`&` begins another parameter.") == 1


def test_without_an_edit_the_rule_tells_what_to_write(run):
    run.finding()

    assert (
        "     No edit was found that is right here for sure. Write instead:\n"
        '         requests.get(url, params={"name": name})\n'
    ) in reviewed(run)


def test_fixes_that_meet_are_shown_one_by_one(run):
    span = run.span("name")
    for number in (1, 2):
        edit = Edit(span, f"quote{number}(name)")
        run.finding(nth=-number, fixes=(Fix(f"Fix {number}", Level.SAFE, (edit,), preferred=True),))
    run.findings[1] = replace(run.findings[0], message="another")
    run.fixes[run.findings[1]] = (
        Fix("Fix 2", Level.SAFE, (Edit(span, "quote2(name)"),), preferred=True),
    )

    text = reviewed(run)

    assert "% quote1(name))" in text
    assert "% quote2(name))" in text


def test_code_that_was_not_read_whole_is_never_said_to_be_free_of_defects(run):
    text = reviewed(run, unread=(Lines(102, 103), Lines(106, 106)))

    assert "No security defects are detected in the code" not in text
    assert text == (
        "client.py: no defects found in the lines that could be read\n"
        "\n"
        "Lines 102-103, 106 could not be read as Python, so they were not judged and this review\n"
        "is not complete.\n"
    )


def test_unread_lines_are_told_before_the_defects(run):
    run.finding()
    text = reviewed(run, unread=(Lines(102, 102),))

    assert text.index("Line 102 could not be read") < text.index("1. Unescaped query value")


def test_each_piece_of_a_request_is_reviewed(run):
    run.finding(severity=Severity.ERROR)
    clean = Review("request, listing 2", SourceText("x = 1\n"), (1, 2), (), ())
    holed = Review("request, listing 1", run.sources[PATH], NUMBERS, tuple(run.findings), ())
    text = render((holed, clean), {RULE.code: RULE}, run.fixes.__getitem__, PLAIN)

    assert text.startswith("request, listing 1: 1 security defect\n")
    assert text.endswith("\n\nrequest, listing 2: no defects found\n")

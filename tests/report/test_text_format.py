from __future__ import annotations

import pytest

from batten.project.problem import Kind, Lines, Problem
from batten.report import text
from batten.report.outcome import shown
from batten.report.style import COLOURED, PLAIN
from batten.rules.finding import Severity


def test_a_finding_is_one_line_that_editors_can_jump_to(run):
    run.finding()

    assert text.render(run.outcome, PLAIN) == (
        "client.py:5:67: warning BTN102 [unescaped-query-value] "
        "`name` goes unescaped into the query.\n"
    )


def test_columns_count_code_points(run):
    run.code('x = "é😀", name\n', "/home/ada/here/wide.py")
    run.finding(path="/home/ada/here/wide.py")

    assert text.render(run.outcome, PLAIN).startswith("wide.py:1:11:")


def test_what_was_not_judged_is_named_after_the_findings(run):
    run.finding()
    run.problems += [
        Problem("/home/ada/here/a.bin", Kind.BINARY, "is binary"),
        Problem("/home/ada/here/b.py", Kind.SYNTAX, "line 3 can't be read", (Lines(3, 3),)),
    ]

    assert text.render(run.outcome, PLAIN).splitlines()[1:] == [
        "a.bin: not read: is binary",
        "b.py:3: not read: line 3 can't be read",
    ]


def test_control_characters_of_a_file_name_can_not_make_a_line_or_a_colour(run):
    run.code("name\n", "/home/ada/here/a\n\x1b[31mb.py")
    run.finding(path="/home/ada/here/a\n\x1b[31mb.py", message="x\u202ey")

    (line,) = text.render(run.outcome, PLAIN).splitlines()

    assert line.startswith(r"a\n\x1b[31mb.py:1:1: warning")
    assert line.endswith(r"x\u202ey")


def test_colours_are_added_and_nothing_else(run):
    run.finding(severity=Severity.ERROR)

    coloured = text.render(run.outcome, COLOURED)

    assert "\x1b[1;31merror\x1b[0m" in coloured
    for look in {*COLOURED.looks.values(), "0"}:
        coloured = coloured.replace(f"\x1b[{look}m", "")
    assert coloured == text.render(run.outcome, PLAIN)


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        ("/home/ada/here/a/b.py", "/home/ada/here", "a/b.py"),
        ("/home/ada/there/b.py", "/home/ada/here", "../there/b.py"),
        ("/tmp/b.py", "/home/ada/here", "/tmp/b.py"),
        ("/tmp/b.py", "/", "tmp/b.py"),
        ("<stdin>", "/home/ada/here", "<stdin>"),
    ],
)
def test_a_path_is_shown_relative_to_the_root_unless_that_leads_over_the_top(path, root, expected):
    assert shown(path, root) == expected

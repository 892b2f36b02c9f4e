from __future__ import annotations

from batten.report.snippet import Mark, snippet
from batten.report.style import PLAIN
from batten.syntax.text import SourceText, Span


def drawn(text: str, *holes: str, label: str = "") -> list[str]:
    source = SourceText(text)
    marks = []
    for hole in holes:
        start = source.data.index(hole.encode())
        marks.append(Mark(Span(start, start + len(hole.encode())), label))
    return list(snippet(source, marks, lambda line: line + 1, PLAIN))


def test_carets_stand_under_exactly_the_range():
    assert drawn("get(url % name)\n", "name") == [
        "1 | get(url % name)",
        "  |           ^^^^",
    ]


def test_two_ranges_of_a_line_share_a_row_of_carets():
    assert drawn("get(one, two)\n", "two", "one") == [
        "1 | get(one, two)",
        "  |     ^^^  ^^^",
    ]


def test_wide_and_combining_characters_count_as_terminals_draw_them():
    assert drawn("f('日本', 'e\u0301', name)\n", "name") == [
        "1 | f('日本', 'e\u0301', name)",
        "  |                ^^^^",
    ]


def test_a_tab_is_four_columns():
    assert drawn("\tget(name)\n", "name") == ["1 |     get(name)", "  |         ^^^^"]


def test_a_range_over_lines_is_marked_on_each_without_the_indentation():
    assert drawn("get(\n    a\n    + b\n)\n", "a\n    + b", label="whole") == [
        "2 |     a",
        "  |     ^",
        "3 |     + b",
        "  |     ^^^ whole",
    ]


def test_line_numbers_are_aligned():
    assert drawn("\n" * 8 + "(a,\nb)\n", "a,\nb")[0::2] == [" 9 | (a,", "10 | b)"]


def test_a_long_range_shows_its_ends():
    lines = drawn("(" + "\n".join(f"a{n}" for n in range(30)) + ")\n", "a0", "a29")
    assert len(lines) == 4
    whole = "\n".join(f"a{n}," for n in range(30))
    assert " ... |" in "\n" + "\n ".join(drawn(f"({whole})\n", whole))


def test_a_line_of_megabytes_is_cut_around_the_range():
    filler = "x" * 1_000_000
    code, carets = drawn(f"f('{filler}', name, '{filler}')\n", "name")

    assert len(code) < 200
    assert code[carets.index("^") :].startswith("name")
    assert carets.count("^") == 4


def test_control_characters_are_shown_and_counted_as_escapes():
    assert drawn("f('\x1b[2J\u202e', name)\n", "name") == [
        r"1 | f('\x1b[2J\u202e', name)",
        "  |                    ^^^^",
    ]


def test_a_form_feed_does_not_break_the_line():
    assert drawn("\x0cget(name)\r\nrest\n", "name") == [
        r"1 | \x0cget(name)",
        "  |         ^^^^",
    ]

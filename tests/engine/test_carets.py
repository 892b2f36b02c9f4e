"""The language of fixtures itself."""

from __future__ import annotations

import pytest
from carets import Mark, difference, read

_DRAWN = """\
def f(name, key):
    send("/%s/%s" % (name, key))
#                    ^^^^  ^^^ warning BTN101
#                          ^^^ note BTN102
"""


def test_carets_are_taken_out_and_become_marks_of_the_line_above():
    fixture = read("f.py", _DRAWN)

    assert fixture.code == 'def f(name, key):\n    send("/%s/%s" % (name, key))\n'
    assert fixture.right == {
        Mark(1, 21, 25, "warning", "BTN101"),
        Mark(1, 27, 30, "warning", "BTN101"),
        Mark(1, 27, 30, "note", "BTN102"),
    }
    assert fixture.lines == (1, 2)


def test_a_gap_is_right_but_must_not_be_found():
    fixture = read("f.py", _DRAWN.replace("note BTN102", "note BTN102 gap"))
    gap = Mark(1, 27, 30, "note", "BTN102")

    assert not difference({"f.py": fixture}, {"f.py": fixture.right - {gap}})
    assert "remove the word `gap`" in difference({"f.py": fixture}, {"f.py": fixture.right})


def test_a_false_one_is_wrong_but_must_be_found():
    fixture = read("f.py", _DRAWN.replace("note BTN102", "note BTN102 false"))
    false = Mark(1, 27, 30, "note", "BTN102")

    assert not difference({"f.py": fixture}, {"f.py": fixture.right | {false}})
    assert "remove this line" in difference({"f.py": fixture}, {"f.py": fixture.right})


def test_what_is_missing_and_what_is_too_much_is_drawn():
    fixture = read("f.py", _DRAWN)
    extra = Mark(0, 6, 10, "error", "BTN101")

    shown = difference({"f.py": fixture}, {"f.py": fixture.right - {min(fixture.right)} | {extra}})

    assert shown == (
        "f.py:2: not found\n"
        '    send("/%s/%s" % (name, key))\n'
        "#                    ^^^^ warning BTN101\n"
        "\n"
        "f.py:1: found, though not drawn\n"
        "def f(name, key):\n"
        "#     ^^^^ error BTN101\n"
    )


@pytest.mark.parametrize(
    "line",
    [
        "#    ^^^^",
        "#   ^^^^ BTN101",
        "#   ^^^^ warning BTN101 soon",
        "#" + " " * 60 + "^ note BTN101",
    ],
)
def test_carets_that_say_nothing_are_an_error(line):
    with pytest.raises(ValueError, match=r"f\.py:2"):
        read("f.py", f"def f(name):\n{line}\n")

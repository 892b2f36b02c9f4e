"""A letter in a word leaves the outline as it is, and only where that is sure."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batten.syntax.change import Change
from batten.syntax.outline import outline, outline_after
from batten.syntax.piece_table import PieceTable
from batten.syntax.word_change import outline_after_word

AROUND = (
    'class A:\n    """Doc."""\n    @b(1)\n    def f(self, name):\n%s\n\n    def g(self): pass\n'
)
LINES = [
    "x = 1",
    "x1 = name.y(",
    "    a)",
    "a",
    "defer = in_ or i",
    "r'x' + b + 'c' \\",
    "é = eé + e",
    "if x: y",
    "else: y",
    '"""Doc of a class',
    'def or not"""',
    "# def a class",
    "def h(a, b):",
    "def m(self):",
    "cla",
    "clas C(A):",
    "xlass",
    "return r",
    "f('a' 'b', r'c', fa'd')",
    'x = "it" + b"s" "a\\"',
    "z = 'ab",
    "w = 'a\\'b' in'c'",
    "@d",
]


def changed(text: bytes, start: int, removed: int, new: bytes) -> tuple[bytes, Change]:
    """Return a text with other bytes from `start` on, and the change."""
    end = min(start + removed, len(text))
    return text[:start] + new + text[end:], Change(start, end, start + len(new))


@given(
    st.lists(
        st.builds(
            "{}{}".format, st.sampled_from(["", "    ", " " * 8, " " * 12]), st.sampled_from(LINES)
        ),
        max_size=12,
    ),
    st.lists(
        st.tuples(
            st.integers(0),
            st.integers(0, 3),
            st.sampled_from("|a|e|def|class|n|in|9|_|as|c|s".split("|")),
        ),
        max_size=8,
    ),
)
@settings(max_examples=600, deadline=None)
def test_what_is_told_of_a_word_is_what_is_read(
    lines: list[str], edits: list[tuple[int, int, str]]
) -> None:
    text = (AROUND % "\n".join(lines)).encode()
    before = outline(PieceTable(text))
    for place, removed, new in edits:
        text, change = changed(text, place % len(text), removed, new.encode())
        told = outline_after_word(PieceTable(text), before, change)
        read = outline_after(PieceTable(text), before, change)
        anew = outline(PieceTable(text))
        if told is not None:
            assert told[0].regions == anew.regions
            assert told[0] == anew
            assert list(told[0].strings) == list(anew.strings)
            kept = told[1]
            assert (kept.first, kept.last) == (kept.last - 1, kept.last_before)
        before = read[0]


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ("value| = 1", "s"),
        ("return se|lf.x", "q"),
        ("return self.get('/things/%s' % na|me)", "m"),
        ("# what a com|ment", "x"),
        ("x = 'a te|xt b'", "x"),
        ("x = 'a |text b'", "x"),
        ("x = y.i|", "f_"),
        ("x = self.get('/things|')", "s"),
        ("x = self.get('|things')", "s"),
        ("x = r|'a'", "b"),
    ],
)
def test_a_letter_in_a_word_is_told(line: str, new: str) -> None:
    assert _told(line, new)


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ("x = y or i|", "n"),
        ("i| = 1", "f"),
        ("|x = 1", "1"),
        ("x = '|'", "b"),
        ("x = '\\|'", "b"),
        ("x = é|", "b"),
        ("x = y|", "("),
        ("x = y|", "#"),
        ("x = y| ", " "),
        ("de|", "f"),
        ("x = |", "b"),
        ("return|", "s"),
        ('y| = """a"""', "s"),
        ("x = y + 1|", "a"),
    ],
)
def test_what_may_be_more_than_a_word_is_read(line: str, new: str) -> None:
    assert not _told(line, new)


@pytest.mark.parametrize(
    "text",
    [
        "x| = 1\ndef f(): pass\n",
        "class A:\n    x| = 1\n    def f(): pass\n",
        "def f|(): pass\n",
        "def f():\n    x = 1\ny| = 1\n",
        "def f():\n    x| = 1\n'''\n",
    ],
)
def test_what_is_not_in_the_body_of_a_function_is_read(text: str) -> None:
    start = text.index("|")
    before = text.replace("|", "").encode()
    after, change = changed(before, start, 0, b"q")

    assert outline_after_word(PieceTable(after), outline(PieceTable(before)), change) is None


def _told(line: str, new: str) -> bool:
    text = AROUND % f"        {line}"
    start = len(text[: text.index("|")].encode())
    before = text.replace("|", "").encode()
    after, change = changed(before, start, 0, new.encode())
    return outline_after_word(PieceTable(after), outline(PieceTable(before)), change) is not None


def test_a_digit_that_becomes_a_letter_behind_def_is_read() -> None:
    text = b"async def g():\n    def 1a(\ndef f(): pass\n"
    after, change = changed(text, text.index(b"1"), 1, b"_")

    assert outline_after_word(PieceTable(after), outline(PieceTable(text)), change) is None

"""Units of a document that changes are those of the same document read anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from batten.syntax.change import Change, change_between
from batten.syntax.text import SourceText, Span
from batten.syntax.units import Division, divided

if TYPE_CHECKING:
    from batten.syntax.outline import Outline

LINES = [
    "def f(a):",
    "def g(",
    "class A:",
    "class B(A):",
    "@a",
    "@b(",
    "async def h():",
    "def m(self):",
    "clas C(A):",
    "C(A):",
    "class:",
    "cla",
    '"""',
    '"""Doc."""',
    "'''",
    "x = 1",
    "x = (",
    ")",
    "if x:",
    "else:",
    "return 'a",
    "# c",
    "x \\",
    "",
    "\f",
    "\r",
    "é = '(' # )",
]
indents = st.sampled_from(["", "  ", "    ", "\t"])
lines = st.builds("{}{}\n".format, indents, st.sampled_from(LINES))
texts = st.lists(lines, max_size=25).map("".join)
snippets = texts | st.sampled_from(["", "q", " ", "    ", ":", "\n", "\\", "(", '"', "'", '"""'])


def fields(outline: Outline) -> list[tuple[object, ...]]:
    """Return all of the regions but how far they read, which may differ."""
    return [
        (region.owner, region.column, start, region.end)
        for region, start in zip(outline.regions, outline.starts, strict=True)
    ]


@given(texts, st.lists(st.tuples(st.integers(0), st.integers(0, 30), snippets), max_size=8))
@settings(max_examples=300, deadline=None)
def test_units_after_edits_are_those_of_the_text_read_anew(
    text: str, edits: list[tuple[int, int, str]]
) -> None:
    division = divided(SourceText(text))
    for place, removed, new in edits:
        start = place % (len(text) + 1)
        text = text[:start] + new + text[start + removed :]
        source = SourceText(text)
        division = divided(source, division)
        anew = divided(source)
        assert division.units == anew.units
        assert division.outline.strings == anew.outline.strings
        assert fields(division.outline) == fields(anew.outline)


@given(
    texts,
    st.lists(st.tuples(st.integers(0), st.integers(0, 30), snippets, st.booleans()), max_size=8),
)
@settings(max_examples=300, deadline=None)
def test_units_are_those_of_the_text_read_anew_when_the_text_knows_what_has_changed(
    text: str, edits: list[tuple[int, int, str, bool]]
) -> None:
    source = SourceText(text)
    division = divided(source)
    for place, removed, new, is_looked_at in edits:
        start = place % (len(source.text) + 1)
        end = min(start + removed, len(source.text))
        before = len(source.text[:start].encode())
        source = source.replaced(Span(before, before + len(source.text[start:end].encode())), new)
        if not is_looked_at:
            continue
        earlier, division = division, divided(source, division)
        anew = divided(SourceText(source.text))
        assert division.units == anew.units
        assert division.outline.strings == anew.outline.strings
        assert fields(division.outline) == fields(anew.outline)
        assert division.inner.of(0) == anew.inner.of(0)
        if division.numbers is earlier.numbers:
            pairs = enumerate(zip(earlier.contents, division.contents, strict=True))
            assert list(division.changed_since(earlier)) == [n for n, (a, b) in pairs if a is not b]


TEXT = "".join(
    f"class C{number}:\n    def f(self):\n        return {number}\n\n    def g(self): pass\n\n"
    for number in range(50)
)


def edited(division: Division, old: str, new: str) -> Division:
    start = division.source.text.index(old)
    return divided(division.source.replaced(Span(start, start + len(old)), new), division)


def test_units_that_only_moved_are_the_same_objects() -> None:
    before = divided(SourceText(TEXT))
    after = edited(before, "return 30", "return 30 + 1")
    pairs = zip(before.contents, after.contents, strict=True)
    assert [b.qualified_name for a, b in pairs if a is not b] == ["C30.f"]


def test_a_new_name_numbers_the_units_after_it_anew() -> None:
    before = divided(SourceText("def f(): pass\ndef g(): pass\ndef g(): pass\n"))
    names = [unit.qualified_name for unit in edited(before, "def f", "def g").units]
    assert names == ["", "g", "g#2", "g#3"]


@given(
    st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=10), st.binary(max_size=10)
)
def test_a_change_is_where_texts_differ(start: bytes, end: bytes, old: bytes, new: bytes) -> None:
    one, other = start + old + end, start + new + end
    change = change_between(one, other)
    assert one[: change.start] == other[: change.start]
    assert one[change.old_end :] == other[change.new_end :]
    assert change.start <= min(change.old_end, change.new_end)
    assert len(other) - len(one) == change.moved
    assert change.old_end - change.start <= len(old)


@given(
    st.text(max_size=9),
    st.lists(st.tuples(st.integers(0), st.integers(0, 4), st.text(max_size=4)), max_size=9),
)
def test_a_text_knows_what_has_changed_since_another_one(
    text: str, edits: list[tuple[int, int, str]]
) -> None:
    made = [SourceText(text)]
    for place, removed, new in edits:
        text = made[-1].text
        start = place % (len(text) + 1)
        end = min(start + removed, len(text))
        before = len(text[:start].encode())
        made.append(made[-1].replaced(Span(before, before + len(text[start:end].encode())), new))
    for earlier in made:
        change = made[-1].change_since(earlier)
        old, now = earlier.data, made[-1].data
        assert 0 <= change.start <= min(change.old_end, change.new_end)
        assert max(change.old_end - len(old), change.new_end - len(now)) <= 0
        assert old[: change.start] == now[: change.start]
        assert old[change.old_end :] == now[change.new_end :]


def test_a_change_in_a_long_text_is_found() -> None:
    old = b"a" * 200_000
    for place in (0, 65_535, 65_536, 65_537, 131_072, 199_999):
        new = old[:place] + b"b" + old[place + 1 :]
        assert change_between(old, new) == Change(place, place + 1, place + 1)
    assert change_between(old, old) == Change(200_000, 200_000, 200_000)

"""The summary of a text is the same whichever text was summarized before."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from batten.summarize.unit import Summarizer, summarize
from batten.syntax.units import UnitKind

TEXT = b'''\
def f(self, name, *rest, key=None):  # first
    """Tell # name."""
    # Where known is not told, and so on.
    known = self.check(name)  # ok = known
    if known:  # or not
        return self.get("/items/" + name)
    found = [x for x in rest if self.is_good(x)]  # last = name
    return self.get(f"/items/{found[0]}", key=key)
    # If that is it
'''
COMMENTED = b"    # Where known"
TYPED = ["", "a", "k", " ", " if", " known", "= ok", "#", "'", "\n", "0"]


@given(
    st.lists(
        st.tuples(st.integers(0, len(TEXT)), st.integers(0, 2), st.sampled_from(TYPED)),
        min_size=1,
        max_size=6,
    )
)
@example([(TEXT.index(COMMENTED) + len(COMMENTED), 0, "a"), (0, 0, "")])
@example([(TEXT.index(b"# ok") + 2, 1, "k")])
@example([(TEXT.index(b"first"), 1, " ")])
@example([(TEXT.index(b"rest") + 1, 0, " "), (73, 0, "a"), (221, 0, "= ok")])
@settings(max_examples=300, deadline=None)
def test_a_summary_depends_on_the_text_alone(edits: list[tuple[int, int, str]]) -> None:
    text, summarizer = TEXT, Summarizer()
    summarizer.summarize(UnitKind.FUNCTION, text)
    for place, removed, typed in edits:
        text = text[:place] + typed.encode() + text[place + removed :]
        after = summarizer.summarize(UnitKind.FUNCTION, text)
        assert after == summarize(UnitKind.FUNCTION, text)

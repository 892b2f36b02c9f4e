"""What stands behind a hole is told as short as the grammar can read it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from batten.grammars.url import Place, context
from batten.link.point import tail

_TEXTS = st.text("ab12.:/?#&=@%- ", max_size=6)
_OTHERS = str.maketrans("ab12", "xy89")


@given(_TEXTS)
def test_other_letters_and_digits_are_nothing_new(text: str) -> None:
    assert tail(text) == tail(text.translate(_OTHERS))


@given(_TEXTS)
def test_the_grammar_reads_it_as_it_reads_the_text(text: str) -> None:
    for place in (Place.START, Place.SEGMENT_START, Place.PARAMETER):
        assert context(place, tail(text)) is context(place, text)

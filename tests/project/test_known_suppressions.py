"""Suppressions of a text that is being edited are those of the text read anew."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from batten.project import known_suppressions
from batten.project.known_suppressions import KnownSuppressions
from batten.project.suppressions import covering, suppressions
from batten.syntax.text import SourceText

_LINES = st.sampled_from(
    [
        "x = call(1)",
        "x = call(",
        "    y, z)",
        "if x:",
        "def f(a):",
        '    """Doc.',
        '    """',
        "return a  # nosec",
        "# batten: ignore[BTN101] known",
        "z = 'a'  # noqa: S310, E501",
        "z = b  # noqa: E501",
        "# about it",
        "# batten: ignore-file[BTN102] all of it",
        "del x  # noqa: S310",
        "pass",
        "'''",
        "",
        "els:",
        "ef g(): pass",
        "word \\",
        "\ttwo words\r",
    ]
)
_TEXTS = st.lists(_LINES, max_size=20).map("\n".join)
_TYPED = st.sampled_from(
    ["", "a", "d", "e", "b c", " ", ":", "1", "#", '"', "(", "\n", "S", "noqa", "é"]
)
_EDITS = st.lists(st.tuples(st.integers(0), st.integers(0, 3), _TYPED), max_size=12)


@given(_TEXTS, _EDITS)
@example("# batten: ignore[BTN101] known\nx = call(1)", [(31, 0, "a")])
@settings(max_examples=400, deadline=None)
def test_suppressions_after_edits_are_those_of_the_text_read_anew(
    text: str, edits: list[tuple[int, int, str]]
) -> None:
    known = KnownSuppressions()
    assert known(SourceText(text)) == covering(SourceText(text))
    for place, removed, typed in edits:
        start = place % (len(text) + 1)
        text = text[:start] + typed + text[start + removed :]
        assert known(SourceText(text)) == covering(SourceText(text))


@given(_TEXTS)
def test_what_covers_anything_is_among_them(text: str) -> None:
    found = suppressions(SourceText(text))
    telling = [each for each in found if each.is_blanket or any(name.codes for name in each.named)]
    assert [each for each in covering(SourceText(text)) if each in telling] == telling


def test_only_what_is_near_a_change_is_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        "def one(a):\n    return a  # nosec\n\n\ndef other(b):\n    del c\n    d = c\n    del d\n"
    )
    changed = SourceText(text.replace("d = c", "d = [\n'c']"))
    expected = covering(changed)
    known = KnownSuppressions()
    known(SourceText(text))
    monkeypatch.delattr(known_suppressions, "covering")
    monkeypatch.setattr(
        known_suppressions, "found_at", lambda words, *_: map(pytest.fail, map(str, words))
    )

    assert known(changed) == expected

"""Nothing is lost by what no rule is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link import flows
from batten.link.harm import may_do_harm
from corpus import FIXTURES, analysed

if TYPE_CHECKING:
    import pytest

    from batten.grammars.url import Context, Place
    from batten.link.noted import NotedHole


def test_rules_have_nothing_to_say_of_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    left_out = 0

    def all_of_them(noted: NotedHole, place: Place, context: Context) -> bool:
        nonlocal left_out
        left_out += not may_do_harm(noted, place, context)
        return True

    texts = {
        path: fixture.code for documents in FIXTURES.values() for path, fixture in documents.items()
    }
    found = {path: analysed({path: text}).findings(path) for path, text in texts.items()}
    monkeypatch.setattr(flows, "may_do_harm", all_of_them)

    assert {path: analysed({path: text}).findings(path) for path, text in texts.items()} == found
    assert left_out

"""Ways that are looked for once for all who call a function are those of each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.link.ways import Ways
from corpus import FIXTURES, analysed

if TYPE_CHECKING:
    import pytest

    from batten.link.way import Way
    from batten.link.ways import Entered
    from batten.rules.finding import Finding


def _all_found() -> list[tuple[Finding, ...]]:
    programs = [
        (analysed((path, fixture.code) for path, fixture in documents.items()), documents)
        for documents in FIXTURES.values()
    ]
    return [program.findings(path) for program, documents in programs for path in documents]


def test_what_is_shared_is_what_each_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = 0
    own = Ways._shared

    def counted(ways: Ways, entered: Entered) -> Way | None:
        nonlocal shared
        found = own(ways, entered)
        shared += found is not None
        return found

    monkeypatch.setattr(Ways, "_shared", counted)
    found = _all_found()
    monkeypatch.setattr(Ways, "_shared", lambda *_: None)

    assert _all_found() == found
    assert shared

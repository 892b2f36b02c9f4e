"""Settings are looked up once in a while, and never missed for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from clock import standing

from batten.project.settings import Settings
from batten_server import recent_settings
from batten_server.recent_settings import MOMENT, RecentSettings

if TYPE_CHECKING:
    from collections.abc import Callable

A, B = "/work/a.py", "/work/b.py"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets time pass, in seconds, which stands still otherwise."""
    return standing(monkeypatch, recent_settings)


def begun() -> tuple[RecentSettings, dict[str, Settings | None], list[str]]:
    """Settings of two files, what is configured, and the files that were looked up."""
    configured: dict[str, Settings | None] = {A: Settings(), B: None}
    asked: list[str] = []

    def look_up(path: str) -> Settings | None:
        asked.append(path)
        return configured[path]

    return RecentSettings(look_up), configured, asked


def test_a_file_is_looked_up_once_in_a_moment(clock: Callable[[float], None]) -> None:
    settings, configured, asked = begun()
    for _ in range(9):
        assert settings.of(A) is configured[A]
        assert settings.of(B) is None
        clock(MOMENT / 10)

    assert asked == [A, B]


def test_what_has_changed_counts_after_a_moment(clock: Callable[[float], None]) -> None:
    settings, configured, _ = begun()
    settings.of(A)
    configured[A] = None
    clock(MOMENT * 1.1)

    assert settings.of(A) is None


def test_all_are_looked_up_at_once_when_somebody_asks_whether_they_have_changed(
    clock: Callable[[float], None],
) -> None:
    settings, configured, asked = begun()
    assert not settings.have_changed()
    settings.of(A)
    settings.of(B)
    assert not settings.have_changed()
    configured[B] = Settings()

    assert settings.have_changed()
    assert settings.of(B) is configured[B]
    assert not settings.have_changed()
    assert asked == [A, B] * 4


def test_a_file_that_is_closed_is_not_looked_up_any_more(clock: Callable[[float], None]) -> None:
    settings, _, asked = begun()
    settings.of(A)
    settings.forget(A)
    settings.forget(B)

    assert not settings.have_changed()
    assert asked == [A]

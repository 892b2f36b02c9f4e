"""Immutable values behave as frozen dataclasses do, but for the guard of their fields."""

from __future__ import annotations

from dataclasses import field, fields, replace

import pytest

from batten.values.immutable import Compound, immutable


@immutable
class Place:
    """Two fields, one with a default."""

    line: int
    column: int = 0


@immutable
class Pair(Compound):
    """What is made of other values."""

    left: object
    right: object = None


@immutable
class Nothing:
    """No fields at all."""


def test_they_are_made_by_place_and_by_name_with_defaults() -> None:
    assert Place(1) == Place(line=1, column=0) == replace(Place(2), line=1)
    with pytest.raises(TypeError, match="line"):
        Place()  # type: ignore[call-arg]
    assert [each.name for each in fields(Pair(1))] == ["left", "right"]  # type: ignore[arg-type]


def test_they_are_equal_by_class_and_fields() -> None:
    assert Pair(1, 2) == Pair(1, 2)
    assert Pair(1, 2) != Pair(1)
    assert Pair(1, 0) != Place(1, 0)
    assert Nothing() == Nothing()
    assert len({Pair(1), Pair(1), Pair(2), Place(1), Place(1), Nothing(), Nothing()}) == 4


def test_they_tell_what_they_hold_and_can_be_matched() -> None:
    assert repr(Pair(Place(1), "x")) == "Pair(left=Place(line=1, column=0), right='x')"
    assert Place.__init__.__qualname__ == "Place.__init__"
    match Pair(Place(3)):
        case Pair(Place(line, _), None):
            assert line == 3
        case _:
            pytest.fail("no match")


def test_they_have_slots_only() -> None:
    assert not hasattr(Place(1), "__dict__")
    assert not hasattr(Pair(1), "__dict__")


def test_a_default_that_could_be_changed_is_refused() -> None:
    class Kept:
        items: list[int] = field(default_factory=list)

    with pytest.raises(TypeError, match="items"):
        immutable(Kept)

"""Classes of immutable values, at the price of plain ones.

An analysis makes terms by the hundred thousand and looks them up in tables. To the type checker
these classes are frozen dataclasses. At run time nothing guards their fields: the guard would
triple the price of making one. What is made of other values remembers its hash.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from dataclasses import Field

    from typing_extensions import dataclass_transform

    T = TypeVar("T")

    @dataclass_transform(frozen_default=True)
    def immutable(cls: type[T]) -> type[T]:
        """Make a class one of immutable values, equal when their fields are."""

else:

    def immutable(cls):
        """Make a class one of immutable values, equal when their fields are."""
        made = dataclass(slots=True, init=False, repr=False, eq=False)(cls)
        if issubclass(made, Compound):
            _write_methods(made, _SHARING, _REMEMBERED)
        else:
            _write_methods(made, _COMPARING, _TEXT)
        return made


class Compound:
    """A base of values that are made of others: their hash is worked out once.

    Two that are found equal share what they are made of from then on. Values that hold the same
    others again and again, as a text does that grows on some branches, are so compared in as
    many steps as there are values, not as there are ways to them.
    """

    __slots__ = ("_hash", "_nesting")
    _hash: int
    _nesting: int  # set once it is asked for, see `nesting`

    def _shares(self, other: Compound) -> bool:
        """Share from now on what another value is made of that is equal; return True."""
        raise NotImplementedError  # each class has its own


_COMPARING = "{same} if other.__class__ is self.__class__ else NotImplemented"
_SHARING = """\
self is other or ({same} and self._shares(other)) \
if other.__class__ is self.__class__ else NotImplemented"""
_TEXT = """
def __init__({given}): {assigned}
def __eq__(self, other):
    return {equal}
def __hash__(self): return hash({mine})
"""
# To ask first whether there is a hash takes less than to be told by an error that there is none.
_REMEMBERED = """
def __init__({given}): self._hash = 0; {assigned}
def __eq__(self, other):
    return {equal}
def __hash__(self):
    found = self._hash
    if found:
        return found
    found = self._hash = hash({mine})
    return found
def _shares(self, other):
    {shared}
    return True
"""


def _write_methods(cls: type[Any], equality: str, text: str) -> None:
    """Give a dataclass its methods, from one text: to compile them one by one takes longer.

    There are a hundred such classes, and the program is started often.
    """
    known = fields(cls)
    defaults = {f"_{each.name}": each.default for each in known if each.default is not MISSING}
    given = ["self", *(_parameter(each) for each in known)]
    assigned = "; ".join(f"self.{each.name} = {each.name}" for each in known)
    shared = "; ".join(f"self.{each.name} = other.{each.name}" for each in known)
    mine, yours = (_together([f"{one}.{each.name}" for each in known]) for one in ("self", "other"))
    # A tuple tells by itself that it holds the same object as another.
    same = f"{mine} == {yours}" if len(known) != 1 else f"({mine} is {yours} or {mine} == {yours})"
    equal = equality.format(same=same)
    made: dict[str, Any] = {}
    exec(
        text.format(
            given=", ".join(given),
            assigned=assigned or "pass",
            equal=equal,
            mine=mine,
            shared=shared or "pass",
        ),
        defaults,
        made,
    )
    if "__eq__" in vars(cls):
        del made["__eq__"]  # it has its own
    for name, method in made.items():
        method.__qualname__ = f"{cls.__qualname__}.{name}"
        setattr(cls, name, method)
    setattr(cls, "__repr__", _repr)  # noqa: B010 - to mypy a method may not be assigned


def _together(fields: list[str]) -> str:
    """Return the expression of what a value is compared by: of one field, no tuple is made."""
    return fields[0] if len(fields) == 1 else f"({''.join(f'{each}, ' for each in fields)})"


def _parameter(field: Field[Any]) -> str:
    if field.default_factory is not MISSING:
        raise TypeError(f"{field.name} has a factory: what it makes could be changed")
    return field.name if field.default is MISSING else f"{field.name}=_{field.name}"


def _repr(value: Any) -> str:
    shown = ", ".join(f"{each.name}={getattr(value, each.name)!r}" for each in fields(value))
    return f"{type(value).__qualname__}({shown})"
